"""How far a learner's assignments are: which requirements are filled, and which level each criterion reached."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, select

from assessments.assignments.queries import REQUIREMENT
from assessments.evidence.drafts import Kept, kept_in
from assessments.evidence.rules import what_is_missing
from assessments.evidence.tasks import Slot, slot_of
from assessments.grading.models import DecisionLine
from assessments.rubrics.queries import CRITERION, LEVEL
from courses.coursework import CriterionStep, RequirementStep, Steps, Work, WorkState
from fourweek.database import table
from fourweek.keeping import Bounded
from fourweek.light import dataclass

LINE = table(DecisionLine)
TO_FILL = frozenset({WorkState.NOT_STARTED, WorkState.DRAFT})
NOTHING = Kept({})

_SLOTS: Select[Any] = (
    select(REQUIREMENT.c.assignment_id.label("kept_by"), REQUIREMENT)
    .where(REQUIREMENT.c.assignment_id.in_(bindparam("keys", expanding=True)))
    .order_by(REQUIREMENT.c.assignment_id, REQUIREMENT.c.position)
)
_CRITERIA: Select[Any] = (
    select(CRITERION.c.rubric_id.label("kept_by"), CRITERION.c.id, CRITERION.c.title, LEVEL.c.title.label("needed"))
    .join(LEVEL, and_(LEVEL.c.criterion_id == CRITERION.c.id, LEVEL.c.key == CRITERION.c.required_level))
    .where(CRITERION.c.rubric_id.in_(bindparam("keys", expanding=True)))
    .order_by(CRITERION.c.rubric_id, CRITERION.c.position)
)
_REACHED: Select[Any] = (
    select(LINE.c.decision_id, LINE.c.criterion_id, LINE.c.met, LEVEL.c.title)
    .outerjoin(LEVEL, LEVEL.c.id == LINE.c.level_id)
    .where(LINE.c.decision_id.in_(bindparam("decisions", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A criterion by its id, with the title of the lowest level that demonstrates it."""

    id: str
    title: str
    needed: str


# Frozen with the version that asks for them, so that they are read once and kept.
_slots: Bounded[str, tuple[Slot, ...]] = Bounded(500)
_judged: Bounded[str, tuple[Judged, ...]] = Bounded(500)


def steps_of(conn: Connection, works: Sequence[Work]) -> dict[str, Steps]:
    """How far each of these works of one person is, by key; at most four statements, two once titles are kept."""
    slots = _kept(conn, _slots, _SLOTS, {work.begun_id for work in works if work.state in TO_FILL}, slot_of)
    judged = _kept(conn, _judged, _CRITERIA, {work.rubric_id for work in works}, _criterion)
    drafts = kept_in(conn, *(work.draft_id for work in works if work.draft_id))
    decisions = [work.verdict.decision_id for work in works if work.verdict]
    lines = conn.execute(_REACHED, {"decisions": decisions}).all() if decisions else ()
    reached = {(line.decision_id, line.criterion_id): line for line in lines}
    return {
        work.key: Steps(
            requirements=tuple(_requirements(slots.get(work.begun_id, ()), drafts.get(work.draft_id or "", NOTHING)))
            if work.state in TO_FILL
            else (),
            criteria=tuple(_criteria(judged.get(work.rubric_id, ()), work, reached)),
        )
        for work in works
    }


def _requirements(slots: Sequence[Slot], draft: Kept) -> Iterable[RequirementStep]:
    for slot in slots:
        given = draft.given(slot)
        missing = what_is_missing([slot.asked], {slot.asked.key: given})
        words = missing[0].words.removeprefix(f"{slot.asked.title}: ") if missing else ""
        yield RequirementStep(slot.asked.title, slot.asked.required, not (missing or given.is_empty), words)


def _criteria(
    judged: Sequence[Judged], work: Work, reached: dict[tuple[str, str], Row[Any]]
) -> Iterable[CriterionStep]:
    decision = work.verdict.decision_id if work.verdict else ""
    for one in judged:
        line = reached.get((decision, one.id))
        yield CriterionStep(one.title, one.needed, (line.title or "") if line else "", bool(line and line.met))


def _kept(
    conn: Connection, kept: Bounded[str, Any], statement: Select[Any], keys: set[str], make: Any
) -> dict[str, Any]:
    """What is kept under each key; what is not yet is read in one statement, which selects the key as `kept_by`."""
    known = {key: found for key in keys if (found := kept.get(key)) is not None}
    missing = sorted(keys - known.keys())
    if not missing:
        return known
    rows = groupby(conn.execute(statement, {"keys": missing}), key=lambda row: str(row.kept_by))
    return known | {key: kept.put(key, tuple(make(row) for row in group)) for key, group in rows}


def _criterion(row: Row[Any]) -> Judged:
    return Judged(row.id, row.title, row.needed)
