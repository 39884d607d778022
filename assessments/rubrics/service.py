"""Storing the rubrics and competencies of a version that is being published."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from assessments.assignments.package import ParsedAssignment, ParsedCriterion
from assessments.rubrics.models import Competency, Criterion, Level, Rubric
from courses.packages.models import ParsedCompetency
from fourweek.database import add, new_id, table

COMPETENCY = table(Competency)


def keep_competencies(conn: Connection, course_id: str, declared: Sequence[ParsedCompetency]) -> dict[str, str]:
    """Insert or reword the course's competencies; returns {key: id}. One that is no longer declared stays."""
    known = select(COMPETENCY.c.key, COMPETENCY.c.id).where(COMPETENCY.c.course_id == course_id)
    ids: dict[str, str] = {row.key: row.id for row in conn.execute(known)}
    for one in declared:
        words = {"title": one.title, "description": one.description}
        if one.key in ids:
            conn.execute(update(COMPETENCY).where(COMPETENCY.c.id == ids[one.key]).values(words))
        else:
            ids[one.key] = new_id()
            add(conn, Competency(id=ids[one.key], course_id=course_id, key=one.key, **words))
    return ids


def keep_rubrics(
    conn: Connection,
    course_id: str,
    version: str,
    assignments: Sequence[ParsedAssignment],
    competencies: dict[str, str],
    *,
    now: datetime,
) -> dict[str, str]:
    """A rubric for each assignment of version "major.minor"; returns {assignment key: rubric id}."""
    major, minor = (int(number) for number in version.split("."))
    rubrics = {
        one.key: Rubric(
            id=new_id(), course_id=course_id, assignment_key=one.key, major=major, minor=minor, created_at=now
        )
        for one in assignments
    }
    criteria = {
        (one.key, criterion.key): _criterion(rubrics[one.key].id, place, criterion, competencies)
        for one in assignments
        for place, criterion in enumerate(one.criteria)
    }
    levels = [
        Level(
            id=new_id(),
            criterion_id=criteria[one.key, criterion.key].id,
            position=place,
            key=level.key,
            title=level.title,
            descriptor=level.descriptor,
            exemplar=level.exemplar_html,
            exemplar_source=level.exemplar,
        )
        for one in assignments
        for criterion in one.criteria
        for place, level in enumerate(criterion.levels)
    ]
    add(conn, *rubrics.values())
    add(conn, *criteria.values())
    add(conn, *levels)
    return {key: rubric.id for key, rubric in rubrics.items()}


def _criterion(rubric_id: str, place: int, parsed: ParsedCriterion, competencies: dict[str, str]) -> Criterion:
    return Criterion(
        id=new_id(),
        rubric_id=rubric_id,
        position=place,
        key=parsed.key,
        title=parsed.title,
        description=parsed.description,
        competency_id=competencies[parsed.competency],
        judged_on=list(parsed.judged_on),
        required_level=parsed.required_level,
    )
