"""Links with which people who were invited set their first password."""

import sqlalchemy as sa
from alembic import op

import fourweek.database

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = fourweek.database.UtcDateTime(timezone=True)
    op.create_table(
        "password_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("ends_at", instant, nullable=False),
        sa.Column("used_at", instant, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_password_link_person_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_password_link")),
    )
    op.create_index(op.f("ix_password_link_person_id"), "password_link", ["person_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_password_link_person_id"), "password_link")
    op.drop_table("password_link")
