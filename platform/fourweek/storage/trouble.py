"""What the disk says when it cannot, in words that a person can use."""

from collections.abc import Iterator
from contextlib import contextmanager

from fourweek.faults import of_disk


@contextmanager
def disk_as_busy() -> Iterator[None]:
    """Turn a full disk into NoRoom, a failing or read-only one into Busy; any other error goes on as it is."""
    try:
        yield
    except OSError as error:
        if ours := of_disk(error):
            raise ours from error
        raise
