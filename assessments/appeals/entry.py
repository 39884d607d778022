"""The way to an appeal from the assignment's page, attempt by attempt."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, exists, select

from assessments.appeals.models import Appeal, AppealState
from assessments.appeals.rules import appeal_ends, is_appealable
from assessments.evidence.access import Desk, Tried
from assessments.evidence.queries import DECISION, POSTING
from assessments.terms.models import GradingTerms
from assessments.terms.queries import TERMS
from courses.enrolment.models import EnrolmentState
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.database import table
from fourweek.language import N_, _
from fourweek.light import dataclass

APPEAL = table(Appeal)
MINUTE = timedelta(minutes=1)
_RUNS = (AppealState.OPEN, AppealState.RATED)
_COUNTS = exists(
    select(POSTING.c.decision_id).where(
        POSTING.c.decision_id == APPEAL.c.outcome_id, POSTING.c.posted_at <= bindparam("now")
    )
).correlate(APPEAL)
_FOUND = (
    select(
        DECISION.c.id.label("decision_id"),
        APPEAL.c.id,
        APPEAL.c.decision_id.label("about"),
        APPEAL.c.state,
        _COUNTS.label("counts"),
        TERMS.c.cohort_id,
        TERMS.c.appeal_days,
    )
    .select_from(
        DECISION.outerjoin(APPEAL, APPEAL.c.submission_id == DECISION.c.submission_id).outerjoin(
            TERMS, TERMS.c.cohort_id == bindparam("cohort")
        )
    )
    .where(DECISION.c.id.in_(bindparam("decisions", expanding=True)))
    .order_by(APPEAL.c.id)
)
_WORDS = {
    AppealState.OPEN: (N_("You appealed"), "waiting"),
    AppealState.RATED: (N_("You appealed"), "waiting"),
    AppealState.UPHELD: (N_("Your appeal was upheld"), "good"),
    AppealState.UNCHANGED: (N_("Your appeal: the decision stands"), "info"),
    AppealState.TAKEN_BACK: (N_("You took your appeal back"), "plain"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands at a posted decision. `words` and `tone` say how its newest appeal stands, "" without one.

    `until` is the last minute for a new one, and `over` says whether that is past; None where none is taken.
    """

    path: str
    words: str = ""
    tone: str = "plain"
    until: Said | None = None
    over: bool = False


def entries(conn: Connection, desk: Desk, viewer: ZoneInfo) -> Mapping[int, Entry]:
    """By attempt, for those with a posted verdict; one statement, none while nothing is posted."""
    judged = {one.decision_id: one for one in desk.tries if one.decision_id and _has_verdict(one)}
    if not judged:
        return {}
    keys = {"decisions": list(judged), "cohort": desk.place.cohort.id, "now": desk.now}
    found: dict[str, list[Any]] = {}
    for row in conn.execute(_FOUND, keys):
        found.setdefault(row.decision_id, []).append(row)
    return {tried.number: _entry(desk, tried, found[decision], viewer) for decision, tried in judged.items()}


def _has_verdict(tried: Tried) -> bool:
    return tried.attempt.outcome is not None and is_appealable(tried.attempt.outcome)


def _entry(desk: Desk, tried: Tried, rows: list[Any], viewer: ZoneInfo) -> Entry:
    path = f"{desk.where.path}/attempts/{tried.number}/appeal"
    newest, here = rows[-1], zone(desk.place.cohort.zone)
    words, tone = _words(newest) if newest.id else ("", "plain")
    settled = newest.id is not None and (newest.about == tried.decision_id or newest.state in _RUNS)
    days = newest.appeal_days if newest.cohort_id else GradingTerms(cohort_id="").appeal_days
    ends = appeal_ends(tried.posted_at, days, here) if tried.posted_at else None
    if settled or ends is None or desk.place.state is EnrolmentState.WITHDRAWN:
        return Entry(path, words, tone)
    return Entry(path, words, tone, say_instant(ends - MINUTE, here, viewer, desk.now), over=desk.now >= ends)


def _words(row: Any) -> tuple[str, str]:
    """How an appeal stands, as far as its learner may know."""
    state: AppealState = row.state
    if state is AppealState.UPHELD and not row.counts:
        state = AppealState.RATED
    words, tone = _WORDS[state]
    return _(words), tone
