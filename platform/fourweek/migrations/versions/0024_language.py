"""The language that a person wants pages and letters in."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("language", sa.String(length=8), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("person", "language")
