"""Credit of several types, corrections, holds, licences, sealed documents of several kinds, names and shared links."""

import sqlalchemy as sa
from alembic import op

from fourweek.database import INSTANT

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

GROWING = ("credit_hold", "identity_check", "equivalence", "document_line", "share_visit")
"""Tables whose rows are only added."""


def upgrade() -> None:
    _columns()
    _limits()
    _record()
    _names()
    _professional()
    _documents()
    _only_grow()


def downgrade() -> None:
    """Credit of other types than CEU and everything about licences, names and shared links goes."""
    postgres = op.get_bind().dialect.name == "postgresql"
    for table in GROWING:
        for act in ("update", "delete", "truncate") if postgres else ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{act}" + (f" ON {table}" if postgres else ""))
    for table in ("share_visit", "share_link", "document_line", "document_choice"):
        op.drop_table(table)
    for table in ("report_layout", "stated_credit", "licence", "name_change", "person_merge", "credit_hold"):
        op.drop_table(table)
    for table in ("identity_check", "equivalence", "credit_proposal", "attempt_count"):
        op.drop_table(table)
    op.drop_index(op.f("ix_transcript_unsealed_sha256"), table_name="transcript")
    op.drop_index(op.f("ix_transcript_json_sha256"), table_name="transcript")
    _drop("transcript", "seal", "unsealed_sha256", "json_sha256", "options", "scope", "kind")
    _drop("credit_entry", "cause_id", "group_key", "parts", "amounts", "format")
    _drop("course_version", "credit_types", "separate_events")
    _drop("cohort", "identity_check", "place", "mode")
    _drop("activity", "pilot_on", "pilot_median", "pilot_learners", "category")
    _drop("credit_entry", "repeat_of_id")
    _drop("person", "merged_into_id")


