"""Making, changing and removing sections of a cohort."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, func, or_, select, update

from courses.announcements.models import Announcement
from courses.cohorts.access import staff_cohort
from courses.cohorts.models import Section
from courses.cohorts.pages import ModuleDatesLine, dates_in_words
from courses.cohorts.queries import COHORT, stored_kept_open
from courses.cohorts.rules.effects import carry_out
from courses.cohorts.rules.moves import NewRules, group_moves, person_moves, settled
from courses.cohorts.rules.pages import ChangePreview, say_change, say_people, unusual
from courses.cohorts.rules.service import detail_of, names_of
from courses.cohorts.rules.standing import SectionFacts, Standing, sections_of, standing
from courses.cohorts.sections.forms import SectionForm, SectionPlan, empty_form, known_form, read_section
from courses.cohorts.sections.pages import SectionLine, SectionPage, SectionsPage
from courses.cohorts.staff import WEEKDAYS, module_titles
from courses.enrolment.access import ENROLMENT, SECTION
from courses.enrolment.models import EnrolmentState, PlaceRequest
from courses.live.models import LiveSession
from courses.schedule.rules import all_dates
from courses.schedule.terms import SectionRules
from courses.schedule.zones import zone, zone_choices
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.database import add, lock, table
from fourweek.errors import Conflict, Invalid, NotFound
from fourweek.language import N_, _

LIVE, ANNOUNCEMENT, REQUEST = table(LiveSession), table(Announcement), table(PlaceRequest)
AS_THE_COHORT = (("", N_("As the cohort")), *WEEKDAYS[:-1])
_PEOPLE = (
    select(ENROLMENT.c.section_id, func.count().label("people"))
    .where(ENROLMENT.c.cohort_id == bindparam("cohort"), ENROLMENT.c.state != EnrolmentState.WITHDRAWN)
    .group_by(ENROLMENT.c.section_id)
)
_USED = select(
    or_(
        exists().where(LIVE.c.section_id == bindparam("section")),
        exists().where(ANNOUNCEMENT.c.section_id == bindparam("section")),
    )
)


def sections_page(conn: Connection, visitor: Visitor, cohort_id: str) -> SectionsPage:
    """The sections of a cohort with how many people are in each; three statements."""
    facts = staff_cohort(conn, visitor, cohort_id)
    people = {row.section_id: row.people for row in conn.execute(_PEOPLE, {"cohort": cohort_id})}
    lines = (
        SectionLine(one.id, one.name, say_people(people.get(one.id, 0)), say_own(one.rules))
        for one in sections_of(conn, cohort_id)
    )
    return SectionsPage(cohort_id, facts.name, tuple(lines))


def say_own(rules: SectionRules) -> str:
    """In how far a section departs from its cohort."""
    bare = replace(rules, kept_open=())
    return _("Dates of its own") if bare != SectionRules() else _("Dates as the cohort")


def section_page(
    conn: Connection,
    visitor: Visitor,
    cohort_id: str,
    section_id: str = "",
    typed: SectionForm | None = None,
    *,
    preview: bool = False,
) -> SectionPage:
    """The form of a section, new where `section_id` is ""; with `preview` what is wrong with it, or what follows."""
    known = standing(conn, visitor, cohort_id)
    section = _section(known, section_id) if section_id else None
    plan, errors = read_section(typed, known, section_id or None) if typed and preview else (None, {})
    shown = typed.fingerprint(known.known) if typed and plan else ""
    return SectionPage(
        cohort_id=cohort_id,
        cohort_name=known.facts.name,
        section_id=section_id,
        name=section.name if section else _("A new section"),
        people=sum(place.section_id == section_id for place in known.places),
        typed=typed or (known_form(section) if section else empty_form()),
        weekdays=tuple((value, _(label)) for value, label in AS_THE_COHORT),
        zones=zone_choices(),
        errors=errors,
        preview=_preview(conn, visitor, known, section, plan) if plan and section else None,
        dates=_dates(conn, visitor, known, plan) if plan and not section else (),
        seen=shown,
        again=bool(typed and typed.seen and shown and typed.seen != shown),
    )


def keep_section(conn: Connection, visitor: Visitor, cohort_id: str, section_id: str, typed: SectionForm) -> bool:
    """Keep a section, new where `section_id` is "", whose effects were seen; False where something else was shown.
    Raises Invalid. A form sent twice is kept once."""
    lock(conn, COHORT, cohort_id)
    known = standing(conn, visitor, cohort_id)
    if not section_id and known.section(typed.key):
        return True
    section = _section(known, section_id) if section_id else None
    plan, errors = read_section(typed, known, section_id or None)
    if plan is None:
        raise Invalid(errors)
    if section is None:
        return _create(conn, visitor, known, typed, plan)
    return _change(conn, visitor, known, section, typed, plan)


def remove_section(conn: Connection, visitor: Visitor, cohort_id: str, section_id: str) -> None:
    """Remove a section that nobody is in. Raises Conflict for any other."""
    lock(conn, COHORT, cohort_id)
    known = standing(conn, visitor, cohort_id)
    section = _section(known, section_id)
    if any(place.section_id == section_id for place in known.places):
        raise Conflict(_("There are people in this section."), what_to_do=_("Move them first, then remove it."))
    if conn.execute(_USED, {"section": section_id}).scalar_one():
        raise Conflict(
            _("Live sessions or announcements are for this section."),
            what_to_do=_("The section stays with them."),
        )
    for target in (ENROLMENT, REQUEST):  # people who have left, and requests of the past
        conn.execute(update(target).where(target.c.section_id == section_id).values(section_id=None))
    conn.execute(delete(SECTION).where(SECTION.c.id == section_id))
    _record(conn, visitor, "section.remove", section_id, {"cohort_id": cohort_id, "name": section.name})


def _section(known: Standing, section_id: str) -> SectionFacts:
    section = known.section(section_id)
    if section is None:
        raise NotFound
    return section


def _create(conn: Connection, visitor: Visitor, known: Standing, typed: SectionForm, plan: SectionPlan) -> bool:
    if typed.seen != typed.fingerprint(known.known):
        return False
    add(conn, Section(id=typed.key, cohort_id=known.facts.id, **plan.row))
    _record(conn, visitor, "section.create", typed.key, {"cohort_id": known.facts.id, "name": plan.row["name"]})
    return True


def _change(
    conn: Connection, visitor: Visitor, known: Standing, section: SectionFacts, typed: SectionForm, plan: SectionPlan
) -> bool:
    new = _new(known, section, plan, visitor)
    dated = new.sections[section.id] != section.rules
    if not dated and plan.row["name"] == section.name:
        return True
    if typed.seen != typed.fingerprint(known.known):
        return False
    before = conn.execute(select(SECTION).where(SECTION.c.id == section.id)).one()
    changed = {name: value for name, value in plan.row.items() if getattr(before, name) != value}
    values: dict[str, Any] = changed | {"revision": section.revision + dated}
    values["kept_open"] = stored_kept_open(new.sections[section.id].kept_open)
    conn.execute(update(SECTION).where(SECTION.c.id == section.id).values(values))
    _record(conn, visitor, "section.change", section.id, detail_of(before, changed))
    if dated:
        people = person_moves(known, new, visitor.now.school)
        carry_out(conn, visitor, known.facts, people, f"{section.id}:{section.revision + 1}")
    return True


def _new(known: Standing, section: SectionFacts, plan: SectionPlan, visitor: Visitor) -> NewRules:
    sections = {one.id: one.rules for one in known.sections} | {section.id: plan.rules}
    return settled(known, known.rules, sections, visitor.now.school)


def _preview(
    conn: Connection, visitor: Visitor, known: Standing, section: SectionFacts, plan: SectionPlan
) -> ChangePreview:
    now = visitor.now.school
    new = _new(known, section, plan, visitor)
    groups = tuple(one for one in group_moves(known, new, now) if one.section_id == section.id)
    people = [one for one in person_moves(known, new, now) if one.place.section_id == section.id]
    names = names_of(conn, [one.place.person_id for one in unusual(people, groups, now)])
    return say_change(module_titles(conn, known.facts.version_id), groups, people, names, now)


def _dates(conn: Connection, visitor: Visitor, known: Standing, plan: SectionPlan) -> tuple[ModuleDatesLine, ...]:
    now = visitor.now.school
    titles = module_titles(conn, known.facts.version_id)
    dates = all_dates(known.rules, now=now, section=plan.rules)
    return dates_in_words(titles, dates, zone(plan.rules.zone or known.rules.zone), visitor)


def _record(conn: Connection, visitor: Visitor, act: str, section_id: str, detail: dict[str, Any]) -> None:
    record(conn, act, "section", section_id, at=visitor.now.real, actor_id=visitor.me.id, detail=detail)
