"""A check in the evidence of an attempt: one row, written when the check is passed or all its tries are used.

So a draft knows by its evidence alone whether the check stands in the way of handing in, and receipts name the result.
"""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection

from assessments.assignments.models import RequirementKind
from assessments.checks.queries import tries_of
from assessments.checks.standing import Done
from assessments.evidence.models import Evidence
from fourweek.database import add, new_id


def say_settled(done: Done) -> str:
    """The result that the evidence holds, in English: "7 of 8 right, try 2; passed"."""
    outcome = "passed" if done.passed else f"not passed, {done.needed} were needed"
    return f"{done.result}; {outcome}"


def settle(conn: Connection, submission_id: str, requirement_id: str, done: Done, now: datetime) -> None:
    """Put the try that settled a check into a draft's evidence; one statement."""
    words = say_settled(done)
    row = Evidence(
        id=new_id(),
        submission_id=submission_id,
        requirement_id=requirement_id,
        position=0,
        kind=RequirementKind.CHECK,
        text=words,
        size=len(words.encode()),
        sha256=sha256(words.encode()).hexdigest(),
        saved_at=now,
    )
    add(conn, row)


def staying(conn: Connection, enrolment_id: str, requirement_ids: Collection[str], *, judged: bool) -> frozenset[str]:
    """Which of these checks stay settled in the attempt that follows one that was handed in, by their requirement ids.

    After one that was `judged`, what was passed; after one that was taken back, all: taking back brings no tries back.
    One statement, none without checks.
    """
    if not judged:
        return frozenset(requirement_ids)
    tries = tries_of(conn, enrolment_id, requirement_ids)
    return frozenset(one for one, done in tries.items() if any(each.passed for each in done))
