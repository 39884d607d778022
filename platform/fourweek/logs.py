"""Structured logs to standard error: words for a terminal, JSON for a machine. Never secrets or evidence."""

import logging
import sys

import structlog


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
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            shape,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
