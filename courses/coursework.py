"""What courses must know of assessments, asked through one protocol. `assessments` fulfils it, `app.py` wires it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import Connection
from starlette.requests import Request

from fourweek.accounts.access import Visitor
from fourweek.light import dataclass

if TYPE_CHECKING:
    from courses.packages.models import ParsedCourse, Problem


class WorkState(StrEnum):
    """How a learner stands with one assignment, by posted decisions only."""

    NOT_STARTED = "not started"
    DRAFT = "draft"
    SUBMITTED = "waiting for a grader"
    RETURNED = "returned incomplete"
    NOT_YET = "not yet demonstrated"
    DEMONSTRATED = "demonstrated"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision on an assignment that was posted last, and what its grader wrote."""

    decision_id: str
    attempt: int
    came_back: bool
    comment: str
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class Work:
    """One assignment of a module as a learner stands with it. `submitted_at` is of the newest submitted attempt;
    `attempts_left` None: no limit is set.

    `came_back` counts attempts that were not demonstrated or returned. `begun_id` and `rubric_id` are those that the
    first attempt pinned; `draft_id` is the attempt being written, `saved_at` when the newest one was last changed.
    """

    assignment_id: str
    key: str
    title: str
    module_number: int
    required: bool
    state: WorkState
    attempts: int = 0
    submitted_at: datetime | None = None
    late: bool = False
    attempts_left: int | None = None
    came_back: int = 0
    begun_id: str = ""
    rubric_id: str = ""
    draft_id: str | None = None
    saved_at: datetime | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class RequirementStep:
    """One requirement of an assignment as the draft fills it; `missing` says what it still lacks, "" where nothing."""

    title: str
    required: bool
    is_filled: bool
    missing: str


@dataclass(frozen=True, slots=True)
class CriterionStep:
    """One criterion; `reached` is the level that was posted last, "" while there is none."""

    title: str
    needed: str
    reached: str
    is_met: bool


@dataclass(frozen=True, slots=True)
class Steps:
    """How far an assignment is. `requirements` is empty where no draft is open or to be begun."""

    requirements: tuple[RequirementStep, ...]
    criteria: tuple[CriterionStep, ...]


@dataclass(frozen=True, slots=True)
class PublicLevel:
    """`exemplar_html` shows an example, sanitised; "" where there is none."""

    title: str
    descriptor: str
    key: str = ""
    exemplar_html: str = ""


@dataclass(frozen=True, slots=True)
class PublicCriterion:
    """`levels` stand lowest first; `required_level` is the key of the lowest that demonstrates the criterion.

    `competency` is a title, `competency_key` its key. `judged_on` holds the keys of the requirements it is judged on.
    """

    title: str
    description: str
    competency: str
    levels: tuple[PublicLevel, ...]
    required_level: str
    key: str = ""
    judged_on: tuple[str, ...] = ()
    competency_key: str = ""


@dataclass(frozen=True, slots=True)
class PublicAssignment:
    """What is asked and how it is judged: public from the start (law 1). `asks` are the requirements' titles.

    `rule` says how levels become the outcome, where that is not simply every criterion at its required level.
    """

    key: str
    title: str
    module_number: int
    required: bool
    asks: tuple[str, ...]
    criteria: tuple[PublicCriterion, ...]
    rule: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RubricOutlook:
    """What a package would change in the rubric of the assignment with this key, for its authors.

    `changes` and `concerns` are sentences: what differs from the newest version, and which learners keep what.
    """

    key: str
    title: str
    is_structure: bool
    changes: tuple[str, ...]
    concerns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionPreview:
    """One question of a knowledge check with its answers, for authors alone. `options` are (inline HTML, is it right);
    `wanted` is the right number in words, "" for a choice."""

    prompt_html: str
    options: tuple[tuple[str, bool], ...]
    wanted: str
    feedback_html: str


@dataclass(frozen=True, slots=True)
class CheckPreview:
    """A knowledge check of the assignment with this key, for authors alone; `rules` say how it asks."""

    assignment_key: str
    title: str
    rules: str
    questions: tuple[QuestionPreview, ...]


@dataclass(frozen=True, slots=True)
class SeriesBadge:
    """The badge that a series gives: its name and its rule, and how far the person asked about is, in words.

    `slug` is the address of their badge, "" while they have none; `progress` is "" for nobody, and once they have it.
    """

    name: str
    achievement_id: str
    rule: str
    progress: str = ""
    slug: str = ""


