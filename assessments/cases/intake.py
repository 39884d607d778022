"""Where a submission's way to its decision begins: in the transaction that hands it in."""

import secrets

from sqlalchemy import Connection

from assessments.cases.models import Case
from assessments.identity.pseudonyms import keep_pseudonym
from fourweek.database import add

LARGEST_LOT = 2**31 - 2


def begin_case(conn: Connection, submission_id: str, enrolment_id: str, assignment_key: str) -> None:
    """Write the case of a submission that is being handed in, and the name its learner goes by."""
    add(conn, Case(submission_id=submission_id, lot=1 + secrets.randbelow(LARGEST_LOT)))
    keep_pseudonym(conn, enrolment_id, assignment_key)
