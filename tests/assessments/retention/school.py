"""Attempts of a cohort that is long over, for the tests of retention. Its period is 30 days."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from assessments.assignments.models import RequirementKind
from assessments.evidence.models import Evidence, Submission, SubmissionState
from assessments.grading.models import Outcome
from assessments.retention.models import LegalHold
from assessments.retention.purge import purge
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.clock import Now
from fourweek.database import Database, add, new_id, table
from tests import factories as make

DAYS = 30
IN = make.START
OVER = IN + timedelta(days=60)
NOW = Now(real=OVER, school=OVER)
EVIDENCE, SUBMISSION, AUDIT = table(Evidence), table(Submission), table(AuditRow)
SHA = "ab" * 32


@dataclass(slots=True)
class Past:
    """Alice's `attempt` in `cohort` was decided and posted; Rita keeps the record."""

    made: make.MadeCourse
    cohort: str
    alice: str
    enrolment: str
    greta: str
    rita: str
    attempt: str


def build(conn: Connection, /, **changes: Any) -> Past:
    made = make.course(conn)
    cohort = make.cohort(conn, made, **changes)
    alice, greta = make.person(conn), make.with_role(conn, Role.GRADER)
    rita = make.with_role(conn, Role.REGISTRAR, "Rita Record")
    enrolment = make.enrol(conn, cohort, alice)
    attempt = handed_in(conn, made, enrolment)
    make.decided(conn, made, attempt, greta, outcome=Outcome.DEMONSTRATED, posted_at=IN)
    return Past(made, cohort, alice, enrolment, greta, rita, attempt)


def handed_in(conn: Connection, made: make.MadeCourse, enrolment: str, week: int = 1, attempt: int = 1) -> str:
    """An attempt with a text and a file."""
    return make.submission(conn, made, enrolment, week=week, attempt=attempt, more=[a_file(made, week)])


def a_file(made: make.MadeCourse, week: int = 1, sha256: str = SHA) -> Evidence:
    return Evidence(
        id=new_id(),
        submission_id="",
        requirement_id=made.files[week - 1],
        position=0,
        kind=RequirementKind.FILES,
        file_name="shot.png",
        media_type="image/png",
        size=108,
        sha256=sha256,
        saved_at=IN,
    )


def draft(conn: Connection, past: Past, week: int = 2, state: SubmissionState = SubmissionState.DRAFT) -> str:
    """A draft that was never handed in, or one that was taken back, with a text and a file."""
    row = Submission(
        id=new_id(),
        enrolment_id=past.enrolment,
        assignment_id=past.made.assignments[week - 1],
        rubric_id=past.made.rubrics[week - 1],
        attempt=1,
        started_at=IN,
        saved_at=IN,
    )
    add(conn, row)
    text = Evidence(
        id=new_id(),
        submission_id=row.id,
        requirement_id=past.made.texts[week - 1],
        position=0,
        kind=RequirementKind.TEXT,
        text="Half a thought.",
        size=15,
        sha256="1" * 64,
        saved_at=IN,
    )
    add(conn, text, a_file(past.made, week).model_copy(update={"submission_id": row.id}))
    if state is not SubmissionState.DRAFT:
        gone = {"state": state, "submitted_at": IN, "withdrawn_at": IN}
        conn.execute(SUBMISSION.update().where(SUBMISSION.c.id == row.id).values(gone))
    return row.id


def held(conn: Connection, past: Past, /, **whom: str) -> str:
    """A hold on `person_id` or `cohort_id`."""
    row = LegalHold(id=new_id(), reason="A complaint.", placed_at=IN, placed_by=past.rita, **whom)  # type: ignore[arg-type]
    add(conn, row)
    return row.id


def purged(conn: Connection, /, *ids: str, at: datetime = OVER) -> int:
    return purge(conn, Now(real=at, school=at), DAYS, ids)


def content(conn: Connection, submission_id: str) -> list[tuple[str, str]]:
    """Texts and files of an attempt that are still there, files by their digest."""
    left = select(EVIDENCE).where(EVIDENCE.c.submission_id == submission_id, EVIDENCE.c.purged_at.is_(None))
    return [(row.kind, row.text or row.sha256) for row in conn.execute(left.order_by(EVIDENCE.c.kind.desc()))]


def acts(conn: Connection, act: str) -> list[Any]:
    return list(conn.execute(select(AUDIT).where(AUDIT.c.act == act).order_by(AUDIT.c.id)))


def read(db: Database, fn: Any, *args: Any) -> Any:
    return db.read_now(fn, *args)
