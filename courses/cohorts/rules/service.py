"""Changing the rules of a cohort: what would move is shown, and kept once that very thing was shown."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from courses.cohorts.forms import CohortForm, CohortPlan, known_form, read_cohort
from courses.cohorts.queries import COHORT, stored_kept_open
from courses.cohorts.rules.effects import carry_out
from courses.cohorts.rules.moves import NewRules, group_moves, person_moves, settled
from courses.cohorts.rules.pages import ChangePreview, RulesPage, say_change, unusual
from courses.cohorts.rules.standing import Standing, standing
from courses.cohorts.staff import choices, module_titles
from courses.enrolment.access import SECTION
from courses.enrolment.giving import fill_places
from courses.schedule.checks import section_problems
from courses.schedule.zones import zone_choices
from fourweek.accounts.access import PERSON, Visitor
from fourweek.audit.service import record
from fourweek.database import lock
from fourweek.errors import Invalid
from fourweek.language import _, n_
from fourweek.light import dataclass

_NAMES = select(PERSON.c.id, PERSON.c.display_name).where(PERSON.c.id.in_(bindparam("people", expanding=True)))


@dataclass(frozen=True, slots=True)
class Kept:
    """The rules are kept; `places` counts the people in line who got a place by that."""

    places: int = 0

    @property
    def words(self) -> str:
        kept = _("The rules are kept.")
        if not self.places:
            return kept
        given = n_("{count} person in line got a place.", "{count} people in line got a place.", self.places)
        return f"{kept} {given}"


def rules_page(
    conn: Connection, visitor: Visitor, cohort_id: str, typed: CohortForm | None = None, *, preview: bool = False
) -> RulesPage:
    """The form with the rules that hold or with what was typed; with `preview` what is wrong with it, or what moves."""
    known = standing(conn, visitor, cohort_id)
    plan, errors = planned(known, typed) if typed and preview else (None, {})
    shown = typed.fingerprint(known.known) if typed and plan else ""
    return RulesPage(
        cohort_id=cohort_id,
        cohort_name=known.facts.name,
        course_title=known.facts.course_title,
        typed=typed or known_form(known.row, known.rules),
        choices=choices(),
        zones=zone_choices(),
        errors=errors,
        preview=show_change(conn, visitor, known, _new(known, plan, visitor)) if plan else None,
        seen=shown,
        again=bool(typed and typed.seen and shown and typed.seen != shown),
    )


def change_rules(conn: Connection, visitor: Visitor, cohort_id: str, typed: CohortForm) -> Kept | None:
    """Keep the rules whose effects were seen; None where something else was shown. Raises Invalid.

    Places that this makes free go to the first in line at once. A form that changes nothing, such as one sent twice, is
    kept already.
    """
    lock(conn, COHORT, cohort_id)
    known = standing(conn, visitor, cohort_id)
    plan, errors = planned(known, typed)
    if plan is None:
        raise Invalid(errors)
    changed = {name: value for name, value in plan.row.items() if getattr(known.row, name) != value}
    if not changed:
        return Kept()
    if typed.seen != typed.fingerprint(known.known):
        return None
    _keep(conn, visitor, known, _new(known, plan, visitor), changed)
    return Kept(fill_places(conn, cohort_id, visitor.now))


def planned(known: Standing, typed: CohortForm) -> tuple[CohortPlan | None, dict[str, str]]:
    """What the form means for the cohort and its sections, or what is wrong by field."""
    plan, errors = read_cohort(replace(typed, version_id=known.facts.version_id), known.rules.module_count, None)
    if plan is None:
        return None, errors
    for section in known.sections:
        if found := section_problems(plan.rules, section.rules):
            return None, {"": _("Section {name}: {what}", name=section.name, what=" ".join(found.values()))}
    return plan, {}


def show_change(conn: Connection, visitor: Visitor, known: Standing, new: NewRules) -> ChangePreview:
    """What moves for whom, in words; two statements more, however many people there are."""
    now = visitor.now.school
    groups, people = group_moves(known, new, now), person_moves(known, new, now)
    named = [one.place.person_id for one in unusual(people, groups, now)]
    return say_change(module_titles(conn, known.facts.version_id), groups, people, names_of(conn, named), now)


def names_of(conn: Connection, people: list[str]) -> dict[str, str]:
    return {row.id: row.display_name for row in conn.execute(_NAMES, {"people": people})}


def keep_sections_open(conn: Connection, known: Standing, new: NewRules) -> None:
    """Write what each section keeps open, where a change of the cohort's rules has changed it."""
    for one in known.sections:
        kept = new.sections[one.id].kept_open
        if kept != one.rules.kept_open:
            target = update(SECTION).where(SECTION.c.id == one.id)
            conn.execute(target.values(kept_open=stored_kept_open(kept)))


def detail_of(row: Any, changed: Mapping[str, Any]) -> dict[str, Any]:
    """What an audit row says of changed columns: before and after, in JSON."""
    return {"before": {name: _plain(getattr(row, name)) for name in changed}, "after": _plain_all(changed)}


def _new(known: Standing, plan: CohortPlan, visitor: Visitor) -> NewRules:
    return settled(known, plan.rules, {one.id: one.rules for one in known.sections}, visitor.now.school)


def _keep(conn: Connection, visitor: Visitor, known: Standing, new: NewRules, changed: dict[str, Any]) -> None:
    row, me = known.row, visitor.me
    values = changed | {"kept_open": stored_kept_open(new.rules.kept_open)}
    dated = new.rules != known.rules
    if dated:
        values["revision"] = row.revision + 1
    conn.execute(update(COHORT).where(COHORT.c.id == row.id).values(values))
    record(conn, "cohort.change", "cohort", row.id, at=visitor.now.real, actor_id=me.id, detail=detail_of(row, changed))
    if dated:
        keep_sections_open(conn, known, new)
        people = person_moves(known, new, visitor.now.school)
        carry_out(conn, visitor, known.facts, people, f"{row.id}:{row.revision + 1}")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | time) else value


def _plain_all(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in values.items()}
