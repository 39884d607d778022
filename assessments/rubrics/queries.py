"""Reading rubrics as they are shown."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from assessments.rubrics.models import Competency, Criterion, Level
from courses.coursework import PublicCriterion, PublicLevel
from fourweek.database import table

CRITERION, LEVEL, COMPETENCY = table(Criterion), table(Level), table(Competency)

CRITERIA: Select[Any] = (
    select(
        CRITERION.c.rubric_id,
        CRITERION.c.id,
        CRITERION.c.key,
        CRITERION.c.title,
        CRITERION.c.description,
        CRITERION.c.required_level,
        CRITERION.c.judged_on,
        COMPETENCY.c.title.label("competency"),
        COMPETENCY.c.key.label("competency_key"),
        LEVEL.c.id.label("level_id"),
        LEVEL.c.key.label("level_key"),
        LEVEL.c.title.label("level_title"),
        LEVEL.c.descriptor,
        LEVEL.c.exemplar,
    )
    .join(COMPETENCY, COMPETENCY.c.id == CRITERION.c.competency_id)
    .join(LEVEL, LEVEL.c.criterion_id == CRITERION.c.id)
    .order_by(CRITERION.c.rubric_id, CRITERION.c.position, LEVEL.c.position)
)
"""A row for each level of each criterion, in order. Titles of competencies are today's, not the rubric's."""
_OF_MANY = CRITERIA.where(CRITERION.c.rubric_id.in_(bindparam("rubrics", expanding=True)))


def public_criteria(conn: Connection, rubric_ids: Iterable[str]) -> dict[str, tuple[PublicCriterion, ...]]:
    """{rubric id: its criteria in order, each with its levels, lowest first}; one statement."""
    rows = conn.execute(_OF_MANY, {"rubrics": list(rubric_ids)}).all()
    by_rubric = groupby(rows, key=lambda row: row.rubric_id)
    return {rubric: tuple(_criteria(group)) for rubric, group in by_rubric}


def _criteria(rows: Iterable[Row[Any]]) -> Iterable[PublicCriterion]:
    for _, group in groupby(rows, key=lambda row: row.id):
        levels = list(group)
        first = levels[0]
        yield PublicCriterion(
            key=first.key,
            title=first.title,
            description=first.description,
            competency=first.competency,
            levels=tuple(PublicLevel(row.level_title, row.descriptor, row.level_key, row.exemplar) for row in levels),
            required_level=first.required_level,
            judged_on=tuple(first.judged_on),
            competency_key=first.competency_key,
        )
