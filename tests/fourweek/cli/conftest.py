"""The demonstration school of a test session, one for each engine."""

import os
from collections.abc import Callable, Iterator

import pytest

from tests.databases import remove_postgres
from tests.fourweek.cli.schools import School, of_this_run

Schools = Callable[[str], School]


@pytest.fixture(scope="session")
def schools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Schools]:
    """The school on an engine, filled in when it is first asked for. It takes some seconds."""
    made: dict[str, School] = {}
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    shared = tmp_path_factory.getbasetemp() if alone else tmp_path_factory.getbasetemp().parent

    def school_on(engine: str) -> School:
        if engine not in made:
            made[engine] = of_this_run(engine, shared, tmp_path_factory.mktemp(f"school-{engine}-"))
        return made[engine]

    yield school_on
    for school in made.values():
        school.db.close()
        remove_postgres(school.db.url)


@pytest.fixture(scope="session")
def school(engine: str, schools: Schools) -> School:
    return schools(engine)
