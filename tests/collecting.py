"""A run begins sooner: its workers share the reading of the tests."""

import importlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).resolve().parent


def read_from_own_place(config: Any) -> None:
    """Import every file of tests, beginning where no other worker does: each is then compiled by one, once.

    Only in a worker of a run of all tests. What cannot be imported is told when it is collected.
    """
    worker = getattr(config, "workerinput", None)
    if worker is None or [Path(one).resolve() for one in config.args] != [TESTS]:
        return
    files = sorted(TESTS.rglob("test_*.py"))
    first = len(files) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]
    for path in (*files[first:], *files[:first]):
        with suppress(Exception, pytest.skip.Exception):
            importlib.import_module(".".join(path.relative_to(TESTS.parent).with_suffix("").parts))
