"""A learner's desk: one open assignment with its slots and attempts, fetched and authorised in one step."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from assessments.assignments.queries import ASSIGNMENT, MODULE, REQUIREMENT
from assessments.evidence.models import SubmissionState
from assessments.evidence.queries import POSTED, SUBMISSION, attempt_of
from assessments.evidence.rules import Asked
from assessments.evidence.standing import Attempt, may_begin, standing
from courses.coursework import WorkState
from courses.enrolment.access import Place, my_place
from courses.schedule.rules import EffectiveDates, is_open, takes_attempt
from fourweek.accounts.access import Visitor
from fourweek.errors import NotFound
from fourweek.keeping import Bounded


@dataclass(frozen=True, slots=True)
class Where:
    """The address of an assignment."""

    cohort_id: str
    module_number: int
    key: str

    @property
    def path(self) -> str:
        return f"/cohorts/{self.cohort_id}/modules/{self.module_number}/assignments/{self.key}"

    def known(self) -> "Where":
        """Itself, unless no row can have this address: PostgreSQL takes no NUL."""
        if "\0" in self.cohort_id + self.key:
            raise NotFound
        return self


@dataclass(frozen=True, slots=True)
class Slot:
    """One requirement of the assignment; `prompt_html` was sanitised when the course was published."""

    id: str
    prompt_html: str
    asked: Asked


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt as it is stored, with the decision that holds and is posted, if there is one."""

    id: str
    attempt: Attempt
    rubric_id: str
    saved_at: datetime
    receipt: str
    late_rule: str
    decision_id: str | None
    comment: str
    posted_at: datetime | None

    @property
    def number(self) -> int:
        return self.attempt.number

    @classmethod
    def begun(cls, submission_id: str, number: int, rubric_id: str, now: datetime) -> "Tried":
        """A draft that was made this moment."""
        draft = Attempt(number, SubmissionState.DRAFT)
        return cls(submission_id, draft, rubric_id, now, "", "", None, "", None)


@dataclass(frozen=True, slots=True)
class Task:
    """What an assignment asks, as its module's page may show it once it is open."""

    id: str
    title: str
    module_title: str
    instructions_html: str
    required: bool
    max_attempts: int | None
    rubric_id: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """`now` is the school's time; `tries` stand oldest first."""

    where: Where
    place: Place
    dates: EffectiveDates
    now: datetime
    task: Task
    tries: tuple[Tried, ...]

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        return tuple(tried.attempt for tried in self.tries)

    @property
    def state(self) -> WorkState:
        return standing(self.attempts)

    @property
    def draft(self) -> Tried | None:
        return self.tries[-1] if self.tries and self.tries[-1].attempt.is_draft else None

    @property
    def number(self) -> int:
        """The attempt that is or would be worked on."""
        return self.draft.number if self.draft else len(self.tries) + 1

    @property
    def takes(self) -> bool:
        """Whether evidence may be handed in now, by the dates."""
        return takes_attempt(self.dates, self.now, first=self.number == 1)

    @property
    def may_begin(self) -> bool:
        """Whether an attempt may be begun now: by the dates, the state and the limit of attempts."""
        return self.takes and may_begin(self.attempts, self.task.max_attempts)

    @property
    def rubric_id(self) -> str:
        """The rubric that the first attempt pinned (law 6), the assignment's own before that."""
        return self.tries[0].rubric_id if self.tries else self.task.rubric_id

    def tried(self, number: int) -> Tried | None:
        return next((tried for tried in self.tries if tried.number == number), None)


