"""The rubrics of published courses, to be looked through and taken into another course."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, func, select

from assessments.assignments.package import ParsedCriterion, ParsedLevel
from assessments.assignments.queries import ASSIGNMENT, IN_ORDER, MODULE
from assessments.competencies.queries import AlignedSkill, alignments_of
from assessments.rubrics.queries import COMPETENCY, CRITERION, LEVEL, public_criteria
from courses.catalogue.rules import say_version, search_words
from courses.cohorts.queries import COURSE, VERSION
from courses.coursework import PublicCriterion
from courses.packages.models import ParsedAlignment, ParsedCompetency
from courses.paging import Pager, offset, pager, query
from fourweek.accounts.access import Permission, Visitor
from fourweek.light import dataclass
from fourweek.searching import holds

PER_PAGE = 10

_CRITERIA: Any = (
    select(
        CRITERION.c.key,
        CRITERION.c.title,
        CRITERION.c.description,
        CRITERION.c.judged_on,
        CRITERION.c.required_level,
        COMPETENCY.c.id.label("competency_id"),
        COMPETENCY.c.key.label("competency_key"),
        COMPETENCY.c.title.label("competency"),
        COMPETENCY.c.description.label("competency_description"),
        LEVEL.c.key.label("level_key"),
        LEVEL.c.title.label("level_title"),
        LEVEL.c.descriptor,
        LEVEL.c.exemplar_source,
        LEVEL.c.exemplar,
    )
    .join(COMPETENCY, COMPETENCY.c.id == CRITERION.c.competency_id)
    .join(LEVEL, LEVEL.c.criterion_id == CRITERION.c.id)
    .where(CRITERION.c.rubric_id == bindparam("rubric"))
    .order_by(CRITERION.c.position, LEVEL.c.position)
)
_RUBRICS: Any = (
    select(
        ASSIGNMENT.c.rubric_id,
        ASSIGNMENT.c.key,
        ASSIGNMENT.c.title,
        COURSE.c.code,
        VERSION.c.title.label("course_title"),
        VERSION.c.major,
        VERSION.c.minor,
        func.count().over().label("total"),
    )
    .join(VERSION, VERSION.c.id == ASSIGNMENT.c.version_id)
    .join(COURSE, COURSE.c.current_version_id == VERSION.c.id)
    .join(MODULE, MODULE.c.id == ASSIGNMENT.c.module_id)
    .order_by(VERSION.c.title, COURSE.c.code, *IN_ORDER)
    .limit(PER_PAGE)
)


@dataclass(frozen=True, slots=True)
class LibraryRubric:
    """The rubric of an assignment in its course's current version."""

    code: str
    course_title: str
    key: str
    title: str
    version: str
    criteria: tuple[PublicCriterion, ...]


@dataclass(frozen=True, slots=True)
class LibraryPage:
    words: str
    rubrics: tuple[LibraryRubric, ...]
    pager: Pager


def library_page(conn: Connection, visitor: Visitor, words: str, number: int) -> LibraryPage:
    """One page of the newest rubrics that hold every word; two statements."""
    visitor.need_anywhere(Permission.PUBLISH_COURSE)
    looked_for = [_holds(word) for word in search_words(words)]
    rows = conn.execute(_RUBRICS.where(*looked_for).offset(offset(number, PER_PAGE))).all()
    criteria = public_criteria(conn, [row.rubric_id for row in rows])
    found = tuple(
        LibraryRubric(
            row.code,
            row.course_title,
            row.key,
            row.title,
            say_version((row.major, row.minor)),
            criteria.get(row.rubric_id, ()),
        )
        for row in rows
    )
    total = rows[0].total if rows else 0
    return LibraryPage(words, found, pager(number, total, lambda n: query(q=words, page=n), PER_PAGE))


def whole_rubric(conn: Connection, rubric_id: str) -> tuple[tuple[ParsedCriterion, ...], tuple[ParsedCompetency, ...]]:
    """A stored rubric as a package says it, with the competencies it judges and their alignments; two statements."""
    rows = conn.execute(_CRITERIA, {"rubric": rubric_id}).all()
    aligned = alignments_of(conn, {row.competency_id for row in rows})
    judged = {row.competency_key: row for row in rows}
    criteria = tuple(_criterion(list(group)) for _, group in groupby(rows, key=lambda row: str(row.key)))
    return criteria, tuple(_competency(row, aligned.get(row.competency_id, ())) for row in judged.values())


def _holds(word: str) -> Any:
    criterion = select(CRITERION.c.id).where(
        CRITERION.c.rubric_id == ASSIGNMENT.c.rubric_id, holds(word, CRITERION.c.title, CRITERION.c.description)
    )
    return holds(word, ASSIGNMENT.c.title, VERSION.c.title) | exists(criterion)


def _criterion(rows: Sequence[Row[Any]]) -> ParsedCriterion:
    first = rows[0]
    return ParsedCriterion(
        key=first.key,
        title=first.title,
        description=first.description,
        competency=first.competency_key,
        judged_on=tuple(first.judged_on),
        required_level=first.required_level,
        levels=tuple(
            ParsedLevel(row.level_key, row.level_title, row.descriptor, row.exemplar_source, row.exemplar)
            for row in rows
        ),
    )


def _competency(row: Row[Any], skills: Iterable[AlignedSkill]) -> ParsedCompetency:
    align = tuple(ParsedAlignment(one.framework_key, one.code, one.title, one.url) for one in skills)
    return ParsedCompetency(row.competency_key, row.competency, row.competency_description, align or None)
