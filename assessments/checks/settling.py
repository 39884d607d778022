"""A check in the evidence of an attempt: one row, written when the check is passed or all its tries are used.

So a draft knows by its evidence alone whether the check stands in the way of handing in, and receipts name the result.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection

from assessments.assignments.models import RequirementKind
from assessments.checks.queries import pools_of, tries_of
from assessments.checks.standing import Done, standing
from assessments.evidence.models import Evidence
from assessments.evidence.standing import Attempt
from fourweek.database import add, new_id


def say_settled(done: Done) -> str:
    """The result that the evidence holds, such as "7 of 8 right, try 2; passed"."""
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


def settle_begun(
    conn: Connection,
    enrolment_id: str,
    submission_id: str,
    requirement_ids: Sequence[str],
    attempts: Sequence[Attempt],
    now: datetime,
) -> None:
    """Put into an attempt that has just begun what earlier ones settled: what was passed stays passed.

    `requirement_ids` are those of the checks that are asked, `attempts` all that came before. No statement without
    checks; three at most.
    """
    tries = tries_of(conn, enrolment_id, requirement_ids)
    pools = pools_of(conn, requirement_ids)
    for one in requirement_ids:
        stands = standing(tries[one], attempts, len(attempts) + 1, pools[one].rules.max_tries)
        if stands.settled:
            settle(conn, submission_id, one, stands.settled, now)
