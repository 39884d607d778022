"""The order of a grader's queue: what is promised first comes first, then each grader's own shuffle.

Lots are shuffled by multiplying them modulo a prime: another factor, another order, and no two lots ever fall together.
So nobody's work is always read first, or last, and a grader finds the queue as it was.
"""

from hashlib import sha256
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, bindparam, cast

from assessments.evidence.models import Submission
from fourweek.database import table

PRIME = 2**31 - 1
_SUBMISSION = table(Submission)


def shuffle_of(person_id: str) -> int:
    """A person's factor, from 1 to PRIME - 1."""
    return 1 + int.from_bytes(sha256(person_id.encode()).digest()[:8]) % (PRIME - 1)


def place_of(lot: int, shuffle: int) -> int:
    """Where a lot stands in the order of one shuffle."""
    return lot * shuffle % PRIME


SHUFFLED = cast(_SUBMISSION.c.lot, BigInteger) * bindparam("shuffle", type_=BigInteger) % PRIME
"""`place_of` in SQL; takes the value `shuffle`."""
IN_ORDER: tuple[ColumnElement[Any], ...] = (
    _SUBMISSION.c.promised_at.asc().nulls_last(),
    SHUFFLED,
    _SUBMISSION.c.id,
)
