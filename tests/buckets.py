"""A bucket of an S3 server that honours create-only writes."""

import sys
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
from pydantic import SecretStr

from fourweek.storage.s3 import Bucket, Patience
from tests.browser.loudly import NO_STORE
from tests.servers import HOST, NotStarted, free_port, serving

IMPATIENT = Patience(timedelta(seconds=2), timedelta(seconds=2), retries=0)
_number = count(1)


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an S3 server that lives as long as the tests do."""
    port = free_port()
    command = (sys.executable, "-W", "ignore", "-m", "moto.server", "-H", HOST, "-p", str(port))
    environment = {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none", "PATH": "/usr/bin:/bin"}
    try:
        with serving(command, port, environment, tmp_path_factory.mktemp("s3") / "log") as server:
            yield server.url
    except NotStarted as error:
        pytest.skip(f"{NO_STORE}: {error}")


@pytest.fixture
def bucket(s3_server: str) -> Bucket:
    """A bucket of the test's own."""
    made = Bucket(f"test-{next(_number)}", "some/prefix", s3_server, key="somebody", secret=SecretStr("unspeakable"))
    with urllib.request.urlopen(urllib.request.Request(f"{s3_server}/{made.name}", method="PUT")) as answer:  # noqa: S310
        assert answer.status == 200
    return made
