"""What a change of the rules leaves open, for cohorts and sections."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = ("cohort", "section")


def upgrade() -> None:
    for name in TABLES:
        op.add_column(name, sa.Column("kept_open", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    for name in TABLES:
        op.drop_column(name, "kept_open")
