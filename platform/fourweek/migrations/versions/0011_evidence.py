"""Uploads in pieces, knowledge checks, withdrawing, coaching, and the end of evidence's period.

What was handed in is frozen anew: evidence is not added to it either, and only its content may go, once, with a date.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

from fourweek.database import INSTANT, WHOLE

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

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
FIXED_SINCE = (*FIXED, "changes", "closed_slots")
KEPT = (
    "id",
    "submission_id",
    "requirement_id",
    "position",
    "kind",
    "file_name",
    "media_type",
    "size",
    "sha256",
    "note",
)
FROZEN = ("evidence", "check_try")


def upgrade() -> None:
    _columns()
    _uploads()
    _checks()
    _coaching_and_holds()
    op.execute(
        "INSERT INTO submission_member (submission_id, person_id) SELECT submission.id, enrolment.person_id "
        "FROM submission JOIN enrolment ON enrolment.id = submission.enrolment_id"
    )
    if op.get_bind().dialect.name == "postgresql":
        _thaw_postgres(("evidence",))
        _freeze_on_postgres(FROZEN, FIXED_SINCE, purging=True)
    else:
        _thaw_sqlite(("evidence_frozen_update", "evidence_frozen_delete", "submission_frozen"))
        _freeze_on_sqlite(FROZEN, FIXED_SINCE, purging=True)


def downgrade() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    if postgres:
        _thaw_postgres(FROZEN)
    else:
        _thaw_sqlite([f"{name}_frozen_{act}" for name in FROZEN for act in ("insert", "update", "delete")])
        _thaw_sqlite(["submission_frozen"])
    for name in ("legal_hold", "coaching", "check_try", "check_question", "check_rules", "upload", "submission_member"):
        op.drop_table(name)
    for name in ("purged_at", "note"):
        op.drop_column("evidence", name)
    for name in ("withdrawn_at", "changes", "closed_slots"):
        op.drop_column("submission", name)
    if postgres:
        op.alter_column("evidence", "size", type_=sa.Integer())
        _freeze_on_postgres(("evidence",), FIXED, purging=False)
    else:
        _freeze_on_sqlite(("evidence",), FIXED, purging=False)


def _columns() -> None:
    op.add_column("submission", sa.Column("closed_slots", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("submission", sa.Column("changes", sa.Text(), nullable=False, server_default=""))
    op.add_column("submission", sa.Column("withdrawn_at", INSTANT, nullable=True))
    op.add_column("evidence", sa.Column("note", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("evidence", sa.Column("purged_at", INSTANT, nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("evidence", "size", type_=sa.BigInteger())
    op.create_table(
        "submission_member",
        sa.Column("submission_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        *_keys("submission_member", "person_id", "submission_id", primary=("submission_id", "person_id")),
    )
    _index("submission_member", "person_id")


def _uploads() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("submission_id", sa.String(), nullable=False),
        sa.Column("requirement_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(length=300), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", WHOLE, nullable=False),
        sa.Column("received", WHOLE, nullable=False),
        sa.Column("checked", WHOLE, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        _enum("state", "uploadstate", "receiving", "checking", "kept", "refused"),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.Column("keeps_place", sa.Boolean(), nullable=False),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("touched_at", INSTANT, nullable=False),
        *_keys("upload", "person_id", "requirement_id", "submission_id"),
    )
    for name in ("person_id", "submission_id", "touched_at"):
        _index("upload", name)


def _checks() -> None:
    op.create_table(
        "check_rules",
        sa.Column("requirement_id", sa.String(length=26), nullable=False),
        sa.Column("ask", sa.Integer(), nullable=True),
        sa.Column("shuffle", sa.Boolean(), nullable=False),
        sa.Column("pass_percent", sa.Integer(), nullable=False),
        sa.Column("max_tries", sa.Integer(), nullable=True),
        *_keys("check_rules", "requirement_id", primary=("requirement_id",)),
    )
    op.create_table(
        "check_question",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("requirement_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        _enum("kind", "questionkind", "one", "several", "number"),
        sa.Column("prompt_html", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("tolerance", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("feedback_html", sa.Text(), nullable=False),
        *_keys("check_question", "requirement_id"),
        sa.UniqueConstraint("requirement_id", "key", name=op.f("uq_check_question_requirement_id_key")),
    )
    op.create_table(
        "check_try",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("submission_id", sa.String(), nullable=False),
        sa.Column("requirement_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        *_keys("check_try", "requirement_id", "submission_id"),
        sa.UniqueConstraint(
            "submission_id",
            "requirement_id",
            "number",
            name=op.f("uq_check_try_submission_id_requirement_id_number"),
        ),
    )
    _index("check_try", "requirement_id")


def _coaching_and_holds() -> None:
    op.create_table(
        "coaching",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("enrolment_id", sa.String(), nullable=False),
        sa.Column("assignment_key", sa.String(length=60), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("extra_attempts", sa.Integer(), nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        *_keys("coaching", "enrolment_id", opened_by="person", closed_by="person"),
    )
    _index("coaching", "enrolment_id")
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("cohort_id", sa.String(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("placed_at", INSTANT, nullable=False),
        sa.Column("placed_by", sa.String(), nullable=False),
        sa.Column("lifted_at", INSTANT, nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.Column("lift_reason", sa.String(length=500), nullable=False),
        *_keys("legal_hold", "cohort_id", "person_id", placed_by="person", lifted_by="person"),
    )
    for name in ("cohort_id", "person_id"):
        _index("legal_hold", name)


def _keys(table: str, *columns: str, primary: tuple[str, ...] = ("id",), **others: str) -> list[sa.Constraint]:
    """The primary key and the foreign ones: `person_id` points to person.id, `others` maps a column to its table."""
    points = {column: column.removesuffix("_id") for column in columns} | others
    return [
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
            for column, target in points.items()
        ),
        sa.PrimaryKeyConstraint(*primary, name=op.f(f"pk_{table}")),
    ]


def _index(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _enum(column: str, name: str, *values: str) -> sa.Column[str]:
    return sa.Column(column, sa.Enum(*values, name=name, native_enum=False, length=40), nullable=False)


def _purges(same: str) -> str:
    """The one change that a row of evidence may see once handed in: its content goes, once, with a date."""
    kept = " AND ".join(f"NEW.{name} {same} OLD.{name}" for name in KEPT)
    return f"OLD.purged_at IS NULL AND NEW.purged_at IS NOT NULL AND NEW.text = '' AND NEW.url = '' AND {kept}"


def _freeze_on_sqlite(tables: tuple[str, ...], fixed: tuple[str, ...], *, purging: bool) -> None:
    for table in tables:
        for act in ("INSERT", "UPDATE", "DELETE") if purging else ("UPDATE", "DELETE"):
            row = "NEW" if act == "INSERT" else "OLD"
            when = f"(SELECT state FROM submission WHERE id = {row}.submission_id) <> 'draft'"  # noqa: S608 names from this file
            if purging and (table, act) == ("evidence", "UPDATE"):
                when += f" AND NOT ({_purges('IS')})"
            op.execute(
                f"CREATE TRIGGER {table}_frozen_{act.lower()} BEFORE {act} ON {table} WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{table} was handed in'); END"
            )
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in fixed)
    op.execute(
        "CREATE TRIGGER submission_frozen BEFORE UPDATE ON submission "
        f"WHEN OLD.state <> 'draft' AND (NEW.state = 'draft' OR {changed}) "
        "BEGIN SELECT RAISE(ABORT, 'submission was handed in'); END"
    )


def _freeze_on_postgres(tables: tuple[str, ...], fixed: tuple[str, ...], *, purging: bool) -> None:
    op.execute(
        "CREATE FUNCTION refuse_handed_in() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE owner text; "
        "BEGIN IF TG_OP = 'INSERT' THEN owner := NEW.submission_id; ELSE owner := OLD.submission_id; END IF; "
        "IF (SELECT state FROM submission WHERE id = owner) <> 'draft' THEN "
        "RAISE EXCEPTION '% was handed in', TG_TABLE_NAME; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    for table in tables:
        acts = {f"{table}_frozen": "INSERT OR DELETE", f"{table}_frozen_update": "UPDATE"}
        for name, act in acts.items() if purging else ((f"{table}_frozen", "UPDATE OR DELETE"),):
            may_purge = purging and (table, act) == ("evidence", "UPDATE")
            unless = f"WHEN (NOT ({_purges('IS NOT DISTINCT FROM')})) " if may_purge else ""
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW {unless}"
                "EXECUTE FUNCTION refuse_handed_in()"
            )
    changed = " OR ".join(f"NEW.{name}::text IS DISTINCT FROM OLD.{name}::text" for name in fixed)
    op.execute(
        "CREATE FUNCTION refuse_submitted() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF OLD.state <> 'draft' AND (NEW.state = 'draft' OR {changed}) THEN "
        "RAISE EXCEPTION 'submission was handed in'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER submission_frozen BEFORE UPDATE ON submission FOR EACH ROW EXECUTE FUNCTION refuse_submitted()"
    )


def _thaw_sqlite(names: Iterable[str]) -> None:
    for name in names:
        op.execute(f"DROP TRIGGER {name}")


def _thaw_postgres(tables: tuple[str, ...]) -> None:
    for table in tables:
        for name in (f"{table}_frozen", f"{table}_frozen_update"):
            op.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
    op.execute("DROP TRIGGER submission_frozen ON submission")
    op.execute("DROP FUNCTION refuse_handed_in()")
    op.execute("DROP FUNCTION refuse_submitted()")
