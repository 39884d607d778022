"""Calling off a second rating that nobody has begun: by a lead who did not give the first, with a reason."""

from sqlalchemy import Connection, delete, select

from assessments.evidence.models import Step
from assessments.grading.access import RATING, Found, held_submission, need_lead
from assessments.grading.models import Purpose, Way
from assessments.grading.queries import given_ratings
from assessments.grading.rules import reason_problems
from assessments.grading.settling import bench_of, new_decision, settle
from assessments.second.asked import SECOND, close
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.errors import Conflict, Forbidden, Invalid
from fourweek.language import _

FIELD = "off"
"""The field of the reason."""


def call_off(conn: Connection, visitor: Visitor, submission_id: str, reason: str) -> bool:
    """Let one rating be enough after all; whether that decided it, which it does where the first one is done.

    What is decided is not posted. Raises Invalid for the field FIELD, Forbidden for whoever gave the first rating, and
    Conflict where none is asked for or somebody has begun.
    """
    found = held_submission(conn, visitor, submission_id)
    need_lead(found)
    _need_not_begun(conn, visitor, found)
    if problems := reason_problems(reason):
        raise Invalid({FIELD: next(iter(problems.values()))})
    at, me = visitor.now.real, visitor.me.id
    record(conn, "second.called_off", "submission", found.id, at=at, actor_id=me, reason=reason)
    if found.step is Step.RATING:
        conn.execute(delete(SECOND).where(SECOND.c.submission_id == found.id))
        return False
    first, bench = given_ratings(conn, found.id)[Purpose.FIRST], bench_of(conn, visitor, found)
    verdict = bench.verdict(first.scoring)
    decision = new_decision(found, visitor, verdict.outcome, first.scoring.comment)
    decision.decided_by, decision.rating_id, decision.rule_id = first.grader_id, first.id, bench.holds.id
    decision.way = Way.ONE_RATING
    close(conn, visitor, found.id, agreed=None)
    settle(conn, visitor, found, decision, verdict.lines, None)
    return True


def _need_not_begun(conn: Connection, visitor: Visitor, found: Found) -> None:
    if not found.waits:
        raise Conflict(found.gone_words)
    if not found.second_asked or found.step is Step.RECONCILING:
        raise Conflict(_("No second rating is to come."))
    if found.rated:
        raise Forbidden(_("You gave the first rating. Another lead may call the second one off."))
    drafts = select(RATING.c.id).where(RATING.c.submission_id == found.id, RATING.c.purpose == Purpose.SECOND)
    held = found.claim is not None and found.claim.lasts(visitor.now.real)
    if found.step is Step.SECOND and (held or conn.execute(drafts).first()):
        raise Conflict(_("Somebody has begun the second rating."))
