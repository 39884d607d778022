"""The address that a status list is read under: badges keep theirs when the site moves."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("status_list", sa.Column("base_url", sa.String(length=300), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("status_list", "base_url")
