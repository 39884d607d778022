"""Structured logs to standard error: words for a terminal, JSON for a machine. Never secrets or evidence."""

import logging
import re
import sys
from contextlib import suppress
from contextvars import ContextVar
from typing import TextIO, cast

import structlog
from structlog.typing import EventDict

REQUEST = ContextVar("request", default="")
"""Number of the request that is being answered, as its answer's X-Request-ID says it."""
_VALUES = re.compile(r"\n(?:DETAIL|CONTEXT|HINT): [^\n]*")
"""Where PostgreSQL repeats what a row holds."""


def with_request(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Every line of a request carries its number."""
    if number := REQUEST.get():
        event["request"] = number
    return event


def without_values(_logger: object, _method: str, event: EventDict) -> EventDict:
    """A trace says where and why, not what the rows held. Parameters of statements are never in one (`database.py`)."""
    if trace := event.get("exception"):
        event["exception"] = _VALUES.sub("", trace)
    return event


class _StandardError:
    """Standard error as it is when something is written: whoever captures it may have put it back since.

    A line that cannot be written, as where the disk of the log is full, is lost; what it tells of goes on.
    """

    def write(self, words: str) -> int:
        with suppress(OSError):
            return sys.stderr.write(words)
        return 0

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


def configure(*, quiet: bool = False) -> None:
    """Set up logging once per process. `quiet` keeps warnings and errors alone."""
    level = logging.WARNING if quiet else logging.INFO
    shape = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            with_request,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            without_values,
            shape,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, _StandardError())),
        cache_logger_on_first_use=True,
    )
