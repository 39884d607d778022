"""When a live session was moved, and wrong codes that were typed for it."""

import sqlalchemy as sa
from alembic import op

import fourweek.database

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wrong_code",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("enrolment_id", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_wrong_code_enrolment_id")),
        sa.ForeignKeyConstraint(["session_id"], ["live_session.id"], name=op.f("fk_wrong_code_session_id")),
        sa.PrimaryKeyConstraint("session_id", "enrolment_id", name=op.f("pk_wrong_code")),
    )
    for name in ("moved_at", "moved_from"):
        op.add_column("live_session", sa.Column(name, fourweek.database.UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for name in ("moved_from", "moved_at"):
        op.drop_column("live_session", name)
    op.drop_table("wrong_code")
