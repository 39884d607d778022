"""Granting an extension, and reading what was granted."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, bindparam, select

from courses.cohorts.access import staff_cohort
from courses.cohorts.extensions.forms import ExtensionForm, extension_row, read_extension, too_early
from courses.cohorts.extensions.pages import ExtensionPage, GrantLine, PersonDatesLine
from courses.cohorts.models import Extension
from courses.cohorts.queries import COHORT
from courses.cohorts.staff import PERSON, module_titles
from courses.enrolment.access import ENROLMENT, Place, places
from courses.enrolment.models import EnrolmentState
from courses.schedule.terms import PersonDates
from courses.schedule.words import say_date, say_days, say_instant, say_time
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.database import add_once, lock, new_id, table
from fourweek.errors import Conflict, Invalid, NotFound
from fourweek.outbox import post

EXTENSION = table(Extension)
MOST_GRANTS = 50
_GRANTS: Any = (
    select(EXTENSION, PERSON.c.display_name)
    .outerjoin(PERSON, PERSON.c.id == EXTENSION.c.granted_by)
    .where(EXTENSION.c.enrolment_id == bindparam("enrolment"))
    .order_by(EXTENSION.c.granted_at.desc(), EXTENSION.c.id.desc())
    .limit(MOST_GRANTS)
)
_PERSON = select(PERSON.c.display_name, PERSON.c.zone).where(PERSON.c.id == bindparam("person"))


@dataclass(frozen=True, slots=True)
class Change:
    """What a grant does: the place with it, and the numbers of the modules whose dates it moves."""

    place: Place
    moved: tuple[int, ...]


def extension_page(
    conn: Connection,
    visitor: Visitor,
    cohort_id: str,
    enrolment_id: str,
    typed: ExtensionForm | None = None,
    errors: dict[str, str] | None = None,
) -> ExtensionPage:
    """A learner's dates as they hold now, what was granted, and the form."""
    place = _served(conn, visitor, cohort_id, enrolment_id)
    titles = module_titles(conn, place.cohort.version_id)
    form = typed or ExtensionForm(key=new_id(), due_time=say_time(place.cohort.rules.due_time))
    return ExtensionPage(
        cohort_id=cohort_id,
        cohort_name=place.cohort.name,
        enrolment_id=enrolment_id,
        person=conn.execute(_PERSON, {"person": place.person_id}).one().display_name,
        zone=place.cohort.zone,
        typed=form,
        modules=(("", "Every module"), *((str(n), f"{n} {title}") for n, title in enumerate(titles, 1))),
        errors=errors or {},
        dates=_dates(place, titles, visitor),
        grants=tuple(_grant(row, place.cohort.zone) for row in conn.execute(_GRANTS, {"enrolment": enrolment_id})),
    )


def grant_extension(
    conn: Connection, visitor: Visitor, cohort_id: str, enrolment_id: str, typed: ExtensionForm
) -> None:
    """Give one learner dates of their own. Raises Invalid, also for a grant that would move nothing."""
    lock(conn, ENROLMENT, enrolment_id)
    place = _served(conn, visitor, cohort_id, enrolment_id)
    if place.state is not EnrolmentState.ACTIVE:
        raise Conflict("Only somebody who takes part in the cohort can get an extension.")
    if any(known.key == typed.key for known in place.extensions):
        return
    grant, reason, errors = read_extension(typed, place.cohort.rules.module_count, visitor.now.school)
    if errors:
        raise Invalid(errors)
    change = _change(place, grant, visitor)
    if add_once(conn, extension_row(grant, enrolment_id, reason, visitor.me.id)):
        _note(conn, visitor, change, grant, reason)


def _served(conn: Connection, visitor: Visitor, cohort_id: str, enrolment_id: str) -> Place:
    staff_cohort(conn, visitor, cohort_id)
    found = places(conn, ENROLMENT.c.id == enrolment_id, COHORT.c.id == cohort_id)
    if not found:
        raise NotFound
    return found[0]


def _change(place: Place, grant: PersonDates, visitor: Visitor) -> Change:
    """What the grant moves. Raises Invalid where it moves nothing, or sets a date that has passed."""
    now = visitor.now.school
    if grant.due and too_early(grant.due, place.cohort.zone, now):
        raise Invalid({"due_on": "That moment has passed already. Choose one that lies ahead."})
    new = replace(place, extensions=(*place.extensions, grant))
    pairs = zip(place.all_dates(now), new.all_dates(now), strict=True)
    moved = tuple(
        number
        for number, (old, own) in enumerate(pairs, 1)
        if (old.opens_at, old.due_at, old.closes_at) != (own.opens_at, own.due_at, own.closes_at)
    )
    if not moved:
        field = "due_on" if grant.due else "days"
        raise Invalid({field: "That moves nothing: a date counts only where it is later than the one that holds now."})
    return Change(new, moved)


def _note(conn: Connection, visitor: Visitor, change: Change, grant: PersonDates, reason: str) -> None:
    place, me = change.place, visitor.me
    detail = {"enrolment_id": place.enrolment_id, "modules": list(change.moved)}
    at = visitor.now.real
    record(conn, "extension.grant", "extension", grant.key, at=at, actor_id=me.id, reason=reason, detail=detail)
    here, own = zone(place.cohort.zone), zone(conn.execute(_PERSON, {"person": place.person_id}).one().zone)
    dates = place.all_dates(visitor.now.school)
    lines = [
        f"Module {number}: due {say_instant(due, here, own)}"
        for number in change.moved
        if (due := dates[number - 1].due_at) is not None
    ]
    data = {"course": place.cohort.course_title, "lines": lines, "path": f"/cohorts/{place.cohort.id}"}
    post(conn, f"extension:{grant.key}", "extension", place.person_id, now=visitor.now.real, data=data)


def _dates(place: Place, titles: tuple[str, ...], visitor: Visitor) -> tuple[PersonDatesLine, ...]:
    here, now = zone(place.cohort.zone), visitor.now.school
    return tuple(
        PersonDatesLine(
            number=number,
            title=title,
            opens=say_instant(one.opens_at, here, now=now),
            due=say_instant(one.due_at, here, now=now) if one.due_at else None,
            closes=say_instant(one.closes_at, here) if one.closes_at else None,
            why=one.due_why.words,
        )
        for number, (title, one) in enumerate(zip(titles, place.all_dates(now), strict=True), 1)
    )


def _grant(row: Any, zone_name: str) -> GrantLine:
    where = f"Module {row.module_number}" if row.module_number else "Every module"
    what = f"{where}: "
    if row.due_on:
        what += f"due {say_date(row.due_on)}" + (f", {say_time(row.due_time)}" if row.due_time else "")
    else:
        what += say_days(row.shift_days)
    return GrantLine(what, row.reason, row.display_name or "", say_instant(row.granted_at, zone(zone_name)))
