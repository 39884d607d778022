"""Reading everybody's dates in a cohort: the places in one statement."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, select

from courses.cohorts.access import staff_cohort
from courses.cohorts.grid.pages import GridFilters, GridPage, Learner, cell_of, resolver, row_of, usual_dates
from courses.cohorts.queries import COHORT, CohortFacts
from courses.cohorts.staff import module_titles
from courses.enrolment.access import ENROLMENT, SECTION, Place, places
from courses.enrolment.models import EnrolmentState
from courses.paging import offset, pager, query
from courses.schedule.rules import all_dates
from courses.schedule.terms import Pacing
from courses.schedule.zones import zone
from courses.searching import holds
from fourweek.accounts.access import PERSON, Visitor
from fourweek.accounts.service import EMAIL

PER_PAGE = 30
NO_SECTION = "none"
Chosen = tuple[str, str, bool]
"""What is searched for, a section's id, and whether only those are wanted whose dates differ."""

_SECTIONS = (
    select(SECTION.c.id, SECTION.c.name).where(SECTION.c.cohort_id == bindparam("cohort")).order_by(SECTION.c.name)
)
_ADDRESS = (
    select(EMAIL.c.address)
    .where(EMAIL.c.person_id == PERSON.c.id, EMAIL.c.is_primary)
    .correlate(PERSON)
    .limit(1)
    .scalar_subquery()
)
_PEOPLE: Any = (
    select(
        ENROLMENT.c.id,
        PERSON.c.display_name.label("name"),
        SECTION.c.name.label("section"),
        _ADDRESS.label("address"),
    )
    .select_from(
        ENROLMENT.join(PERSON, PERSON.c.id == ENROLMENT.c.person_id).outerjoin(
            SECTION, SECTION.c.id == ENROLMENT.c.section_id
        )
    )
    .where(ENROLMENT.c.cohort_id == bindparam("cohort"), ENROLMENT.c.state != EnrolmentState.WITHDRAWN)
    .order_by(PERSON.c.display_name, ENROLMENT.c.id)
)


def grid_page(conn: Connection, visitor: Visitor, cohort_id: str, chosen: Chosen, number: int) -> GridPage:
    """One page of learners by name with the dates of every module; five statements, however many there are."""
    facts = staff_cohort(conn, visitor, cohort_id)
    filters = _filters(conn, cohort_id, chosen)
    people = conn.execute(_PEOPLE.where(*_wanted(filters)), {"cohort": cohort_id}).all()
    first, last = offset(number, PER_PAGE), offset(number + 1, PER_PAGE)
    found = len(people)
    if filters.differs:
        learners = [one for one in _learners(conn, facts, people, visitor) if one.differs]
        found, learners = len(learners), learners[first:last]
    else:
        learners = _learners(conn, facts, people[first:last], visitor)
    given = {"q": filters.search, "section": filters.section, "differs": "1" if filters.differs else ""}
    here, by_rule = zone(facts.zone), facts.rules.pacing is Pacing.COHORT
    return GridPage(
        cohort_id=cohort_id,
        cohort_name=facts.name,
        course_title=facts.course_title,
        zone=facts.zone,
        titles=module_titles(conn, facts.version_id),
        rule=tuple(cell_of(one, here) for one in all_dates(facts.rules, now=visitor.now.school)) if by_rule else (),
        rows=tuple(row_of(one) for one in learners),
        filters=filters,
        found=found,
        query=query(**given).removeprefix("?"),
        pager=pager(number, found, lambda n: query(**given, page=n), PER_PAGE),
    )


def grid_table(
    conn: Connection, visitor: Visitor, cohort_id: str, chosen: Chosen
) -> tuple[tuple[str, ...], list[Learner]]:
    """The titles of the modules, and everybody who fits, for a table that is written elsewhere."""
    facts = staff_cohort(conn, visitor, cohort_id)
    filters = _filters(conn, cohort_id, chosen)
    people = conn.execute(_PEOPLE.where(*_wanted(filters)), {"cohort": cohort_id}).all()
    learners = _learners(conn, facts, people, visitor)
    return module_titles(conn, facts.version_id), [one for one in learners if one.differs or not filters.differs]


def _learners(conn: Connection, facts: CohortFacts, people: Any, visitor: Visitor) -> list[Learner]:
    """These people with their dates, in their order; one statement."""
    now = visitor.now.school
    ids = [row.id for row in people]
    known: dict[str, Place] = {}
    if ids:
        theirs = places(conn, COHORT.c.id == facts.id, ENROLMENT.c.id.in_(ids))
        known = {place.enrolment_id: place for place in theirs}
    resolve = resolver(now)
    usual = usual_dates(facts.rules, resolve, now)
    return [
        Learner(place, row.name, row.section or "", row.address or "", resolve(place), usual(place))
        for row in people
        if (place := known.get(row.id))
    ]


def _filters(conn: Connection, cohort_id: str, chosen: Chosen) -> GridFilters:
    search, section, differs = chosen
    sections = [(row.id, row.name) for row in conn.execute(_SECTIONS, {"cohort": cohort_id})]
    known = {NO_SECTION, *(key for key, _ in sections)}
    return GridFilters(
        search=" ".join(search.split())[:100],
        section=section if section in known else "",
        differs=differs,
        sections=(("", "Every section"), *sections, (NO_SECTION, "Without a section")) if sections else (),
    )


def _wanted(filters: GridFilters) -> Iterator[ColumnElement[bool]]:
    yield from (holds(word, PERSON.c.display_name) for word in filters.search.split())
    if filters.section:
        no_section = filters.section == NO_SECTION
        yield ENROLMENT.c.section_id.is_(None) if no_section else ENROLMENT.c.section_id == filters.section
