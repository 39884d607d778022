"""The texts of two attempts side by side, as their learner and those who grade them see what changed."""

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from typing import Any

import anyio
import anyio.to_thread
from sqlalchemy import Connection, Select, bindparam, select

from assessments.assignments.models import RequirementKind
from assessments.assignments.queries import REQUIREMENT
from assessments.evidence.access import Where, my_desk
from assessments.evidence.differences import Fate, Piece, differences
from assessments.evidence.queries import EVIDENCE
from fourweek.accounts.access import Visitor
from fourweek.errors import NotFound
from fourweek.language import _, n_
from fourweek.light import dataclass

_TEXTS: Select[Any] = (
    select(REQUIREMENT.c.id, REQUIREMENT.c.key, REQUIREMENT.c.title, EVIDENCE.c.submission_id, EVIDENCE.c.text)
    .join(EVIDENCE, EVIDENCE.c.requirement_id == REQUIREMENT.c.id)
    .where(
        EVIDENCE.c.submission_id.in_(bindparam("submissions", expanding=True)),
        EVIDENCE.c.kind == RequirementKind.TEXT,
        EVIDENCE.c.purged_at.is_(None),
    )
    .order_by(REQUIREMENT.c.position, EVIDENCE.c.position)
)


@dataclass(frozen=True, slots=True)
class TwoTexts:
    """What one slot held in the older and in the newer attempt, "" for nothing."""

    key: str
    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ComparedSlot:
    """What changed in one slot; `words` say how much."""

    key: str
    title: str
    pieces: tuple[Piece, ...]
    words: str


@dataclass(frozen=True, slots=True)
class ComparedPage:
    """Two attempts, `older` and `newer` by their numbers; `crumbs` lead back, `back` to where they stand."""

    title: str
    crumbs: tuple[tuple[str, str | None], ...]
    back: str
    older: int
    newer: int
    slots: tuple[ComparedSlot, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a page of two attempts is made of, as it was read; `made` works out what changed."""

    title: str
    crumbs: tuple[tuple[str, str | None], ...]
    back: str
    older: int
    newer: int
    texts: tuple[TwoTexts, ...]

    async def made(self) -> ComparedPage:
        """The page."""
        return ComparedPage(self.title, self.crumbs, self.back, self.older, self.newer, await what_changed(self.texts))


async def what_changed(texts: Sequence[TwoTexts]) -> tuple[ComparedSlot, ...]:
    """Slot by slot what changed. Texts are compared outside of the loop, those of one page at a time in a process."""
    return await anyio.to_thread.run_sync(_all_compared, texts, limiter=_desk())


def my_comparison(conn: Connection, visitor: Visitor, where: Where, number: int) -> Comparison:
    """The visitor's attempt `number` beside the one before; three statements.

    Raises NotFound where there are not two.
    """
    desk = my_desk(conn, visitor, where)
    newer = desk.tried(number)
    older = next((one for one in reversed(desk.tries) if one.number < number), None)
    if newer is None or older is None or newer.attempt.is_draft:
        raise NotFound
    path = desk.where.path
    return Comparison(
        title=desk.task.title,
        crumbs=((desk.task.title, path), (_("Attempts {older} and {newer}", older=older.number, newer=number), None)),
        back=f"{path}#attempt-{number}",
        older=older.number,
        newer=number,
        texts=texts_of_two(conn, older.id, newer.id),
    )


def texts_of_two(conn: Connection, older_id: str, newer_id: str) -> tuple[TwoTexts, ...]:
    """The texts of two submissions of one assignment, slot by slot; one statement. The caller has authorised both."""
    rows = conn.execute(_TEXTS, {"submissions": [older_id, newer_id]}).all()
    found = []
    for (_id, key, title), group in groupby(rows, key=lambda row: (row.id, row.key, row.title)):
        held = {row.submission_id: row.text for row in group}
        found.append(TwoTexts(key, title, held.get(older_id, ""), held.get(newer_id, "")))
    return tuple(found)


def _all_compared(texts: Sequence[TwoTexts]) -> tuple[ComparedSlot, ...]:
    return tuple(_compared(one) for one in texts)


def _compared(texts: TwoTexts) -> ComparedSlot:
    pieces = differences(texts.before, texts.after)
    counts = {fate: sum(len(one.text.split()) for one in pieces if one.fate is fate) for fate in Fate}
    if not (counts[Fate.REMOVED] or counts[Fate.ADDED]):
        return ComparedSlot(texts.key, texts.title, pieces, _("Nothing changed."))
    removed = n_("{count} word removed,", "{count} words removed,", counts[Fate.REMOVED])
    added = n_("{count} word added.", "{count} words added.", counts[Fate.ADDED])
    return ComparedSlot(texts.key, texts.title, pieces, f"{removed} {added}")


@cache
def _desk() -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(1)
