"""The catalogue: the published courses that fit what is looked for, one page of them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    bindparam,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from courses.catalogue.filters import SORTS, Filters, start_options
from courses.catalogue.models import Course, CourseSkill, CourseVersion
from courses.catalogue.next_cohort import STARTS, TAKES_PEOPLE
from courses.catalogue.pages import CataloguePage, CourseLine
from courses.catalogue.rules import say_weeks, search_words
from courses.cohorts.queries import COHORT, COHORT_COLUMNS, COHORT_SOURCE, facts_of
from courses.paging import PER_PAGE, offset, pager
from courses.schedule.rules import starts_at
from courses.schedule.terms import Pacing
from courses.schedule.words import Said, say_instant, say_minutes
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.database import table
from fourweek.language import _
from fourweek.prepared import Prepared
from fourweek.searching import holds

COURSE, VERSION, SKILL = table(Course), table(CourseVersion), table(CourseSkill)
MOST_OPTIONS = 500

CURRENT = VERSION.c.id == COURSE.c.current_version_id
_OF_COHORT = VERSION.alias("of_cohort")
_NEXT = (
    select(_OF_COHORT.c.course_id, func.min(STARTS).label("start"))
    .join_from(COHORT, _OF_COHORT, _OF_COHORT.c.id == COHORT.c.version_id)
    .where(TAKES_PEOPLE)
    .group_by(_OF_COHORT.c.course_id)
    .subquery("next")
)
_LISTED = (
    select(
        COURSE.c.id,
        COURSE.c.code,
        VERSION.c.title,
        VERSION.c.summary,
        VERSION.c.partner,
        VERSION.c.price,
        VERSION.c.module_count,
        VERSION.c.counted_minutes,
        func.count().over().label("total"),
    )
    .join(VERSION, CURRENT)
    .limit(PER_PAGE)
)
_LISTED_WITH_START = _LISTED.outerjoin(_NEXT, _NEXT.c.course_id == COURSE.c.id)
_BY_TITLE = (VERSION.c.title, COURSE.c.code)
_BY_START = (_NEXT.c.start.is_(None), _NEXT.c.start, *_BY_TITLE)
_STARTING: Any = (
    select(*COHORT_COLUMNS, COHORT.c.enrol_from)
    .select_from(COHORT_SOURCE)
    .where(VERSION.c.course_id.in_(bindparam("courses", expanding=True)), TAKES_PEOPLE)
    .order_by(STARTS, COHORT.c.id)
)
_SKILLS = (
    select(
        literal("skill").label("field"),
        SKILL.c.key,
        func.min(SKILL.c.skill).label("words"),
        func.count().label("number"),
    )
    .join(COURSE, COURSE.c.id == SKILL.c.course_id)
    .where(COURSE.c.current_version_id.is_not(null()))
    .group_by(SKILL.c.key)
)
_PARTNERS = (
    select(literal("partner"), VERSION.c.partner, VERSION.c.partner, func.count())
    .join(COURSE, CURRENT)
    .where(VERSION.c.partner != "")
    .group_by(VERSION.c.partner)
)
_OPTIONS = Prepared(union_all(_SKILLS, _PARTNERS).order_by("key").limit(MOST_OPTIONS))
Options = tuple[tuple[str, str], ...]


def catalogue_page(conn: Connection, visitor: Visitor, filters: Filters, number: int) -> CataloguePage:
    """The published courses that fit, one page of them; three statements."""
    today = visitor.now.school.date()
    wanted = _listed(filters, today).offset(offset(number))
    rows = conn.execute(wanted, {"today": today}).all()
    total = rows[0].total if rows else 0
    starts = _starts(conn, visitor, [row.id for row in rows], today)
    options = _OPTIONS.all(conn)
    skills = {row.key: row.words for row in options if row.field == "skill"}
    return CataloguePage(
        filters=filters,
        chosen=filters.chosen(skills),
        courses=tuple(_line(row, starts) for row in rows),
        found=total,
        skills=_counted(options, "skill"),
        partners=_counted(options, "partner"),
        starts=start_options(today),
        sorts=tuple((key, _(words)) for key, words in SORTS),
        pager=pager(number, total, filters.address),
    )


def _listed(filters: Filters, today: date) -> Select[Any]:
    """The courses that fit, in order. Only where the next start says which or in what order is it reckoned for all."""
    first, last = filters.start_days(today)
    by_title = not filters.by_start and first is None and last is None
    source = _LISTED if by_title else _LISTED_WITH_START
    return source.where(*_fitting(filters, today)).order_by(*(_BY_START if filters.by_start else _BY_TITLE))


def _fitting(filters: Filters, today: date) -> Iterable[ColumnElement[bool]]:
    for word in search_words(filters.q):
        yield or_(
            holds(word, VERSION.c.title, VERSION.c.summary, VERSION.c.partner), _skilled(holds(word, SKILL.c.skill))
        )
    if filters.skill:
        yield _skilled(SKILL.c.key == filters.skill)
    if filters.partner:
        yield VERSION.c.partner == filters.partner
    if filters.price:
        yield holds(filters.price.lower(), VERSION.c.price)
    yield from _within(VERSION.c.counted_minutes, *filters.minutes)
    yield from _within(_NEXT.c.start, *filters.start_days(today))


def _skilled(fits: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(SKILL.c.key).where(SKILL.c.course_id == COURSE.c.id, fits).exists()


def _within(column: ColumnElement[Any], least: Any, most: Any) -> Iterable[ColumnElement[bool]]:
    if least is not None:
        yield column >= least
    if most is not None:
        yield column <= most


def _starts(conn: Connection, visitor: Visitor, course_ids: list[str], today: date) -> Mapping[str, Said | None]:
    """{course id: when its next cohort starts, None for "when one enrols"}; a course without one is left out."""
    found: dict[str, Said | None] = {}
    viewer = zone(visitor.person.zone) if visitor.person else None
    for row in conn.execute(_STARTING, {"courses": course_ids, "today": today}):
        if row.course_id in found:
            continue
        facts = facts_of(row)
        instant = starts_at(facts.rules)
        at_once = facts.rules.pacing is Pacing.ENROLMENT
        found[row.course_id] = None if at_once else say_instant(instant, zone(facts.zone), viewer, visitor.now.school)
    return found


def _line(row: Row[Any], starts: Mapping[str, Said | None]) -> CourseLine:
    return CourseLine(
        code=row.code,
        title=row.title,
        summary=row.summary,
        time=_("{weeks}, {time} in all", weeks=say_weeks(row.module_count), time=say_minutes(row.counted_minutes)),
        partner=row.partner,
        price=row.price,
        has_start=row.id in starts,
        starts=starts.get(row.id),
    )


def _counted(options: Iterable[Row[Any]], field: str) -> Options:
    return tuple((row.key, f"{row.words} ({row.number})") for row in options if row.field == field)
