"""Choosing learners for an extension: by ticking, by section, by address, or those behind in a module."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from sqlalchemy import Connection, bindparam, func, select
from starlette.datastructures import FormData

from courses.cohorts.access import staff_cohort
from courses.cohorts.extensions.forms import ExtensionForm, typed_form
from courses.cohorts.extensions.pages import Candidate, SeveralPage
from courses.cohorts.extensions.queries import empty_form, module_choices, names_of, preview_of
from courses.cohorts.queries import COHORT, CohortFacts
from courses.cohorts.staff import module_titles
from courses.coursework import Coursework
from courses.enrolment.access import ENROLMENT, SECTION, Place, places
from courses.enrolment.models import EnrolmentState
from courses.paging import PER_PAGE, offset, page_number, pager, query
from courses.progress.rules import is_to_do, of_module
from courses.schedule.walltime import is_past
from courses.schedule.words import say_apart
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON, Visitor
from fourweek.accounts.service import EMAIL
from fourweek.edge import text
from fourweek.language import _, n_
from fourweek.language.lists import in_a_row
from fourweek.light import dataclass

TICKED, ALL, BY_ADDRESS = "ticked", "all", "addresses"
SECTION_OF, BEHIND_IN = "section:", "behind:"
MOST, MOST_NAMED = 2000, 10
_IDS = re.compile(r"[0-9a-z]{26}")
_SECTIONS = (
    select(SECTION.c.id, SECTION.c.name).where(SECTION.c.cohort_id == bindparam("cohort")).order_by(SECTION.c.name)
)
_ROSTER: Any = (
    select(ENROLMENT.c.id, PERSON.c.display_name, SECTION.c.name, func.count().over().label("total"))
    .select_from(
        ENROLMENT.join(PERSON, PERSON.c.id == ENROLMENT.c.person_id).outerjoin(
            SECTION, SECTION.c.id == ENROLMENT.c.section_id
        )
    )
    .where(ENROLMENT.c.cohort_id == bindparam("cohort"), ENROLMENT.c.state == EnrolmentState.ACTIVE)
    .order_by(PERSON.c.display_name, ENROLMENT.c.id)
    .limit(PER_PAGE)
    .offset(bindparam("offset"))
)
_ADDRESSES = (
    select(EMAIL.c.address, ENROLMENT.c.id)
    .join(ENROLMENT, ENROLMENT.c.person_id == EMAIL.c.person_id)
    .where(
        ENROLMENT.c.cohort_id == bindparam("cohort"),
        ENROLMENT.c.state == EnrolmentState.ACTIVE,
        EMAIL.c.address.in_(bindparam("addresses", expanding=True)),
    )
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom somebody chose, as typed. `kept` are enrolments ticked so far, on whatever page of the list they stand."""

    grant: ExtensionForm
    whom: str = TICKED
    kept: frozenset[str] = field(default_factory=frozenset)
    addresses: str = ""
    page: int = 1


def typed_choice(form: FormData) -> Choice:
    """What a form chose: of the people it showed, those that are ticked; of the others, those it kept."""
    ticked = {one for one in form.getlist("who") if isinstance(one, str)}
    shown, kept = (set(_IDS.findall(text(form, name))) for name in ("shown", "kept"))
    whole = (kept - shown) | {one for one in ticked if _IDS.fullmatch(one)}
    return Choice(
        grant=typed_form(form),
        whom=text(form, "whom") or TICKED,
        kept=frozenset(sorted(whole)[:MOST]),
        addresses=text(form, "addresses"),
        page=page_number(text(form, "page")),
    )


def several_page(
    conn: Connection,
    visitor: Visitor,
    cohort_id: str,
    coursework: Coursework,
    choice: Choice | None = None,
    *,
    preview: int = 0,
) -> SeveralPage:
    """Learners to tick and the form; with `preview`, the number of a page of it, what the form moves for whom."""
    facts = staff_cohort(conn, visitor, cohort_id)
    titles = module_titles(conn, facts.version_id)
    groups = _groups(conn, cohort_id, titles)
    chosen = choice or Choice(empty_form(facts))
    shown, errors = None, dict[str, str]()
    if preview:
        found, errors = _chosen(conn, visitor, facts, coursework, chosen)
        if not errors:
            chosen = replace(chosen, whom=TICKED, kept=frozenset(one.enrolment_id for one in found))
            shown, errors = preview_of(chosen.grant, found, names_of(conn, found), visitor, preview)
    rows = conn.execute(_ROSTER, {"cohort": cohort_id, "offset": offset(chosen.page)}).all()
    return SeveralPage(
        cohort_id=cohort_id,
        cohort_name=facts.name,
        zone=facts.zone,
        apart=say_apart(zone(facts.zone), zone(visitor.me.zone), visitor.now.school),
        typed=chosen.grant,
        modules=module_choices(titles),
        errors=errors,
        whom=chosen.whom,
        groups=groups,
        addresses=chosen.addresses,
        kept=tuple(sorted(chosen.kept)),
        people=tuple(Candidate(row.id, row.display_name, row.name or "", row.id in chosen.kept) for row in rows),
        page=chosen.page,
        pager=pager(chosen.page, rows[0].total if rows else 0, lambda n: query(page=n)),
        preview=shown,
    )


