"""Who is in which section, and moving people from one to another."""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update
from starlette.datastructures import FormData

from courses.cohorts.queries import COHORT
from courses.cohorts.rules.effects import carry_out
from courses.cohorts.rules.moves import NewRules, PersonMoves, person_moves
from courses.cohorts.rules.pages import ShownPerson, show_person
from courses.cohorts.rules.standing import Standing, standing
from courses.cohorts.sections.pages import MemberLine, MembersPage
from courses.cohorts.staff import module_titles
from courses.enrolment.access import ENROLMENT, SECTION
from courses.enrolment.models import EnrolmentState
from courses.paging import PER_PAGE, offset, page_number, pager, query
from fourweek.accounts.access import PERSON, Visitor
from fourweek.audit.service import record
from fourweek.database import lock, new_id
from fourweek.edge import text
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.light import dataclass

NO_SECTION = "none"
_MEMBERS: Any = (
    select(ENROLMENT.c.id, PERSON.c.display_name, SECTION.c.name, func.count().over().label("total"))
    .join(PERSON, PERSON.c.id == ENROLMENT.c.person_id)
    .outerjoin(SECTION, SECTION.c.id == ENROLMENT.c.section_id)
    .where(ENROLMENT.c.cohort_id == bindparam("cohort"), ENROLMENT.c.state != EnrolmentState.WITHDRAWN)
    .order_by(PERSON.c.display_name, ENROLMENT.c.id)
    .limit(PER_PAGE)
    .offset(bindparam("offset"))
)


@dataclass(frozen=True, slots=True)
class MoveForm:
    """The enrolments chosen, and the id of the section they go to; NO_SECTION: to none."""

    who: tuple[str, ...] = ()
    to: str = ""
    seen: str = ""
    page: int = 1

    def fingerprint(self, known: str) -> str:
        return hashlib.sha256("\n".join([known, self.to, *sorted(self.who)]).encode()).hexdigest()[:16]


def typed_move(form: FormData) -> MoveForm:
    who = [value for value in form.getlist("who") if isinstance(value, str)]
    return MoveForm(tuple(who[:PER_PAGE]), text(form, "to"), text(form, "seen"), page_number(text(form, "page")))


def members_page(
    conn: Connection, visitor: Visitor, cohort_id: str, number: int, typed: MoveForm | None = None
) -> MembersPage:
    """A page of the cohort's people with their sections; with `typed` what is wrong with it, or what would move."""
    known = standing(conn, visitor, cohort_id)
    rows = conn.execute(_MEMBERS, {"cohort": cohort_id, "offset": offset(number)}).all()
    names = {row.id: row.display_name for row in rows}
    errors = _wrong(known, typed) if typed else {}
    shown = typed if typed and not errors else None
    seen = shown.fingerprint(known.known) if shown else ""
    chosen = typed.who if typed else ()
    return MembersPage(
        cohort_id=cohort_id,
        cohort_name=known.facts.name,
        members=tuple(MemberLine(row.id, row.display_name, row.name or "", row.id in chosen) for row in rows),
        pager=pager(number, rows[0].total if rows else 0, lambda n: query(page=n)),
        page=number,
        sections=(*((one.id, one.name) for one in known.sections), (NO_SECTION, _("No section"))),
        to=typed.to if typed else "",
        errors=errors,
        moved=_shown(conn, known, shown, names, visitor) if shown else (),
        seen=seen,
        again=bool(shown and shown.seen and shown.seen != seen),
    )


def move_members(conn: Connection, visitor: Visitor, cohort_id: str, typed: MoveForm) -> bool:
    """Move people whose new dates were seen; False where something else was shown. Raises Invalid. Whoever is there
    already is left alone, so that a form sent twice moves once."""
    lock(conn, COHORT, cohort_id)
    known = standing(conn, visitor, cohort_id)
    if errors := _wrong(known, typed):
        raise Invalid(errors)
    if typed.seen != typed.fingerprint(known.known):
        return False
    moved = [one for one in _moves(known, typed, visitor) if one.place.section_id != _target(typed)]
    if not moved:
        return True
    came_from = {one.place.enrolment_id: one.place.section_id for one in moved}
    conn.execute(update(ENROLMENT).where(ENROLMENT.c.id.in_(came_from)).values(section_id=_target(typed)))
    detail = {"to": _target(typed), "from": came_from}
    record(conn, "section.move", "cohort", cohort_id, at=visitor.now.real, actor_id=visitor.me.id, detail=detail)
    carry_out(conn, visitor, known.facts, moved, new_id())
    return True


def _wrong(known: Standing, typed: MoveForm) -> dict[str, str]:
    found = {}
    if not typed.who:
        found["who"] = _("Choose at least one person.")
    elif set(typed.who) - {place.enrolment_id for place in known.places}:
        found["who"] = _("Somebody chosen is no longer in this cohort. Choose again.")
    if typed.to != NO_SECTION and known.section(typed.to) is None:
        found["to"] = _("Choose a section.")
    return found


def _target(typed: MoveForm) -> str | None:
    return None if typed.to == NO_SECTION else typed.to


def _moves(known: Standing, typed: MoveForm, visitor: Visitor) -> list[PersonMoves]:
    same = NewRules(known.rules, {one.id: one.rules for one in known.sections})
    found = person_moves(known, same, visitor.now.school, {one: _target(typed) for one in typed.who})
    return [one for one in found if one.place.enrolment_id in typed.who]


def _shown(
    conn: Connection, known: Standing, typed: MoveForm, names: Mapping[str, str], visitor: Visitor
) -> tuple[ShownPerson, ...]:
    """Those chosen, by name; somebody of another page of the list is there by accident and goes without."""
    titles = module_titles(conn, known.facts.version_id)
    people = (
        show_person(names.get(one.place.enrolment_id, ""), titles, one, visitor.now.school)
        for one in _moves(known, typed, visitor)
    )
    return tuple(sorted(people, key=lambda one: one.name))
