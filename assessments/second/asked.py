"""The row of a second rating: asked for once a first one is done, or by a lead's hand, and closed once."""

from collections.abc import Sequence

from sqlalchemy import Connection, and_, bindparam, exists, func, or_, select, update

from assessments.evidence.models import Step, SubmissionState
from assessments.grading.access import SUBMISSION, Found, held_submission, need_lead
from assessments.grading.models import Decision, Outcome
from assessments.rubrics.models import Rubric
from assessments.second.models import SampledFor, SecondRating
from assessments.second.sampling import sampled_for
from assessments.second.telling import tell_leads
from assessments.terms.queries import terms_of
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.database import add, table
from fourweek.errors import Conflict
from fourweek.language import _

SECOND, RUBRIC, DECISION = table(SecondRating), table(Rubric), table(Decision)

_OWN = RUBRIC.alias("own_rubric")
# A rubric with what differs from it in wording only.
_SAME_RUBRIC = (
    select(RUBRIC.c.id)
    .join(
        _OWN,
        and_(
            RUBRIC.c.course_id == _OWN.c.course_id,
            RUBRIC.c.assignment_key == _OWN.c.assignment_key,
            RUBRIC.c.major == _OWN.c.major,
        ),
    )
    .where(_OWN.c.id == bindparam("rubric"))
    .order_by(RUBRIC.c.id)
)
_JUDGED = exists(
    select(DECISION.c.id).where(
        DECISION.c.submission_id == SUBMISSION.c.id, DECISION.c.outcome != Outcome.RETURNED_INCOMPLETE
    )
)
_DECIDED = select(exists(select(DECISION.c.id).where(DECISION.c.submission_id == bindparam("submission"))))
_UNDER_WAY = and_(SUBMISSION.c.state == SubmissionState.SUBMITTED, SUBMISSION.c.step != Step.RATING)
_DONE_BEFORE = select(func.count()).select_from(
    select(SUBMISSION.c.id)
    .where(
        SUBMISSION.c.rubric_id.in_(bindparam("rubrics", expanding=True)),
        SUBMISSION.c.id != bindparam("submission"),
        or_(_UNDER_WAY, _JUDGED),
    )
    .limit(bindparam("enough"))
    .subquery()
)


def asked_after(conn: Connection, found: Found, outcome: Outcome) -> SampledFor | None:
    """Why a second grader rates this too, now that its first rating says `outcome`: by hand or by the terms.

    The caller holds the submission. Where the first of a new rubric are counted, first ratings of that rubric end one
    after the other, so that exactly as many are rated twice as the terms say. What a lead has looked at already and
    sent back is not drawn again.
    """
    if found.second_asked:
        return SampledFor.BY_HAND
    terms = terms_of(conn, found.cohort_id)
    before = _done_before(conn, found, terms.second_first) if terms.second_first else 0
    why = sampled_for(terms, before, outcome, found.id)
    return None if why and conn.execute(_DECIDED, {"submission": found.id}).scalar_one() else why


def ask(conn: Connection, visitor: Visitor, submission_id: str, why: SampledFor) -> None:
    """From now on it waits for a second grader, whoever that will be; the first rating is done."""
    if why is not SampledFor.BY_HAND:
        _add(conn, visitor, submission_id, why)
    wait_for(conn, submission_id, Step.SECOND)


def ask_by_hand(conn: Connection, visitor: Visitor, submission_id: str) -> None:
    """A lead wants a waiting submission rated twice, whatever the terms say; asked twice, it is done once.

    Raises Conflict for one whose first rating is done already, even where a lead has sent that back.
    """
    found = held_submission(conn, visitor, submission_id)
    need_lead(found)
    if not found.waits:
        raise Conflict(found.gone_words)
    if found.step is not Step.RATING:
        raise Conflict(_("Its first rating is done, and a second one is asked for already."))
    if conn.execute(_DECIDED, {"submission": submission_id}).scalar_one():
        raise Conflict(_("A lead has read what the first grader gave and sent it back."))
    if not found.second_asked:
        _add(conn, visitor, submission_id, SampledFor.BY_HAND)


def wait_for(conn: Connection, submission_id: str, step: Step) -> None:
    """Let a submission wait for its next step, given to nobody yet."""
    left = {"step": step, "given_to": None, "given_by": None, "given_at": None}
    conn.execute(update(SUBMISSION).where(SUBMISSION.c.id == submission_id).values(left))


def differed(conn: Connection, visitor: Visitor, found: Found, apart: Sequence[str]) -> None:
    """Two ratings are in and do not agree on the criteria with the keys `apart`: a lead settles them, and is told."""
    wait_for(conn, found.id, Step.RECONCILING)
    at, me, detail = visitor.now.real, visitor.me.id, {"criteria": list(apart)}
    record(conn, "second.differed", "submission", found.id, at=at, actor_id=me, detail=detail)
    tell_leads(conn, visitor, found)


def close(
    conn: Connection, visitor: Visitor, submission_id: str, *, agreed: bool | None, reconciled_by: str | None = None
) -> None:
    """End a second rating that is open; `agreed` is None where there were no two ratings to compare."""
    closed = {"closed_at": visitor.now.real, "agreed": agreed, "reconciled_by": reconciled_by}
    ended = update(SECOND).where(SECOND.c.submission_id == submission_id, SECOND.c.closed_at.is_(None))
    conn.execute(ended.values(closed))


def _add(conn: Connection, visitor: Visitor, submission_id: str, why: SampledFor) -> None:
    real, me = visitor.now.real, visitor.me.id
    add(conn, SecondRating(submission_id=submission_id, why=why, asked_at=real))
    record(conn, "second.asked", "submission", submission_id, at=real, actor_id=me, detail={"why": why.value})


def _done_before(conn: Connection, found: Found, enough: int) -> int:
    """How many submissions of the same rubric have their first rating, counted as far as `enough`."""
    held = _SAME_RUBRIC.with_for_update(key_share=True, of=RUBRIC)
    rubrics = conn.execute(held, {"rubric": found.rubric_id}).scalars().all()
    wanted = {"rubrics": rubrics, "submission": found.id, "enough": enough}
    return conn.execute(_DONE_BEFORE, wanted).scalar_one()
