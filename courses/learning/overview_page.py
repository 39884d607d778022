"""A cohort's overview: every module, open, due, late, closed, complete or locked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from courses.announcements.pages import AnnouncementLine
from courses.announcements.queries import newest
from courses.coursework import Coursework, Steps, Work
from courses.enrolment.models import EnrolmentState
from courses.learning.access import Reader, View, reader
from courses.learning.outline import ModuleOutline, outline, stopped_in
from courses.learning.words import Pill, say_complete, say_module, say_reading, say_steps, say_until, standing_pill
from courses.live.queries import my_sessions, sessions_of_all
from courses.live.rules import Mine, as_of, coming_first, unattended
from courses.live.words import Eyes, SessionLine, line_of, open_modules, say_missing, unlinked
from courses.progress.queries import Stop, reads, stop
from courses.progress.rules import Standing, deadline, is_taken, of_module, standing
from courses.schedule.rules import EffectiveDates
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Permission, Visitor
from fourweek.language import _
from fourweek.light import dataclass

SESSIONS_SHOWN = 2
LEADING = (Permission.RUN_COHORT, Permission.TEACH)


@dataclass(frozen=True, slots=True)
class ModuleRow:
    """A module's line; `href` None: locked. `label` says what `when` is, both are empty where no date is near.
    `work` are (title of an assignment, how far it is); `missing` are sentences about attendance not recorded."""

    number: int
    title: str
    summary: str
    href: str | None
    pill: Pill
    progress: str
    label: str
    when: Said | None
    work: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoOn:
    label: str
    href: str
    about: str


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """What leads out of the cohort's own pages is left out of a `view`."""

    cohort_id: str
    address: str
    view: View | None
    cohort_name: str
    course_title: str
    course_code: str
    instructor: str
    delivery: str
    identity_check: bool
    zone: str
    is_staff: bool
    may_lead: bool
    may_withdraw: bool
    done: int
    done_words: str
    go_on: GoOn | None
    modules: tuple[ModuleRow, ...]
    sessions: tuple[SessionLine, ...]
    has_sessions: bool
    news: AnnouncementLine | None


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one person sees a cohort by."""

    found: Reader
    works: Sequence[Work]
    steps: Mapping[str, Steps]
    read: frozenset[str]
    stopped: Stop | None
    sessions: Sequence[Mine]
    news: AnnouncementLine | None
    now: datetime
    viewer_zone: ZoneInfo
    may_lead: bool

    def say(self, instant: datetime) -> Said:
        return say_instant(instant, zone(self.found.cohort.zone), self.viewer_zone, self.now)


def overview_page(conn: Connection, visitor: Visitor, coursework: Coursework, cohort_id: str) -> OverviewPage:
    """The overview for the visitor. Raises NotFound for everybody without a place. At most eight
    statements, twelve while nothing is kept."""
    return overview_for(conn, reader(conn, visitor, cohort_id), visitor, coursework)


def overview_for(conn: Connection, found: Reader, visitor: Visitor, coursework: Coursework) -> OverviewPage:
    """The overview as this reader sees it, by the clock and in the zone of `visitor`."""
    now = visitor.now.school
    works: tuple[Work, ...] = ()
    steps: Mapping[str, Steps] = {}
    read: frozenset[str] = frozenset()
    if found.place is not None:
        works = coursework.work(conn, found.cohort.version_id, found.place.enrolment_id, now)
        steps = coursework.steps(conn, works)
        read = reads(conn, found.place.enrolment_id, by=now if found.view else None)
    sessions = my_sessions(conn, found.place) if found.place else sessions_of_all(conn, found.cohort.id)
    if found.view:
        sessions = [as_of(one, now) for one in sessions]
    news = newest(conn, visitor, found)
    stopped = stop(conn, found.place.enrolment_id) if found.place and not found.view else None
    may_lead = found.is_staff and any(visitor.me.may(one, found.cohort.id) for one in LEADING)
    seen = _Seen(found, works, steps, read, stopped, sessions, news, now, zone(visitor.me.zone), may_lead)
    return _page(seen, outline(conn, found.cohort.version_id))


def _page(seen: _Seen, modules: Sequence[ModuleOutline]) -> OverviewPage:
    cohort, place = seen.found.cohort, seen.found.place
    dates = seen.found.all_dates(seen.now)
    missing = unattended(seen.sessions)
    stand = [standing(seen.works, one.number, own, missing, seen.now) for one, own in zip(modules, dates, strict=True)]
    done = stand.count(Standing.COMPLETE)
    return OverviewPage(
        cohort_id=cohort.id,
        address=seen.found.address,
        view=seen.found.view,
        cohort_name=cohort.name,
        course_title=cohort.course_title,
        course_code=cohort.course_code,
        instructor=cohort.instructor,
        delivery=cohort.delivery,
        identity_check=cohort.identity_check,
        zone=cohort.zone,
        is_staff=seen.found.is_staff,
        may_lead=seen.may_lead,
        may_withdraw=place is not None and place.state is EnrolmentState.ACTIVE and seen.found.view is None,
        done=done,
        done_words=say_complete(done, len(modules)),
        go_on=None if seen.found.is_staff else _go_on(seen, modules, dates, stand),
        modules=tuple(_row(seen, *one) for one in zip(modules, dates, stand, strict=True)),
        sessions=_next_sessions(seen, dates),
        has_sessions=bool(seen.sessions),
        news=seen.news,
    )


def _next_sessions(seen: _Seen, dates: Sequence[EffectiveDates]) -> tuple[SessionLine, ...]:
    """The live sessions that come next, as many as stand on this page."""
    eyes = Eyes(seen.now, seen.viewer_zone, None if seen.found.is_staff else open_modules(dates, seen.now))
    coming = [one for one in coming_first(seen.sessions, seen.now) if not one.meeting.is_over(seen.now)]
    lines = (line_of(one, eyes) for one in coming[:SESSIONS_SHOWN])
    return tuple(unlinked(one) if seen.found.view else one for one in lines)


def _row(seen: _Seen, module: ModuleOutline, dates: EffectiveDates, stands: Standing) -> ModuleRow:
    readable = seen.found.may_read(dates, seen.now)
    label, when = _date(seen, module, dates, stands)
    return ModuleRow(
        number=module.number,
        title=module.title,
        summary=module.summary,
        href=f"{seen.found.address}/modules/{module.number}" if readable else None,
        pill=standing_pill(stands),
        progress=say_reading(module, seen.read) if readable and not seen.found.is_staff else "",
        label=label,
        when=when,
        work=_work(seen, module.number) if readable else (),
        missing=_missing(seen, module.number) if readable and not seen.found.is_staff else (),
    )


def _work(seen: _Seen, number: int) -> tuple[tuple[str, str], ...]:
    """How far the assignments of a module are that were begun."""
    found = ((work, seen.steps.get(work.key)) for work in of_module(seen.works, number))
    said = ((work.title, say_steps(work, steps)) for work, steps in found if steps)
    return tuple((title, words) for title, words in said if words)


def _missing(seen: _Seen, number: int) -> tuple[str, ...]:
    """What attendance was not recorded in a module so far."""
    mine = (one for one in seen.sessions if one.meeting.module_number == number and one.is_missing)
    return tuple(say_missing(one) for one in mine if one.meeting.is_over(seen.now))


def _date(seen: _Seen, module: ModuleOutline, dates: EffectiveDates, stands: Standing) -> tuple[str, Said | None]:
    """The date that matters most for a module just now: its opening, or the nearest end of what is to do."""
    if stands is Standing.LOCKED:
        return _("Opens"), seen.say(dates.opens_at)
    ends = [deadline(work, dates, seen.now) for work in of_module(seen.works, module.number) if work.required]
    nearest = min((end for end in ends if end), key=lambda end: end[1], default=None)
    return say_until(nearest), seen.say(nearest[1]) if nearest else None


def _go_on(
    seen: _Seen, modules: Sequence[ModuleOutline], dates: Sequence[EffectiveDates], stand: Sequence[Standing]
) -> GoOn | None:
    """Where reading stopped, else the first open module in which something is to be read or handed in."""
    opened = [module for module, stands in zip(modules, stand, strict=True) if stands is not Standing.LOCKED]
    if stopped := stopped_in(opened, seen.read, seen.stopped):
        number, title, below = stopped
        href = f"{seen.found.address}/modules/{number}/{below}"
        return GoOn(_("Go on where you stopped"), href, say_module(number, title))
    for module, own, stands in zip(modules, dates, stand, strict=True):
        if stands in (Standing.LOCKED, Standing.COMPLETE):
            continue
        base = f"{seen.found.address}/modules/{module.number}"
        if lesson := module.first_unread(seen.read):
            return GoOn(_("Go on reading"), f"{base}/lessons/{lesson.slug}", say_module(module.number, lesson.title))
        for work in of_module(seen.works, module.number):
            if is_taken(work, own, seen.now):
                href = f"{base}/assignments/{work.key}"
                return GoOn(_("Go to the assignment"), href, say_module(module.number, work.title))
    return None
