"""Rows that may be added and never changed, or not once handed in: the database itself refuses anything else."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# What was handed in stays as it was (law 4): evidence wholly, of a submission everything but its state.
FIXED = (
    "enrolment_id",
    "assignment_id",
    "rubric_id",
    "attempt",
    "submitted_at",
    "receipt",
    "late",
    "late_rule",
    "integrity",
)
TABLES = ("audit_row", "audit_link", "credit_entry", "decision", "decision_line", "credential_issue")


def upgrade() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    (_upgrade_postgres if postgres else _upgrade_sqlite)()
    (_freeze_on_postgres if postgres else _freeze_on_sqlite)()


def downgrade() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    _thaw(postgres)
    for table in TABLES:
        for act in ("update", "delete", "truncate") if postgres else ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{act}" + (f" ON {table}" if postgres else ""))
    if postgres:
        op.execute("DROP FUNCTION refuse_change()")


def _upgrade_sqlite() -> None:
    for table in TABLES:
        for act in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _upgrade_postgres() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in TABLES:
        for act, scope in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
                f"FOR EACH {scope} EXECUTE FUNCTION refuse_change()"
            )


def _freeze_on_sqlite() -> None:
    handed_in = "(SELECT state FROM submission WHERE id = OLD.submission_id) <> 'draft'"
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER evidence_frozen_{act.lower()} BEFORE {act} ON evidence WHEN {handed_in} "
            "BEGIN SELECT RAISE(ABORT, 'evidence was handed in'); END"
        )
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in FIXED)
    op.execute(
        "CREATE TRIGGER submission_frozen BEFORE UPDATE ON submission "
        f"WHEN OLD.state <> 'draft' AND (NEW.state = 'draft' OR {changed}) "
        "BEGIN SELECT RAISE(ABORT, 'submission was handed in'); END"
    )


def _freeze_on_postgres() -> None:
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in FIXED)
    op.execute(
        "CREATE FUNCTION refuse_handed_in() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF (SELECT state FROM submission WHERE id = OLD.submission_id) <> 'draft' THEN "
        "RAISE EXCEPTION 'evidence was handed in'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER evidence_frozen BEFORE UPDATE OR DELETE ON evidence "
        "FOR EACH ROW EXECUTE FUNCTION refuse_handed_in()"
    )
    op.execute(
        "CREATE FUNCTION refuse_submitted() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF OLD.state <> 'draft' AND (NEW.state = 'draft' OR {changed}) THEN "
        "RAISE EXCEPTION 'submission was handed in'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER submission_frozen BEFORE UPDATE ON submission FOR EACH ROW EXECUTE FUNCTION refuse_submitted()"
    )


def _thaw(postgres: bool) -> None:  # noqa: FBT001
    if postgres:
        op.execute("DROP TRIGGER evidence_frozen ON evidence")
        op.execute("DROP TRIGGER submission_frozen ON submission")
        op.execute("DROP FUNCTION refuse_handed_in()")
        op.execute("DROP FUNCTION refuse_submitted()")
    else:
        for name in ("evidence_frozen_update", "evidence_frozen_delete", "submission_frozen"):
            op.execute(f"DROP TRIGGER {name}")
