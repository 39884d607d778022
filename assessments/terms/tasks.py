"""A scan that warns those who could still keep a promise: once for each submission, before the promise ends.

Safe to run twice or at once: what is looked at is locked, and `warned_at` is written with the letters.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, exists, func, or_, select, update

from assessments.assignments.queries import ASSIGNMENT
from assessments.coaching.asking import leads_of
from assessments.evidence.models import Submission, SubmissionState
from assessments.grading.models import Claim, Decision, Posting
from assessments.terms.models import GradingTerms
from assessments.terms.promise import Calendar, is_near, read_days
from assessments.terms.queries import HOLIDAYS, TERMS
from assessments.terms.words import say_clock
from courses.cohorts.queries import COHORT, VERSION
from courses.enrolment.access import ENROLMENT
from courses.enrolment.models import EnrolmentState
from courses.schedule.zones import zone
from fourweek.clock import Now
from fourweek.database import Database, table
from fourweek.language import _
from fourweek.language.stored import lines_in_each_language
from fourweek.outbox import Mail, post_all

KIND = "promise_near"
PIECE, NAMED = 200, 10
DAY = timedelta(days=1)
STALE = timedelta(days=60)
"""What was broken longer ago, while nobody looked, is not worth a letter any more."""
USUAL = GradingTerms(cohort_id="").warn_days
SUBMISSION, CLAIM, DECISION, POSTING = table(Submission), table(Claim), table(Decision), table(Posting)

_FACTS = select(func.max(TERMS.c.warn_days).label("longest"), HOLIDAYS)
_IS_POSTED = exists(
    select(POSTING.c.decision_id)
    .join(DECISION, DECISION.c.id == POSTING.c.decision_id)
    .where(DECISION.c.submission_id == SUBMISSION.c.id)
    .correlate(SUBMISSION)
)
_SOME: Select[Any] = (
    select(
        SUBMISSION.c.id,
        SUBMISSION.c.attempt,
        SUBMISSION.c.receipt,
        SUBMISSION.c.promised_at,
        SUBMISSION.c.given_to,
        CLAIM.c.grader_id,
        CLAIM.c.until,
        ASSIGNMENT.c.title,
        COHORT.c.id.label("cohort_id"),
        COHORT.c.name.label("cohort"),
        COHORT.c.zone,
        VERSION.c.title.label("course"),
        func.coalesce(TERMS.c.warn_days, USUAL).label("warn_days"),
    )
    .join_from(SUBMISSION, ENROLMENT, ENROLMENT.c.id == SUBMISSION.c.enrolment_id)
    .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .join(ASSIGNMENT, ASSIGNMENT.c.id == SUBMISSION.c.assignment_id)
    .join(VERSION, VERSION.c.id == ASSIGNMENT.c.version_id)
    .outerjoin(TERMS, TERMS.c.cohort_id == COHORT.c.id)
    .outerjoin(CLAIM, CLAIM.c.submission_id == SUBMISSION.c.id)
    .where(
        SUBMISSION.c.promised_at > bindparam("since"),
        SUBMISSION.c.promised_at <= bindparam("horizon"),
        SUBMISSION.c.warned_at.is_(None),
        SUBMISSION.c.id > bindparam("after"),
        ENROLMENT.c.state != EnrolmentState.WITHDRAWN,
        or_(
            SUBMISSION.c.state == SubmissionState.SUBMITTED,
            and_(SUBMISSION.c.state == SubmissionState.DECIDED, ~_IS_POSTED),
        ),
    )
    .order_by(SUBMISSION.c.id)
    .limit(PIECE)
)
_WARNED = update(SUBMISSION).where(SUBMISSION.c.id.in_(bindparam("those", expanding=True)))


def warn_of_promises(db: Database, now: Now) -> int:
    """Tell the grader who has the work, and whoever leads its cohort, what is promised soon; returns how much it is."""
    longest, holidays = db.read_now(_facts)
    after, warned = "", 0
    while found := db.read_now(_some, after, now, longest, holidays):
        if any(_due(row, holidays, now.school) for row in found):
            warned += db.write_now(_warn, after, now, longest, holidays)
        if len(found) < PIECE:
            break
        after = found[-1].id
    return warned


def _facts(conn: Connection) -> tuple[int, str | None]:
    row = conn.execute(_FACTS).one()
    return max(USUAL, row.longest or 0), row.holidays


def _some(
    conn: Connection, after: str, now: Now, longest: int, holidays: str | None, *, deciding: bool = False
) -> Sequence[Any]:
    """A piece of what may be near, in any zone."""
    tomorrow = (now.school + DAY).date()
    last = Calendar(zone("UTC"), read_days(holidays)).later(tomorrow, longest + 1)
    horizon = now.school + (last - tomorrow) + 3 * DAY
    values = {"after": after, "since": now.school - STALE, "horizon": horizon}
    statement = _SOME.with_for_update(of=SUBMISSION, skip_locked=True) if deciding else _SOME
    return conn.execute(statement, values).all()


def _due(row: Any, holidays: str | None, now: datetime) -> bool:
    return is_near(row.promised_at, _calendar(row, holidays), now, row.warn_days)


def _calendar(row: Any, holidays: str | None) -> Calendar:
    return Calendar(zone(row.zone), read_days(holidays))


def _warn(conn: Connection, after: str, now: Now, longest: int, holidays: str | None) -> int:
    found = _some(conn, after, now, longest, holidays, deciding=True)
    due = [row for row in found if _due(row, holidays, now.school)]
    leads = {cohort: leads_of(conn, cohort) for cohort in {row.cohort_id for row in due}}
    told: dict[tuple[str, str], list[Any]] = {}
    for row in due:
        for person in {*leads[row.cohort_id], *_who_has(row, now.real)}:
            told.setdefault((row.cohort_id, person), []).append(row)
    mails = [_mail(person, rows, holidays, now.school) for (_cohort, person), rows in sorted(told.items())]
    if mails:
        post_all(conn, KIND, mails, now=now.real)
    if due:
        conn.execute(_WARNED.values(warned_at=now.real), {"those": [row.id for row in due]})
    return len(due)


def _who_has(row: Any, real: datetime) -> Iterable[str]:
    if row.given_to is not None:
        yield row.given_to
    if row.until is not None and row.until > real:
        yield row.grader_id


def _mail(person: str, rows: Sequence[Any], holidays: str | None, now: datetime) -> Mail:
    """One letter about what one person can still do in one cohort; its key names the first of it."""
    first = rows[0]
    named = sorted(rows, key=lambda row: (row.promised_at, row.id))[:NAMED]
    lines = lines_in_each_language(lambda: [_line(row, holidays, now) for row in named])
    data = {
        "count": len(rows),
        "course": first.course,
        "cohort": first.cohort,
        "lines": lines,
        "more": len(rows) - len(lines),
        "path": f"/grading?cohort={first.cohort_id}",
    }
    return Mail(f"{KIND}:{first.id}:{person}", person, data)


def _line(row: Any, holidays: str | None, now: datetime) -> str:
    left, _passed = say_clock(row.promised_at, _calendar(row, holidays), now)
    said = {"title": row.title, "attempt": row.attempt, "receipt": row.receipt, "left": left}
    return _("{title}, attempt {attempt}, {receipt}: {left}", **said)
