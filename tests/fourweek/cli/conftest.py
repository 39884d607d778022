"""The demonstration school of a test session, one for each engine."""

from collections.abc import Callable, Iterator

import pytest

from fourweek.clock import real_time
from tests.databases import remove_postgres
from tests.fourweek.cli.schools import School, filled

Schools = Callable[[str], School]


@pytest.fixture(scope="session")
def schools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Schools]:
    """The school on an engine, filled in when it is first asked for. It takes some seconds."""
    made: dict[str, School] = {}
    now = real_time()  # one for both, or midnight might fall between them

    def school_on(engine: str) -> School:
        if engine not in made:
            made[engine] = filled(engine, tmp_path_factory.mktemp(f"school-{engine}"), now)
        return made[engine]

    yield school_on
    for school in made.values():
        school.db.close()
        remove_postgres(school.db.url)


@pytest.fixture(scope="session")
def school(engine: str, schools: Schools) -> School:
    return schools(engine)
