"""The interface for programs, asked with whatever its own description allows and with what it does not."""

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as runs
from schemathesis import GenerationMode
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.core.result import Ok

from fourweek.app import create_app
from fourweek.house import open_house
from fourweek.settings import Settings
from tests.access.world import open_world
from tests.databases import lend, take_back
from tests.keys import put_jwt_key
from tests.visits import Browser

pytestmark = pytest.mark.slow
EXAMPLES = 60
DESCRIPTION = "/api/v1/openapi.json"


@pytest.fixture
def visitor(tmp_path: Path) -> Any:
    db = lend("sqlite")
    put_jwt_key(tmp_path)
    house = open_house(Settings(home=tmp_path, database_url=db.url, base_url="http://testserver"), db)
    world = open_world(house)
    made = Browser(create_app(house=house), world.people["alice"])
    yield made
    made.close()
    take_back(db)


def _operations(description: dict[str, Any]) -> Any:
    every = GenerationConfig(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    config = SchemathesisConfig(projects=ProjectsConfig(default=ProjectConfig(generation=every)))
    schema = schemathesis.openapi.from_dict(description, config=config)
    return [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]


def test_whatever_is_asked_gets_an_answer_that_is_described(visitor: Browser) -> None:
    operations = _operations(visitor.get(DESCRIPTION).json())
    assert len(operations) >= 6
    for operation in operations:

        @runs(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            asked = case.as_transport_kwargs(base_url="http://testserver")
            wanted = {name: asked[name] for name in ("method", "url", "params", "headers") if asked.get(name)}
            body = {"json": asked["json"]} if "json" in asked else {"content": asked.get("data")}
            answer = visitor.request(**wanted, **({} if case.method == "GET" else body))
            assert answer.status_code < 500, (case.method, case.formatted_path)
            said = answer.headers.get("content-type", "")
            assert "json" in said or answer.status_code < 400 or not answer.content

        ask()
