"""The schema is there for everybody."""

import json
from typing import Any

from fourweek.edge import House


def test_anybody_reads_the_schema_under_its_own_address(house: House, browser: Any) -> None:
    answer = browser().get("/schemas/fourweek-transcript-2.json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/schema+json")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert json.loads(answer.content)["$id"] == f"{house.settings.public_url}/schemas/fourweek-transcript-2.json"
