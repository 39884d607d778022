"""A learner's desk: one open assignment with its slots and attempts, fetched and authorised in one step."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, exists, select

from assessments.assignments.queries import ASSIGNMENT
from assessments.coaching.granted import GRANTED
from assessments.evidence.models import SubmissionState
from assessments.evidence.queries import DECISION, IS_JUDGED, POSTED, SUBMISSION, attempt_of
from assessments.evidence.standing import Attempt, is_at_end, is_first, limit_with, may_begin, standing
from assessments.evidence.tasks import Slot, Task, task_begun, task_of
from assessments.grading.models import Claim, Outcome
from assessments.terms.models import GradingTerms
from assessments.terms.promise import Calendar, promise, read_days, returned_before
from assessments.terms.queries import HOLIDAYS, TERMS
from courses.coursework import WorkState
from courses.enrolment.access import ENROLMENT, Place, my_place
from courses.schedule.rules import EffectiveDates, is_open, takes_attempt
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON, Visitor
from fourweek.database import table
from fourweek.errors import NotFound
from fourweek.light import dataclass


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
class Tried:
    """One attempt as it is stored, with the decision that holds and is posted, if there is one.

    `closed` are the keys of the slots it does not open, `changes` what the learner says they changed. `claimed_until`
    is the end of a grader's lease (real clock). `promised_at` is until when the learner was told to expect a decision.
    `decider` is the name of whoever decided; not every learner reads it. `is_changed`: the decision took the place of
    another, which may never have been posted.
    """

    id: str
    attempt: Attempt
    rubric_id: str
    saved_at: datetime
    receipt: str
    late_rule: str
    decision_id: str | None
    comment: str
    posted_at: datetime | None
    closed: tuple[str, ...] = ()
    changes: str = ""
    claimed_until: datetime | None = None
    pseudonym: str = ""
    decider: str = ""
    promised_at: datetime | None = None
    is_judged: bool = False
    is_changed: bool = False

    @property
    def number(self) -> int:
        return self.attempt.number

    @classmethod
    def begun(cls, submission_id: str, number: int, rubric_id: str, now: datetime) -> "Tried":
        """A draft that was made this moment."""
        draft = Attempt(number, SubmissionState.DRAFT)
        return cls(submission_id, draft, rubric_id, now, "", "", None, "", None)

    def is_read(self, real: datetime) -> bool:
        """Whether a grader has it, or has judged it: then it is not taken back any more."""
        claimed = self.claimed_until is not None and self.claimed_until > real
        return claimed or self.is_judged or self.attempt.state is SubmissionState.DECIDED

    @property
    def returned_at(self) -> datetime | None:
        """When it went back to the learner as incomplete."""
        return self.posted_at if self.attempt.outcome is Outcome.RETURNED_INCOMPLETE else None


@dataclass(frozen=True, slots=True)
class Desk:
    """`now` is the school's time, `arrived` the same when the request came in; `tries` stand oldest first.

    What dates decide is decided by `arrived`: nobody is late because their upload took long. `granted` are attempts
    beyond the assignment's limit that came of a coaching. `promise_days` are the business days in which the cohort
    promises a decision, None where it promises nothing; `holidays` as `terms.queries.HOLIDAYS` reads them.
    `anonymous`: those who grade do not read whose it is.
    """

    where: Where
    place: Place
    dates: EffectiveDates
    now: datetime
    arrived: datetime
    task: Task
    tries: tuple[Tried, ...]
    granted: int = 0
    promise_days: int | None = None
    holidays: str | None = None
    anonymous: bool = False

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
    def is_first(self) -> bool:
        """Whether the attempt that is or would be worked on is the first by the dates."""
        return is_first(self.attempts, self.number)

    @property
    def takes(self) -> bool:
        """Whether evidence may be handed in now, by the dates."""
        return self.task.is_asked and takes_attempt(self.dates, self.arrived, first=self.is_first)

    def takes_again(self, tried: Tried) -> bool:
        """Whether what waits could be handed in again now, had it been taken back."""
        return self.task.is_asked and takes_attempt(
            self.dates, self.arrived, first=is_first(self.attempts, tried.number)
        )

    @property
    def may_begin(self) -> bool:
        """Whether an attempt may be begun now: by the dates, the state and the limit of attempts."""
        return self.takes and may_begin(self.attempts, self.limit)

    @property
    def limit(self) -> int | None:
        """How many attempts there are for this learner; None where no limit is set."""
        return limit_with(self.task.max_attempts, self.granted)

    @property
    def is_at_end(self) -> bool:
        """Whether a coaching comes next, since all attempts are used."""
        return is_at_end(self.attempts, self.limit)

    @property
    def rubric_id(self) -> str:
        """The rubric that the first attempt pinned (law 6), the assignment's own before that."""
        return self.tries[0].rubric_id if self.tries else self.task.rubric_id

    @property
    def open_slots(self) -> tuple[Slot, ...]:
        """The slots that the draft may change."""
        closed = self.draft.closed if self.draft else ()
        return tuple(slot for slot in self.task.slots if slot.asked.key not in closed)

    def promised(self, number: int) -> datetime | None:
        """Until when a decision on attempt `number` is promised, were it handed in now.

        What goes in after it came back as incomplete goes on with the same clock; what was taken back is passed over.
        """
        calendar = Calendar(zone(self.place.cohort.zone), read_days(self.holidays))
        earlier = [one for one in self.tries if one.number < number and one.attempt.counts]
        spans = returned_before([(one.attempt.submitted_at, one.returned_at) for one in earlier])
        return promise(self.promise_days, calendar, self.arrived, spans)

    def tried(self, number: int) -> Tried | None:
        return next((tried for tried in self.tries if tried.number == number), None)