@dataclass(frozen=True, slots=True)
class CountedCourse:
    """What the credit of a course comes from: the counted minutes of each module by category, in order, whether each is
    an event of its own, and the types beside the CEU, as the rules of `day` count them."""

    modules: tuple[Mapping[str, int], ...]
    separate_events: bool
    types: tuple[str, ...]
    day: date


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """The rows a package became; `module_ids` are in the order of its modules."""

    course_id: str
    version_id: str
    module_ids: tuple[str, ...]


class PreparedWork(Protocol):
    """The assignments of a package as they were read and rendered, outside of any transaction (law 12)."""

    @property
    def problems(self) -> "Sequence[Problem]":
        """Everything wrong with them."""

    @property
    def public(self) -> tuple[PublicAssignment, ...]:
        """All of them with their rubrics, in order, as they will be public."""

    @property
    def checks(self) -> tuple[CheckPreview, ...]:
        """All knowledge checks with their answers: for the authors' preview, and for nobody else."""

    @property
    def files(self) -> tuple[bytes, ...]:
        """What must be in the store before `store` is called: pictures of the badge that its author brought."""

    def obstacle(self, conn: Connection) -> str:
        """Why they cannot be stored as things stand; "" where they can."""

    def store(self, conn: Connection, version: PublishedVersion, now: datetime) -> None:
        """Insert assignments, requirements, competencies, rubrics and rules of a version being published."""


class Coursework(Protocol):
    """The assessments' side of a course."""

    def prepare(self, course: "ParsedCourse") -> PreparedWork:
        """Read and render the assignments of a package. Slow: not on the loop, not in a transaction."""

    def public_assignments(self, conn: Connection, version_id: str) -> tuple[PublicAssignment, ...]:
        """All assignments of a version with their rubrics, in order."""

    def rubric_outlook(
        self, conn: Connection, code: str, version: str, assignments: Sequence[PublicAssignment]
    ) -> tuple[RubricOutlook, ...]:
        """Which rubrics of the course these assignments would change as its version "major.minor", and for whom."""

    def work(self, conn: Connection, version_id: str, enrolment_id: str, now: datetime) -> tuple[Work, ...]:
        """Every assignment of the version as this enrolment stands with it, in order; one or two statements."""

    def work_of_many(
        self, conn: Connection, enrolments: Mapping[str, str], now: datetime
    ) -> dict[str, tuple[Work, ...]]:
        """`work` for several {enrolment id: version id} at once, in as many statements as for one."""

    def steps(self, conn: Connection, works: Sequence[Work]) -> dict[str, Steps]:
        """How far each of these works of one person is, by key; at most four statements, two once titles are kept."""

    def credited_of_many(self, conn: Connection, enrolment_ids: Collection[str]) -> dict[str, frozenset[int]]:
        """The numbers of the modules that each enrolment has credit for; one statement."""

    def credit_words(self, course: CountedCourse) -> tuple[str, ...]:
        """What the course gives to who completes it, such as ("1.0 CEU", "10.0 professional development hours")."""

    def asking_modules(self, conn: Connection, version_ids: Collection[str]) -> dict[str, frozenset[int]]:
        """The numbers of the modules that ask for evidence, by version; at most one statement."""

    def to_grade(self, conn: Connection, visitor: Visitor) -> str:
        """What waits for a visitor who grades, in sentences; two statements."""

    def series_badge(
        self, conn: Connection, series_id: str, person_id: str, zone_name: str, now: datetime
    ) -> SeriesBadge | None:
        """The badge of a series, None where it gives none; `person_id` "" for guests. At most four statements."""


def coursework(request: Request) -> Coursework:
    """The fulfilment that `app.py` wired, for a route to hand on."""
    found: Coursework = request.app.state.coursework
    return found


def module_complete(work: Sequence[Work], module_number: int, unattended: Collection[int]) -> bool:
    """The completion rule: every required assignment of the module is demonstrated, there is at least one, and no live
    session that it asks for is still to be attended. `unattended` are the numbers of the modules where one is."""
    required = [w for w in work if w.module_number == module_number and w.required]
    demonstrated = bool(required) and all(w.state is WorkState.DEMONSTRATED for w in required)
    return demonstrated and module_number not in unattended


def course_met(work: Sequence[Work], unattended: Collection[int]) -> bool:
    """Every module that asks for work is complete, and there is at least one."""
    asking = {w.module_number for w in work if w.required}
    return bool(asking) and all(module_complete(work, number, unattended) for number in asking)
