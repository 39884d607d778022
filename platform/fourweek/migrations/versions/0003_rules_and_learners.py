"""Rules of cohorts and sections, places asked for, live sessions, announcements, questions, notices, calendars, series."""

import sqlalchemy as sa
from alembic import op

import fourweek.database

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


COHORT = sa.table(
    "cohort", sa.column("id", sa.String), sa.column("instructor", sa.String), sa.column("instructors", sa.JSON)
)


def upgrade() -> None:
    op.create_table(
        "calendar_address",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", fourweek.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_address_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_address")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_address_token_hash")),
    )
    op.create_index(op.f("ix_calendar_address_person_id"), "calendar_address", ["person_id"], unique=False)
    op.create_table(
        "notice_choice",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("by_mail", sa.Boolean(), nullable=False),
        sa.Column("in_product", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_choice_person_id")),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_notice_choice")),
    )
    op.create_table(
        "series",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("created_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(), nullable=True),
        sa.Column("published_at", fourweek.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_series_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("code", name=op.f("uq_series_code")),
    )
    op.create_table(
        "unsubscribe_address",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_unsubscribe_address_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_unsubscribe_address")),
        sa.UniqueConstraint("token", name=op.f("uq_unsubscribe_address_token")),
    )
    op.create_table(
        "series_course",
        sa.Column("series_id", sa.String(), nullable=False),
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_series_course_course_id")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_series_course_series_id")),
        sa.PrimaryKeyConstraint("series_id", "course_id", name=op.f("pk_series_course")),
    )
    op.create_index(op.f("ix_series_course_course_id"), "series_course", ["course_id"], unique=False)
    op.create_table(
        "question",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("cohort_id", sa.String(), nullable=False),
        sa.Column("module_number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("asked_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", fourweek.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answer_id", sa.String(length=26), nullable=True),
        sa.Column("closed_at", fourweek.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("hidden_at", fourweek.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("hidden_by", sa.String(), nullable=True),
        sa.Column("hidden_reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_question_author_id")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_question_cohort_id")),
        sa.ForeignKeyConstraint(["hidden_by"], ["person.id"], name=op.f("fk_question_hidden_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    op.create_index(op.f("ix_question_author_id"), "question", ["author_id"], unique=False)
    op.create_index("ix_question_cohort_module", "question", ["cohort_id", "module_number", "asked_at"], unique=False)
    op.create_table(
        "announcement",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("cohort_id", sa.String(), nullable=False),
        sa.Column("section_id", sa.String(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("author_id", sa.String(), nullable=False),
        sa.Column("posted_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("edited_at", fourweek.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", fourweek.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_announcement_author_id")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_announcement_cohort_id")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_announcement_section_id")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["person.id"], name=op.f("fk_announcement_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    op.create_index("ix_announcement_cohort_posted", "announcement", ["cohort_id", "posted_at"], unique=False)
    op.create_table(
        "live_session",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("cohort_id", sa.String(), nullable=False),
        sa.Column("section_id", sa.String(), nullable=True),
        sa.Column("module_number", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("join_url", sa.String(length=500), nullable=False),
        sa.Column("recording_url", sa.String(length=500), nullable=False),
        sa.Column("instructor", sa.String(length=200), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("created_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(), nullable=True),
        sa.Column("changed_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", fourweek.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_live_session_cohort_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_live_session_created_by")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_live_session_section_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_session")),
    )
    op.create_index(op.f("ix_live_session_cohort_id"), "live_session", ["cohort_id"], unique=False)
    op.create_table(
        "place_request",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("cohort_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("section_id", sa.String(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("waitlist", "approval", "invitation", name="requestkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("open", "accepted", "declined", "taken_back", name="requeststate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("message", sa.String(length=1000), nullable=False),
        sa.Column("made_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("decided_at", fourweek.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_place_request_cohort_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_place_request_decided_by")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_place_request_made_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_place_request_person_id")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_place_request_section_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_request")),
    )
    op.create_index(op.f("ix_place_request_cohort_id"), "place_request", ["cohort_id"], unique=False)
    op.create_index(
        "ix_place_request_open",
        "place_request",
        ["cohort_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(op.f("ix_place_request_person_id"), "place_request", ["person_id"], unique=False)
    op.create_table(
        "reply",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("question_id", sa.String(), nullable=False),
        sa.Column("author_id", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("said_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("hidden_at", fourweek.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("hidden_by", sa.String(), nullable=True),
        sa.Column("hidden_reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_reply_author_id")),
        sa.ForeignKeyConstraint(["hidden_by"], ["person.id"], name=op.f("fk_reply_hidden_by")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_reply_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
    )
    op.create_index(op.f("ix_reply_question_id"), "reply", ["question_id"], unique=False)
    op.create_table(
        "attendance",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("enrolment_id", sa.String(), nullable=False),
        sa.Column(
            "presence",
            sa.Enum("present", "absent", "made_up", name="presence", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "source", sa.Enum("list", "code", "csv", name="source", native_enum=False, length=40), nullable=False
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("recorded_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_attendance_enrolment_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_attendance_recorded_by")),
        sa.ForeignKeyConstraint(["session_id"], ["live_session.id"], name=op.f("fk_attendance_session_id")),
        sa.PrimaryKeyConstraint("session_id", "enrolment_id", name=op.f("pk_attendance")),
    )
    op.create_index(op.f("ix_attendance_enrolment_id"), "attendance", ["enrolment_id"], unique=False)
    op.create_table(
        "reading_place",
        sa.Column("enrolment_id", sa.String(), nullable=False),
        sa.Column("lesson_id", sa.String(), nullable=False),
        sa.Column("heading", sa.String(length=200), nullable=False),
        sa.Column("at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_reading_place_enrolment_id")),
        sa.ForeignKeyConstraint(["lesson_id"], ["lesson.id"], name=op.f("fk_reading_place_lesson_id")),
        sa.PrimaryKeyConstraint("enrolment_id", name=op.f("pk_reading_place")),
    )
    op.add_column("cohort", sa.Column("instructors", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column(
        "cohort",
        sa.Column(
            "way",
            sa.Enum("self", "approval", "invitation", name="enrolmentway", native_enum=False, length=40),
            nullable=False,
            server_default="self",
        ),
    )
    op.add_column("cohort", sa.Column("enrol_from", sa.Date(), nullable=True))
    op.add_column("cohort", sa.Column("enrol_until", sa.Date(), nullable=True))
    op.add_column("cohort", sa.Column("waitlist", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column(
        "cohort",
        sa.Column(
            "pacing",
            sa.Enum("cohort", "enrolment", name="pacing", native_enum=False, length=40),
            nullable=False,
            server_default="cohort",
        ),
    )
    op.add_column("cohort", sa.Column("modules", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("cohort", sa.Column("cloned_from", sa.String(length=26), nullable=True))
    op.add_column("cohort", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    _name_instructors()
    op.drop_column("cohort", "instructor")
    op.add_column("course_version", sa.Column("partner", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("course_version", sa.Column("price", sa.String(length=100), nullable=False, server_default=""))
    op.add_column("extension", sa.Column("closes_on", sa.Date(), nullable=True))
    op.add_column("extension", sa.Column("closes_time", sa.Time(), nullable=True))
    op.add_column("extension", sa.Column("batch_id", sa.String(length=26), nullable=True))
    op.create_index(op.f("ix_extension_batch_id"), "extension", ["batch_id"], unique=False)
    op.add_column("outbox_message", sa.Column("by_mail", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("outbox_message", sa.Column("in_product", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("outbox_message", sa.Column("seen_at", fourweek.database.UtcDateTime(timezone=True), nullable=True))
    op.add_column("section", sa.Column("start_date", sa.Date(), nullable=True))
    op.add_column("section", sa.Column("zone", sa.String(length=64), nullable=True))
    op.add_column("section", sa.Column("release_weekday", sa.Integer(), nullable=True))
    op.add_column("section", sa.Column("release_time", sa.Time(), nullable=True))
    op.add_column("section", sa.Column("due_days", sa.Integer(), nullable=True))
    op.add_column("section", sa.Column("due_time", sa.Time(), nullable=True))
    op.add_column("section", sa.Column("late_days", sa.Integer(), nullable=True))
    op.add_column("section", sa.Column("close_days", sa.Integer(), nullable=True))
    op.add_column("section", sa.Column("modules", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("section", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("section", "revision")
    op.drop_column("section", "modules")
    op.drop_column("section", "close_days")
    op.drop_column("section", "late_days")
    op.drop_column("section", "due_time")
    op.drop_column("section", "due_days")
    op.drop_column("section", "release_time")
    op.drop_column("section", "release_weekday")
    op.drop_column("section", "zone")
    op.drop_column("section", "start_date")
    op.drop_column("outbox_message", "seen_at")
    op.drop_column("outbox_message", "in_product")
    op.drop_column("outbox_message", "by_mail")
    op.drop_index(op.f("ix_extension_batch_id"), table_name="extension")
    op.drop_column("extension", "batch_id")
    op.drop_column("extension", "closes_time")
    op.drop_column("extension", "closes_on")
    op.drop_column("course_version", "price")
    op.drop_column("course_version", "partner")
    op.add_column("cohort", sa.Column("instructor", sa.String(length=200), nullable=False, server_default=""))
    op.drop_column("cohort", "revision")
    op.drop_column("cohort", "cloned_from")
    op.drop_column("cohort", "modules")
    op.drop_column("cohort", "pacing")
    op.drop_column("cohort", "waitlist")
    op.drop_column("cohort", "enrol_until")
    op.drop_column("cohort", "enrol_from")
    op.drop_column("cohort", "way")
    _join_instructors()
    op.drop_column("cohort", "instructors")
    op.drop_table("reading_place")
    op.drop_index(op.f("ix_attendance_enrolment_id"), table_name="attendance")
    op.drop_table("attendance")
    op.drop_index(op.f("ix_reply_question_id"), table_name="reply")
    op.drop_table("reply")
    op.drop_index(op.f("ix_place_request_person_id"), table_name="place_request")
    op.drop_index(
        "ix_place_request_open",
        table_name="place_request",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(op.f("ix_place_request_cohort_id"), table_name="place_request")
    op.drop_table("place_request")
    op.drop_index(op.f("ix_live_session_cohort_id"), table_name="live_session")
    op.drop_table("live_session")
    op.drop_index("ix_announcement_cohort_posted", table_name="announcement")
    op.drop_table("announcement")
    op.drop_index("ix_question_cohort_module", table_name="question")
    op.drop_index(op.f("ix_question_author_id"), table_name="question")
    op.drop_table("question")
    op.drop_index(op.f("ix_series_course_course_id"), table_name="series_course")
    op.drop_table("series_course")
    op.drop_table("unsubscribe_address")
    op.drop_table("series")
    op.drop_table("notice_choice")
    op.drop_index(op.f("ix_calendar_address_person_id"), table_name="calendar_address")
    op.drop_table("calendar_address")


def _name_instructors() -> None:
    """The one name that a cohort had becomes the first of its instructors."""
    conn = op.get_bind()
    for row in conn.execute(sa.select(COHORT.c.id, COHORT.c.instructor).where(COHORT.c.instructor != "")).all():
        named = [{"name": row.instructor, "background": ""}]
        conn.execute(sa.update(COHORT).where(COHORT.c.id == row.id).values(instructors=named))


def _join_instructors() -> None:
    conn = op.get_bind()
    for row in conn.execute(sa.select(COHORT.c.id, COHORT.c.instructors)).all():
        names = ", ".join(one["name"] for one in row.instructors)[:200]
        conn.execute(sa.update(COHORT).where(COHORT.c.id == row.id).values(instructor=names))
