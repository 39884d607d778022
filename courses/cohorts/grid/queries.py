"""Reading everybody's dates in a cohort: the places in one statement."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, literal, or_, select

from courses.cohorts.access import staff_cohort
from courses.cohorts.grid.pages import GridFilters, GridPage, Learner, cell_of, row_of, shared_dates
from courses.cohorts.queries import CohortFacts
from courses.cohorts.staff import module_titles
from courses.enrolment.access import ENROLMENT, EXTENSION, GRANT_COLUMNS, SECTION, SECTION_COLUMNS, section_rules
from courses.enrolment.crowds import Member
from courses.enrolment.models import EnrolmentState
from courses.paging import offset, pager, query
from courses.schedule.rules import all_dates
from courses.schedule.terms import Pacing
from courses.schedule.words import say_apart
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON, Visitor
from fourweek.accounts.service import EMAIL
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.searching import holds

PER_PAGE = 30
NO_SECTION = "none"
Chosen = tuple[str, str, bool]
"""What is searched for, a section's id, and whether only those are wanted whose dates differ."""

_SECTIONS: Any = (
    select(*SECTION_COLUMNS, SECTION.c.name).where(SECTION.c.cohort_id == bindparam("cohort")).order_by(SECTION.c.name)
)
_ADDRESS = (
    select(EMAIL.c.address)
    .where(EMAIL.c.person_id == PERSON.c.id, EMAIL.c.is_primary)
    .correlate(PERSON)
    .limit(1)
    .scalar_subquery()
)
_IN_COHORT = ENROLMENT.c.cohort_id == bindparam("cohort"), ENROLMENT.c.state != EnrolmentState.WITHDRAWN
_PEOPLE: Any = (
    select(
        ENROLMENT.c.id,
        ENROLMENT.c.person_id,
        ENROLMENT.c.section_id,
        ENROLMENT.c.enrolled_at,
        PERSON.c.display_name.label("name"),
    )
    .join(PERSON, PERSON.c.id == ENROLMENT.c.person_id)
    .where(*_IN_COHORT)
    .order_by(PERSON.c.display_name, ENROLMENT.c.id)
)
_SEEN = _PEOPLE.add_columns(literal("").label("address"))
_WRITTEN = _PEOPLE.add_columns(_ADDRESS.label("address"))
_GRANTS: Any = (
    select(EXTENSION.c.enrolment_id, *GRANT_COLUMNS)
    .join(ENROLMENT, ENROLMENT.c.id == EXTENSION.c.enrolment_id)
    .where(*_IN_COHORT)
    .order_by(EXTENSION.c.id)
)
_EXTENDED = select(EXTENSION.c.id).where(EXTENSION.c.enrolment_id == ENROLMENT.c.id).exists()


@dataclass(frozen=True, slots=True)
class _Class:
    """A cohort whose table is read at `now`, with the rows of its sections and what is looked for."""

    facts: CohortFacts
    sections: Sequence[Any]
    filters: GridFilters
    now: datetime


def grid_page(conn: Connection, visitor: Visitor, cohort_id: str, chosen: Chosen, number: int) -> GridPage:
    """One page of learners by name with the dates of every module; five statements, however many there are."""
    found = _class(conn, visitor, cohort_id, chosen)
    facts, filters = found.facts, found.filters
    people = conn.execute(_SEEN.where(*_wanted(found)), {"cohort": cohort_id}).all()
    first, last = offset(number, PER_PAGE), offset(number + 1, PER_PAGE)
    total = len(people)
    if filters.differs:
        learners = [one for one in _learners(conn, found, people) if one.dates.differs]
        total, learners = len(learners), learners[first:last]
    else:
        learners = _learners(conn, found, people[first:last])
    given = {"q": filters.search, "section": filters.section, "differs": "1" if filters.differs else ""}
    here, by_rule = zone(facts.zone), facts.rules.pacing is Pacing.COHORT
    return GridPage(
        cohort_id=cohort_id,
        cohort_name=facts.name,
        course_title=facts.course_title,
        zone=facts.zone,
        apart=say_apart(here, zone(visitor.me.zone), visitor.now.school),
        titles=module_titles(conn, facts.version_id),
        rule=tuple(cell_of(one, here) for one in all_dates(facts.rules, now=found.now)) if by_rule else (),
        rows=tuple(row_of(one, facts.zone) for one in learners),
        filters=filters,
        found=total,
        query=query(**given).removeprefix("?"),
        pager=pager(number, total, lambda n: query(**given, page=n), PER_PAGE),
    )