def _groups(conn: Connection, cohort_id: str, titles: Sequence[str]) -> tuple[tuple[str, str], ...]:
    sections = conn.execute(_SECTIONS, {"cohort": cohort_id}).all()
    return (
        (TICKED, _("Those ticked below")),
        (BY_ADDRESS, _("Those with the addresses below")),
        (ALL, _("Everybody who takes part")),
        *((f"{SECTION_OF}{row.id}", _("Section {name}", name=row.name)) for row in sections),
        *((f"{BEHIND_IN}{n}", _("Those behind in module {number}", number=n)) for n in range(1, len(titles) + 1)),
    )


def _chosen(
    conn: Connection, visitor: Visitor, facts: CohortFacts, coursework: Coursework, choice: Choice
) -> tuple[list[Place], dict[str, str]]:
    """The places of those chosen, or what is wrong with the choice by field."""
    everybody = places(conn, COHORT.c.id == facts.id, ENROLMENT.c.state == EnrolmentState.ACTIVE)
    if choice.whom == BY_ADDRESS:
        wanted, problem = _by_address(conn, facts.id, choice.addresses)
        if problem:
            return [], {"addresses": problem}
    elif choice.whom.startswith(BEHIND_IN):
        wanted = _behind(conn, visitor, facts, coursework, everybody, choice.whom.removeprefix(BEHIND_IN))
    else:
        section = choice.whom.removeprefix(SECTION_OF) if choice.whom.startswith(SECTION_OF) else None
        wanted = {
            one.enrolment_id
            for one in everybody
            if choice.whom == ALL
            or (section and one.section_id == section)
            or (not section and one.enrolment_id in choice.kept)
        }
    found = [one for one in everybody if one.enrolment_id in wanted]
    if found:
        return found, {}
    return [], {
        "whom": _("Tick at least one person.") if choice.whom == TICKED else _("There is nobody like that just now.")
    }


def _by_address(conn: Connection, cohort_id: str, typed: str) -> tuple[set[str], str]:
    """Enrolments of these addresses; or which of them nobody of the cohort has."""
    addresses = list(dict.fromkeys(one.lower() for one in re.split(r"[\s,;<>]+", typed) if "@" in one))[:MOST]
    if not addresses:
        return set(), _("Give at least one e-mail address.")
    known = {row.address: row.id for row in conn.execute(_ADDRESSES, {"cohort": cohort_id, "addresses": addresses})}
    missing = [one[:100] for one in addresses if one not in known]
    if not missing:
        return set(known.values()), ""
    return set(), _say_missing(missing)


def _say_missing(missing: Sequence[str]) -> str:
    named, more = in_a_row(missing[:MOST_NAMED]), len(missing) - MOST_NAMED
    if more <= 0:
        return _("Nobody who takes part has {addresses}. Nothing was chosen.", addresses=named)
    return n_(
        "Nobody who takes part has {addresses} or {count} more. Nothing was chosen.",
        "Nobody who takes part has {addresses} or {count} more. Nothing was chosen.",
        more,
        addresses=named,
    )


def _behind(
    conn: Connection,
    visitor: Visitor,
    facts: CohortFacts,
    coursework: Coursework,
    everybody: Sequence[Place],
    typed: str,
) -> set[str]:
    """Those whose required work of the module is past due and still theirs to do."""
    number, now = page_number(typed), visitor.now.school
    if number > facts.rules.module_count or not everybody:
        return set()
    works: Mapping[str, Any] = coursework.work_of_many(
        conn, {one.enrolment_id: facts.version_id for one in everybody}, now
    )
    return {
        one.enrolment_id
        for one in everybody
        if is_past(now, one.dates(number, now).due_at)
        and any(work.required and is_to_do(work) for work in of_module(works[one.enrolment_id], number))
    }
