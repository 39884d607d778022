"""Reading blind pairs of ratings, counted by the database: first and second ratings of one work, each done unseen."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select, union_all

from assessments.agreement.models import AgreementReport
from assessments.grading.access import ASSIGNMENT, COHORT, ENROLMENT, MODULE, SUBMISSION, VERSION
from assessments.grading.models import Purpose, RatingState
from assessments.grading.queries import RATING, RATING_LINE
from assessments.rubrics.models import Rubric
from assessments.rubrics.queries import CRITERION, LEVEL
from assessments.second.models import SecondRating
from courses.catalogue.models import Course
from fourweek.accounts.access import PERSON
from fourweek.database import table
from fourweek.light import dataclass

REPORT, SECOND, RUBRIC, COURSE = table(AgreementReport), table(SecondRating), table(Rubric), table(Course)
_FIRST, _OTHER = RATING.alias("first_rating"), RATING.alias("other_rating")
_FIRST_LINE, _OTHER_LINE = RATING_LINE.alias("first_line"), RATING_LINE.alias("other_line")
_FIRST_LEVEL, _OTHER_LEVEL = LEVEL.alias("first_level"), LEVEL.alias("other_level")


def _done(rating: Any, purpose: Purpose) -> Any:
    return and_(
        rating.c.submission_id == SUBMISSION.c.id,
        rating.c.purpose == purpose,
        rating.c.state == RatingState.DONE,
        or_(SECOND.c.closed_at.is_(None), rating.c.done_at <= SECOND.c.closed_at),
    )


# What was rated again once both had been compared is not blind any more, and is no data.
_BLIND = (
    SECOND.join(SUBMISSION, SUBMISSION.c.id == SECOND.c.submission_id)
    .join(RUBRIC, RUBRIC.c.id == SUBMISSION.c.rubric_id)
    .join(_FIRST, _done(_FIRST, Purpose.FIRST))
    .join(_OTHER, _done(_OTHER, Purpose.SECOND))
)
_LINES = (
    _BLIND.join(_FIRST_LINE, _FIRST_LINE.c.rating_id == _FIRST.c.id)
    .join(
        _OTHER_LINE,
        and_(_OTHER_LINE.c.rating_id == _OTHER.c.id, _OTHER_LINE.c.criterion_id == _FIRST_LINE.c.criterion_id),
    )
    .join(_FIRST_LEVEL, _FIRST_LEVEL.c.id == _FIRST_LINE.c.level_id)
    .join(_OTHER_LEVEL, _OTHER_LEVEL.c.id == _OTHER_LINE.c.level_id)
)
_OF_ONE = (RUBRIC.c.course_id == bindparam("course"), RUBRIC.c.assignment_key == bindparam("key"))

_COUNTED = (
    select(
        RUBRIC.c.course_id,
        RUBRIC.c.assignment_key,
        func.count().label("works"),
        func.max(_OTHER.c.done_at).label("second_at"),
        func.max(_FIRST.c.done_at).label("first_at"),
    )
    .select_from(_BLIND)
    .group_by(RUBRIC.c.course_id, RUBRIC.c.assignment_key)
    .subquery("now_there")
)
_STALE: Select[Any] = (
    select(_COUNTED.c.course_id, _COUNTED.c.assignment_key, _COUNTED.c.works)
    .select_from(
        _COUNTED.outerjoin(
            REPORT,
            and_(REPORT.c.course_id == _COUNTED.c.course_id, REPORT.c.assignment_key == _COUNTED.c.assignment_key),
        )
    )
    .where(
        or_(
            REPORT.c.made_at.is_(None),
            and_(
                REPORT.c.made_at <= bindparam("rested"),
                or_(
                    REPORT.c.counted != _COUNTED.c.works,
                    REPORT.c.made_at < _COUNTED.c.second_at,
                    REPORT.c.made_at < _COUNTED.c.first_at,
                ),
            ),
        )
    )
    .order_by(REPORT.c.made_at, _COUNTED.c.course_id, _COUNTED.c.assignment_key)
    .limit(bindparam("most"))
)
_PAIRS: Select[Any] = (
    select(
        _FIRST_LINE.c.criterion_id,
        _FIRST_LEVEL.c.position.label("first"),
        _OTHER_LEVEL.c.position.label("second"),
        func.count().label("works"),
    )
    .select_from(_LINES)
    .where(*_OF_ONE)
    .group_by(_FIRST_LINE.c.criterion_id, _FIRST_LEVEL.c.position, _OTHER_LEVEL.c.position)
)
_CRITERIA: Select[Any] = (
    select(
        CRITERION.c.id,
        CRITERION.c.key,
        CRITERION.c.title,
        CRITERION.c.position,
        RUBRIC.c.major,
        RUBRIC.c.minor,
        LEVEL.c.key.label("level_key"),
        LEVEL.c.title.label("level_title"),
    )
    .join(RUBRIC, RUBRIC.c.id == CRITERION.c.rubric_id)
    .join(LEVEL, LEVEL.c.criterion_id == CRITERION.c.id)
    .where(*_OF_ONE)
    .order_by(RUBRIC.c.major.desc(), RUBRIC.c.minor.desc(), CRITERION.c.position, CRITERION.c.id, LEVEL.c.position)
)


def _side(mine: Any, my_level: Any, other_level: Any) -> Select[Any]:
    return (
        select(
            ENROLMENT.c.cohort_id,
            mine.c.grader_id,
            SUBMISSION.c.id.label("submission_id"),
            (my_level.c.position - other_level.c.position).label("steps"),
        )
        .select_from(_LINES.join(ENROLMENT, ENROLMENT.c.id == SUBMISSION.c.enrolment_id))
        .where(*_OF_ONE)
    )


_SIDES = union_all(_side(_FIRST, _FIRST_LEVEL, _OTHER_LEVEL), _side(_OTHER, _OTHER_LEVEL, _FIRST_LEVEL)).subquery()
_BESIDE_OTHERS: Select[Any] = (
    select(
        _SIDES.c.cohort_id,
        _SIDES.c.grader_id,
        func.count(_SIDES.c.submission_id.distinct()).label("works"),
        func.count().label("levels"),
        func.sum(_SIDES.c.steps).label("steps"),
    )
    .group_by(_SIDES.c.cohort_id, _SIDES.c.grader_id)
    .order_by(_SIDES.c.cohort_id, _SIDES.c.grader_id)
)
_NAMES = select(PERSON.c.id, PERSON.c.display_name).where(PERSON.c.id.in_(bindparam("people", expanding=True)))

LED = or_(
    bindparam("everywhere"),
    select(COHORT.c.id)
    .join(VERSION, VERSION.c.id == COHORT.c.version_id)
    .where(VERSION.c.course_id == COURSE.c.id, COHORT.c.id.in_(bindparam("scopes", expanding=True)))
    .correlate(COURSE)
    .exists(),
)
"""Courses of which the visitor leads a cohort; takes the values of `serves`."""
_ASKED = (
    COURSE.join(VERSION, VERSION.c.id == COURSE.c.current_version_id)
    .join(ASSIGNMENT, ASSIGNMENT.c.version_id == VERSION.c.id)
    .join(MODULE, MODULE.c.id == ASSIGNMENT.c.module_id)
)
ASSIGNMENTS: Select[Any] = (
    select(
        COURSE.c.id.label("course_id"),
        COURSE.c.code,
        VERSION.c.title.label("course_title"),
        ASSIGNMENT.c.key,
        ASSIGNMENT.c.title,
        MODULE.c.number,
        REPORT.c.made_at,
        REPORT.c.figures,
    )
    .select_from(
        _ASKED.outerjoin(REPORT, and_(REPORT.c.course_id == COURSE.c.id, REPORT.c.assignment_key == ASSIGNMENT.c.key))
    )
    .where(LED)
    .order_by(VERSION.c.title, COURSE.c.code, MODULE.c.number, ASSIGNMENT.c.position)
)
HOW_MANY = select(func.count()).select_from(_ASKED).where(LED)


@dataclass(frozen=True, slots=True)
class Stale:
    """An assignment whose figures do not hold any more; `works` were rated twice by now."""

    course_id: str
    key: str
    works: int


@dataclass(slots=True)
class Judged:
    """A criterion with the same levels in whichever versions of the rubric; `pairs` counts works by (first, second)."""

    key: str
    title: str
    levels: tuple[str, ...]
    version: str
    pairs: dict[tuple[int, int], int]


def stale(conn: Connection, rested: Any, most: int) -> tuple[Stale, ...]:
    """Assignments with ratings that their figures do not hold, made before `rested` (real clock); one statement."""
    rows = conn.execute(_STALE, {"rested": rested, "most": most})
    return tuple(Stale(row.course_id, row.assignment_key, row.works) for row in rows)


def judged(conn: Connection, course_id: str, key: str) -> tuple[Judged, ...]:
    """What was rated twice, criterion by criterion, the newest rubric's first; two statements."""
    one = {"course": course_id, "key": key}
    criteria = _structure(conn.execute(_CRITERIA, one).all())
    found: dict[tuple[str, tuple[str, ...]], Judged] = {}
    for row, keys, titles in criteria.values():
        found.setdefault((row.key, keys), Judged(row.key, row.title, titles, f"{row.major}.{row.minor}", {}))
    for pair in conn.execute(_PAIRS, one):
        row, keys, _ = criteria[pair.criterion_id]
        counts = found[row.key, keys].pairs
        counts[pair.first, pair.second] = counts.get((pair.first, pair.second), 0) + pair.works
    newest = {row.key: keys for row, keys, _ in reversed(criteria.values())}
    return tuple(one for (name, keys), one in found.items() if one.pairs or newest[name] == keys)


def beside_others(conn: Connection, course_id: str, key: str) -> list[dict[str, Any]]:
    """By cohort and grader: works and levels that another rated too, and the sum of steps above; one statement."""
    rows = conn.execute(_BESIDE_OTHERS, {"course": course_id, "key": key})
    return [
        {
            "cohort": row.cohort_id,
            "grader": row.grader_id,
            "works": row.works,
            "levels": row.levels,
            "steps": int(row.steps),
        }
        for row in rows
    ]


def names_of(conn: Connection, people: Iterable[str]) -> dict[str, str]:
    """One statement, none for nobody."""
    wanted = sorted(set(people))
    return {row.id: row.display_name for row in conn.execute(_NAMES, {"people": wanted})} if wanted else {}


def _structure(rows: Iterable[Any]) -> dict[str, tuple[Any, tuple[str, ...], tuple[str, ...]]]:
    """{criterion id: (its row, keys of its levels, their titles)}."""
    found: dict[str, tuple[Any, tuple[str, ...], tuple[str, ...]]] = {}
    for row in rows:
        _, keys, titles = found.get(row.id, (row, (), ()))
        found[row.id] = (row, (*keys, row.level_key), (*titles, row.level_title))
    return found
