"""What is logged, for tests to read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs


@contextmanager
def heard(module: str) -> Iterator[list[Any]]:
    """The entries of the logger of `module`; one that has spoken before keeps where it wrote to, so it is a new one."""
    with pytest.MonkeyPatch.context() as patch, capture_logs() as entries:
        patch.setattr(f"{module}.log", structlog.get_logger())
        yield entries
