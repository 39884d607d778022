"""Both stores: a folder, and a bucket."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fourweek.storage import LocalStore, Store
from fourweek.storage.s3 import S3Store
from tests.buckets import IMPATIENT, bucket, s3_server  # noqa: F401

BOTH = ("folder", "bucket")


@pytest.fixture
def new_store(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Store]:
    """Opens a store by its kind."""

    def open_one(kind: str) -> Store:
        if kind == "folder":
            return LocalStore(tmp_path / "files")
        return S3Store(request.getfixturevalue("bucket"), tmp_path / "spool", IMPATIENT)

    return open_one


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest, new_store: Callable[[str], Store]) -> Store:
    """A store of either kind, empty."""
    return new_store(request.param)
