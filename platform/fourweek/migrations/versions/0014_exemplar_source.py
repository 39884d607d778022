"""What an exemplar was written as, beside what it was rendered to: the library gives it back as a package holds it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("level", sa.Column("exemplar_source", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("level", "exemplar_source")
