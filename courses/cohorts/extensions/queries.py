"""Reading extensions: those of one learner with the dates they make, and all that were granted in a cohort."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, or_, select

from courses.cohorts.access import staff_cohort
from courses.cohorts.extensions.forms import FIRST_FIELD, ExtensionForm, read_extension
from courses.cohorts.extensions.moving import Moved, ended, granted
from courses.cohorts.extensions.pages import (
    EndPage,
    ExtensionPage,
    ExtensionsPage,
    GrantLine,
    MovedPerson,
    PersonDatesLine,
    Preview,
)
from courses.cohorts.extensions.service import NOTHING, live_extensions
from courses.cohorts.extensions.words import say_grant, say_hold
from courses.cohorts.queries import COHORT, CohortFacts
from courses.cohorts.rules.effects import STILL_OPEN
from courses.cohorts.staff import module_titles
from courses.enrolment.access import ENROLMENT, EXTENSION, Place, places
from courses.paging import PER_PAGE, offset, pager, query
from courses.schedule.words import say_apart, say_instant, say_time
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON, Visitor
from fourweek.database import new_id
from fourweek.errors import NotFound
from fourweek.language import _, n_

MOST_GRANTS = 50
_BY = PERSON.alias("granter")
_GRANTS: Any = (
    select(
        EXTENSION,
        PERSON.c.display_name.label("person"),
        _BY.c.display_name.label("by"),
        func.count().over().label("total"),
    )
    .select_from(
        EXTENSION.join(ENROLMENT, ENROLMENT.c.id == EXTENSION.c.enrolment_id)
        .join(PERSON, PERSON.c.id == ENROLMENT.c.person_id)
        .outerjoin(_BY, _BY.c.id == EXTENSION.c.granted_by)
    )
    .order_by(EXTENSION.c.granted_at.desc(), EXTENSION.c.id.desc())
)
_OF_ONE = _GRANTS.where(EXTENSION.c.enrolment_id == bindparam("enrolment")).limit(MOST_GRANTS)
_OF_COHORT = _GRANTS.where(ENROLMENT.c.cohort_id == bindparam("cohort")).limit(PER_PAGE).offset(bindparam("offset"))
_NAME = select(PERSON.c.display_name).where(PERSON.c.id == bindparam("person"))
_NAMES = select(PERSON.c.id, PERSON.c.display_name).where(PERSON.c.id.in_(bindparam("people", expanding=True)))
_BATCH = (
    select(EXTENSION.c.id)
    .join(ENROLMENT, ENROLMENT.c.id == EXTENSION.c.enrolment_id)
    .where(
        and_(ENROLMENT.c.cohort_id == bindparam("cohort"), EXTENSION.c.batch_id == bindparam("batch")),
        or_(EXTENSION.c.expires_at.is_(None), EXTENSION.c.expires_at > bindparam("now")),
    )
    .order_by(EXTENSION.c.id)
)


def extension_page(
    conn: Connection,
    visitor: Visitor,
    cohort_id: str,
    enrolment_id: str,
    typed: ExtensionForm | None = None,
    errors: Mapping[str, str] | None = None,
) -> ExtensionPage:
    """A learner's dates as they hold now, what was granted, and the form; once typed, what is wrong or what moves."""
    facts = staff_cohort(conn, visitor, cohort_id)
    found = places(conn, ENROLMENT.c.id == enrolment_id, COHORT.c.id == cohort_id)
    if not found:
        raise NotFound
    place = found[0]
    titles = module_titles(conn, facts.version_id)
    person = conn.execute(_NAME, {"person": place.person_id}).scalar_one()
    preview, wrong = None, dict(errors or {})
    if typed and not wrong:
        preview, wrong = preview_of(typed, [place], {place.person_id: person}, visitor)
        if preview and not preview.moved:
            preview, wrong = None, {FIRST_FIELD[typed.how]: _(NOTHING)}
    rows = conn.execute(_OF_ONE, {"enrolment": enrolment_id}).all()
    return ExtensionPage(
        cohort_id=cohort_id,
        cohort_name=facts.name,
        enrolment_id=enrolment_id,
        person=person,
        zone=facts.zone,
        apart=say_apart(zone(facts.zone), zone(visitor.me.zone), visitor.now.school),
        typed=typed or empty_form(facts),
        modules=module_choices(titles),
        errors=wrong,
        dates=_dates(place, titles, visitor),
        grants=tuple(replace(_grant(row, facts, visitor), person="") for row in rows),
        preview=preview,
    )


def extensions_page(conn: Connection, visitor: Visitor, cohort_id: str, number: int) -> ExtensionsPage:
    """One page of what was granted in the cohort."""
    facts = staff_cohort(conn, visitor, cohort_id)
    rows = conn.execute(_OF_COHORT, {"cohort": cohort_id, "offset": offset(number)}).all()
    total = rows[0].total if rows else 0
    return ExtensionsPage(
        cohort_id=cohort_id,
        cohort_name=facts.name,
        grants=tuple(_grant(row, facts, visitor) for row in rows),
        pager=pager(number, total, lambda n: query(page=n)),
    )


