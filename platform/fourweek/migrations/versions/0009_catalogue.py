"""What the catalogue is searched and sorted by: a course's skills a row each, and its hours and weeks added up."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SUMS = """
UPDATE course_version SET
    module_count = (SELECT count(*) FROM module WHERE module.version_id = course_version.id),
    counted_minutes = (SELECT coalesce(sum(counted_minutes), 0) FROM module WHERE module.version_id = course_version.id)
"""
CURRENT = "SELECT course.id, skills FROM course JOIN course_version ON course_version.id = current_version_id"


def upgrade() -> None:
    op.add_column("course_version", sa.Column("module_count", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("course_version", sa.Column("counted_minutes", sa.Integer(), nullable=False, server_default="0"))
    op.execute(SUMS)
    skills = op.create_table(
        "course_skill",
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("skill", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_skill_course_id")),
        sa.PrimaryKeyConstraint("course_id", "key", name=op.f("pk_course_skill")),
    )
    op.create_index(op.f("ix_course_skill_key"), "course_skill", ["key"])
    rows = [
        {"course_id": course_id, "key": key, "skill": skill}
        for course_id, stored in op.get_bind().execute(sa.text(CURRENT)).all()
        for key, skill in _by_key(stored).items()
    ]
    if rows:
        op.bulk_insert(skills, rows)


def downgrade() -> None:
    op.drop_index(op.f("ix_course_skill_key"), "course_skill")
    op.drop_table("course_skill")
    op.drop_column("course_version", "counted_minutes")
    op.drop_column("course_version", "module_count")


def _by_key(stored: str | list[str]) -> dict[str, str]:
    skills = json.loads(stored) if isinstance(stored, str) else stored
    return {skill[:200].lower(): skill[:200] for skill in skills}
