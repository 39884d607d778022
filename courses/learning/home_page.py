"""Home: what is due next across all cohorts, what came back, what waits, what opens next."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select

from courses.cohorts.queries import COHORT, COHORT_COLUMNS
from courses.coursework import Coursework, Work, WorkState, course_met
from courses.enrolment.access import ENROLMENT, PLACE_COLUMNS, PLACE_SOURCE, Place, places_of
from courses.enrolment.models import EnrolmentState
from courses.learning.home_news import Asked, CourseNews, asked_for, news_of
from courses.learning.home_staff import StaffWay, staff_ways
from courses.learning.outline import Outline, outlines, stopped_in
from courses.learning.words import (
    ComeBack,
    Pill,
    come_back,
    say_complete,
    say_module,
    say_reading,
    say_until,
    standing_pill,
    work_pill,
)
from courses.live.queries import unattended_of_many
from courses.paging import PER_PAGE, Pager, offset, pager, query
from courses.progress.queries import Stop, reads_of_many, stops_of_many
from courses.progress.rules import Standing, Until, deadline, is_again, is_taken, standing
from courses.schedule.rules import EffectiveDates, is_open
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Permission, Visitor
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.prepared import Prepared

SHOWN = 12
_DATED = (Permission.GRADE, Permission.TEACH, Permission.RUN_COHORT)
"""Whose work has dates that a calendar shows."""

NEVER = datetime.max.replace(tzinfo=UTC)

_MINE = Prepared(
    select(*COHORT_COLUMNS, *PLACE_COLUMNS)
    .select_from(PLACE_SOURCE)
    .where(ENROLMENT.c.person_id == bindparam("person"), ENROLMENT.c.state != EnrolmentState.WITHDRAWN)
    .order_by(COHORT.c.start_date.desc(), ENROLMENT.c.id.desc())
)


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of work: `label` says what the date `when` ends; both are empty where no end is set. `back` says why it
    came back, if it did."""

    title: str
    href: str
    about: str
    optional: bool
    pill: Pill
    action: str
    label: str
    when: Said | None
    back: ComeBack | None


