"""The bucket of the operators' guide: its block of settings, as it is written there. Part of `make prove`."""

import json
import urllib.request
from pathlib import Path

import pytest

from tests.buckets import make_bucket, s3_server  # noqa: F401
from tests.docs.pages import DOCS, blocks
from tests.servers import REPO, fourweek_environment, free_port, run_fourweek

pytestmark = pytest.mark.slow
ELSEWHERE = "https://s3.example.edu"


def _written(endpoint: str) -> dict[str, str]:
    """The settings of the guide; only the address of the store is another."""
    found = [one for one in blocks(DOCS / "operating" / "database-and-files.md") if "FOURWEEK_STORE=s3://" in one]
    assert [one.count(ELSEWHERE) for one in found] == [1]
    return dict(line.split("=", 1) for line in found[0].replace(ELSEWHERE, endpoint).splitlines())


def test_the_block_keeps_a_schools_files_in_the_bucket(s3_server: str, tmp_path: Path) -> None:  # noqa: F811
    settings = _written(s3_server)
    bucket, prefix = settings["FOURWEEK_STORE"].removeprefix("s3://").split("/")
    make_bucket(s3_server, bucket)
    school = fourweek_environment(tmp_path / "home", free_port()) | settings
    run_fourweek(school, "migrate")
    run_fourweek(school, "course", "import", str(REPO / "courses" / "examples" / "reliable-services"))
    assert run_fourweek(school, "evidence", "verify").endswith("every file is what it was.\n")
    looked = {one["part"]: one["state"] for one in json.loads(run_fourweek(school, "doctor", "--json"))}
    assert looked["store"] == "ok"
    with urllib.request.urlopen(f"{s3_server}/{bucket}?list-type=2&prefix={prefix}/") as answer:  # noqa: S310
        assert b"<Contents>" in answer.read()
    kept = [path for path in (tmp_path / "home" / "files").rglob("*") if path.is_file() and path.suffix != ".lock"]
    assert kept == []
