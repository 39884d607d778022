"""The page on which somebody sees what they would join, and takes the step towards a place."""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select

from courses.cohorts.queries import MODULE
from courses.enrolment.access import ENROLMENT, Place, places
from courses.enrolment.giving import section
from courses.enrolment.models import EnrolmentState, RequestKind
from courses.enrolment.queries import MyRequest, Offer, offer
from courses.enrolment.rules import Hindrance, Step
from courses.enrolment.words import WAYS, say_hindrance, say_places, say_position, say_window
from courses.schedule.reasons import ReasonKind
from courses.schedule.rules import EffectiveDates, is_open
from courses.schedule.terms import Pacing
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.errors import NotFound
from fourweek.language import _, n_
from fourweek.light import dataclass

_TITLES = select(MODULE.c.title).where(MODULE.c.version_id == bindparam("version")).order_by(MODULE.c.number)
PLAIN = {ReasonKind.COHORT, ReasonKind.ENROLMENT, ReasonKind.NO_DATE}
"""Reasons that go without saying on this page."""


@dataclass(frozen=True, slots=True)
class OwnDates:
    """A module's dates as they would be for this person; `why` where they differ from the plain rule."""

    number: int
    title: str
    is_open: bool
    opens: Said
    due: Said | None
    why: str


@dataclass(frozen=True, slots=True)
class JoinPage:
    """`step` is what can be done (a Step, "" for nothing), `standing` the open request (a RequestKind, "" for none).

    `obstacle` says why nothing can be done, `line` where one stands in line, `joins` when one would come in.
    """

    cohort_id: str
    cohort_name: str
    course_code: str
    course_title: str
    zone: str
    delivery: str
    identity_check: bool
    instructor: str
    way: str
    window: str
    places: str
    has_place: bool
    step: str
    obstacle: str
    standing: str
    made: Said | None
    message: str
    line: str
    joins: str
    dates: tuple[OwnDates, ...]
    problem: str = ""


def join_page(conn: Connection, visitor: Visitor, cohort_id: str, *, typed: str = "", problem: str = "") -> JoinPage:
    """The cohort as the visitor could join it now; at most five statements. Raises NotFound."""
    me = visitor.me
    found = offer(conn, visitor, cohort_id)
    if found is None:
        raise NotFound
    step = found.step(visitor.now.school)
    place = _would_be(conn, visitor, found)
    dates = place.all_dates(visitor.now.school)
    titles = conn.execute(_TITLES, {"version": found.facts.version_id}).scalars().all()
    here = zone((place.section and place.section.zone) or found.facts.zone)
    return JoinPage(
        cohort_id=cohort_id,
        cohort_name=found.facts.name,
        course_code=found.facts.course_code,
        course_title=found.facts.course_title,
        zone=found.facts.zone,
        delivery=found.facts.delivery,
        identity_check=found.facts.identity_check,
        instructor=found.facts.instructor,
        way=_(WAYS[found.entry.way]),
        window=say_window(found.entry),
        places=say_places(found.seats),
        has_place=found.has_place,
        step="" if found.has_place or isinstance(step, Hindrance) else step.value,
        obstacle=say_hindrance(step, found.entry) if isinstance(step, Hindrance) else "",
        standing=found.request.kind.value if found.request else "",
        made=say_instant(found.request.made_at, here, zone(me.zone)) if found.request else None,
        message=typed,
        line=_line(found.request, found, step),
        joins=_joins(dates, found, visitor),
        dates=tuple(
            _own(number, title, one, here, visitor)
            for number, (title, one) in enumerate(zip(titles, dates, strict=True), 1)
        ),
        problem=problem,
    )


def _would_be(conn: Connection, visitor: Visitor, found: Offer) -> Place:
    """The place that the visitor has, or would have from now on."""
    known = places(conn, ENROLMENT.c.id == found.enrolment_id) if found.enrolment_id else []
    if known:
        return known[0]
    section_id = found.request.section_id if found.request else None
    return Place(
        enrolment_id="",
        person_id=visitor.me.id,
        state=EnrolmentState.ACTIVE,
        enrolled_at=visitor.now.school,
        cohort=found.facts,
        section=section(conn, section_id),
        extensions=(),
        meets_live=False,
        section_id=section_id,
    )


def _line(request: MyRequest | None, found: Offer, step: Step | Hindrance) -> str:
    if request is not None and request.kind is RequestKind.WAITLIST:
        return say_position(request.position, found.seats.waiting)
    if step is Step.WAIT:
        return _say_before(found.seats.waiting)
    return ""


def _say_before(waiting: int) -> str:
    if not waiting:
        return _("All places are taken. Nobody stands in line before you.")
    return n_(
        "All places are taken. {count} person stands in line before you.",
        "All places are taken. {count} people stand in line before you.",
        waiting,
    )


def _joins(dates: tuple[EffectiveDates, ...], found: Offer, visitor: Visitor) -> str:
    """When one would come in, in a sentence."""
    if found.enrolment_id:
        return _("You had a place before. Your dates are counted from then; what you handed in is still there.")
    if found.facts.rules.pacing is Pacing.ENROLMENT:
        return _("Your weeks are counted from the day you get your place.")
    opened = sum(is_open(one, visitor.now.school) for one in dates)
    if not opened:
        return ""
    return _(
        "The course runs already: you join in week {week} of {weeks}. These would be your own dates.",
        week=opened,
        weeks=len(dates),
    )


def _own(number: int, title: str, dates: EffectiveDates, here: ZoneInfo, visitor: Visitor) -> OwnDates:
    def say(instant: Any) -> Said:
        return say_instant(instant, here, zone(visitor.me.zone), visitor.now.school)

    why = dates.due_why if dates.due_at is not None else dates.opens_why
    return OwnDates(
        number=number,
        title=title,
        is_open=is_open(dates, visitor.now.school),
        opens=say(dates.opens_at),
        due=say(dates.due_at) if dates.due_at is not None else None,
        why="" if why.kind in PLAIN else why.words,
    )
