"""Terms of grading, second ratings, reviews, decision rules, appeals, pseudonyms and frameworks of skills."""

import secrets

import sqlalchemy as sa
from alembic import op

from fourweek.database import INSTANT

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

GROWING = ("grader_note", "reveal", "decision_review", "decision_rule", "appeal_line", "appeal_message")
"""Tables whose rows are only added."""
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LARGEST_LOT = 2**31 - 2


def upgrade() -> None:
    _terms()
    _rules_and_reviews()
    _remarks_and_names()
    _appeals()
    _skills()
    _columns()
    _only_grow()


def downgrade() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    for table in GROWING:
        for act in ("update", "delete", "truncate") if postgres else ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{act}" + (f" ON {table}" if postgres else ""))
    for name in ("ix_submission_promised", "ix_submission_given_to", "ix_submission_pseudonym"):
        op.drop_index(name, table_name="submission")
    for name in ("warned_at", "promised_at", "lot", "given_at", "given_by", "given_to", "step", "pseudonym"):
        op.drop_column("submission", name)
    for table, column in (
        ("decision", "rule_id"),
        ("decision", "way"),
        ("rating", "done_at"),
        ("rating", "purpose"),
        ("level", "exemplar"),
    ):
        op.drop_column(table, column)
    for table in (
        "agreement_report",
        "alignment",
        "skill",
        "framework",
        "appeal_message",
        "appeal_line",
        "appeal",
        "reveal",
        "bank_comment",
        "grader_note",
        "second_rating",
        "decision_review",
        "decision_rule",
        "completeness_check",
        "section_grader",
        "grading_conflict",
        "holiday",
        "grading_terms",
    ):
        op.drop_table(table)


