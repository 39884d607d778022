"""Reading many places at once: what cohorts and sections share is read once, and everybody's own row is short.

A `Member` is what a place is made of, as it was read. Two readings of a person compare cheaply and give the same place
where they are equal, so that whoever looks at everybody again and again may leave out those who are as they were.
"""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, bindparam, select

from courses.cohorts.queries import COHORT, COHORT_COLUMNS, COHORT_SOURCE, CohortFacts, facts_of
from courses.enrolment.access import (
    ENROLMENT,
    EXTENSION,
    GRANT_COLUMNS,
    LIVE,
    SECTION,
    SECTION_COLUMNS,
    Place,
    grant_of,
    section_rules,
)
from courses.enrolment.models import EnrolmentState
from courses.schedule.terms import SectionRules
from fourweek.accounts.access import PERSON
from fourweek.light import dataclass
from fourweek.prepared import Prepared

T = TypeVar("T")

_IS_ACTIVE = ENROLMENT.c.state == EnrolmentState.ACTIVE
_ACTIVE_COHORTS = select(ENROLMENT.c.cohort_id).where(_IS_ACTIVE)
_COHORTS = Prepared(select(*COHORT_COLUMNS).select_from(COHORT_SOURCE).where(COHORT.c.id.in_(_ACTIVE_COHORTS)))
_SECTIONS = Prepared(select(*SECTION_COLUMNS).where(SECTION.c.cohort_id.in_(_ACTIVE_COHORTS)))
_LIVE = Prepared(select(LIVE.c.cohort_id).where(LIVE.c.cohort_id.in_(_ACTIVE_COHORTS)).distinct())
_ACTIVE = Prepared(
    select(
        ENROLMENT.c.id,
        ENROLMENT.c.person_id,
        ENROLMENT.c.cohort_id,
        ENROLMENT.c.section_id,
        ENROLMENT.c.enrolled_at,
        PERSON.c.zone.label("person_zone"),
    )
    .join(PERSON, PERSON.c.id == ENROLMENT.c.person_id)
    .where(_IS_ACTIVE, PERSON.c.disabled_at.is_(None), ENROLMENT.c.id > bindparam("after"))
    .order_by(ENROLMENT.c.id)
    .limit(bindparam("most"))
)
_GRANTS_OF_ACTIVE = Prepared(
    select(EXTENSION.c.enrolment_id, *GRANT_COLUMNS)
    .join(ENROLMENT, ENROLMENT.c.id == EXTENSION.c.enrolment_id)
    .where(_IS_ACTIVE, ENROLMENT.c.id > bindparam("after"), ENROLMENT.c.id <= bindparam("last"))
    .order_by(EXTENSION.c.id)
)


@dataclass(frozen=True, slots=True)
class Shared:
    """What classmates have in common, by the ids of cohorts and sections; `live` are the cohorts with live sessions."""

    cohorts: Mapping[str, CohortFacts]
    sections: Mapping[str, SectionRules]
    live: Collection[str] = ()

    def like(self, before: "Shared") -> "Shared":
        """The same, made of the objects of an earlier reading where they are equal, so that comparing is quick."""
        return Shared(_like(self.cohorts, before.cohorts), _like(self.sections, before.sections), self.live)

    def knows(self, row: Any) -> bool:
        return row.cohort_id in self.cohorts and (row.section_id is None or row.section_id in self.sections)


class Member(NamedTuple):
    """Somebody in a cohort: their row, what they share, and the rows of their extensions.

    The row has the enrolment's id, person_id, section_id and enrolled_at at least.
    """

    row: Any
    cohort: CohortFacts
    section: SectionRules | None
    grants: tuple[Any, ...]
    meets_live: bool

    @property
    def enrolment_id(self) -> str:
        return str(self.row.id)

    @property
    def zone(self) -> str:
        """The zone in which the dates are reckoned."""
        return (self.section and self.section.zone) or self.cohort.rules.zone

    def place(self, state: EnrolmentState = EnrolmentState.ACTIVE) -> Place:
        return Place(
            enrolment_id=self.row.id,
            person_id=self.row.person_id,
            state=state,
            enrolled_at=self.row.enrolled_at,
            cohort=self.cohort,
            section=self.section,
            extensions=tuple(grant_of(one, self.cohort.rules.due_time) for one in self.grants),
            meets_live=self.meets_live,
            section_id=self.row.section_id,
        )


class Members(NamedTuple):
    """Some active enrolments in the order of their ids: the last id, and `passed` those who cannot be made yet,
    since their cohort or section came after what is shared was read."""

    found: list[Member]
    passed: frozenset[str]
    last: str


def shared(conn: Connection) -> Shared:
    """The cohorts with somebody active and their sections; three statements."""
    return Shared(
        {row.cohort_id: facts_of(row) for row in _COHORTS.all(conn)},
        {row.section_id: section_rules(row) for row in _SECTIONS.all(conn)},
        frozenset(row.cohort_id for row in _LIVE.all(conn)),
    )


def members(conn: Connection, common: Shared, after: str, most: int) -> Members | None:
    """At most so many active enrolments of people who may sign in, from beyond `after` on; None when none is left.

    Two statements.
    """
    rows = _ACTIVE.all(conn, after=after, most=most)
    if not rows:
        return None
    last = str(rows[-1].id)
    grants: dict[str, list[Any]] = {}
    for one in _GRANTS_OF_ACTIVE.all(conn, after=after, last=last):
        grants.setdefault(one.enrolment_id, []).append(one)
    return Members(
        [_member(row, common, grants) for row in rows if common.knows(row)],
        frozenset(row.id for row in rows if not common.knows(row)),
        last,
    )


def _member(row: Any, common: Shared, grants: Mapping[str, list[Any]]) -> Member:
    return Member(
        row,
        common.cohorts[row.cohort_id],
        common.sections[row.section_id] if row.section_id else None,
        tuple(grants.get(row.id, ())),
        row.cohort_id in common.live,
    )


def _like(now: Mapping[str, T], before: Mapping[str, T]) -> dict[str, T]:
    return {key: before[key] if before.get(key) == one else one for key, one in now.items()}