def batch_keys(conn: Connection, visitor: Visitor, cohort_id: str, batch: str) -> tuple[str, ...]:
    """The extensions of a batch that have not ended yet."""
    staff_cohort(conn, visitor, cohort_id)
    values = {"cohort": cohort_id, "batch": batch, "now": visitor.now.school}
    return tuple(conn.execute(_BATCH, values).scalars())


def end_page(
    conn: Connection, visitor: Visitor, cohort_id: str, key: str, *, batch: bool, reason: str = "", error: str = ""
) -> EndPage:
    """What ending an extension, or a whole batch, moves. Raises NotFound where nothing is left to end."""
    facts = staff_cohort(conn, visitor, cohort_id)
    keys = batch_keys(conn, visitor, cohort_id, key) if batch else (key,)
    rows = live_extensions(conn, cohort_id, keys, visitor.now.school)
    if not rows:
        raise NotFound
    gone: dict[str, frozenset[str]] = {}
    for row in rows:
        gone[row.enrolment_id] = gone.get(row.enrolment_id, frozenset()) | {row.id}
    found = places(conn, ENROLMENT.c.id.in_(gone), COHORT.c.id == cohort_id)
    moved = ended(found, gone, visitor.now.school)
    people = sorted(_people(moved, names_of(conn, found), visitor), key=lambda one: one.name)
    what = say_grant(rows[0])
    return EndPage(
        cohort_id=cohort_id,
        cohort_name=facts.name,
        zone=facts.zone,
        apart=say_apart(zone(facts.zone), zone(visitor.me.zone), visitor.now.school),
        action=f"/staff/cohorts/{cohort_id}/extensions/{f'batches/{key}' if batch else key}/end",
        what=n_("{what}, {count} person", "{what}, {count} people", len(rows), what=what) if batch else what,
        people=tuple(people[:MOST_GRANTS]),
        more=max(0, len(people) - MOST_GRANTS),
        reason=reason,
        errors={"reason": error} if error else {},
    )


def preview_of(
    typed: ExtensionForm, found: list[Place], names: Mapping[str, str], visitor: Visitor, number: int = 1
) -> tuple[Preview | None, dict[str, str]]:
    """What the form would move for these learners of one cohort, by name; or what is wrong with it."""
    rules, now = found[0].cohort.rules, visitor.now.school
    grant, _reason, errors = read_extension(typed, rules, now)
    if errors:
        return None, errors
    moved = sorted(granted(found, grant, now), key=lambda one: (not one.is_something, names[one.place.person_id]))
    seen = typed.fingerprint(rules_in_force(found), [one.enrolment_id for one in found])
    first, last = offset(number), offset(number + 1)
    count = sum(one.is_something for one in moved)
    shown = Preview(
        moved=count,
        unmoved=len(moved) - count,
        people=tuple(_people(moved[first:last], names, visitor)),
        seen=seen,
        again=bool(typed.seen and typed.seen != seen),
        page=number,
        pages=-(-len(moved) // PER_PAGE),
    )
    return shown, {}


def rules_in_force(found: list[Place]) -> str:
    """Changes with the rules of the cohort and with the sections of these learners."""
    own = sorted({repr(one.section) for one in found})
    return "\n".join([repr(found[0].cohort.rules), *own])


def names_of(conn: Connection, found: list[Place]) -> dict[str, str]:
    people = [one.person_id for one in found]
    return {row.id: row.display_name for row in conn.execute(_NAMES, {"people": people})}


def empty_form(facts: CohortFacts) -> ExtensionForm:
    at = say_time(facts.rules.due_time)
    return ExtensionForm(key=new_id(), due_time=at, closes_time=at)


def module_choices(titles: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return (("", _("Every module")), *((str(n), f"{n} {title}") for n, title in enumerate(titles, 1)))


def _people(moved: list[Moved], names: Mapping[str, str], visitor: Visitor) -> list[MovedPerson]:
    now = visitor.now.school
    return [MovedPerson(names[one.place.person_id], one.lines(now) if one.is_something else ()) for one in moved]


def _dates(place: Place, titles: tuple[str, ...], visitor: Visitor) -> tuple[PersonDatesLine, ...]:
    here, now = zone((place.section and place.section.zone) or place.cohort.zone), visitor.now.school
    own = zone(visitor.me.zone)
    return tuple(
        PersonDatesLine(
            number=number,
            title=title,
            opens=say_instant(one.opens_at, here, own, now),
            due=say_instant(one.due_at, here, own, now) if one.due_at else None,
            closes=say_instant(one.closes_at, here, own) if one.closes_at else None,
            why=one.due_why.words,
        )
        for number, (title, one) in enumerate(zip(titles, place.all_dates(now), strict=True), 1)
    )


def _grant(row: Any, facts: CohortFacts, visitor: Visitor) -> GrantLine:
    live = row.expires_at is None or row.expires_at > visitor.now.school
    return GrantLine(
        id=row.id,
        what=say_grant(row),
        reason=_(STILL_OPEN) if row.reason == STILL_OPEN else row.reason,
        by=row.by or "",
        granted=say_instant(row.granted_at, zone(facts.zone), zone(visitor.me.zone)),
        hold=say_hold(row.expires_at, facts.zone, visitor.now.school),
        live=live,
        open_pause=live and row.pause_first is not None and row.pause_last is None,
        batch=row.batch_id or "",
        person=row.person,
        enrolment_id=row.enrolment_id,
    )