def _terms() -> None:
    op.create_table(
        "grading_terms",
        sa.Column("cohort_id", sa.String(length=26), nullable=False),
        _enum("allocation", "allocation", "open", "in_turn", "by_load"),
        sa.Column("promise_days", sa.Integer(), nullable=True),
        sa.Column("warn_days", sa.Integer(), nullable=False),
        _enum("review", "review", "none", "not_yet", "all"),
        sa.Column("second_first", sa.Integer(), nullable=False),
        sa.Column("second_percent", sa.Integer(), nullable=False),
        sa.Column("second_not_yet", sa.Boolean(), nullable=False),
        sa.Column("tolerance", sa.Integer(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("appeal_days", sa.Integer(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=True),
        sa.Column("changed_by", sa.String(), nullable=True),
        *_keys("grading_terms", "cohort_id", primary=("cohort_id",), changed_by="person"),
    )
    op.create_table(
        "holiday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("added_by", sa.String(), nullable=True),
        sa.Column("added_at", INSTANT, nullable=False),
        *_keys("holiday", primary=("day",), added_by="person"),
    )
    op.create_table(
        "grading_conflict",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("grader_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("stated_by", sa.String(), nullable=False),
        sa.Column("stated_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        *_keys("grading_conflict", "person_id", grader_id="person", stated_by="person", ended_by="person"),
    )
    for column in ("grader_id", "person_id"):
        _index("grading_conflict", column)
    op.create_table(
        "section_grader",
        sa.Column("section_id", sa.String(length=26), nullable=False),
        sa.Column("grader_id", sa.String(length=26), nullable=False),
        *_keys("section_grader", "section_id", primary=("section_id", "grader_id"), grader_id="person"),
    )
    _index("section_grader", "grader_id")
    op.create_table(
        "completeness_check",
        sa.Column("submission_id", sa.String(length=26), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("ruled_at", INSTANT, nullable=True),
        sa.Column("checked_at", INSTANT, nullable=True),
        sa.Column("checked_by", sa.String(), nullable=True),
        *_keys("completeness_check", "submission_id", primary=("submission_id",), checked_by="person"),
    )


def _rules_and_reviews() -> None:
    op.create_table(
        "decision_rule",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("assignment_key", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _enum("kind", "rulekind", "every", "weighted"),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("holds_from", INSTANT, nullable=False),
        sa.Column("made_by", sa.String(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        *_keys("decision_rule", "course_id", made_by="person"),
        sa.UniqueConstraint(
            "course_id", "assignment_key", "number", name=op.f("uq_decision_rule_course_id_assignment_key_number")
        ),
    )
    op.create_table(
        "decision_review",
        sa.Column("decision_id", sa.String(length=26), nullable=False),
        _enum("result", "reviewresult", "ready", "sent_back"),
        sa.Column("reviewed_by", sa.String(), nullable=False),
        sa.Column("reviewed_at", INSTANT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        *_keys("decision_review", "decision_id", primary=("decision_id",), reviewed_by="person"),
    )
    op.create_table(
        "second_rating",
        sa.Column("submission_id", sa.String(length=26), nullable=False),
        _enum("why", "sampledfor", "new_rubric", "sample", "not_yet", "by_hand"),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("reconciled_by", sa.String(), nullable=True),
        *_keys("second_rating", "submission_id", primary=("submission_id",), reconciled_by="person"),
    )
    op.create_table(
        "agreement_report",
        sa.Column("course_id", sa.String(length=26), nullable=False),
        sa.Column("assignment_key", sa.String(length=60), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        *_keys("agreement_report", "course_id", primary=("course_id", "assignment_key")),
    )


def _remarks_and_names() -> None:
    op.create_table(
        "grader_note",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("submission_id", sa.String(), nullable=False),
        sa.Column("author_id", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        *_keys("grader_note", "submission_id", author_id="person"),
    )
    _index("grader_note", "submission_id")
    op.create_table(
        "bank_comment",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=False),
        sa.Column("criterion_key", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("removed_at", INSTANT, nullable=True),
        *_keys("bank_comment", "course_id", owner_id="person"),
    )
    for column in ("course_id", "owner_id"):
        _index("bank_comment", column)
    op.create_table(
        "reveal",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("enrolment_id", sa.String(), nullable=False),
        sa.Column("assignment_key", sa.String(length=60), nullable=False),
        sa.Column("lead_id", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("revealed_at", INSTANT, nullable=False),
        *_keys("reveal", "enrolment_id", lead_id="person"),
    )
    for column in ("enrolment_id", "lead_id"):
        _index("reveal", column)


def _appeals() -> None:
    op.create_table(
        "appeal",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("decision_id", sa.String(), nullable=False),
        sa.Column("submission_id", sa.String(), nullable=False),
        _enum("state", "appealstate", "open", "rated", "upheld", "unchanged", "taken_back"),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("given_to", sa.String(), nullable=True),
        sa.Column("promised_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("outcome_id", sa.String(), nullable=True),
        *_keys(
            "appeal",
            "decision_id",
            "submission_id",
            opened_by="person",
            given_to="person",
            closed_by="person",
            outcome_id="decision",
        ),
        sa.UniqueConstraint("decision_id", name=op.f("uq_appeal_decision_id")),
    )
    for column in ("submission_id", "state", "given_to"):
        _index("appeal", column)
    op.create_table(
        "appeal_line",
        sa.Column("appeal_id", sa.String(length=26), nullable=False),
        sa.Column("criterion_id", sa.String(length=26), nullable=False),
        sa.Column("argument", sa.Text(), nullable=False),
        *_keys("appeal_line", "appeal_id", "criterion_id", primary=("appeal_id", "criterion_id")),
    )
    op.create_table(
        "appeal_message",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("appeal_id", sa.String(), nullable=False),
        sa.Column("author_id", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        *_keys("appeal_message", "appeal_id", author_id="person"),
    )
    _index("appeal_message", "appeal_id")


def _skills() -> None:
    op.create_table(
        "framework",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("publisher", sa.String(length=200), nullable=False),
        sa.Column("version", sa.String(length=60), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("made_by", sa.String(), nullable=True),
        *_keys("framework", made_by="person"),
        sa.UniqueConstraint("key", name=op.f("uq_framework_key")),
    )
    op.create_table(
        "skill",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("framework_id", sa.String(), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        *_keys("skill", "framework_id"),
        sa.UniqueConstraint("framework_id", "code", name=op.f("uq_skill_framework_id_code")),
    )
    op.create_table(
        "alignment",
        sa.Column("competency_id", sa.String(length=26), nullable=False),
        sa.Column("skill_id", sa.String(length=26), nullable=False),
        sa.Column("stated_at", INSTANT, nullable=False),
        sa.Column("stated_by", sa.String(), nullable=True),
        *_keys("alignment", "competency_id", "skill_id", primary=("competency_id", "skill_id"), stated_by="person"),
    )
    _index("alignment", "skill_id")


def _columns() -> None:
    for column in (
        _enum("purpose", "purpose", "first", "second", "reconciling", "appeal", default="first"),
        sa.Column("done_at", INSTANT, nullable=True),
    ):
        op.add_column("rating", column)
    op.execute("UPDATE rating SET done_at = saved_at WHERE state = 'done'")
    ways = ("one_rating", "agreed", "reconciled", "changed", "appealed")
    op.add_column("decision", _enum("way", "way", *ways, default="one_rating"))
    # SQLite takes a foreign key only with the column itself, and PostgreSQL understands the same words.
    op.execute(
        "ALTER TABLE decision ADD COLUMN rule_id VARCHAR CONSTRAINT fk_decision_rule_id REFERENCES decision_rule (id)"
    )
    _submission()
    op.add_column("level", sa.Column("exemplar", sa.Text(), nullable=False, server_default=""))


def _submission() -> None:
    """What a submission's way to its decision needs; each enrolment gets one name in an assignment."""
    op.add_column("submission", sa.Column("pseudonym", sa.String(length=20), nullable=False, server_default=""))
    op.add_column("submission", _enum("step", "step", "rating", "second", "reconciling", default="rating"))
    for name in ("given_to", "given_by"):
        # SQLite takes a foreign key only with the column itself, and PostgreSQL understands the same words.
        op.execute(
            f"ALTER TABLE submission ADD COLUMN {name} VARCHAR CONSTRAINT fk_submission_{name} REFERENCES person (id)"
        )
    op.add_column("submission", sa.Column("given_at", INSTANT, nullable=True))
    op.add_column("submission", sa.Column("lot", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("submission", sa.Column("promised_at", INSTANT, nullable=True))
    op.add_column("submission", sa.Column("warned_at", INSTANT, nullable=True))
    for column in ("pseudonym", "given_to"):
        _index("submission", column)
    op.create_index("ix_submission_promised", "submission", ["state", "promised_at"])
    conn = op.get_bind()
    row = sa.table("submission", *map(sa.column, ("id", "enrolment_id", "assignment_id", "lot", "pseudonym")))
    names: dict[tuple[str, str], str] = {}
    for one in conn.execute(sa.select(row.c.id, row.c.enrolment_id, row.c.assignment_id)).all():
        name = names.setdefault((one.enrolment_id, one.assignment_id), _pseudonym())
        drawn = {"lot": 1 + secrets.randbelow(LARGEST_LOT), "pseudonym": name}
        conn.execute(sa.update(row).where(row.c.id == one.id).values(drawn))


def _pseudonym() -> str:
    return "P-" + "".join(secrets.choice(ALPHABET) for _ in range(8))


def _only_grow() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    for table in GROWING:
        if not postgres:
            for act in ("update", "delete"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
            continue
        for act, scope in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
                f"FOR EACH {scope} EXECUTE FUNCTION refuse_change()"
            )


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


def _enum(column: str, name: str, *values: str, default: str | None = None) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, length=40)
    return sa.Column(column, kind, nullable=False, server_default=default)
