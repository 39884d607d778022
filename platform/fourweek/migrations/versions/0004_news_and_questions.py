"""Announcements remember whom they still have to reach; questions and replies are found by who wrote them."""

import sqlalchemy as sa
from alembic import op

import fourweek.database

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WAITING = sa.text("answered_at IS NULL AND closed_at IS NULL AND hidden_at IS NULL")
UNTOLD = sa.text("told_at IS NULL")


def upgrade() -> None:
    op.add_column("announcement", sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("announcement", sa.Column("told_at", fourweek.database.UtcDateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_announcement_untold", "announcement", ["posted_at"], sqlite_where=UNTOLD, postgresql_where=UNTOLD
    )
    op.drop_index("ix_question_author_id", "question")
    op.create_index("ix_question_author", "question", ["author_id", "asked_at"])
    op.create_index("ix_question_waiting", "question", ["asked_at"], sqlite_where=WAITING, postgresql_where=WAITING)
    op.drop_index("ix_reply_question_id", "reply")
    op.create_index("ix_reply_question", "reply", ["question_id", "said_at"])
    op.create_index("ix_reply_author", "reply", ["author_id", "said_at"])


def downgrade() -> None:
    op.drop_index("ix_reply_author", "reply")
    op.drop_index("ix_reply_question", "reply")
    op.create_index("ix_reply_question_id", "reply", ["question_id"])
    op.drop_index("ix_question_waiting", "question")
    op.drop_index("ix_question_author", "question")
    op.create_index("ix_question_author_id", "question", ["author_id"])
    op.drop_index("ix_announcement_untold", "announcement")
    op.drop_column("announcement", "told_at")
    op.drop_column("announcement", "round")
