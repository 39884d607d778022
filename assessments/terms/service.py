"""Reading and keeping the grading terms of a cohort."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from assessments.evidence.models import Submission, SubmissionState
from assessments.evidence.queries import POSTED
from assessments.grading.models import Outcome
from assessments.terms.forms import TermsForm, known_form, read_terms
from assessments.terms.models import GradingTerms
from assessments.terms.pages import Kept, Newer, TermsPage, differences
from assessments.terms.promise import Calendar, promise, read_days, returned_before
from assessments.terms.queries import HOLIDAYS, TERMS, terms_of
from courses.cohorts.access import staff_cohort
from courses.cohorts.queries import COHORT
from courses.enrolment.access import ENROLMENT
from courses.schedule.words import say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON, Visitor
from fourweek.audit.service import record
from fourweek.database import add, lock, table
from fourweek.errors import Conflict, Invalid
from fourweek.language import N_, _

SUBMISSION = table(Submission)
_ITS = (ENROLMENT.c.cohort_id == bindparam("cohort"), SUBMISSION.c.state == SubmissionState.SUBMITTED)
_WAITING = (
    select(
        SUBMISSION.c.id,
        SUBMISSION.c.enrolment_id,
        SUBMISSION.c.assignment_id,
        SUBMISSION.c.attempt,
        SUBMISSION.c.submitted_at,
        SUBMISSION.c.promised_at,
    )
    .join(ENROLMENT, ENROLMENT.c.id == SUBMISSION.c.enrolment_id)
    .where(*_ITS)
)
_ENROLLED = SUBMISSION.join(ENROLMENT, ENROLMENT.c.id == SUBMISSION.c.enrolment_id)
_HOW_MANY = select(func.count()).select_from(_ENROLLED).where(*_ITS)
_EARLIER = (
    select(
        SUBMISSION.c.enrolment_id,
        SUBMISSION.c.assignment_id,
        SUBMISSION.c.attempt,
        SUBMISSION.c.submitted_at,
        POSTED.c.outcome,
        POSTED.c.posted_at,
    )
    .join(ENROLMENT, ENROLMENT.c.id == SUBMISSION.c.enrolment_id)
    .outerjoin(POSTED, POSTED.c.submission_id == SUBMISSION.c.id)
    .where(ENROLMENT.c.cohort_id == bindparam("cohort"), SUBMISSION.c.state == SubmissionState.DECIDED)
    .order_by(SUBMISSION.c.attempt)
)
_NAME = select(PERSON.c.display_name).where(PERSON.c.id == bindparam("person"))
_PROMISE = update(SUBMISSION).where(SUBMISSION.c.id == bindparam("its")).values(promised_at=bindparam("then"))


class TermsMoved(Conflict):
    """Somebody kept other terms since the page was shown; nothing was written."""

    title = N_("The terms were changed meanwhile")


def terms_page(
    conn: Connection, visitor: Visitor, cohort_id: str, typed: TermsForm | None = None, errors: Any = None
) -> TermsPage:
    """The form with the terms that hold, or with what was typed; at most four statements.

    Forbidden for other staff of the cohort, NotFound for everybody else. What was typed over older terms comes with
    what holds now, and may then be kept on purpose.
    """
    facts = staff_cohort(conn, visitor, cohort_id)
    terms = terms_of(conn, cohort_id)
    kept, changed = known_form(terms), _changed(conn, visitor, terms, facts.zone)
    moved = typed is not None and not errors and typed.revision != terms.revision
    return TermsPage(
        cohort_id=cohort_id,
        cohort_name=facts.name,
        course_title=facts.course_title,
        typed=replace(typed or kept, revision=terms.revision if moved or not typed else typed.revision),
        changed=changed,
        waiting=conn.execute(_HOW_MANY, {"cohort": cohort_id}).scalar_one(),
        errors=errors or {},
        newer=Newer(changed, differences(typed, kept)) if moved and typed else None,
    )


def keep_terms(conn: Connection, visitor: Visitor, cohort_id: str, typed: TermsForm) -> int:
    """Keep the terms; returns for how many waiting submissions the promise came earlier.

    Raises Invalid, and TermsMoved where the page showed older terms. A form that changes nothing is kept already.
    """
    lock(conn, COHORT, cohort_id)
    facts = staff_cohort(conn, visitor, cohort_id)
    values, errors = read_terms(typed)
    if values is None:
        raise Invalid(errors)
    terms = terms_of(conn, cohort_id)
    before = {name: getattr(terms, name) for name in values}
    changed = {name: value for name, value in values.items() if value != before[name]}
    if not changed:
        return 0
    if typed.revision != terms.revision:
        raise TermsMoved
    _write(conn, visitor, terms, values)
    detail = {
        "before": {name: _plain(before[name]) for name in changed},
        "after": {name: _plain(value) for name, value in changed.items()},
    }
    at, me = visitor.now.real, visitor.me.id
    record(conn, "grading_terms.change", "cohort", cohort_id, at=at, actor_id=me, detail=detail)
    days = values["promise_days"]
    return bring_forward(conn, cohort_id, facts.zone, days, visitor.now.school) if "promise_days" in changed else 0


def bring_forward(conn: Connection, cohort_id: str, zone_name: str, days: int | None, now: datetime) -> int:
    """Promise what waits by these terms where that is earlier than what its learner was told; returns how much is.

    Nothing is promised sooner than for the next business day: terms that change today make nobody late.
    """
    calendar = Calendar(zone(zone_name), read_days(conn.execute(select(HOLIDAYS)).scalar()))
    waiting = conn.execute(_WAITING, {"cohort": cohort_id}).all()
    soonest = promise(1, calendar, now)
    before = _before(conn, cohort_id, now) if any(row.attempt > 1 for row in waiting) else {}
    moved = []
    for row in waiting:
        spans = returned_before(before.get((row.enrolment_id, row.assignment_id), ()))
        then = promise(days, calendar, row.submitted_at, spans)
        if then is not None and soonest is not None:
            then = max(then, soonest)
        if then is not None and (row.promised_at is None or then < row.promised_at):
            moved.append({"its": row.id, "then": then})
    if moved:
        conn.execute(_PROMISE, moved)
    return len(moved)


def _before(conn: Connection, cohort_id: str, now: datetime) -> dict[tuple[str, str], list[Any]]:
    """By enrolment and assignment what was decided, oldest first: (handed in, returned as incomplete and posted)."""
    found: dict[tuple[str, str], list[Any]] = {}
    for row in conn.execute(_EARLIER, {"cohort": cohort_id, "now": now}):
        went = row.posted_at if row.outcome == Outcome.RETURNED_INCOMPLETE else None
        found.setdefault((row.enrolment_id, row.assignment_id), []).append((row.submitted_at, went))
    return found


def _write(conn: Connection, visitor: Visitor, terms: GradingTerms, values: dict[str, Any]) -> None:
    stamp = {"revision": terms.revision + 1, "changed_at": visitor.now.real, "changed_by": visitor.me.id}
    target = update(TERMS).where(TERMS.c.cohort_id == terms.cohort_id)
    if not conn.execute(target.values(values | stamp)).rowcount:
        add(conn, terms.model_copy(update=values | stamp))


def _changed(conn: Connection, visitor: Visitor, terms: GradingTerms, zone_name: str) -> Kept | None:
    if terms.changed_at is None:
        return None
    name = conn.execute(_NAME, {"person": terms.changed_by}).scalar() or _("Somebody")
    return Kept(name, say_instant(terms.changed_at, zone(zone_name), zone(visitor.me.zone)))


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, StrEnum) else value
