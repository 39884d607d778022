"""What assignments ask for, as it was published: read once for each version and kept."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, exists, select, tuple_

from assessments.assignments.queries import ASSIGNMENT, MODULE, REQUIREMENT
from assessments.evidence.rules import Asked
from courses.cohorts.queries import VERSION
from fourweek.keeping import Bounded
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Slot:
    """One requirement of the assignment; `prompt_html` was sanitised when the course was published."""

    id: str
    prompt_html: str
    asked: Asked

    def reworded(self, other: "Slot") -> "Slot":
        """The same slot in the words of another version."""
        return replace(self, prompt_html=other.prompt_html, asked=replace(self.asked, title=other.asked.title))


@dataclass(frozen=True, slots=True)
class Task:
    """What an assignment asks, as its module's page may show it once it is open.

    `has_elder`: an older version of the course asks under this key too, so that an attempt may have begun there.
    `is_asked` is False where the cohort's version does not ask for it any more; what is there stays to be read.
    """

    id: str
    key: str
    major: int
    module_number: int
    title: str
    module_title: str
    instructions_html: str
    required: bool
    max_attempts: int | None
    rubric_id: str
    slots: tuple[Slot, ...]
    has_elder: bool
    is_asked: bool = True

    def as_begun(self, begun: "Task") -> "Task":
        """What is asked of somebody who began it on another version: slots, limits and rubric as then (law 6).

        A minor version changes wording alone, so that its words hold for them too.
        """
        mine = replace(begun, module_number=self.module_number, module_title=self.module_title, required=self.required)
        if begun.major != self.major:
            return mine
        words = {slot.asked.key: slot for slot in self.slots}
        slots = tuple(slot.reworded(words.get(slot.asked.key, slot)) for slot in begun.slots)
        return replace(mine, title=self.title, instructions_html=self.instructions_html, slots=slots)


_ELDER, _ELDER_VERSION = ASSIGNMENT.alias("elder"), VERSION.alias("elder_version")
_HAS_ELDER = exists(
    select(_ELDER.c.id)
    .join(_ELDER_VERSION, _ELDER_VERSION.c.id == _ELDER.c.version_id)
    .where(
        _ELDER.c.key == ASSIGNMENT.c.key,
        _ELDER_VERSION.c.course_id == VERSION.c.course_id,
        tuple_(_ELDER_VERSION.c.major, _ELDER_VERSION.c.minor) < tuple_(VERSION.c.major, VERSION.c.minor),
    )
    .correlate(ASSIGNMENT, VERSION)
)
# An assignment with its slots, a row each; one without slots is a single row whose slot is empty.
_TASKS: Select[Any] = (
    select(
        ASSIGNMENT.c.id.label("assignment_id"),
        ASSIGNMENT.c.key.label("assignment_key"),
        ASSIGNMENT.c.title.label("assignment_title"),
        ASSIGNMENT.c.required.label("assignment_required"),
        ASSIGNMENT.c.instructions_html,
        ASSIGNMENT.c.max_attempts,
        ASSIGNMENT.c.rubric_id,
        MODULE.c.number.label("module_number"),
        MODULE.c.title.label("module_title"),
        VERSION.c.major,
        _HAS_ELDER.label("has_elder"),
        REQUIREMENT,
    )
    .join(MODULE, MODULE.c.id == ASSIGNMENT.c.module_id)
    .join(VERSION, VERSION.c.id == ASSIGNMENT.c.version_id)
    .outerjoin(REQUIREMENT, REQUIREMENT.c.assignment_id == ASSIGNMENT.c.id)
    .order_by(REQUIREMENT.c.position)
)
_TASK = _TASKS.where(ASSIGNMENT.c.version_id == bindparam("version"), ASSIGNMENT.c.key == bindparam("key"))
_TASK_OF_ID = _TASKS.where(ASSIGNMENT.c.id == bindparam("assignment"))
# What an assignment asks for never changes once its version is published, and older versions never come later.
_tasks: Bounded[tuple[str, ...], Task] = Bounded(100)


def task_of(conn: Connection, version_id: str, key: str) -> Task | None:
    """What a version asks under this key, None for nothing; one statement when cold. The caller has authorised it."""
    known = _tasks.get((version_id, key))
    if known is None:
        rows = conn.execute(_TASK, {"version": version_id, "key": key}).all()
        known = _tasks.put((version_id, key), _task(rows)) if rows else None
    return known


def task_begun(conn: Connection, assignment_id: str) -> Task:
    """What an attempt was begun on; one statement when cold."""
    known = _tasks.get((assignment_id,))
    if known is None:
        known = _tasks.put((assignment_id,), _task(conn.execute(_TASK_OF_ID, {"assignment": assignment_id}).all()))
    return known


def _task(rows: Sequence[Row[Any]]) -> Task:
    first = rows[0]
    return Task(
        id=first.assignment_id,
        key=first.assignment_key,
        major=first.major,
        module_number=first.module_number,
        title=first.assignment_title,
        module_title=first.module_title,
        instructions_html=first.instructions_html,
        required=first.assignment_required,
        max_attempts=first.max_attempts,
        rubric_id=first.rubric_id,
        slots=tuple(slot_of(row) for row in rows if row.id),
        has_elder=bool(first.has_elder),
    )


def slot_of(row: Row[Any]) -> Slot:
    """A slot from a row that selects the columns of `requirement`."""
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
