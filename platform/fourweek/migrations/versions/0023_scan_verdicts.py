"""What a scanner said of files, by their content."""

import sqlalchemy as sa
from alembic import op

from fourweek.database import INSTANT

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    state = sa.Enum("pending", "clean", "held", name="scanstate", native_enum=False, length=40)
    op.create_table(
        "scan_verdict",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("since", INSTANT(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("try_at", INSTANT(), nullable=False),
        sa.Column("looked_at", INSTANT(), nullable=True),
        sa.Column("said", sa.String(length=500), nullable=False),
        sa.Column("settled_at", INSTANT(), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_scan_verdict_settled_by_person")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_scan_verdict")),
    )
    op.create_index("ix_scan_verdict_due", "scan_verdict", ["state", "try_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_scan_verdict_due", table_name="scan_verdict")
    op.drop_table("scan_verdict")
