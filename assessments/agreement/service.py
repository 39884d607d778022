"""The worker's part: work the figures of an assignment out again once ratings were added."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete

from assessments.agreement.figures import Figure, alpha_figure, kappa_figure, linear, percent, quadratic
from assessments.agreement.models import AgreementReport
from assessments.agreement.queries import REPORT, Judged, Stale, beside_others, judged, stale
from fourweek.clock import Now
from fourweek.database import Database, add_once

RESTS = timedelta(minutes=10)
"""Figures are made again at most this often, however fast ratings come in."""
AT_ONCE = 5
"""Assignments that one tick works out, so that it ends soon."""


def report_agreement(db: Database, now: Now) -> int:
    """Make the figures of what was rated meanwhile; how many assignments. One statement when nothing was."""
    found = db.read_now(stale, now.real - RESTS, AT_ONCE)
    for one in found:
        criteria = db.read_now(judged, one.course_id, one.key)
        figures = {
            "criteria": [figures_of(criterion, f"{one.course_id}/{one.key}") for criterion in criteria],
            "graders": db.read_now(beside_others, one.course_id, one.key),
        }
        db.write_now(keep, one, figures, now)
    return len(found)


def keep(conn: Connection, one: Stale, figures: dict[str, Any], now: Now) -> None:
    """The newest figures take the place of those before; they follow from the ratings and are no record."""
    conn.execute(delete(REPORT).where(REPORT.c.course_id == one.course_id, REPORT.c.assignment_key == one.key))
    report = AgreementReport(
        course_id=one.course_id, assignment_key=one.key, made_at=now.real, counted=one.works, figures=figures
    )
    add_once(conn, report)


def figures_of(criterion: Judged, seed: str) -> dict[str, Any]:
    """What is kept of one criterion: its levels, how often each two met, and its figures as [value, low, high]."""
    pairs, own = criterion.pairs, f"{seed}/{criterion.key}"
    size = range(len(criterion.levels))
    figures = {
        "exact": percent(pairs),
        "adjacent": percent(pairs, within=1),
        "linear": kappa_figure(pairs, linear, own),
        "quadratic": kappa_figure(pairs, quadratic, own),
        "alpha": alpha_figure(pairs, own),
    }
    return {
        "key": criterion.key,
        "title": criterion.title,
        "version": criterion.version,
        "levels": list(criterion.levels),
        "works": sum(pairs.values()),
        "table": [[pairs.get((i, j), 0) for j in size] for i in size],
        **{name: _kept(figure) for name, figure in figures.items()},
    }


def _kept(figure: Figure) -> list[Any]:
    return [None if one is None else round(one, 4) for one in (figure.value, figure.low, figure.high)]
