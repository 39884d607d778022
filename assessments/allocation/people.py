"""The page of a cohort's graders: how much each has to do, who grades which section, who is kept from whose work."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, exists, false, func, select

from assessments.allocation.conflicts import CONFLICT
from assessments.allocation.graders import Grader, InSection, graders_of, loads_of, section_graders
from assessments.terms.queries import TERMS
from courses.cohorts.access import staff_cohort
from courses.enrolment.access import ENROLMENT, SECTION
from courses.enrolment.models import EnrolmentState
from courses.paging import PER_PAGE, Pager, offset, pager, query
from courses.schedule.words import say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON, Visitor
from fourweek.language import N_, _, n_, p_
from fourweek.language.lists import in_a_row
from fourweek.light import dataclass

MOST_LEARNERS = 1000
HIDDEN = N_("a learner whose work they had")
_GRADER, _LEARNER = PERSON.alias("grader"), PERSON.alias("learner")
_LEARNERS = (
    select(PERSON.c.id, PERSON.c.display_name)
    .join(ENROLMENT, ENROLMENT.c.person_id == PERSON.c.id)
    .where(ENROLMENT.c.cohort_id == bindparam("cohort"), ENROLMENT.c.state != EnrolmentState.WITHDRAWN)
    .order_by(PERSON.c.display_name, PERSON.c.id)
    .limit(MOST_LEARNERS)
)
_SECTIONS = (
    select(SECTION.c.id, SECTION.c.name).where(SECTION.c.cohort_id == bindparam("cohort")).order_by(SECTION.c.name)
)
_LEARNS = exists(
    select(ENROLMENT.c.id)
    .where(ENROLMENT.c.cohort_id == bindparam("cohort"), ENROLMENT.c.person_id == CONFLICT.c.person_id)
    .correlate(CONFLICT)
)
_ANONYMOUS = select(TERMS.c.anonymous).where(TERMS.c.cohort_id == bindparam("cohort")).scalar_subquery()
# Who stated it on the grading screen did so about one work; its learner's name beside it would tell whose that is.
_STAYS_HIDDEN = and_(CONFLICT.c.stated_by == CONFLICT.c.grader_id, func.coalesce(_ANONYMOUS, false()))
_CONFLICTS: Select[Any] = (
    select(
        CONFLICT.c.id,
        CONFLICT.c.reason,
        CONFLICT.c.stated_at,
        _GRADER.c.display_name.label("grader"),
        _LEARNER.c.display_name.label("learner"),
        _STAYS_HIDDEN.label("hidden"),
        func.count().over().label("total"),
    )
    .join(_GRADER, _GRADER.c.id == CONFLICT.c.grader_id)
    .join(_LEARNER, _LEARNER.c.id == CONFLICT.c.person_id)
    .where(CONFLICT.c.ended_at.is_(None), _LEARNS)
    .order_by(CONFLICT.c.stated_at.desc(), CONFLICT.c.id)
    .limit(PER_PAGE)
    .offset(bindparam("skip"))
)


@dataclass(frozen=True, slots=True)
class GraderLine:
    """`about` says as what somebody grades here, which sections, and how much they have to do in all cohorts."""

    id: str
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """`learner` is a name, or HIDDEN where grading is anonymous and the grader stated it themselves."""

    id: str
    grader: str
    learner: str
    about: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """`graders`, `sections` and `learners` are also the choices of the forms; `typed` what one of them sent."""

    cohort_id: str
    cohort_name: str
    course_title: str
    graders: tuple[GraderLine, ...]
    sections: tuple[tuple[str, str], ...]
    in_sections: tuple[tuple[InSection, str], ...]
    learners: tuple[tuple[str, str], ...]
    conflicts: tuple[ConflictLine, ...]
    pager: Pager
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        return tuple((one.id, one.name) for one in self.graders)

    @property
    def summary(self) -> tuple[tuple[str, str], ...]:
        return tuple((f"field-{name}", words) for name, words in self.errors.items())


def people_page(
    conn: Connection,
    visitor: Visitor,
    cohort_id: str,
    number: int = 1,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> PeoplePage:
    """The page with one page of conflicts; seven statements. Raises as `staff_cohort` does."""
    facts = staff_cohort(conn, visitor, cohort_id)
    values = {"cohort": cohort_id}
    graders, own = graders_of(conn, cohort_id), section_graders(conn, cohort_id)
    loads, names = loads_of(conn, [one.id for one in graders], visitor.now.real), {one.id: one.name for one in graders}
    rows = conn.execute(_CONFLICTS, values | {"skip": offset(number)}).all()
    return PeoplePage(
        cohort_id=cohort_id,
        cohort_name=facts.name,
        course_title=facts.course_title,
        graders=tuple(GraderLine(one.id, one.name, _about(one, own, loads[one.id])) for one in graders),
        sections=tuple((row.id, row.name) for row in conn.execute(_SECTIONS, values)),
        in_sections=tuple(
            (one, names.get(one.grader_id, _("Somebody who does not grade here any more"))) for one in own
        ),
        learners=tuple((row.id, row.display_name) for row in conn.execute(_LEARNERS, values)),
        conflicts=tuple(_conflict(row, facts.zone, visitor) for row in rows),
        pager=pager(number, rows[0].total if rows else 0, lambda to: query(page=to)),
        typed=typed or {},
        errors=errors or {},
    )


def _about(one: Grader, own: Sequence[InSection], load: int) -> str:
    sections = in_a_row(section.name for section in own if section.grader_id == one.id)
    to_do = n_("{count} to do", "{count} to do", load) if load else _("nothing to do")
    parts = (p_("a person does", "Leads") if one.is_lead else p_("a person does", "Grades"), sections, to_do)
    return " · ".join(filter(None, parts))


def _conflict(row: Any, zone_name: str, visitor: Visitor) -> ConflictLine:
    at = say_instant(row.stated_at, zone(zone_name), zone(visitor.me.zone)).words
    learner = _(HIDDEN) if row.hidden else row.learner
    about = _("Stated {when}: {reason}", when=at, reason=row.reason) if row.reason else _("Stated {when}", when=at)
    return ConflictLine(row.id, row.grader, learner, about)