def _columns() -> None:
    op.add_column("activity", sa.Column("category", sa.String(length=60), nullable=False, server_default=""))
    op.add_column("activity", sa.Column("pilot_learners", sa.Integer(), nullable=True))
    op.add_column("activity", sa.Column("pilot_median", sa.Integer(), nullable=True))
    op.add_column("activity", sa.Column("pilot_on", sa.Date(), nullable=True))
    op.add_column(
        "cohort",
        _enum("mode", "deliverymode", "self_paced", "live_online", "in_person", "blended", default="self_paced"),
    )
    op.add_column("cohort", sa.Column("place", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("cohort", sa.Column("identity_check", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column(
        "course_version", sa.Column("separate_events", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("course_version", sa.Column("credit_types", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("credit_entry", sa.Column("format", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("credit_entry", sa.Column("amounts", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("credit_entry", sa.Column("parts", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("credit_entry", sa.Column("group_key", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("credit_entry", sa.Column("cause_id", sa.String(length=26), nullable=True))
    op.add_column(
        "transcript",
        _enum("kind", "documentkind", "transcript", "certificate", "packet", "clr", default="transcript"),
    )
    op.add_column("transcript", sa.Column("scope", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("transcript", sa.Column("options", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("transcript", sa.Column("json_sha256", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("transcript", sa.Column("unsealed_sha256", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("transcript", sa.Column("seal", sa.String(length=64), nullable=False, server_default=""))
    op.create_index(op.f("ix_transcript_json_sha256"), "transcript", ["json_sha256"], unique=False)
    op.create_index(op.f("ix_transcript_unsealed_sha256"), "transcript", ["unsealed_sha256"], unique=False)
    _point("credit_entry", "repeat_of_id", "credit_entry")
    _point("person", "merged_into_id", "person")


def _limits() -> None:
    op.create_table(
        "attempt_count",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("span", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", "span", name=op.f("pk_attempt_count")),
    )
    op.create_index(op.f("ix_attempt_count_span"), "attempt_count", ["span"], unique=False)


def _record() -> None:
    op.create_table(
        "equivalence",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("from_major", sa.Integer(), nullable=False),
        sa.Column("module_number", sa.Integer(), nullable=True),
        sa.Column("group_name", sa.String(length=100), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_equivalence_course_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_equivalence_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equivalence")),
    )
    op.create_index(op.f("ix_equivalence_course_id"), "equivalence", ["course_id"], unique=False)
    op.create_table(
        "identity_check",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        _enum(
            "method",
            "checkmethod",
            "document_in_person",
            "document_by_video",
            "employer",
            "licence_register",
            "electronic_id",
        ),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_identity_check_person_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_identity_check_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_check")),
    )
    op.create_index(op.f("ix_identity_check_person_id"), "identity_check", ["person_id"], unique=False)
    op.create_table(
        "credit_hold",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("enrolment_id", sa.String(), nullable=True),
        _enum("act", "holdact", "placed", "lifted"),
        _enum("cause", "holdcause", "identity", "registrar"),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("lifts_id", sa.String(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_credit_hold_by")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_credit_hold_enrolment_id")),
        sa.ForeignKeyConstraint(["lifts_id"], ["credit_hold.id"], name=op.f("fk_credit_hold_lifts_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_credit_hold_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_hold")),
        sa.UniqueConstraint("lifts_id", name=op.f("uq_credit_hold_lifts_id")),
    )
    op.create_index(op.f("ix_credit_hold_enrolment_id"), "credit_hold", ["enrolment_id"], unique=False)
    op.create_index(op.f("ix_credit_hold_person_id"), "credit_hold", ["person_id"], unique=False)
    op.create_table(
        "credit_proposal",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        _enum("act", "proposedact", "take_back", "correct"),
        _enum("reason_code", "reasoncode", "recorded_in_error", "decision_changed", "repeated", "integrity", "merged"),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", INSTANT, nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("decided_why", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_credit_proposal_decided_by")),
        sa.ForeignKeyConstraint(["entry_id"], ["credit_entry.id"], name=op.f("fk_credit_proposal_entry_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_credit_proposal_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_proposal")),
    )
    op.create_index(op.f("ix_credit_proposal_entry_id"), "credit_proposal", ["entry_id"], unique=False)
    op.create_index(
        "uq_credit_proposal_open",
        "credit_proposal",
        ["entry_id"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )


def _names() -> None:
    op.create_table(
        "name_change",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        _enum("kind", "namechangekind", "correction", "change"),
        sa.Column("former", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("suppress", sa.Boolean(), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=False),
        sa.Column("evidence_name", sa.String(length=200), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("decided_why", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_name_change_asked_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_name_change_decided_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_name_change_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_change")),
    )
    op.create_index(op.f("ix_name_change_evidence_sha256"), "name_change", ["evidence_sha256"], unique=False)
    op.create_index(op.f("ix_name_change_person_id"), "name_change", ["person_id"], unique=False)
    op.create_index(
        "uq_name_change_open",
        "name_change",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "person_merge",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kept_id", sa.String(), nullable=False),
        sa.Column("gone_id", sa.String(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", INSTANT, nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("decided_why", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_person_merge_decided_by")),
        sa.ForeignKeyConstraint(["gone_id"], ["person.id"], name=op.f("fk_person_merge_gone_id")),
        sa.ForeignKeyConstraint(["kept_id"], ["person.id"], name=op.f("fk_person_merge_kept_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_person_merge_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
    )
    op.create_index(op.f("ix_person_merge_kept_id"), "person_merge", ["kept_id"], unique=False)
    op.create_index(
        "uq_person_merge_open",
        "person_merge",
        ["gone_id"],
        unique=True,
        sqlite_where=sa.text("approved IS NULL OR approved"),
        postgresql_where=sa.text("approved IS NULL OR approved"),
    )


def _professional() -> None:
    op.create_table(
        "licence",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("board", sa.String(length=40), nullable=False),
        sa.Column("profession", sa.String(length=100), nullable=False),
        sa.Column("jurisdiction", sa.String(length=100), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("obligation", sa.JSON(), nullable=False),
        sa.Column("remind", sa.Boolean(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("checked_by", sa.String(), nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("removed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["checked_by"], ["person.id"], name=op.f("fk_licence_checked_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_licence_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence")),
    )
    op.create_index(op.f("ix_licence_ends_on"), "licence", ["ends_on"], unique=False)
    op.create_index(op.f("ix_licence_person_id"), "licence", ["person_id"], unique=False)
    op.create_table(
        "report_layout",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("board", sa.String(length=40), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("removed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_report_layout_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_layout")),
    )
    op.create_table(
        "stated_credit",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("row_key", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("provider", sa.String(length=200), nullable=False),
        sa.Column("provider_number", sa.String(length=60), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("mode", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("instructor", sa.String(length=200), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(length=60), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=False),
        sa.Column("evidence_name", sa.String(length=200), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("removed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_stated_credit_entered_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_stated_credit_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stated_credit")),
        sa.UniqueConstraint("person_id", "row_key", name=op.f("uq_stated_credit_person_id_row_key")),
    )
    op.create_index(op.f("ix_stated_credit_evidence_sha256"), "stated_credit", ["evidence_sha256"], unique=False)


def _documents() -> None:
    op.create_table(
        "document_choice",
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("lines_shown", sa.Boolean(), nullable=False),
        sa.Column("name_shown", sa.Boolean(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["transcript.id"], name=op.f("fk_document_choice_document_id")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_document_choice")),
    )
    op.create_table(
        "share_link",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["transcript.id"], name=op.f("fk_share_link_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_share_link_token_hash")),
    )
    op.create_index(op.f("ix_share_link_document_id"), "share_link", ["document_id"], unique=False)
    op.create_table(
        "share_visit",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("link_id", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["share_link.id"], name=op.f("fk_share_visit_link_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_visit")),
    )
    op.create_index(op.f("ix_share_visit_link_id"), "share_visit", ["link_id"], unique=False)
    op.create_table(
        "document_line",
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["transcript.id"], name=op.f("fk_document_line_document_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["credit_entry.id"], name=op.f("fk_document_line_entry_id")),
        sa.PrimaryKeyConstraint("document_id", "entry_id", name=op.f("pk_document_line")),
    )
    op.create_index(op.f("ix_document_line_entry_id"), "document_line", ["entry_id"], unique=False)


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


def _point(table: str, column: str, target: str) -> None:
    """A new column that may point to a row of `target`.

    SQLite takes a foreign key only with the column itself, and PostgreSQL understands the same words.
    """
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} VARCHAR CONSTRAINT fk_{table}_{column} REFERENCES {target} (id)"
    )


def _drop(table: str, *columns: str) -> None:
    """Drop columns, each with the index that has its name."""
    found = {one["name"] for one in sa.inspect(op.get_bind()).get_indexes(table)}
    for column in columns:
        if f"ix_{table}_{column}" in found:
            op.drop_index(f"ix_{table}_{column}", table_name=table)
        op.drop_column(table, column)


def _enum(column: str, name: str, *values: str, default: str | None = None) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, length=40)
    return sa.Column(column, kind, nullable=False, server_default=default)
