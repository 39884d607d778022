"""Notices say from when they are shown, and are found by their reader."""

import sqlalchemy as sa
from alembic import op

import fourweek.database

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INSTANT = fourweek.database.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.add_column("outbox_message", sa.Column("shown_from", INSTANT, nullable=True))
    op.execute(sa.text("UPDATE outbox_message SET shown_from = created_at"))
    with op.batch_alter_table("outbox_message") as batch:
        batch.alter_column("shown_from", existing_type=INSTANT, nullable=False)
    op.drop_index("ix_outbox_message_person_id", "outbox_message")
    op.create_index("ix_outbox_message_reader", "outbox_message", ["person_id", "shown_from"])
    op.create_index(
        "ix_outbox_message_unread",
        "outbox_message",
        ["person_id", "shown_from"],
        sqlite_where=sa.text("in_product = 1 AND seen_at IS NULL"),
        postgresql_where=sa.text("in_product AND seen_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_message_unread", "outbox_message")
    op.drop_index("ix_outbox_message_reader", "outbox_message")
    op.create_index("ix_outbox_message_person_id", "outbox_message", ["person_id"])
    op.drop_column("outbox_message", "shown_from")
