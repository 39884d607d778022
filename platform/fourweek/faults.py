"""What a disk or a database says when it cannot, as our own errors: a clear answer now, and well again by itself."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from fourweek.errors import Busy, FourweekError, NoRoom
from fourweek.language import N_, _

log = structlog.get_logger(__name__)

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
BROKEN = frozenset({errno.EIO, errno.EROFS})

WAITED = N_("The database did not answer in time.")
AWAY = N_("The database does not answer just now.")
NO_ROOM = N_("The database has no room just now.")
NO_WRITING = N_("The database cannot be written just now.")
_SQLITE = {
    sqlite3.SQLITE_BUSY: WAITED,
    sqlite3.SQLITE_LOCKED: WAITED,
    sqlite3.SQLITE_PROTOCOL: WAITED,
    sqlite3.SQLITE_NOMEM: AWAY,
    sqlite3.SQLITE_CANTOPEN: AWAY,
    sqlite3.SQLITE_CORRUPT: AWAY,
    sqlite3.SQLITE_NOTADB: AWAY,
    sqlite3.SQLITE_IOERR: NO_WRITING,
    sqlite3.SQLITE_READONLY: NO_WRITING,
    sqlite3.SQLITE_FULL: NO_ROOM,
}
"""By the primary code, see https://sqlite.org/rescode.html."""
_POSTGRES = {
    "40001": WAITED,  # serialization_failure
    "40P01": WAITED,  # deadlock_detected
    "55P03": WAITED,  # lock_not_available
    "57014": WAITED,  # query_canceled: our own statement_timeout
    "25006": NO_WRITING,  # read_only_sql_transaction: a standby
    "53100": NO_ROOM,  # disk_full
    "53200": AWAY,  # out_of_memory
    "53300": AWAY,  # too_many_connections
}
_POSTGRES_CLASSES = {"08": AWAY, "57": AWAY, "58": NO_WRITING, "XX": AWAY}
"""Connections lost, a server that is stopped or started, its own disk, its own errors; PostgreSQL, appendix A."""


def of_disk(error: OSError) -> Busy | None:
    """A disk that is full, fails or is read-only, in words for who wanted to keep a file; None for other errors."""
    if error.errno in FULL:
        log.error("disk full", path=error.filename)  # the operator needs the fact, not a trace
        return NoRoom(_("There is no room for files just now. Nothing was kept of this one."))
    if error.errno in BROKEN:
        log.error("disk refuses to write", path=error.filename, reason=error.strerror)
        return Busy(_("Files cannot be written just now. Nothing was kept of this one."))
    return None


def of_database(error: DBAPIError, *, reading: bool = False) -> Busy | None:
    """A database that is locked, full, broken or away; None for what is a mistake of ours.

    One who is `reading` and writes all the same is refused by the database too: that is such a mistake.
    """
    said = error.orig
    words = _sqlite(said, reading=reading) if isinstance(said, sqlite3.Error) else _postgres(error, reading=reading)
    if not words:
        return None
    log.error("database fails", said=words, reason=str(error.orig).partition("\n")[0][:300])
    return NoRoom(_(words)) if words == NO_ROOM else Busy(_(words))


def _sqlite(said: sqlite3.Error, *, reading: bool) -> str:
    code = getattr(said, "sqlite_errorcode", 0)
    if reading and code == sqlite3.SQLITE_READONLY:
        return ""
    return _SQLITE.get(code & 0xFF, "")


def _postgres(error: DBAPIError, *, reading: bool) -> str:
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # the connection itself, of which the server says nothing any more
        return AWAY if isinstance(error, OperationalError | InterfaceError) else ""
    if reading and state == "25006":
        return ""
    return _POSTGRES.get(state, _POSTGRES_CLASSES.get(state[:2], ""))


@contextmanager
def database_as_busy(*, reading: bool = False) -> Iterator[None]:
    """Turn what a database cannot do just now into Busy or NoRoom; any other error goes on as it is."""
    try:
        yield
    except DBAPIError as error:
        if ours := of_database(error, reading=reading):
            raise ours from error
        raise
    except NoConnectionLeft as error:
        raise Busy(_(WAITED)) from error
    except OSError as error:
        if error.errno in FULL | BROKEN:  # the file that keeps writers in turn
            log.error("database fails", said=NO_WRITING, reason=error.strerror)  # noqa: TRY400
            raise (NoRoom(_(NO_ROOM)) if error.errno in FULL else Busy(_(NO_WRITING))) from error
        raise


def foreseen(error: Exception) -> FourweekError | None:
    """Our own word for what went wrong anywhere in a request; None for what nobody foresaw."""
    if isinstance(error, FourweekError):
        return error
    if isinstance(error, OSError):
        return of_disk(error)
    return of_database(error) if isinstance(error, DBAPIError) else None
