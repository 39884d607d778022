"""What the disk says when it cannot, in words that a person can use."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from fourweek.errors import Busy

log = structlog.get_logger(__name__)
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
BROKEN = frozenset({errno.EIO, errno.EROFS})


@contextmanager
def disk_as_busy() -> Iterator[None]:
    """Turn a full, failing or read-only disk into Busy; any other error goes on as it is."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            log.error("disk full", path=error.filename)  # noqa: TRY400 the operator needs the fact, not a trace
            raise Busy("There is no room for files just now. Nothing was kept of this one.") from error
        if error.errno in BROKEN:
            log.error("disk refuses to write", path=error.filename, reason=error.strerror)  # noqa: TRY400
            raise Busy("Files cannot be written just now. Nothing was kept of this one.") from error
        raise
