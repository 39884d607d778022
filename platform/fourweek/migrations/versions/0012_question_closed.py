"""Who closed a question, and who said which reply answers it; from the audit log for what was done before."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ACTS = {"closed": "question.close", "answered": "question.answer"}
# SQLite takes a foreign key only with the column itself, and PostgreSQL understands the same words.
ADD = "ALTER TABLE question ADD COLUMN {0}_by VARCHAR CONSTRAINT fk_question_{0}_by REFERENCES person (id)"
KNOWN = (
    "UPDATE question SET {0}_by = (SELECT actor_id FROM audit_row WHERE act = '{1}' AND subject_id = question.id "
    "ORDER BY at DESC, id DESC LIMIT 1) WHERE {0}_at IS NOT NULL"
)


def upgrade() -> None:
    for done, act in ACTS.items():
        op.execute(ADD.format(done))
        op.execute(KNOWN.format(done, act))


def downgrade() -> None:
    for done in ACTS:
        op.drop_column("question", f"{done}_by")
