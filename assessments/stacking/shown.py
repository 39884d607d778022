"""What the badge of a series says, whoever earned it."""

from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from assessments.badges.snapshot import AchievementShown
from assessments.stacking.queries import ACHIEVEMENT, RULE, courses_of
from courses.series.queries import SERIES

_ACHIEVEMENT: Select[Any] = (
    select(ACHIEVEMENT, SERIES.c.code, SERIES.c.title)
    .join(RULE, RULE.c.id == ACHIEVEMENT.c.series_rule_id)
    .join(SERIES, SERIES.c.id == RULE.c.series_id)
    .where(ACHIEVEMENT.c.id == bindparam("achievement"))
)


def series_achievement(conn: Connection, achievement_id: str) -> AchievementShown | None:
    """The badge of a series, None for an unknown one; two statements.

    Skills and language are those of the courses that its rule names. It has no credit of its own: what somebody earned
    is the sum of their parts.
    """
    row = conn.execute(_ACHIEVEMENT, {"achievement": achievement_id}).first()
    if row is None:
        return None
    courses = courses_of(conn, [row.series_rule_id])[row.series_rule_id]
    languages = {one.language for one in courses}
    return AchievementShown(
        id=row.id,
        name=row.name,
        description=row.description,
        criteria=row.criteria,
        course_code="",
        course_title="",
        course_version="",
        language=languages.pop() if len(languages) == 1 else "",
        skills=tuple(dict.fromkeys(skill for one in courses for skill in one.skills)),
        minutes=0,
        ceu_tenths=0,
        rubric=(),
        series_code=row.code,
        series_title=row.title,
    )
