"""What the grading screen says of the lead's look at a decision, before it and after, and of the rule it is made by."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from assessments.deciding.queries import TERMS_FOR_WORK
from assessments.deciding.rules import EVERY, Rule, rule_of
from assessments.grading.access import COHORT, Found
from assessments.grading.models import ReviewResult
from assessments.grading.queries import DECISION, POSTING
from assessments.grading.stages import ASKED, BY_GRADERS, REVIEW, Stage, asks_review, stage_of
from assessments.terms.models import Review
from assessments.terms.queries import TERMS
from fourweek.accounts.models import Person
from fourweek.database import table
from fourweek.language import N_, _
from fourweek.light import dataclass
from fourweek.prepared import Prepared

LEAD = table(Person).alias("reviewing_lead")
_OF = Prepared(
    select(
        ASKED.label("asked"),
        DECISION.c.outcome,
        DECISION.c.way,
        DECISION.c.rating_id,
        POSTING.c.posted_at,
        REVIEW.c.result,
        REVIEW.c.note,
        LEAD.c.display_name,
        TERMS_FOR_WORK.label("rule"),
    )
    .select_from(
        COHORT.outerjoin(TERMS, TERMS.c.cohort_id == COHORT.c.id)
        .outerjoin(DECISION, DECISION.c.id == bindparam("decision"))
        .outerjoin(POSTING, POSTING.c.decision_id == DECISION.c.id)
        .outerjoin(REVIEW, REVIEW.c.decision_id == DECISION.c.id)
        .outerjoin(LEAD, LEAD.c.id == REVIEW.c.reviewed_by)
    )
    .where(COHORT.c.id == bindparam("cohort"))
)
BEFORE = {
    Review.NONE: "",
    Review.NOT_YET: N_("A lead looks at each “not yet” before it is posted."),
    Review.ALL: N_("A lead looks at each decision before it is posted."),
}


@dataclass(frozen=True, slots=True)
class LookedAt:
    """`asks` says what a lead looks at in this cohort. `stage` is None while nothing is decided; `words` say who did
    what, `note` is what they wrote. `may_review`: the visitor may find it ready; `may_send_back`: or send it back.
    `rule` is the one by which levels become an outcome.
    """

    asks: str
    every: bool
    rule: Rule = EVERY
    stage: Stage | None = None
    words: str = ""
    note: str = ""
    may_review: bool = False
    may_send_back: bool = False


NOT_ASKED = LookedAt("", every=False)


def looked_at(conn: Connection, found: Found, decision_id: str | None, now: datetime) -> LookedAt:
    """The lead's look at the newest decision of a submission; one statement."""
    keys = {"enrolment": found.enrolment_id, "assignment": found.assignment_id, "now": now}
    row: Any = _OF.first(conn, cohort=found.cohort_id, decision=decision_id or "", **keys)
    rule = rule_of(row.rule) if row.rule is not None else EVERY
    if row.outcome is None:
        return LookedAt(_(BEFORE[row.asked]), row.asked is Review.ALL, rule)
    asks = asks_review(row.asked, row.outcome, row.way)
    stage = stage_of(asks=asks, result=row.result, posted_at=row.posted_at, now=now)
    return LookedAt(
        asks=_(BEFORE[row.asked]),
        every=row.asked is Review.ALL,
        rule=rule,
        stage=stage,
        words=_words(row, stage),
        note=row.note or "",
        may_review=found.may_review and stage is Stage.TO_REVIEW,
        may_send_back=found.may_review and row.result is None and row.posted_at is None and _by_a_grader(row),
    )


def _by_a_grader(row: Any) -> bool:
    return row.way in BY_GRADERS and row.rating_id is not None


def _words(row: Any, stage: Stage) -> str:
    if row.result is ReviewResult.SENT_BACK:
        return _("Sent back by {name}", name=row.display_name)
    if row.result is ReviewResult.READY:
        return _("Found ready by {name}", name=row.display_name)
    return _("A lead looks at it before it is posted") if stage is Stage.TO_REVIEW else ""
