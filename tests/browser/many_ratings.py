"""Works that two graders rated, put straight into a running school, so that its figures have something to show."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, update

from assessments.assignments.models import Assignment
from assessments.evidence.models import Submission, SubmissionMember, SubmissionState
from assessments.evidence.queries import SUBMISSION
from assessments.grading.models import (
    Decision,
    DecisionLine,
    Outcome,
    Posting,
    Purpose,
    Rating,
    RatingLine,
    RatingState,
)
from assessments.rubrics.queries import CRITERION, LEVEL
from assessments.second.models import SampledFor, SecondRating
from courses.cohorts.models import Cohort
from courses.enrolment.models import Enrolment
from fourweek.accounts.models import EmailAddress
from fourweek.accounts.service import add_person
from fourweek.clock import real_time, school_now
from fourweek.database import Database, add, new_id, table
from fourweek.settings import Settings
from tests.browser.school import GRADER, SECOND_GRADER, Someone

WORKS = 36
# How often the two give another level, in tenths, from the first criterion on.
APART = (1, 5, 3, 2)


def rate_many(home: Path) -> None:
    """Tom and Mei rated the first assignment of everybody in the newest cohort, and most of it is posted."""
    db = Database(Settings(home=home).database)
    db.write_now(_fill)
    db.close()


def _fill(conn: Connection) -> None:
    now = school_now(conn, real_time()).school
    cohort, task = table(Cohort), table(Assignment)
    place = conn.execute(select(cohort).order_by(cohort.c.created_at.desc())).first()
    assert place is not None
    asked = conn.execute(select(task).where(task.c.version_id == place.version_id).order_by(task.c.id)).first()
    assert asked is not None
    levels = _levels(conn, asked.rubric_id)
    graders = [_person(conn, GRADER), _person(conn, SECOND_GRADER)]
    for number in range(WORKS):
        submission = _work(conn, place.id, asked, now - timedelta(days=3 + number % 6))
        _rated(conn, submission, levels, graders, number)
        if number % 6:
            _decided(conn, submission, asked.rubric_id, levels, graders[0], now - timedelta(days=number % 3))


def _levels(conn: Connection, rubric_id: str) -> list[tuple[str, list[str]]]:
    """(criterion, its levels) in order."""
    criteria = select(CRITERION.c.id).where(CRITERION.c.rubric_id == rubric_id).order_by(CRITERION.c.position)
    found = []
    for criterion in conn.execute(criteria).scalars().all():
        rows = select(LEVEL.c.id).where(LEVEL.c.criterion_id == criterion).order_by(LEVEL.c.position)
        found.append((criterion, list(conn.execute(rows).scalars())))
    return found


def _person(conn: Connection, someone: Someone) -> str:
    address = table(EmailAddress)
    found = select(address.c.person_id).where(address.c.address == someone.address)
    return str(conn.execute(found).scalar_one())


def _work(conn: Connection, cohort_id: str, asked: Any, at: datetime) -> str:
    person = add_person(
        conn, address=f"{new_id()}@quay.example", legal_name="Noor van Dijk", password_hash=None, zone="UTC", now=at
    )
    place = Enrolment(id=new_id(), cohort_id=cohort_id, person_id=person, enrolled_at=at)
    add(conn, place)
    row = Submission(
        id=new_id(),
        enrolment_id=place.id,
        assignment_id=asked.id,
        rubric_id=asked.rubric_id,
        attempt=1,
        started_at=at,
        saved_at=at,
        promised_at=at + timedelta(days=5),
    )
    add(conn, row)
    add(conn, SubmissionMember(submission_id=row.id, person_id=person))
    done = {"state": SubmissionState.SUBMITTED, "submitted_at": at, "receipt": row.pseudonym}
    conn.execute(update(SUBMISSION).where(SUBMISSION.c.id == row.id).values(done))
    conn.execute(update(SUBMISSION).where(SUBMISSION.c.id == row.id).values(state=SubmissionState.DECIDED))
    return row.id


def _rated(
    conn: Connection, submission: str, levels: Sequence[tuple[str, list[str]]], graders: Sequence[str], number: int
) -> None:
    real = real_time() - timedelta(hours=1)
    second = SecondRating(submission_id=submission, why=SampledFor.SAMPLE, asked_at=real, closed_at=real, agreed=True)
    add(conn, second)
    for side, purpose in enumerate((Purpose.FIRST, Purpose.SECOND)):
        row = Rating(
            id=new_id(),
            submission_id=submission,
            grader_id=graders[(side + number) % 2],
            state=RatingState.DONE,
            purpose=purpose,
            saved_at=real,
            done_at=real,
        )
        add(conn, row)
        lines = [
            RatingLine(rating_id=row.id, criterion_id=criterion, level_id=ids[_level(number, place, side, len(ids))])
            for place, (criterion, ids) in enumerate(levels)
        ]
        add(conn, *lines)


def _level(number: int, place: int, side: int, count: int) -> int:
    """The first rating goes through all levels; the second is a level off as often as APART says."""
    first = (number * 7 + place) % count
    off = side and (number * 3 + place) % 10 < APART[place % len(APART)]
    return min(count - 1, first + 1) if off and first < count - 1 else first - 1 if off else first


def _decided(
    conn: Connection,
    submission: str,
    rubric: str,
    levels: Sequence[tuple[str, list[str]]],
    grader: str,
    at: datetime,
) -> None:
    row = Decision(
        id=new_id(),
        submission_id=submission,
        outcome=Outcome.DEMONSTRATED,
        rubric_id=rubric,
        decided_by=grader,
        decided_at=at,
    )
    add(conn, row)
    add(conn, *(DecisionLine(decision_id=row.id, criterion_id=c, level_id=ids[-1], met=True) for c, ids in levels))
    add(conn, Posting(decision_id=row.id, posted_at=at, posted_by=grader))
