"""The pages of progress by competency: who may see whose, and what they say."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from assessments.competencies.progress import ENROLMENT, Whose, progress
from assessments.competencies.queries import AlignedSkill
from assessments.competencies.standing import Asked, Reached, SkillStanding, Standing, by_skill
from assessments.record.queries import person_id_of, registrar
from courses.cohorts.access import staff_cohort
from courses.enrolment.models import EnrolmentState
from courses.paging import PER_PAGE, Pager, offset, pager, query
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON, Visitor
from fourweek.errors import NotFound
from fourweek.light import dataclass

_NAME = select(PERSON.c.display_name).where(PERSON.c.id == bindparam("person"))
_OF_COHORT: Any = select(ENROLMENT.c.person_id).where(
    ENROLMENT.c.id == bindparam("enrolment"), ENROLMENT.c.cohort_id == bindparam("cohort")
)


@dataclass(frozen=True, slots=True)
class BestLine:
    """The highest level that was reached, on what, and when; `open_in` is the cohort whose pages lead there, "" where
    the visitor has none."""

    level: str
    met: bool
    criterion: str
    assignment: str
    course: str
    posted: Said
    open_in: str
    module_number: int
    assignment_key: str
    attempt: int


@dataclass(frozen=True, slots=True)
class LeftLine:
    """An assignment of a running course with the criteria that are still to be shown in it; its module says when."""

    assignment: str
    criteria: tuple[str, ...]
    open_in: str
    module_number: int


@dataclass(frozen=True, slots=True)
class CompetencyLine:
    title: str
    course: str
    best: BestLine | None
    left: tuple[LeftLine, ...]
    skills: tuple[AlignedSkill, ...]


@dataclass(frozen=True, slots=True)
class SkillLine:
    """An outside skill; `competencies` are (title, course)."""

    skill: AlignedSkill
    best: BestLine | None
    competencies: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """Whose progress it is ("" for one's own), by competency and by outside skill, a page of each.

    It was opened from the record with `learner_number`, or from the place `enrolment_id` in `cohort` (id, name).
    """

    name: str
    competencies: tuple[CompetencyLine, ...]
    pager: Pager
    skills: tuple[SkillLine, ...]
    skills_pager: Pager
    learner_number: str = ""
    cohort: tuple[str, str] = ("", "")
    enrolment_id: str = ""


def my_progress(conn: Connection, visitor: Visitor, number: int, skills_number: int) -> ProgressPage:
    """One's own, over all courses; six statements at most, whatever their number."""
    return _page(conn, visitor, Whose(visitor.me.id, is_own=True), (number, skills_number))


def progress_on_record(
    conn: Connection, visitor: Visitor, learner_number: str, number: int, skills_number: int
) -> ProgressPage:
    """A learner's, over all courses, for those who keep the record. Raises NotFound for everybody else."""
    registrar(visitor)
    page = _page(conn, visitor, Whose(person_id_of(conn, learner_number)), (number, skills_number))
    return replace(page, learner_number=learner_number)


def progress_in_cohort(
    conn: Connection, visitor: Visitor, cohort_id: str, enrolment_id: str, number: int, skills_number: int
) -> ProgressPage:
    """A learner's in one cohort, for those who run it: what other courses know of them stays there. Raises NotFound."""
    facts = staff_cohort(conn, visitor, cohort_id)
    person: str | None = conn.execute(_OF_COHORT, {"enrolment": enrolment_id, "cohort": cohort_id}).scalar()
    if person is None:
        raise NotFound
    page = _page(conn, visitor, Whose(person, cohort_id=cohort_id), (number, skills_number))
    return replace(page, cohort=(cohort_id, facts.name), enrolment_id=enrolment_id)


def _page(conn: Connection, visitor: Visitor, whose: Whose, numbers: tuple[int, int]) -> ProgressPage:
    found, cohorts = progress(conn, whose, visitor.now.school)
    joined = by_skill(found)
    name = "" if whose.is_own else conn.execute(_NAME, {"person": whose.person_id}).scalar_one()
    first, second = (offset(number) for number in numbers)
    say = _Say(visitor, whose, cohorts)
    return ProgressPage(
        name=name,
        competencies=tuple(map(say.competency, found[first : first + PER_PAGE])),
        pager=pager(numbers[0], len(found), lambda n: query(page=n, skills=numbers[1])),
        skills=tuple(map(say.skill, joined[second : second + PER_PAGE])),
        skills_pager=pager(numbers[1], len(joined), lambda n: query(page=numbers[0], skills=n)),
    )


@dataclass(frozen=True, slots=True)
class _Say:
    """Puts standings into words for one visitor."""

    visitor: Visitor
    whose: Whose
    cohorts: Mapping[str, Row[Any]]

    def competency(self, one: Standing) -> CompetencyLine:
        return CompetencyLine(one.title, one.course, self.best(one.best), self.left(one.left), one.skills)

    def skill(self, one: SkillStanding) -> SkillLine:
        return SkillLine(one.skill, self.best(one.best), tuple((each.title, each.course) for each in one.competencies))

    def best(self, one: Reached | None) -> BestLine | None:
        if one is None:
            return None
        here, mine = zone(self.cohorts[one.cohort_id].zone), zone(self.visitor.me.zone)
        return BestLine(
            level=one.level,
            met=one.met,
            criterion=one.criterion,
            assignment=one.assignment,
            course=one.course,
            posted=say_instant(one.posted_at, here, mine),
            open_in=self._opens(one.cohort_id),
            module_number=one.module_number,
            assignment_key=one.assignment_key,
            attempt=one.attempt,
        )

    def left(self, asked: Sequence[Asked]) -> tuple[LeftLine, ...]:
        by_assignment: dict[tuple[str, str], list[Asked]] = {}
        for one in asked:
            by_assignment.setdefault((one.cohort_id, one.assignment_key), []).append(one)
        return tuple(
            LeftLine(
                assignment=all_of[0].assignment,
                criteria=tuple(one.criterion for one in all_of),
                open_in=self._opens(all_of[0].cohort_id),
                module_number=all_of[0].module_number,
            )
            for all_of in by_assignment.values()
        )

    def _opens(self, cohort_id: str) -> str:
        is_open = self.whose.is_own and self.cohorts[cohort_id].state is not EnrolmentState.WITHDRAWN
        return cohort_id if is_open else ""
