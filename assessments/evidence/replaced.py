"""What a learner is told of a decision that was changed: from what to what, why, and the earlier ones as they stood."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, bindparam, select

from assessments.evidence.access import Desk, Tried
from assessments.evidence.queries import DECISION, POSTING
from assessments.evidence.words import say_outcome
from assessments.grading.carrying import say_comment
from assessments.grading.changed import Changed, Said, changed
from assessments.grading.models import DecisionLine
from assessments.rubrics.queries import CRITERION, LEVEL
from courses.schedule.words import Said as Instant
from courses.schedule.words import say_instant
from courses.schedule.zones import zone
from fourweek.database import table
from fourweek.light import dataclass

LINE = table(DecisionLine)
_POSTED: Select[Any] = (
    select(
        DECISION.c.submission_id,
        DECISION.c.id,
        DECISION.c.outcome,
        DECISION.c.comment,
        DECISION.c.reason,
        POSTING.c.posted_at,
        CRITERION.c.key,
        CRITERION.c.title,
        LEVEL.c.title.label("level"),
        LINE.c.met,
        LINE.c.comment.label("line_comment"),
    )
    .select_from(
        DECISION.join(POSTING, POSTING.c.decision_id == DECISION.c.id)
        .outerjoin(LINE, LINE.c.decision_id == DECISION.c.id)
        .outerjoin(CRITERION, CRITERION.c.id == LINE.c.criterion_id)
        .outerjoin(LEVEL, LEVEL.c.id == LINE.c.level_id)
    )
    .where(
        DECISION.c.submission_id.in_(bindparam("submissions", expanding=True)),
        POSTING.c.posted_at <= bindparam("now"),
    )
    .order_by(DECISION.c.submission_id, POSTING.c.posted_at.desc(), DECISION.c.id.desc(), CRITERION.c.position)
)


@dataclass(frozen=True, slots=True)
class EarlierLine:
    criterion: str
    level: str
    comment: str


@dataclass(frozen=True, slots=True)
class EarlierView:
    """A decision as it stood from `at` until the next one took its place."""

    outcome: str
    tone: str
    at: Instant
    comment: str
    lines: tuple[EarlierLine, ...]


@dataclass(frozen=True, slots=True)
class ChangedView:
    """What a changed decision says otherwise, why and since when; `earlier` stand newest first."""

    before: str
    now: str
    since: Instant
    reason: str
    lines: tuple[Changed, ...]
    earlier: tuple[EarlierView, ...]


def changes_of(conn: Connection, desk: Desk, viewer: ZoneInfo) -> dict[int, ChangedView]:
    """What was changed in posted decisions, by the number of their attempt; one statement, none where none was.

    What was never posted is not told: neither a decision that a lead sent back, nor one that was changed again before
    its learner saw it.
    """
    tries = {tried.id: tried for tried in desk.tries if tried.is_changed}
    if not tries:
        return {}
    rows = conn.execute(_POSTED, {"submissions": list(tries), "now": desk.now})
    found = {}
    for submission, group in groupby(rows, key=lambda row: str(row.submission_id)):
        if view := _view(desk, tries[submission], list(group), viewer):
            found[tries[submission].number] = view
    return found


def _view(desk: Desk, tried: Tried, rows: Sequence[Any], viewer: ZoneInfo) -> ChangedView | None:
    decisions = [list(group) for _, group in groupby(rows, key=lambda row: row.id)]
    current = next(one for one in decisions if one[0].id == tried.decision_id)
    earlier = [one for one in decisions if one[0].posted_at < current[0].posted_at]
    if not earlier:
        return None
    return ChangedView(
        before=say_outcome(earlier[0][0].outcome)[0],
        now=say_outcome(current[0].outcome)[0],
        since=_said(desk, current, viewer),
        reason=current[0].reason,
        lines=changed(_says(earlier[0]), _says(current)),
        earlier=tuple(_earlier(desk, one, viewer) for one in _once_each(earlier)),
    )


def _once_each(decisions: Sequence[list[Any]]) -> list[list[Any]]:
    """Of decisions posted at one instant the newest: the others went out with it and were never shown."""
    return [next(group) for _, group in groupby(decisions, key=lambda rows: rows[0].posted_at)]


def _earlier(desk: Desk, rows: list[Any], viewer: ZoneInfo) -> EarlierView:
    words, tone = say_outcome(rows[0].outcome)
    lines = tuple(
        EarlierLine(row.title, row.level or "", say_comment(row.line_comment)) for row in rows if row.key is not None
    )
    return EarlierView(words, tone, _said(desk, rows, viewer), rows[0].comment, lines)


def _said(desk: Desk, rows: list[Any], viewer: ZoneInfo) -> Instant:
    return say_instant(rows[0].posted_at, zone(desk.place.cohort.zone), viewer, desk.now)


def _says(rows: Sequence[Any]) -> list[Said]:
    return [Said(row.key, row.title, row.level or "", row.met) for row in rows if row.key is not None]
