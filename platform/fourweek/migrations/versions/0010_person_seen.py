"""When a person was last seen: sign-ins are deleted once they end."""

import sqlalchemy as sa
from alembic import op

from fourweek.database import INSTANT

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KNOWN = "UPDATE person SET seen_at = (SELECT max(sign_in.seen_at) FROM sign_in WHERE sign_in.person_id = person.id)"


def upgrade() -> None:
    op.add_column("person", sa.Column("seen_at", INSTANT, nullable=True))
    op.execute(KNOWN)


def downgrade() -> None:
    op.drop_column("person", "seen_at")
