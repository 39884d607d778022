"""A bucket of an S3 server that honours create-only writes."""

import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from pydantic import SecretStr

from fourweek.storage.s3 import Bucket, Patience
from tests.browser.loudly import NO_STORE
from tests.servers import HOST, NotStarted, free_port, serving

IMPATIENT = Patience(timedelta(seconds=2), timedelta(seconds=2), retries=0)
_number = count(1)


@contextmanager
def running_s3(port: int, log: Path) -> Iterator[str]:
    """The address of an S3 server at that port; it forgets everything when it ends. Raises NotStarted."""
    command = (sys.executable, "-W", "ignore", "-m", "moto.server", "-H", HOST, "-p", str(port))
    environment = {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none", "PATH": "/usr/bin:/bin"}
    with serving(command, port, environment, log) as server:
        yield server.url


def make_bucket(endpoint: str, name: str) -> None:
    with urllib.request.urlopen(urllib.request.Request(f"{endpoint}/{name}", method="PUT")) as answer:  # noqa: S310
        assert answer.status == 200


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an S3 server that lives as long as the tests do."""
    try:
        with running_s3(free_port(), tmp_path_factory.mktemp("s3") / "log") as endpoint:
            yield endpoint
    except NotStarted as error:
        pytest.skip(f"{NO_STORE}: {error}")


@pytest.fixture
def bucket(s3_server: str) -> Bucket:
    """A bucket of the test's own."""
    made = Bucket(f"test-{next(_number)}", "some/prefix", s3_server, key="somebody", secret=SecretStr("unspeakable"))
    make_bucket(s3_server, made.name)
    return made