CLAIM = table(Claim)
_DECIDER: Select[Any] = (
    select(PERSON.c.display_name)
    .join(DECISION, DECISION.c.decided_by == PERSON.c.id)
    .where(DECISION.c.id == POSTED.c.decision_id)
    .correlate(POSTED)
)
DEFAULTS = GradingTerms(cohort_id="")
_ASKED_BY = ASSIGNMENT.alias("asked_by")
_OF_KEY = exists(
    select(_ASKED_BY.c.id)
    .where(_ASKED_BY.c.id == SUBMISSION.c.assignment_id, _ASKED_BY.c.key == bindparam("key"))
    .correlate(SUBMISSION)
)
# A row for each attempt; before there is one a single row, which still says what is promised.
_TRIES: Select[Any] = (
    select(
        SUBMISSION.c.id,
        SUBMISSION.c.assignment_id,
        SUBMISSION.c.attempt,
        SUBMISSION.c.state,
        SUBMISSION.c.rubric_id,
        SUBMISSION.c.saved_at,
        SUBMISSION.c.submitted_at,
        SUBMISSION.c.receipt,
        SUBMISSION.c.late,
        SUBMISSION.c.late_rule,
        SUBMISSION.c.withdrawn_at,
        SUBMISSION.c.closed_slots,
        SUBMISSION.c.changes,
        SUBMISSION.c.pseudonym,
        SUBMISSION.c.promised_at,
        CLAIM.c.until.label("claimed_until"),
        IS_JUDGED.label("is_judged"),
        POSTED.c.decision_id,
        POSTED.c.supersedes_id,
        POSTED.c.outcome,
        POSTED.c.comment,
        POSTED.c.posted_at,
        _DECIDER.scalar_subquery().label("decider"),
        GRANTED,
        TERMS.c.cohort_id.label("terms_of"),
        TERMS.c.promise_days,
        TERMS.c.anonymous,
        HOLIDAYS,
    )
    .select_from(ENROLMENT)
    .outerjoin(TERMS, TERMS.c.cohort_id == ENROLMENT.c.cohort_id)
    .outerjoin(SUBMISSION, and_(SUBMISSION.c.enrolment_id == ENROLMENT.c.id, _OF_KEY))
    .outerjoin(ASSIGNMENT, ASSIGNMENT.c.id == SUBMISSION.c.assignment_id)
    .outerjoin(CLAIM, CLAIM.c.submission_id == SUBMISSION.c.id)
    .outerjoin(POSTED, POSTED.c.submission_id == SUBMISSION.c.id)
    .where(ENROLMENT.c.id == bindparam("enrolment"))
    .order_by(SUBMISSION.c.attempt)
)


