"""A module's page: what to read, what to hand in and by when. What is the same for everybody is rendered once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from sqlalchemy import Connection

from courses.coursework import Coursework, PublicAssignment, Steps, Work
from courses.learning.access import Reader, View, reader
from courses.learning.outline import ModuleOutline, outline, stopped_in
from courses.learning.words import KINDS, ComeBack, Pill, come_back, say_reading, say_until, standing_pill, work_pill
from courses.live.queries import my_sessions
from courses.live.rules import Mine, as_of, coming_first, unattended
from courses.live.words import Eyes, SessionLine, line_of, unlinked
from courses.progress.queries import Stop, reads, stop
from courses.progress.rules import deadline, is_taken, of_module, standing
from courses.schedule.rules import EffectiveDates
from courses.schedule.words import Said, say_instant, say_minutes
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.keeping import Bounded
from fourweek.language import _, spoken
from fourweek.light import dataclass

PARTS_KEPT = 256


@dataclass(frozen=True, slots=True)
class ModuleFacts:
    """Everything that decides what one person sees of a module; lessons are in `outline`, so ask `is_open` first."""

    reader: Reader
    outline: ModuleOutline
    dates: EffectiveDates
    is_open: bool
    works: tuple[Work, ...]
    steps: Mapping[str, Steps]
    asked: tuple[PublicAssignment, ...]
    reads: frozenset[str]
    stopped: Stop | None
    sessions: tuple[Mine, ...]
    now: datetime
    viewer_zone: str

    @property
    def address(self) -> str:
        return f"{self.reader.address}/modules/{self.outline.number}"

    def say(self, instant: datetime) -> Said:
        return say_instant(instant, zone(self.reader.cohort.zone), zone(self.viewer_zone), self.now)


@dataclass(frozen=True, slots=True)
class ModuleParts:
    """The parts of a page that are the same for everybody, as HTML.

    `lessons` are (lesson id, its row unread, its row read). Links are relative to the module's page, so that one
    rendering serves every cohort of the version.
    """

    lessons: tuple[tuple[str, Markup, Markup], ...]
    references: Markup
    time: Markup


@dataclass(frozen=True, slots=True)
class LockedPage:
    """A module that is not open: what is public of it, and when it opens."""

    address: str
    course_title: str
    course_code: str
    number: int
    title: str
    summary: str
    opens: Said
    why: str
    view: View | None


@dataclass(frozen=True, slots=True)
class WorkRow:
    """An assignment's line; `label` says what the date `when` ends, both are empty where nothing is due.

    `steps` and `back` are the learner's own: requirements and criteria one by one, and why an attempt came back.
    """

    title: str
    href: str | None
    optional: bool
    pill: Pill | None
    label: str
    when: Said | None
    steps: Steps | None = None
    back: ComeBack | None = None


@dataclass(frozen=True, slots=True)
class NextStep:
    label: str
    href: str
    about: str


@dataclass(frozen=True, slots=True)
class ModulePage:
    cohort_id: str
    address: str
    view: View | None
    course_title: str
    number: int
    title: str
    summary: str
    is_staff: bool
    pill: Pill
    opens: Said
    next: NextStep | None
    reading: str
    rows: tuple[Markup, ...]
    parts: ModuleParts
    works: tuple[WorkRow, ...]
    sessions: tuple[SessionLine, ...]
    minutes: str


def module_facts(
    conn: Connection, visitor: Visitor, coursework: Coursework, cohort_id: str, module_number: int
) -> ModuleFacts:
    """One module as the visitor may see it. Raises NotFound for people without a place and modules that are not there.

    Six statements once frozen parts are kept; one more each for live sessions, a draft and what was posted, and at most
    four while nothing is kept.
    """
    return facts_for(conn, reader(conn, visitor, cohort_id), visitor, coursework, module_number)


def facts_for(
    conn: Connection, found: Reader, visitor: Visitor, coursework: Coursework, module_number: int
) -> ModuleFacts:
    """One module as this reader sees it, by the clock and in the zone of `visitor`."""
    now = visitor.now.school
    dates = found.dates(module_number, now)
    is_open, version_id = found.may_read(dates, now), found.cohort.version_id
    works: tuple[Work, ...] = ()
    steps: Mapping[str, Steps] = {}
    asked: tuple[PublicAssignment, ...] = ()
    read: frozenset[str] = frozenset()
    stopped: Stop | None = None
    sessions: list[Mine] = []
    if is_open and found.place is not None:
        works = coursework.work(conn, version_id, found.place.enrolment_id, now)
        steps = coursework.steps(conn, of_module(works, module_number))
        read = reads(conn, found.place.enrolment_id, by=now if found.view else None)
        stopped = None if found.view else stop(conn, found.place.enrolment_id)
        sessions = my_sessions(conn, found.place)
        sessions = [as_of(one, now) for one in sessions] if found.view else sessions
    elif is_open:
        asked = coursework.public_assignments(conn, version_id)
    whole = outline(conn, version_id)[module_number - 1]
    mine = tuple(one for one in sessions if one.meeting.module_number == module_number)
    return ModuleFacts(found, whole, dates, is_open, works, steps, asked, read, stopped, mine, now, visitor.me.zone)


def locked_page(facts: ModuleFacts) -> LockedPage:
    cohort = facts.reader.cohort
    return LockedPage(
        address=facts.reader.address,
        course_title=cohort.course_title,
        course_code=cohort.course_code,
        number=facts.outline.number,
        title=facts.outline.title,
        summary=facts.outline.summary,
        opens=facts.say(facts.dates.opens_at),
        why=facts.dates.opens_why.words,
        view=facts.reader.view,
    )


def module_page(facts: ModuleFacts, parts: ModuleParts) -> ModulePage:
    """The page of a module that is open for this person."""
    module, is_staff = facts.outline, facts.reader.is_staff
    stands = standing(facts.works, module.number, facts.dates, unattended(facts.sessions), facts.now)
    return ModulePage(
        cohort_id=facts.reader.cohort.id,
        address=facts.reader.address,
        view=facts.reader.view,
        course_title=facts.reader.cohort.course_title,
        number=module.number,
        title=module.title,
        summary=module.summary,
        is_staff=is_staff,
        pill=standing_pill(stands),
        opens=facts.say(facts.dates.opens_at),
        next=None if is_staff else next_step(facts),
        reading="" if is_staff else say_reading(module, facts.reads),
        rows=tuple(read if key in facts.reads else unread for key, unread, read in parts.lessons),
        parts=parts,
        works=_asked_rows(facts) if is_staff else _work_rows(facts),
        sessions=_session_lines(facts),
        minutes=say_minutes(module.counted_minutes),
    )


def _session_lines(facts: ModuleFacts) -> tuple[SessionLine, ...]:
    eyes = Eyes(facts.now, zone(facts.viewer_zone), frozenset({facts.outline.number}))
    lines = (line_of(one, eyes) for one in coming_first(facts.sessions, facts.now))
    return tuple(unlinked(one) if facts.reader.view else one for one in lines)


def next_step(facts: ModuleFacts) -> NextStep | None:
    """Where to go on: where reading stopped, the first unread lesson, or the first work
    that may be handed in; None when all is done."""
    module = facts.outline
    if stopped := stopped_in([module], facts.reads, facts.stopped):
        _number, title, below = stopped
        return NextStep(_("Go on where you stopped"), f"{facts.address}/{below}", title)
    if lesson := module.first_unread(facts.reads):
        begun = module.count_read(facts.reads)
        label = _("Go on reading") if begun else _("Start reading")
        return NextStep(label, f"{facts.address}/lessons/{lesson.slug}", lesson.title)
    for work in of_module(facts.works, module.number):
        href = _work_href(facts, work.key)
        if is_taken(work, facts.dates, facts.now):
            return NextStep(_("Go to the assignment"), href, work.title)
    return None


def _work_rows(facts: ModuleFacts) -> tuple[WorkRow, ...]:
    return tuple(_work_row(facts, work) for work in of_module(facts.works, facts.outline.number))


def _work_row(facts: ModuleFacts, work: Work) -> WorkRow:
    end = deadline(work, facts.dates, facts.now)
    href = _work_href(facts, work.key)
    return WorkRow(
        title=work.title,
        href=href,
        optional=not work.required,
        pill=work_pill(work),
        label=say_until(end),
        when=facts.say(end[1]) if end else None,
        steps=facts.steps.get(work.key),
        back=come_back(work, href),
    )


def _asked_rows(facts: ModuleFacts) -> tuple[WorkRow, ...]:
    """The assignments as staff see them: what is asked and when it is due by the cohort's rules."""
    due = facts.say(facts.dates.due_at) if facts.dates.due_at else None
    return tuple(
        WorkRow(one.title, None, not one.required, None, _("Due") if due else "", due)
        for one in facts.asked
        if one.module_number == facts.outline.number
    )


def _work_href(facts: ModuleFacts, key: str) -> str:
    return f"{facts.address}/assignments/{key}"


_parts: Bounded[tuple[str, int, str, bool], ModuleParts] = Bounded(PARTS_KEPT)


def module_parts(env: Environment, facts: ModuleFacts) -> ModuleParts:
    """The shared parts, rendered once per version, module, language and visibility (learners see reading marks)."""
    key = (facts.reader.cohort.version_id, facts.outline.number, spoken(), facts.reader.is_staff)
    return _parts.get(key) or _parts.put(key, _rendered(env, facts.outline, marked=not facts.reader.is_staff))


def _rendered(env: Environment, module: ModuleOutline, *, marked: bool) -> ModuleParts:
    macros: Any = env.get_template("learning/_module_parts.html").module  # what they return is escaped already
    lessons = [
        (line.id, *(macros.lesson_row(line, module.number, place, marked, read) for read in (False, True)))
        for place, line in enumerate(module.lessons, 1)
    ]
    return ModuleParts(
        lessons=tuple((key, unread, read) for key, unread, read in lessons),
        references=macros.references(module),
        time=macros.time(module, {key: _(words) for key, words in KINDS.items()}, say_minutes(module.counted_minutes)),
    )