def grid_table(
    conn: Connection, visitor: Visitor, cohort_id: str, chosen: Chosen
) -> tuple[tuple[str, ...], list[Learner]]:
    """The titles of the modules, and everybody who fits, for a table that is written elsewhere."""
    found = _class(conn, visitor, cohort_id, chosen)
    wanted = _WRITTEN.where(*_wanted(found))
    learners = _learners(conn, found, conn.execute(wanted, {"cohort": cohort_id}).all())
    titles = module_titles(conn, found.facts.version_id)
    return titles, [one for one in learners if one.dates.differs or not found.filters.differs]


def _class(conn: Connection, visitor: Visitor, cohort_id: str, chosen: Chosen) -> _Class:
    facts = staff_cohort(conn, visitor, cohort_id)
    sections = conn.execute(_SECTIONS, {"cohort": cohort_id}).all()
    return _Class(facts, sections, _filters(sections, chosen), visitor.now.school)


def _learners(conn: Connection, found: _Class, people: Sequence[Any]) -> list[Learner]:
    """These people with their dates, in their order; one statement."""
    grants = _grants(conn, found, [row.id for row in people])
    rules = {row.section_id: section_rules(row) for row in found.sections}
    names = {row.section_id: row.name for row in found.sections}
    dates = shared_dates(found.facts.rules, found.now)
    learners = []
    for row in people:
        member = Member(row, found.facts, rules.get(row.section_id), tuple(grants.get(row.id, ())), meets_live=False)
        learners.append(
            Learner(row.id, row.name, names.get(row.section_id, ""), member.zone, dates(member), row.address or "")
        )
    return learners


def _grants(conn: Connection, found: _Class, ids: list[str]) -> dict[str, list[Any]]:
    """{enrolment: rows of its extensions}: of those on a page, or of the whole cohort."""
    some = (EXTENSION.c.enrolment_id.in_(ids),) if len(ids) <= PER_PAGE else ()
    by_enrolment: dict[str, list[Any]] = {}
    for row in conn.execute(_GRANTS.where(*some), {"cohort": found.facts.id}):
        by_enrolment.setdefault(row.enrolment_id, []).append(row)
    return by_enrolment


def _filters(sections: Sequence[Any], chosen: Chosen) -> GridFilters:
    search, section, differs = chosen
    choices = [(row.section_id, row.name) for row in sections]
    known = {NO_SECTION, *(key for key, _name in choices)}
    return GridFilters(
        search=" ".join(search.split())[:100],
        section=section if section in known else "",
        differs=differs,
        sections=(("", _("Every section")), *choices, (NO_SECTION, _("Without a section"))) if choices else (),
    )


def _wanted(found: _Class) -> Iterator[ColumnElement[bool]]:
    filters = found.filters
    yield from (holds(word, PERSON.c.display_name) for word in filters.search.split())
    if filters.section:
        no_section = filters.section == NO_SECTION
        yield ENROLMENT.c.section_id.is_(None) if no_section else ENROLMENT.c.section_id == filters.section
    if filters.differs:
        yield or_(ENROLMENT.c.section_id.is_not(None), _EXTENDED, *_joined_late(found))


def _joined_late(found: _Class) -> Iterator[ColumnElement[bool]]:
    """Who was there before the first release has the cohort's dates, as far as joining goes."""
    rules = found.facts.rules
    if rules.pacing is Pacing.COHORT:
        yield ENROLMENT.c.enrolled_at >= min(one.opens_at for one in all_dates(rules, now=found.now))
