"""What the grading queue asks of waiting submissions is found by indexes: by step, by assignment and by enrolment."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_submission_step", "submission", ["state", "step", "promised_at"])
    op.create_index("ix_submission_asked", "submission", ["assignment_id", "state"])
    op.create_index("ix_submission_of", "submission", ["enrolment_id", "state"])
    op.drop_index("ix_submission_assignment_id", "submission")


def downgrade() -> None:
    op.create_index("ix_submission_assignment_id", "submission", ["assignment_id"])
    op.drop_index("ix_submission_of", "submission")
    op.drop_index("ix_submission_asked", "submission")
    op.drop_index("ix_submission_step", "submission")
