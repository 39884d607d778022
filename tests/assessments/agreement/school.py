"""Works that two graders rated, as their levels would be kept."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, update

from assessments.evidence.queries import SUBMISSION
from assessments.grading.models import Purpose, Rating, RatingLine, RatingState
from assessments.second.models import SampledFor, SecondRating
from fourweek.database import add, new_id
from tests import factories as make
from tests.assessments.grading.factories import NOW, School

HOUR = timedelta(hours=1)


def rating(
    conn: Connection,
    made: School,
    submission: str,
    grader: str,
    levels: Sequence[int | None],
    purpose: Purpose = Purpose.FIRST,
    at: datetime | None = NOW,
) -> str:
    """A rating done at `at`, a draft for None; levels by position, None for a criterion without one."""
    state = RatingState.DRAFT if at is None else RatingState.DONE
    row = Rating(
        id=new_id(),
        submission_id=submission,
        grader_id=grader,
        state=state,
        purpose=purpose,
        comment="Read.",
        saved_at=NOW,
        done_at=at,
    )
    add(conn, row)
    criteria = made.course.criteria[0]
    for criterion, level in zip(criteria, levels, strict=True):
        chosen = None if level is None else made.course.levels[criterion][level]
        add(conn, RatingLine(rating_id=row.id, criterion_id=criterion, level_id=chosen, comment="Seen."))
    return row.id


def rated_twice(
    conn: Connection,
    made: School,
    submission: str,
    first: Sequence[int | None],
    second: Sequence[int | None],
    at: datetime = NOW,
) -> None:
    """Greta rates first, gus second an hour later, and the two are compared at once."""
    rating(conn, made, submission, made.greta, first, at=at)
    rating(conn, made, submission, made.gus, second, Purpose.SECOND, at=at + HOUR)
    row = SecondRating(submission_id=submission, why=SampledFor.SAMPLE, asked_at=at, closed_at=at + HOUR, agreed=True)
    add(conn, row)


def several(conn: Connection, made: School, pairs: Sequence[tuple[Sequence[int], Sequence[int]]]) -> list[str]:
    """As many submissions as pairs, each rated twice so; their ids."""
    found = []
    for number, (first, second) in enumerate(pairs):
        enrolment = make.enrol(conn, made.cohort, make.person(conn, f"Pair{number} Doe"))
        found.append(make.submission(conn, made.course, enrolment))
        rated_twice(conn, made, found[-1], first, second)
    return found


def promise(conn: Connection, submission: str, at: datetime) -> None:
    conn.execute(update(SUBMISSION).where(SUBMISSION.c.id == submission).values(promised_at=at))