# An assignment with its slots, a row each; one without slots is a single row whose slot is empty.
_TASK: Select[Any] = (
    select(
        ASSIGNMENT.c.id.label("assignment_id"),
        ASSIGNMENT.c.title.label("assignment_title"),
        ASSIGNMENT.c.required.label("assignment_required"),
        ASSIGNMENT.c.instructions_html,
        ASSIGNMENT.c.max_attempts,
        ASSIGNMENT.c.rubric_id,
        MODULE.c.title.label("module_title"),
        REQUIREMENT,
    )
    .join(MODULE, MODULE.c.id == ASSIGNMENT.c.module_id)
    .outerjoin(REQUIREMENT, REQUIREMENT.c.assignment_id == ASSIGNMENT.c.id)
    .where(
        MODULE.c.version_id == bindparam("version"),
        MODULE.c.number == bindparam("number"),
        ASSIGNMENT.c.key == bindparam("key"),
    )
    .order_by(REQUIREMENT.c.position)
)
# What an assignment asks for never changes once its version is published.
_tasks: Bounded[tuple[str, int, str], Task] = Bounded(100)
_TRIES: Select[Any] = (
    select(
        SUBMISSION.c.id,
        SUBMISSION.c.attempt,
        SUBMISSION.c.state,
        SUBMISSION.c.rubric_id,
        SUBMISSION.c.saved_at,
        SUBMISSION.c.submitted_at,
        SUBMISSION.c.receipt,
        SUBMISSION.c.late,
        SUBMISSION.c.late_rule,
        POSTED.c.decision_id,
        POSTED.c.outcome,
        POSTED.c.comment,
        POSTED.c.posted_at,
    )
    .outerjoin(POSTED, POSTED.c.submission_id == SUBMISSION.c.id)
    .where(
        SUBMISSION.c.enrolment_id == bindparam("enrolment"),
        SUBMISSION.c.assignment_id == bindparam("assignment"),
    )
    .order_by(SUBMISSION.c.attempt)
)


def my_desk(conn: Connection, visitor: Visitor, where: Where, *, deciding: bool = False) -> Desk:
    """The visitor's own desk; two statements, three when cold. Raises NotFound for strangers and while it is locked.

    With `deciding`, the enrolment stays locked until the transaction ends, so that attempts are counted once.
    """
    place = my_place(conn, visitor, where.known().cohort_id, deciding=deciding)
    return desk_at(conn, place, visitor.now.school, where)


def desk_at(conn: Connection, place: Place, now: datetime, where: Where) -> Desk:
    """The desk of somebody whose place is known; `now` is the school's time. Raises NotFound as `my_desk` does."""
    dates, task = open_task(conn, place, now, where)
    keys = {"enrolment": place.enrolment_id, "assignment": task.id, "now": now}
    tries = tuple(_tried(row) for row in conn.execute(_TRIES, keys))
    return Desk(where, place, dates, now, task, tries)


def open_task(conn: Connection, place: Place, now: datetime, where: Where) -> tuple[EffectiveDates, Task]:
    """What is asked of somebody whose place is known, and by when. Raises NotFound while the module is locked."""
    if not 1 <= where.module_number <= place.cohort.rules.module_count:
        raise NotFound
    dates = place.dates(where.module_number, now)
    if not is_open(dates, now):
        raise NotFound
    return dates, task_at(conn, place.cohort.version_id, where)


def task_at(conn: Connection, version_id: str, where: Where) -> Task:
    """What is asked at an address, one statement when cold; whoever calls has authorised it. Raises NotFound."""
    at = (version_id, where.module_number, where.key)
    return _tasks.get(at) or _tasks.put(at, _read_task(conn, *at))


def _read_task(conn: Connection, version_id: str, number: int, key: str) -> Task:
    rows = conn.execute(_TASK, {"version": version_id, "number": number, "key": key}).all()
    if not rows:
        raise NotFound
    first = rows[0]
    return Task(
        id=first.assignment_id,
        title=first.assignment_title,
        module_title=first.module_title,
        instructions_html=first.instructions_html,
        required=first.assignment_required,
        max_attempts=first.max_attempts,
        rubric_id=first.rubric_id,
        slots=tuple(_slot(row) for row in rows if row.id),
    )


def _slot(row: Row[Any]) -> Slot:
    asked = Asked(
        key=row.key,
        title=row.title,
        kind=row.kind,
        required=row.required,
        min_words=row.min_words,
        max_words=row.max_words,
        max_items=row.max_items,
        accept=tuple(row.accept),
    )
    return Slot(row.id, row.prompt_html, asked)


def _tried(row: Row[Any]) -> Tried:
    return Tried(
        id=row.id,
        attempt=attempt_of(row),
        rubric_id=row.rubric_id,
        saved_at=row.saved_at,
        receipt=row.receipt or "",
        late_rule=row.late_rule,
        decision_id=row.decision_id,
        comment=row.comment or "",
        posted_at=row.posted_at,
    )
