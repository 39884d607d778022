"""What a learner is told when decisions are posted: of a changed one, criterion by criterion, what it said before."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, select

from assessments.evidence.queries import POSTED
from assessments.grading.changed import Said, changed
from assessments.grading.items import Item
from assessments.grading.models import Outcome
from assessments.grading.queries import DECISION_LINE
from assessments.grading.words import OUTCOMES
from assessments.rubrics.queries import CRITERION, LEVEL
from fourweek import outbox
from fourweek.accounts.access import Visitor
from fourweek.language import _
from fourweek.language.stored import in_each_language

_HELD_BEFORE = select(POSTED.c.submission_id, POSTED.c.decision_id, POSTED.c.outcome).where(
    POSTED.c.submission_id.in_(bindparam("submissions", expanding=True))
)
_LINES = (
    select(
        DECISION_LINE.c.decision_id,
        CRITERION.c.key,
        CRITERION.c.title.label("criterion"),
        LEVEL.c.title.label("level"),
        DECISION_LINE.c.met,
    )
    .select_from(
        DECISION_LINE.join(CRITERION, CRITERION.c.id == DECISION_LINE.c.criterion_id).outerjoin(
            LEVEL, LEVEL.c.id == DECISION_LINE.c.level_id
        )
    )
    .where(DECISION_LINE.c.decision_id.in_(bindparam("decisions", expanding=True)))
    .order_by(DECISION_LINE.c.decision_id, CRITERION.c.position)
)


def held_before(conn: Connection, items: Sequence[Item], at: datetime) -> dict[str, Any]:
    """The decisions in whose place these come at `at` (school's clock), by submission; one that is posted and does not
    count yet will have been read by then. To be asked before these are posted.
    """
    wanted = {"submissions": [item.submission_id for item in items], "now": at}
    return {row.submission_id: row for row in conn.execute(_HELD_BEFORE, wanted)}


def announce(conn: Connection, visitor: Visitor, items: Sequence[Item], before: dict[str, Any], at: datetime) -> None:
    """The letters of a posting: they leave at `at` (real clock), when it counts. A few statements, however many.

    `before` is what `held_before` found.
    """
    lines = _lines(conn, items, before)
    mails: dict[str, list[outbox.Mail]] = {}
    for item in items:
        was = before.get(item.submission_id)
        data = _data(item) if was is None else _data(item) | _what_changed(item, was, lines)
        mails.setdefault(_kind(item, was), []).append(outbox.Mail(key_of(item.id), item.learner_id, data))
    for kind, several in mails.items():
        outbox.post_all(conn, kind, several, now=visitor.now.real, at=at)


def key_of(decision_id: str) -> str:
    """Of the letter about a posted decision."""
    return f"posted:{decision_id}"


def _kind(item: Item, was: Any) -> str:
    if was is not None:
        return "decision_changed"
    return "returned" if item.outcome is Outcome.RETURNED_INCOMPLETE else "posted"


def _data(item: Item) -> dict[str, Any]:
    return {
        "title": item.title,
        "course": item.course_title,
        "attempt": item.attempt,
        "outcome": in_each_language(lambda: _(OUTCOMES[item.outcome])),
        "path": item.path,
    }


def _what_changed(item: Item, was: Any, lines: dict[str, list[Said]]) -> dict[str, Any]:
    differs = changed(lines.get(was.decision_id, []), lines.get(item.id, []))
    return {
        "before": in_each_language(lambda: _(OUTCOMES[was.outcome])),
        "reason": item.reason,
        "changes": [one.plain for one in differs],
    }


def _lines(conn: Connection, items: Sequence[Item], before: dict[str, Any]) -> dict[str, list[Said]]:
    """What the changed decisions and those before them say, by decision; no statement where nothing changed."""
    if not before:
        return {}
    ids = [row.decision_id for row in before.values()] + [one.id for one in items if one.submission_id in before]
    rows = conn.execute(_LINES, {"decisions": ids})
    return {
        decision: [Said(row.key, row.criterion, row.level or "", row.met) for row in group]
        for decision, group in groupby(rows, key=lambda row: str(row.decision_id))
    }
