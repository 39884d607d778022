"""Logs go to standard error, wherever that leads when a line is written."""

import io
import sys
from collections.abc import Iterator

import pytest
import structlog

from fourweek import logs


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def test_what_captured_standard_error_may_be_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    captured, now = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", captured)
    logs.configure()
    log = structlog.get_logger("test")
    log.info("first")
    captured.close()
    monkeypatch.setattr(sys, "stderr", now)
    log.info("second", enrolment="x")
    assert '"event": "second"' in now.getvalue()