@dataclass(frozen=True, slots=True)
class Items:
    """The first of several pieces of work, soonest first, and how many more there are."""

    shown: tuple[Item, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Opening:
    """The next module to open in a cohort: its number and title are public."""

    title: str
    about: str
    when: Said


@dataclass(frozen=True, slots=True)
class ModuleLine:
    number: int
    pill: Pill
    reading: str


@dataclass(frozen=True, slots=True)
class CourseCard:
    """One course; `reading` is (title, address) of the first unread lesson of a module that is open; `news` is its next
    live session and its newest announcement not read."""

    title: str
    cohort: str
    href: str
    done: int
    words: str
    modules: tuple[ModuleLine, ...]
    reading: tuple[str, str] | None
    news: CourseNews


@dataclass(frozen=True, slots=True)
class HomePage:
    name: str
    staff: tuple[StaffWay, ...]
    has_courses: bool
    has_dates: bool
    asked: Asked
    first: Item | None
    due: Items
    came_back: Items
    waiting: Items
    openings: tuple[Opening, ...]
    courses: tuple[CourseCard, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class _Course:
    """One enrolment with all that home says of it."""

    place: Place
    modules: Outline
    works: tuple[Work, ...]
    read: frozenset[str]
    stop: Stop | None
    unattended: frozenset[int]
    dates: tuple[EffectiveDates, ...]
    now: datetime
    viewer_zone: ZoneInfo

    @property
    def address(self) -> str:
        return f"/cohorts/{self.place.cohort.id}"

    @property
    def is_met(self) -> bool:
        return self.place.state is EnrolmentState.COMPLETED or course_met(self.works, self.unattended)

    def standing(self, number: int) -> Standing:
        return standing(self.works, number, self.dates[number - 1], self.unattended, self.now)

    def say(self, instant: datetime) -> Said:
        return say_instant(instant, zone(self.place.cohort.zone), self.viewer_zone, self.now)


def home_page(
    conn: Connection, visitor: Visitor, coursework: Coursework, number: int, asked_number: int = 1
) -> HomePage:
    """The visitor's home. At most ten statements after the visitor's own, however many enrolments there are:
    how much waits for who grades or teaches is counted where they take no course themselves."""
    courses = _courses(conn, visitor, coursework)
    due, again = _sorted(courses, lambda work: not is_again(work)), _sorted(courses, is_again)
    first = due.pop(0) if due else again.pop(0) if again else None
    shown = courses[offset(number) :][:PER_PAGE]
    news = news_of(conn, visitor, [one.place for one in shown if one.place.state is EnrolmentState.ACTIVE])
    return HomePage(
        name=visitor.me.name,
        staff=staff_ways(conn, visitor, coursework, counting=not courses),
        has_courses=bool(courses),
        has_dates=bool(courses) or any(visitor.me.may_anywhere(one) for one in _DATED),
        asked=asked_for(conn, visitor, asked_number),
        first=first,
        due=_cut(due),
        came_back=_cut(again),
        waiting=_cut(_waiting(courses)),
        openings=tuple(_openings(courses))[:SHOWN],
        courses=tuple(_card(one, news.get(one.place.enrolment_id, CourseNews())) for one in shown),
        pager=pager(number, len(courses), lambda other: "/home" + query(page=other)),
    )


def _courses(conn: Connection, visitor: Visitor, coursework: Coursework) -> list[_Course]:
    """Every enrolment that was not withdrawn, those still to be met first."""
    now, viewer_zone = visitor.now.school, zone(visitor.me.zone)
    places = places_of(_MINE.all(conn, person=visitor.me.id))
    if not places:
        return []
    works = coursework.work_of_many(conn, {one.enrolment_id: one.cohort.version_id for one in places}, now)
    read = reads_of_many(conn, [one.enrolment_id for one in places])
    stops = stops_of_many(conn, [one.enrolment_id for one in places])
    unattended = unattended_of_many(conn, [one.enrolment_id for one in places if one.meets_live])
    modules = outlines(conn, {one.cohort.version_id for one in places})
    courses = [
        _Course(
            place=one,
            modules=modules[one.cohort.version_id],
            works=works[one.enrolment_id],
            read=read[one.enrolment_id],
            stop=stops.get(one.enrolment_id),
            unattended=unattended.get(one.enrolment_id, frozenset()),
            dates=one.all_dates(now),
            now=now,
            viewer_zone=viewer_zone,
        )
        for one in places
    ]
    return sorted(courses, key=lambda course: course.is_met)


def _sorted(courses: Iterable[_Course], wanted: Callable[[Work], bool]) -> list[Item]:
    """What may be handed in and is wanted, the nearest end first, what has none last."""
    found = [
        (course, work, deadline(work, course.dates[work.module_number - 1], course.now))
        for course in courses
        for work in course.works
        if wanted(work) and is_taken(work, course.dates[work.module_number - 1], course.now)
    ]
    found.sort(key=lambda one: (one[2][1] if one[2] else NEVER, not one[1].required))
    return [_item(*one) for one in found]


def _waiting(courses: Iterable[_Course]) -> list[Item]:
    return [
        _item(course, work, None) for course in courses for work in course.works if work.state is WorkState.SUBMITTED
    ]


def _item(course: _Course, work: Work, end: tuple[Until, datetime] | None) -> Item:
    href = f"{course.address}/modules/{work.module_number}/assignments/{work.key}"
    return Item(
        title=work.title,
        href=href,
        about=_("{course}, module {number}", course=course.place.cohort.course_title, number=work.module_number),
        optional=not work.required,
        pill=work_pill(work),
        action=_("Go on writing") if work.state is WorkState.DRAFT else _("Open the assignment"),
        label=say_until(end),
        when=course.say(end[1]) if end else None,
        back=come_back(work, href),
    )


def _cut(items: Sequence[Item]) -> Items:
    return Items(tuple(items[:SHOWN]), max(0, len(items) - SHOWN))


def _openings(courses: Iterable[_Course]) -> list[Opening]:
    """The next module to open of every course that is not met, soonest first."""
    found = []
    for course in courses:
        locked = [n for n, dates in enumerate(course.dates) if not is_open(dates, course.now)]
        if locked and not course.is_met:
            soonest = min(locked, key=lambda n: course.dates[n].opens_at)
            found.append((course.dates[soonest].opens_at, course, course.modules[soonest]))
    found.sort(key=lambda one: one[0])
    return [
        Opening(say_module(module.number, module.title), course.place.cohort.course_title, course.say(opens))
        for opens, course, module in found
    ]


def _card(course: _Course, news: CourseNews) -> CourseCard:
    stands = [course.standing(module.number) for module in course.modules]
    done = stands.count(Standing.COMPLETE)
    return CourseCard(
        title=course.place.cohort.course_title,
        cohort=course.place.cohort.name,
        href=course.address,
        done=done,
        words=say_complete(done, len(stands)),
        modules=tuple(
            ModuleLine(
                number=module.number,
                pill=standing_pill(state),
                reading="" if state is Standing.LOCKED else say_reading(module, course.read),
            )
            for module, state in zip(course.modules, stands, strict=True)
        ),
        reading=_reading(course),
        news=news,
    )


def _reading(course: _Course) -> tuple[str, str] | None:
    """Where reading stopped, else the first unread lesson that is open."""
    opened = [module for module in course.modules if is_open(course.dates[module.number - 1], course.now)]
    if stopped := stopped_in(opened, course.read, course.stop):
        number, title, below = stopped
        return title, f"{course.address}/modules/{number}/{below}"
    for module in opened:
        if lesson := module.first_unread(course.read):
            return lesson.title, f"{course.address}/modules/{module.number}/lessons/{lesson.slug}"
    return None
