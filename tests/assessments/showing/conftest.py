"""A file in somebody's evidence, put there without the way in, so that it may be of any kind."""

from collections.abc import Callable

import pytest

from assessments.evidence.forms import NewFile
from fourweek.database import Database
from fourweek.edge import House
from tests.assessments.evidence.conftest import school, settings  # noqa: F401
from tests.assessments.evidence.school import School, evidence, typed

PutIn = Callable[..., str]


@pytest.fixture
def put_in(school: School, db: Database, house: House) -> PutIn:  # noqa: F811
    """put_in(name, media_type, data) keeps a file in Alice's draft, and hands it in unless told; gives its id."""

    def act(name: str, media_type: str, data: bytes, *, hand_in: bool = False) -> str:
        kept = house.store.keep_bytes(data)
        form = typed(files=(NewFile("proof", name, media_type, kept.size, kept.sha256),))
        if hand_in:
            school.hand_in(db, form)
        else:
            school.save(db, form)
        return str(next(row.id for row in evidence(db) if row.file_name))

    return act
