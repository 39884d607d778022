"""A cohort as it stands before its rules are changed: sections, people, and everything their dates depend on."""

from typing import Any

from sqlalchemy import Connection, bindparam, select

from courses.cohorts.access import staff_cohort
from courses.cohorts.queries import COHORT, CohortFacts
from courses.enrolment.access import ENROLMENT, SECTION, SECTION_COLUMNS, Place, places, section_rules
from courses.enrolment.models import EnrolmentState
from courses.schedule.terms import CohortRules, SectionRules
from fourweek.accounts.access import Visitor
from fourweek.light import dataclass

_ROW = select(COHORT).where(COHORT.c.id == bindparam("cohort"))
_SECTIONS: Any = (
    select(*SECTION_COLUMNS, SECTION.c.name, SECTION.c.revision)
    .where(SECTION.c.cohort_id == bindparam("cohort"))
    .order_by(SECTION.c.name, SECTION.c.id)
)


@dataclass(frozen=True, slots=True)
class SectionFacts:
    id: str
    name: str
    rules: SectionRules
    revision: int


@dataclass(frozen=True, slots=True)
class Standing:
    """`row` has every column of the cohort; `places`, where asked for, are of everybody who has not withdrawn."""

    facts: CohortFacts
    row: Any
    sections: tuple[SectionFacts, ...]
    places: tuple[Place, ...]

    @property
    def rules(self) -> CohortRules:
        return self.facts.rules

    @property
    def known(self) -> str:
        """Changes with every change of the rules of the cohort or one of its sections."""
        return " ".join([str(self.row.revision), *(f"{one.id}:{one.revision}" for one in self.sections)])

    def section(self, section_id: str) -> SectionFacts | None:
        return next((one for one in self.sections if one.id == section_id), None)


def standing(conn: Connection, visitor: Visitor, cohort_id: str, *, people: bool = True) -> Standing:
    """The cohort with its sections and people, in four statements. Raises as `staff_cohort` does."""
    taking_part = (COHORT.c.id == cohort_id, ENROLMENT.c.state != EnrolmentState.WITHDRAWN)
    facts = staff_cohort(conn, visitor, cohort_id)
    return Standing(
        facts=facts,
        row=conn.execute(_ROW, {"cohort": cohort_id}).one(),
        sections=sections_of(conn, cohort_id),
        places=tuple(places(conn, *taking_part)) if people else (),
    )


def sections_of(conn: Connection, cohort_id: str) -> tuple[SectionFacts, ...]:
    """The sections of a cohort, by name."""
    rows = conn.execute(_SECTIONS, {"cohort": cohort_id})
    return tuple(SectionFacts(row.section_id, row.name, section_rules(row), row.revision) for row in rows)
