"""What a learner is called while their work is judged."""

import secrets

from sqlalchemy import Connection, select

from assessments.identity.models import Pseudonym
from fourweek.database import add_once, table

PSEUDONYM = table(Pseudonym)
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_code() -> str:
    """A name such as L-7K2Q9M: 29 random bits, no letters that look alike."""
    return "L-" + "".join(secrets.choice(ALPHABET) for _ in range(6))


def keep_pseudonym(conn: Connection, enrolment_id: str, assignment_key: str) -> None:
    """Give this enrolment a name in this assignment, once; a code that is taken is drawn again."""
    while not add_once(conn, Pseudonym(enrolment_id=enrolment_id, assignment_key=assignment_key, code=new_code())):
        if has_pseudonym(conn, enrolment_id, assignment_key):
            return


def has_pseudonym(conn: Connection, enrolment_id: str, assignment_key: str) -> bool:
    mine = (PSEUDONYM.c.enrolment_id == enrolment_id, PSEUDONYM.c.assignment_key == assignment_key)
    return conn.execute(select(PSEUDONYM.c.code).where(*mine)).first() is not None
