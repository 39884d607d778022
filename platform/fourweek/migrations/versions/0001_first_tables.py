"""The first tables: everything from people to transcripts."""

import sqlalchemy as sa
from alembic import op

import fourweek.database

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "course",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("created_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("current_version_id", sa.String(length=26), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("code", name=op.f("uq_course_code")),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("until", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("learner_number", sa.String(length=20), nullable=False),
        sa.Column("legal_name", sa.String(length=200), nullable=False),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("created_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", fourweek.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("learner_number", name=op.f("uq_person_learner_number")),
    )
    op.create_table(
        "school_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ahead_seconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_clock")),
    )
    op.create_table(
        "transcript_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_transcript_year")),
    )
    op.create_table(
        "audit_row",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=True),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_audit_row_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_row")),
    )
    op.create_index(op.f("ix_audit_row_act"), "audit_row", ["act"], unique=False)
    op.create_index(op.f("ix_audit_row_actor_id"), "audit_row", ["actor_id"], unique=False)
    op.create_index(op.f("ix_audit_row_at"), "audit_row", ["at"], unique=False)
    op.create_index(op.f("ix_audit_row_subject_id"), "audit_row", ["subject_id"], unique=False)
    op.create_table(
        "competency",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_competency_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competency")),
        sa.UniqueConstraint("course_id", "key", name=op.f("uq_competency_course_id_key")),
    )
    op.create_table(
        "course_version",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("major", sa.Integer(), nullable=False),
        sa.Column("minor", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("description_html", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("licence", sa.String(length=100), nullable=False),
        sa.Column("attribution_html", sa.Text(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("achievement", sa.JSON(), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("minutes_basis", sa.String(length=1000), nullable=False),
        sa.Column("package_sha256", sa.String(length=64), nullable=False),
        sa.Column("published_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_version_course_id")),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_course_version_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_version")),
        sa.UniqueConstraint("course_id", "major", "minor", name=op.f("uq_course_version_course_id_major_minor")),
    )
    op.create_index(op.f("ix_course_version_course_id"), "course_version", ["course_id"], unique=False)
    op.create_table(
        "email_address",
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("verified_at", fourweek.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_email_address_person_id")),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_email_address")),
    )
    op.create_index(op.f("ix_email_address_person_id"), "email_address", ["person_id"], unique=False)
    op.create_table(
        "ledger",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ledger_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        sa.UniqueConstraint("person_id", name=op.f("uq_ledger_person_id")),
    )
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("try_at", fourweek.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", fourweek.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_outbox_message_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_message_key")),
    )
    op.create_index(op.f("ix_outbox_message_person_id"), "outbox_message", ["person_id"], unique=False)
    op.create_index(op.f("ix_outbox_message_try_at"), "outbox_message", ["try_at"], unique=False)
    op.create_table(
        "password_hash",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("hash", sa.String(length=300), nullable=False),
        sa.Column("changed_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_password_hash_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_password_hash")),
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("grader", "lead", "author", "registrar", "operator", name="role", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("scope_id", sa.String(length=26), nullable=False),
        sa.Column("granted_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint("person_id", "role", "scope_id", name=op.f("uq_role_grant_person_id_role_scope_id")),
    )
    op.create_index(op.f("ix_role_grant_person_id"), "role_grant", ["person_id"], unique=False)
    op.create_index("ix_role_grant_scope", "role_grant", ["scope_id", "role"], unique=False)
    op.create_table(
        "rubric",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("assignment_key", sa.String(length=60), nullable=False),
        sa.Column("major", sa.Integer(), nullable=False),
        sa.Column("minor", sa.Integer(), nullable=False),
        sa.Column("created_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_rubric_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rubric")),
    )
    op.create_index(op.f("ix_rubric_course_id"), "rubric", ["course_id"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("created_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    op.create_index(op.f("ix_sign_in_person_id"), "sign_in", ["person_id"], unique=False)
    op.create_table(
        "transcript",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("snapshot", sa.LargeBinary(), nullable=False),
        sa.Column("ledger_entries", sa.Integer(), nullable=False),
        sa.Column("ledger_head", sa.String(length=64), nullable=False),
        sa.Column("initials", sa.String(length=10), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("tenths", sa.Integer(), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("csv_sha256", sa.String(length=64), nullable=False),
        sa.Column("issued_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_transcript_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transcript")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_transcript_code_hash")),
        sa.UniqueConstraint("number", name=op.f("uq_transcript_number")),
        sa.UniqueConstraint("person_id", "content_sha256", name=op.f("uq_transcript_person_id_content_sha256")),
    )
    op.create_index(op.f("ix_transcript_csv_sha256"), "transcript", ["csv_sha256"], unique=False)
    op.create_index(op.f("ix_transcript_pdf_sha256"), "transcript", ["pdf_sha256"], unique=False)
    op.create_table(
        "achievement",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("version_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(length=2000), nullable=False),
        sa.Column("criteria", sa.String(length=4000), nullable=False),
        sa.Column("picture_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["course_version.id"], name=op.f("fk_achievement_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_achievement")),
        sa.UniqueConstraint("version_id", name=op.f("uq_achievement_version_id")),
    )
    op.create_table(
        "audit_link",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("row_id", sa.String(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["row_id"], ["audit_row.id"], name=op.f("fk_audit_link_row_id")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_link")),
        sa.UniqueConstraint("row_id", name=op.f("uq_audit_link_row_id")),
    )
    op.create_table(
        "cohort",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("version_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("release_weekday", sa.Integer(), nullable=True),
        sa.Column("release_time", sa.Time(), nullable=False),
        sa.Column("due_days", sa.Integer(), nullable=True),
        sa.Column("due_time", sa.Time(), nullable=False),
        sa.Column("late_days", sa.Integer(), nullable=True),
        sa.Column("close_days", sa.Integer(), nullable=True),
        sa.Column("delivery", sa.String(length=100), nullable=False),
        sa.Column("instructor", sa.String(length=200), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("open_for_enrolment", sa.Boolean(), nullable=False),
        sa.Column("blackouts", sa.JSON(), nullable=False),
        sa.Column("pauses", sa.JSON(), nullable=False),
        sa.Column("created_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_cohort_created_by")),
        sa.ForeignKeyConstraint(["version_id"], ["course_version.id"], name=op.f("fk_cohort_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
    )
    op.create_index(op.f("ix_cohort_start_date"), "cohort", ["start_date"], unique=False)
    op.create_index(op.f("ix_cohort_version_id"), "cohort", ["version_id"], unique=False)
    op.create_table(
        "criterion",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("rubric_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("competency_id", sa.String(), nullable=False),
        sa.Column("judged_on", sa.JSON(), nullable=False),
        sa.Column("required_level", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["competency_id"], ["competency.id"], name=op.f("fk_criterion_competency_id")),
        sa.ForeignKeyConstraint(["rubric_id"], ["rubric.id"], name=op.f("fk_criterion_rubric_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion")),
        sa.UniqueConstraint("rubric_id", "key", name=op.f("uq_criterion_rubric_id_key")),
    )
    op.create_table(
        "module",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("version_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=1000), nullable=False),
        sa.Column("counted_minutes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["course_version.id"], name=op.f("fk_module_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_module")),
        sa.UniqueConstraint("version_id", "number", name=op.f("uq_module_version_id_number")),
    )
    op.create_table(
        "package_draft",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("author_id", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("published_version_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_package_draft_author_id")),
        sa.ForeignKeyConstraint(
            ["published_version_id"], ["course_version.id"], name=op.f("fk_package_draft_published_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_draft")),
    )
    op.create_index(op.f("ix_package_draft_author_id"), "package_draft", ["author_id"], unique=False)
    op.create_table(
        "activity",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("module_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("countable", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name=op.f("fk_activity_module_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("module_id", "position", name=op.f("uq_activity_module_id_position")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("version_id", sa.String(), nullable=False),
        sa.Column("module_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("instructions_html", sa.Text(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=True),
        sa.Column("rubric_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name=op.f("fk_assignment_module_id")),
        sa.ForeignKeyConstraint(["rubric_id"], ["rubric.id"], name=op.f("fk_assignment_rubric_id")),
        sa.ForeignKeyConstraint(["version_id"], ["course_version.id"], name=op.f("fk_assignment_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq_assignment_version_id_key")),
    )
    op.create_index(op.f("ix_assignment_module_id"), "assignment", ["module_id"], unique=False)
    op.create_table(
        "course_file",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("version_id", sa.String(), nullable=False),
        sa.Column("module_id", sa.String(), nullable=True),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name=op.f("fk_course_file_module_id")),
        sa.ForeignKeyConstraint(["version_id"], ["course_version.id"], name=op.f("fk_course_file_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_file")),
        sa.UniqueConstraint("version_id", "module_id", "path", name=op.f("uq_course_file_version_id_module_id_path")),
    )
    op.create_index(op.f("ix_course_file_module_id"), "course_file", ["module_id"], unique=False)
    op.create_index(op.f("ix_course_file_version_id"), "course_file", ["version_id"], unique=False)
    op.create_table(
        "lesson",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("module_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column(
            "kind", sa.Enum("lesson", "reference", name="lessonkind", native_enum=False, length=40), nullable=False
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("plain_text", sa.Text(), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name=op.f("fk_lesson_module_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
        sa.UniqueConstraint("module_id", "position", name=op.f("uq_lesson_module_id_position")),
        sa.UniqueConstraint("module_id", "slug", name=op.f("uq_lesson_module_id_slug")),
    )
    op.create_table(
        "level",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("criterion_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("descriptor", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["criterion_id"], ["criterion.id"], name=op.f("fk_level_criterion_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level")),
        sa.UniqueConstraint("criterion_id", "key", name=op.f("uq_level_criterion_id_key")),
        sa.UniqueConstraint("criterion_id", "position", name=op.f("uq_level_criterion_id_position")),
    )
    op.create_table(
        "section",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("cohort_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("shift_days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_section_cohort_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section")),
        sa.UniqueConstraint("cohort_id", "name", name=op.f("uq_section_cohort_id_name")),
    )
    op.create_table(
        "enrolment",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("cohort_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("section_id", sa.String(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("active", "completed", "withdrawn", name="enrolmentstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("enrolled_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("completed_at", fourweek.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", fourweek.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_enrolment_cohort_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_enrolment_person_id")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_enrolment_section_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("cohort_id", "person_id", name=op.f("uq_enrolment_cohort_id_person_id")),
    )
    op.create_index(op.f("ix_enrolment_person_id"), "enrolment", ["person_id"], unique=False)
    op.create_table(
        "requirement",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("assignment_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("prompt_html", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("text", "files", "links", name="requirementkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("min_words", sa.Integer(), nullable=True),
        sa.Column("max_words", sa.Integer(), nullable=True),
        sa.Column("max_items", sa.Integer(), nullable=False),
        sa.Column("accept", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_requirement_assignment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement")),
        sa.UniqueConstraint("assignment_id", "key", name=op.f("uq_requirement_assignment_id_key")),
    )
    op.create_table(
        "award",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("achievement_id", sa.String(), nullable=False),
        sa.Column("enrolment_id", sa.String(), nullable=False),
        sa.Column("awarded_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("subject_id", sa.String(length=60), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("recorded_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", fourweek.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["achievement_id"], ["achievement.id"], name=op.f("fk_award_achievement_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_award_enrolment_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_award_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
        sa.UniqueConstraint(
            "person_id", "achievement_id", "enrolment_id", name=op.f("uq_award_person_id_achievement_id_enrolment_id")
        ),
        sa.UniqueConstraint("slug", name=op.f("uq_award_slug")),
    )
    op.create_index(op.f("ix_award_enrolment_id"), "award", ["enrolment_id"], unique=False)
    op.create_index(op.f("ix_award_person_id"), "award", ["person_id"], unique=False)
    op.create_table(
        "credit_entry",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("ledger_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("earned", "reversal", "correction", name="entrykind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("reverses_id", sa.String(), nullable=True),
        sa.Column(
            "reason_code",
            sa.Enum(
                "recorded_in_error",
                "decision_changed",
                "repeated",
                "integrity",
                name="reasoncode",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("enrolment_id", sa.String(), nullable=False),
        sa.Column("module_id", sa.String(), nullable=False),
        sa.Column("course_code", sa.String(length=60), nullable=False),
        sa.Column("course_version", sa.String(length=20), nullable=False),
        sa.Column("module_number", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("credit_type", sa.String(length=20), nullable=False),
        sa.Column("rule_id", sa.String(length=60), nullable=False),
        sa.Column("minutes_before", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("tenths", sa.Integer(), nullable=False),
        sa.Column("completed_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_credit_entry_enrolment_id")),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledger.id"], name=op.f("fk_credit_entry_ledger_id")),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name=op.f("fk_credit_entry_module_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["credit_entry.id"], name=op.f("fk_credit_entry_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_entry")),
        sa.UniqueConstraint("ledger_id", "seq", name=op.f("uq_credit_entry_ledger_id_seq")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_credit_entry_reverses_id")),
    )
    op.create_index(op.f("ix_credit_entry_enrolment_id"), "credit_entry", ["enrolment_id"], unique=False)
    op.create_index(
        "uq_credit_entry_earned",
        "credit_entry",
        ["enrolment_id", "module_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'earned'"),
        postgresql_where=sa.text("kind = 'earned'"),
    )
    op.create_table(
        "extension",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("enrolment_id", sa.String(), nullable=False),
        sa.Column("module_number", sa.Integer(), nullable=True),
        sa.Column("shift_days", sa.Integer(), nullable=False),
        sa.Column("moves_opening", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_time", sa.Time(), nullable=True),
        sa.Column("opens_all", sa.Boolean(), nullable=False),
        sa.Column("pause_first", sa.Date(), nullable=True),
        sa.Column("pause_last", sa.Date(), nullable=True),
        sa.Column("allow_earlier", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("granted_by", sa.String(), nullable=True),
        sa.Column("granted_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", fourweek.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_extension_enrolment_id")),
        sa.ForeignKeyConstraint(["granted_by"], ["person.id"], name=op.f("fk_extension_granted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    op.create_index(op.f("ix_extension_enrolment_id"), "extension", ["enrolment_id"], unique=False)
    op.create_table(
        "lesson_read",
        sa.Column("enrolment_id", sa.String(), nullable=False),
        sa.Column("lesson_id", sa.String(), nullable=False),
        sa.Column("read_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_lesson_read_enrolment_id")),
        sa.ForeignKeyConstraint(["lesson_id"], ["lesson.id"], name=op.f("fk_lesson_read_lesson_id")),
        sa.PrimaryKeyConstraint("enrolment_id", "lesson_id", name=op.f("pk_lesson_read")),
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("enrolment_id", sa.String(), nullable=False),
        sa.Column("assignment_id", sa.String(), nullable=False),
        sa.Column("rubric_id", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "submitted", "decided", name="submissionstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("started_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("saved_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", fourweek.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("receipt", sa.String(length=20), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("late_rule", sa.String(length=300), nullable=False),
        sa.Column("integrity", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_submission_assignment_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_submission_enrolment_id")),
        sa.ForeignKeyConstraint(["rubric_id"], ["rubric.id"], name=op.f("fk_submission_rubric_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint(
            "enrolment_id", "assignment_id", "attempt", name=op.f("uq_submission_enrolment_id_assignment_id_attempt")
        ),
        sa.UniqueConstraint("receipt", name=op.f("uq_submission_receipt")),
    )
    op.create_index(op.f("ix_submission_assignment_id"), "submission", ["assignment_id"], unique=False)
    op.create_index("ix_submission_waiting", "submission", ["state", "submitted_at"], unique=False)
    op.create_table(
        "claim",
        sa.Column("submission_id", sa.String(), nullable=False),
        sa.Column("grader_id", sa.String(), nullable=False),
        sa.Column("claimed_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("until", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["grader_id"], ["person.id"], name=op.f("fk_claim_grader_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_claim_submission_id")),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_claim")),
    )
    op.create_index(op.f("ix_claim_grader_id"), "claim", ["grader_id"], unique=False)
    op.create_table(
        "credential_issue",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("award_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("document_sha256", sa.String(length=64), nullable=False),
        sa.Column("picture_sha256", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=100), nullable=False),
        sa.Column("issued_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_credential_issue_award_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential_issue")),
        sa.UniqueConstraint("award_id", "number", name=op.f("uq_credential_issue_award_id_number")),
    )
    op.create_index(op.f("ix_credential_issue_document_sha256"), "credential_issue", ["document_sha256"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("submission_id", sa.String(), nullable=False),
        sa.Column("requirement_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("text", "files", "links", name="requirementkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("file_name", sa.String(length=300), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("saved_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["requirement_id"], ["requirement.id"], name=op.f("fk_evidence_requirement_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_evidence_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint(
            "submission_id",
            "requirement_id",
            "position",
            name=op.f("uq_evidence_submission_id_requirement_id_position"),
        ),
    )
    op.create_index(op.f("ix_evidence_requirement_id"), "evidence", ["requirement_id"], unique=False)
    op.create_index(op.f("ix_evidence_sha256"), "evidence", ["sha256"], unique=False)
    op.create_table(
        "rating",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("submission_id", sa.String(), nullable=False),
        sa.Column("grader_id", sa.String(), nullable=False),
        sa.Column("state", sa.Enum("draft", "done", name="ratingstate", native_enum=False, length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("saved_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["grader_id"], ["person.id"], name=op.f("fk_rating_grader_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_rating_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("submission_id", "grader_id", name=op.f("uq_rating_submission_id_grader_id")),
    )
    op.create_index(op.f("ix_rating_grader_id"), "rating", ["grader_id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("submission_id", sa.String(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("demonstrated", "not_yet", "returned_incomplete", name="outcome", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("rubric_id", sa.String(), nullable=False),
        sa.Column("rating_id", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("supersedes_id", sa.String(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_decision_decided_by")),
        sa.ForeignKeyConstraint(["rating_id"], ["rating.id"], name=op.f("fk_decision_rating_id")),
        sa.ForeignKeyConstraint(["rubric_id"], ["rubric.id"], name=op.f("fk_decision_rubric_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_decision_submission_id")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["decision.id"], name=op.f("fk_decision_supersedes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_decision_supersedes_id")),
    )
    op.create_index(op.f("ix_decision_submission_id"), "decision", ["submission_id"], unique=False)
    op.create_table(
        "rating_line",
        sa.Column("rating_id", sa.String(), nullable=False),
        sa.Column("criterion_id", sa.String(), nullable=False),
        sa.Column("level_id", sa.String(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["criterion_id"], ["criterion.id"], name=op.f("fk_rating_line_criterion_id")),
        sa.ForeignKeyConstraint(["level_id"], ["level.id"], name=op.f("fk_rating_line_level_id")),
        sa.ForeignKeyConstraint(["rating_id"], ["rating.id"], name=op.f("fk_rating_line_rating_id")),
        sa.PrimaryKeyConstraint("rating_id", "criterion_id", name=op.f("pk_rating_line")),
    )
    op.create_table(
        "decision_line",
        sa.Column("decision_id", sa.String(), nullable=False),
        sa.Column("criterion_id", sa.String(), nullable=False),
        sa.Column("level_id", sa.String(), nullable=True),
        sa.Column("met", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["criterion_id"], ["criterion.id"], name=op.f("fk_decision_line_criterion_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_decision_line_decision_id")),
        sa.ForeignKeyConstraint(["level_id"], ["level.id"], name=op.f("fk_decision_line_level_id")),
        sa.PrimaryKeyConstraint("decision_id", "criterion_id", name=op.f("pk_decision_line")),
    )
    op.create_table(
        "posting",
        sa.Column("decision_id", sa.String(), nullable=False),
        sa.Column("posted_at", fourweek.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("posted_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_posting_decision_id")),
        sa.ForeignKeyConstraint(["posted_by"], ["person.id"], name=op.f("fk_posting_posted_by")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_posting")),
    )
    op.create_index(op.f("ix_posting_posted_at"), "posting", ["posted_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_posting_posted_at"), table_name="posting")
    op.drop_table("posting")
    op.drop_table("decision_line")
    op.drop_table("rating_line")
    op.drop_index(op.f("ix_decision_submission_id"), table_name="decision")
    op.drop_table("decision")
    op.drop_index(op.f("ix_rating_grader_id"), table_name="rating")
    op.drop_table("rating")
    op.drop_index(op.f("ix_evidence_sha256"), table_name="evidence")
    op.drop_index(op.f("ix_evidence_requirement_id"), table_name="evidence")
    op.drop_table("evidence")
    op.drop_index(op.f("ix_credential_issue_document_sha256"), table_name="credential_issue")
    op.drop_table("credential_issue")
    op.drop_index(op.f("ix_claim_grader_id"), table_name="claim")
    op.drop_table("claim")
    op.drop_index("ix_submission_waiting", table_name="submission")
    op.drop_index(op.f("ix_submission_assignment_id"), table_name="submission")
    op.drop_table("submission")
    op.drop_table("lesson_read")
    op.drop_index(op.f("ix_extension_enrolment_id"), table_name="extension")
    op.drop_table("extension")
    op.drop_index(
        "uq_credit_entry_earned",
        table_name="credit_entry",
        sqlite_where=sa.text("kind = 'earned'"),
        postgresql_where=sa.text("kind = 'earned'"),
    )
    op.drop_index(op.f("ix_credit_entry_enrolment_id"), table_name="credit_entry")
    op.drop_table("credit_entry")
    op.drop_index(op.f("ix_award_person_id"), table_name="award")
    op.drop_index(op.f("ix_award_enrolment_id"), table_name="award")
    op.drop_table("award")
    op.drop_table("requirement")
    op.drop_index(op.f("ix_enrolment_person_id"), table_name="enrolment")
    op.drop_table("enrolment")
    op.drop_table("section")
    op.drop_table("level")
    op.drop_table("lesson")
    op.drop_index(op.f("ix_course_file_version_id"), table_name="course_file")
    op.drop_index(op.f("ix_course_file_module_id"), table_name="course_file")
    op.drop_table("course_file")
    op.drop_index(op.f("ix_assignment_module_id"), table_name="assignment")
    op.drop_table("assignment")
    op.drop_table("activity")
    op.drop_index(op.f("ix_package_draft_author_id"), table_name="package_draft")
    op.drop_table("package_draft")
    op.drop_table("module")
    op.drop_table("criterion")
    op.drop_index(op.f("ix_cohort_version_id"), table_name="cohort")
    op.drop_index(op.f("ix_cohort_start_date"), table_name="cohort")
    op.drop_table("cohort")
    op.drop_table("audit_link")
    op.drop_table("achievement")
    op.drop_index(op.f("ix_transcript_pdf_sha256"), table_name="transcript")
    op.drop_index(op.f("ix_transcript_csv_sha256"), table_name="transcript")
    op.drop_table("transcript")
    op.drop_index(op.f("ix_sign_in_person_id"), table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_index(op.f("ix_rubric_course_id"), table_name="rubric")
    op.drop_table("rubric")
    op.drop_index("ix_role_grant_scope", table_name="role_grant")
    op.drop_index(op.f("ix_role_grant_person_id"), table_name="role_grant")
    op.drop_table("role_grant")
    op.drop_table("password_hash")
    op.drop_index(op.f("ix_outbox_message_try_at"), table_name="outbox_message")
    op.drop_index(op.f("ix_outbox_message_person_id"), table_name="outbox_message")
    op.drop_table("outbox_message")
    op.drop_table("ledger")
    op.drop_index(op.f("ix_email_address_person_id"), table_name="email_address")
    op.drop_table("email_address")
    op.drop_index(op.f("ix_course_version_course_id"), table_name="course_version")
    op.drop_table("course_version")
    op.drop_table("competency")
    op.drop_index(op.f("ix_audit_row_subject_id"), table_name="audit_row")
    op.drop_index(op.f("ix_audit_row_at"), table_name="audit_row")
    op.drop_index(op.f("ix_audit_row_actor_id"), table_name="audit_row")
    op.drop_index(op.f("ix_audit_row_act"), table_name="audit_row")
    op.drop_table("audit_row")
    op.drop_table("transcript_year")
    op.drop_table("school_clock")
    op.drop_table("person")
    op.drop_table("lease")
    op.drop_table("course")
