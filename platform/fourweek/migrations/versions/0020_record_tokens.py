"""A learner record is kept as a token too."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("transcript", sa.Column("jwt_sha256", sa.String(length=64), nullable=False, server_default=""))
    op.create_index(op.f("ix_transcript_jwt_sha256"), "transcript", ["jwt_sha256"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_transcript_jwt_sha256"), table_name="transcript")
    op.drop_column("transcript", "jwt_sha256")
