"""Who may look on with whose eyes, and what they see by: the learner's place, zone and the chosen instant."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select

from courses.cohorts.queries import COHORT
from courses.enrolment.access import ENROLMENT, Place, places
from courses.enrolment.models import EnrolmentState
from courses.learning.access import Reader, View
from courses.schedule.walltime import local_instant
from courses.schedule.words import say_instant
from courses.schedule.zones import zone
from courses.viewing.changes import changed_since
from courses.viewing.opening import LASTS, WHY, ReasonNeeded, WhyPage, address_of, keep_reason
from fourweek.accounts.access import PERSON, Permission, SignedIn, Visitor
from fourweek.errors import Forbidden, NotFound
from fourweek.language import N_, _
from fourweek.light import dataclass

NOW = "now"
LOOK_ON = (Permission.RUN_COHORT, Permission.TEACH)
OTHER_STAFF = (Permission.GRADE, Permission.KEEP_RECORD, Permission.PUBLISH_COURSE)
NOT_AN_INSTANT = N_("Give a date and a time, such as 2026-12-07 09:00.")
_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", re.ASCII)
_PERSON: Any = select(PERSON.c.id, PERSON.c.display_name, PERSON.c.zone, WHY.label("why")).where(
    PERSON.c.id == bindparam("person")
)


@dataclass(frozen=True, slots=True)
class Onlooker:
    """What the pages of a view are made of. `eyes` is the learner at the chosen instant, without any role: pages take
    it for the clock and the zone; `found` has been authorised for whoever looks on."""

    found: Reader
    eyes: Visitor


def look_on(conn: Connection, visitor: Visitor, cohort_id: str, enrolment_id: str, at: str) -> Onlooker:
    """The cohort through the eyes of one of its learners, as of `at`: NOW, or a local time in the cohort's zone.

    Forbidden for the cohort's other staff, NotFound for everybody else, for learners of other cohorts, and for an
    instant that cannot be read; ReasonNeeded for whoever has not said why. Two statements, three as of the past.
    """
    place = place_to_look_at(conn, visitor, cohort_id, enrolment_id)
    instant = visitor.now.school if at == NOW else read_instant(at, place.cohort.zone)
    if instant is None:
        raise NotFound
    person = _person(conn, visitor, place)
    if person.why is None:
        raise ReasonNeeded(address_of(place))
    eyes = Visitor(replace(visitor.now, school=instant), SignedIn(person.id, "", person.display_name, person.zone))
    changed = changed_since(conn, visitor, place, instant) if instant < visitor.now.school else ()
    notes = (*changed, *_notes(place, instant, visitor.now.school))
    view = _view(place, eyes, zone(visitor.me.zone), notes, is_now=at == NOW)
    view = replace(view, reason=person.why, back=_back(visitor.me, cohort_id))
    return Onlooker(Reader(place.cohort, place, view), eyes)


def place_to_look_at(conn: Connection, visitor: Visitor, cohort_id: str, enrolment_id: str) -> Place:
    """The place of a learner whose eyes the visitor may borrow, with a reason; one statement. Raises as `look_on`."""
    found = places(conn, ENROLMENT.c.id == enrolment_id, COHORT.c.id == cohort_id)
    if not found:
        raise NotFound
    _authorise(visitor, found[0])
    return found[0]


def why_page(conn: Connection, visitor: Visitor, cohort_id: str, enrolment_id: str) -> WhyPage:
    """What the page that asks for a reason says; two statements. Raises as `look_on`."""
    place = place_to_look_at(conn, visitor, cohort_id, enrolment_id)
    person = _person(conn, visitor, place)
    return WhyPage(address_of(place), cohort_id, place.cohort.name, person.display_name, _back(visitor.me, cohort_id))


def open_view(conn: Connection, visitor: Visitor, cohort_id: str, enrolment_id: str, reason: str) -> None:
    """Let the visitor look on for an hour. Raises as `look_on`, and Invalid without a reason."""
    keep_reason(conn, visitor, place_to_look_at(conn, visitor, cohort_id, enrolment_id), reason)


def _person(conn: Connection, visitor: Visitor, place: Place) -> Any:
    values = {"person": place.person_id, "me": visitor.me.id, "since": visitor.now.real - LASTS}
    return conn.execute(_PERSON, values).one()


def read_instant(typed: str, zone_name: str) -> datetime | None:
    """The instant of a local time such as "2026-12-07T09:00"; None for anything else."""
    if not _LOCAL.fullmatch(typed):
        return None
    try:
        local = datetime.fromisoformat(typed)
        return local_instant(local.date(), local.time(), zone(zone_name)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _authorise(visitor: Visitor, place: Place) -> None:
    me, where = visitor.me, (place.cohort.id, place.section_id)
    if any(me.may(permission, *where) for permission in LOOK_ON):
        return
    raise Forbidden if any(me.may(permission, *where) for permission in OTHER_STAFF) else NotFound


def _back(me: SignedIn, cohort_id: str) -> str:
    """The route of the cohort's own page, or of its roster, whichever is open to them; empty where neither is."""
    if me.may(Permission.RUN_COHORT, cohort_id):
        return "staff-cohort"
    return "roster" if me.may_in_part(Permission.RUN_COHORT, cohort_id) else ""


def _view(place: Place, eyes: Visitor, onlooker: ZoneInfo, notes: tuple[str, ...], *, is_now: bool) -> View:
    here, instant = zone(place.cohort.zone), eyes.now.school
    local = instant.astimezone(here)
    choose = address_of(place)
    return View(
        address=f"{choose}/{NOW if is_now else f'{local:%Y-%m-%dT%H:%M}'}",
        choose=choose,
        cohort_id=place.cohort.id,
        cohort_name=place.cohort.name,
        person=eyes.me.name,
        instant=say_instant(instant, here, onlooker),
        typed=f"{local:%Y-%m-%dT%H:%M}",
        is_now=is_now,
        notes=notes,
    )


def _notes(place: Place, instant: datetime, now: datetime) -> Iterator[str]:
    if instant > now:
        yield _("This instant is still to come: what happens until then is not in it.")
    if instant < place.enrolled_at:
        yield _("This person was not enrolled yet.")
    if place.state is EnrolmentState.WITHDRAWN:
        yield _("This person has left the cohort, and sees none of it any more.")