def my_desk(
    conn: Connection, visitor: Visitor, where: Where, *, deciding: bool = False, arrived: datetime | None = None
) -> Desk:
    """The visitor's own desk; two statements, three when cold. Raises NotFound for strangers and while it is locked.

    With `deciding`, the enrolment stays locked until the transaction ends, so that attempts are counted once.
    `arrived` is when the request came in (real clock), where that may be well before now.
    """
    place = my_place(conn, visitor, where.known().cohort_id, deciding=deciding)
    return desk_at(conn, place, visitor.now.school, where, visitor.now.school_at(arrived))


def desk_at(conn: Connection, place: Place, now: datetime, where: Where, arrived: datetime | None = None) -> Desk:
    """The desk of somebody whose place is known; `now` is the school's time. Raises NotFound as `my_desk` does.

    What was begun on another version of the course is found by its key, and goes on as it was asked for then.
    """
    found = conn.execute(_TRIES, {"enrolment": place.enrolment_id, "key": where.key, "now": now}).all()
    rows = [row for row in found if row.id is not None]
    task = task_of(conn, place.cohort.version_id, where.key)
    moved = bool(rows) and (task is None or task.id != rows[0].assignment_id)
    if moved:
        begun = task_begun(conn, rows[0].assignment_id)
        task = task.as_begun(begun) if task else replace(begun, is_asked=False)
    if task is None:
        raise NotFound
    if moved:
        where = replace(where, module_number=min(task.module_number, place.cohort.rules.module_count))
    elif task.module_number != where.module_number:
        raise NotFound
    arrived = arrived or now
    dates = _dates(place, arrived, where, was_open=moved)
    granted = rows[0].granted if rows else 0
    return Desk(
        where=where,
        place=place,
        dates=dates,
        now=now,
        arrived=arrived,
        task=task,
        tries=tuple(_tried(row) for row in rows),
        granted=granted,
        promise_days=found[0].promise_days if found[0].terms_of else DEFAULTS.promise_days,
        holidays=found[0].holidays,
        anonymous=bool(found[0].anonymous),
    )


def my_slots(conn: Connection, visitor: Visitor, where: Where) -> tuple[Slot, ...]:
    """The slots of the visitor's own desk; one statement as long as nobody can have begun it on another version."""
    place = my_place(conn, visitor, where.known().cohort_id)
    task = task_of(conn, place.cohort.version_id, where.key)
    if task is None or task.has_elder:
        return desk_at(conn, place, visitor.now.school, where).task.slots
    _dates(place, visitor.now.school, where)
    return task_at(conn, place.cohort.version_id, where).slots


def task_at(conn: Connection, version_id: str, where: Where) -> Task:
    """What is asked at an address, one statement when cold; whoever calls has authorised it. Raises NotFound."""
    task = task_of(conn, version_id, where.key)
    if task is None or task.module_number != where.module_number:
        raise NotFound
    return task


def _dates(place: Place, now: datetime, where: Where, *, was_open: bool = False) -> EffectiveDates:
    """The dates of an open module. Raises NotFound for one that is locked, unless it `was_open`."""
    if not 1 <= where.module_number <= place.cohort.rules.module_count:
        raise NotFound
    dates = place.dates(where.module_number, now)
    if not (was_open or is_open(dates, now)):
        raise NotFound
    return dates


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
        closed=tuple(row.closed_slots),
        changes=row.changes,
        claimed_until=row.claimed_until,
        pseudonym=row.pseudonym,
        decider=row.decider or "",
        promised_at=row.promised_at,
        is_judged=bool(row.is_judged),
        is_changed=row.supersedes_id is not None,
    )
