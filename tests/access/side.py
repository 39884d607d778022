"""One cohort of the world: who is in it, and what stands in its addresses."""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from io import BytesIO
from zipfile import ZipFile

from tests import factories as make
from tests.courses.packages.factories import PUMP_CARE

NOW = make.START + timedelta(days=9)
"""The second module is open, and the first still takes what is late."""

DAY = timedelta(days=1)
PAPER = b"%PDF-1.4\n% a paper\n"
NOTE = b"What I wrote down.\n"
PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg"></svg>'
Names = dict[str, str]


@dataclass(slots=True)
class Side:
    """`names` hold ids by what stands before and in the variable part of an address, such as "/licences/{licence_id}".

    The learner `me` owns what there is; `beside` learns in the same section.
    """

    course: make.MadeCourse
    cohort: str
    section: str
    me: str
    beside: str
    enrolment: str
    enrolment_beside: str
    submission: str = ""
    names: Names = field(default_factory=dict)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@cache
def package() -> bytes:
    """A course package as an author uploads it."""
    held = BytesIO()
    with ZipFile(held, "w") as archive:
        for path in sorted(PUMP_CARE.rglob("*")):
            if path.is_file():
                archive.writestr(path.relative_to(PUMP_CARE).as_posix(), path.read_bytes())
    return held.getvalue()
