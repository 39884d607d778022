"""A learner's check: its questions and tries, fetched and authorised in one step."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from assessments.assignments.models import RequirementKind
from assessments.checks.queries import pools_of, tries_of
from assessments.checks.questions import Pool
from assessments.checks.standing import CheckStanding, Done, standing
from assessments.evidence.access import Desk, Where, my_desk
from assessments.evidence.tasks import Slot
from fourweek.accounts.access import Visitor
from fourweek.errors import NotFound
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class CheckDesk:
    """One check of a desk. `number` is the attempt it is about: the draft, or else the one that was handed in last."""

    desk: Desk
    slot: Slot
    pool: Pool
    tries: tuple[Done, ...]

    @property
    def number(self) -> int:
        return self.desk.draft.number if self.desk.draft else max(1, len(self.desk.tries))

    @property
    def stands(self) -> CheckStanding:
        return standing(self.tries, self.desk.attempts, self.number, self.pool.rules.max_tries)

    @property
    def open_try(self) -> Done | None:
        """The try that takes answers; none once the attempt was handed in."""
        return self.stands.open if self.desk.draft else None

    @property
    def is_at_work(self) -> bool:
        """Whether an attempt is being written, or the first one may begin."""
        return self.desk.draft is not None or (not self.desk.tries and self.desk.may_begin)

    @property
    def may_begin(self) -> bool:
        """Whether a try may begin now: by the dates, the attempt and the tries."""
        return self.is_at_work and self.desk.takes and self.stands.may_begin

    def is_told(self, done: Done) -> bool:
        """Whether the learner may see what was right: a decision on its attempt, or a later one, is posted."""
        return any(tried.decision_id is not None and tried.number >= done.attempt for tried in self.desk.tries)


def my_check(
    conn: Connection,
    visitor: Visitor,
    where: Where,
    key: str,
    *,
    deciding: bool = False,
    arrived: datetime | None = None,
) -> CheckDesk:
    """The visitor's own check; three statements, five when cold. Raises NotFound as `my_desk` does.

    With `deciding`, the enrolment stays locked until the transaction ends, so that tries are counted once.
    """
    desk = my_desk(conn, visitor, where, deciding=deciding, arrived=arrived)
    slot = next((one for one in desk.task.slots if one.asked.key == key), None)
    if slot is None or slot.asked.kind is not RequirementKind.CHECK:
        raise NotFound
    pool, tries = pools_of(conn, [slot.id])[slot.id], tries_of(conn, desk.place.enrolment_id, [slot.id])[slot.id]
    return CheckDesk(desk, slot, pool, tries)


def with_tries(check: CheckDesk, *tries: Done) -> CheckDesk:
    """The same check with these tries in the place of those that have their ids, or after them."""
    newer = {one.id: one for one in tries}
    kept = [newer.pop(one.id, one) for one in check.tries]
    return replace(check, tries=(*kept, *newer.values()))
