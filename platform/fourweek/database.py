"""The one way to the database, the same on SQLite and PostgreSQL.

A handler calls `await db.read(fn, …)` or `await db.write(fn, …)` once. `fn` is a plain synchronous function that gets a
Core `Connection` first, runs whole in one thread hop, and returns plain values. `write` commits, once.
"""

import asyncio
import functools
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    ForeignKey,
    Integer,
    Table,
    TypeDecorator,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

from fourweek.commits import Commits
from fourweek.errors import Busy
from fourweek.faults import WAITED, database_as_busy

try:
    import fcntl
except ImportError:  # Windows: BEGIN IMMEDIATE alone keeps order
    fcntl = None  # type: ignore[assignment]

P = ParamSpec("P")
T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

READ_SLOTS = 8
WRITE_SLOTS = 8
LOCK_DEADLINE = 5.0
QUEUE_DEADLINE = 10.0
"""Seconds after which a call that has not begun is given up: whoever asked has long been waiting."""
BUSY_MS = 5000
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    f"busy_timeout={BUSY_MS}",
)

SQLModel.model_config["defer_build"] = True  # a row of a table is never validated: nothing is made ready for it
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC at rest, sortable as text on SQLite. A naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: pass an aware one")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


INSTANT: Any = UtcDateTime
WHOLE: Any = BigInteger().with_variant(Integer(), "sqlite")
"""A whole number beyond two thousand million, such as a size in bytes; SQLite's own integers reach as far."""


@functools.cache
def enum_type(kind: type[StrEnum]) -> Any:
    """Column type that stores the enum's values as text."""
    return Enum(kind, native_enum=False, length=40, values_callable=lambda e: [m.value for m in e])


def points_to(column: str) -> Any:
    """A foreign key to `table.column` that refuses to orphan its row."""
    return ForeignKey(column, ondelete="RESTRICT")


def table(model: type[SQLModel]) -> Table:
    """The Core table of a SQLModel class."""
    return cast(Table, model.__table__)  # type: ignore[attr-defined]


_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


_making = threading.Lock()
_last_number = 0


def new_id() -> str:
    """26 characters that sort by time of making: 48 bits of milliseconds, then 80 bits that begin at random.

    Two made by one process never change places, not even within a millisecond or when the clock goes back: the later
    one is then the earlier one plus a random step.
    """
    global _last_number  # noqa: PLW0603 the one counter of this process
    number = (time.time_ns() // 1_000_000 << 80) | secrets.randbits(80)
    with _making:
        if number >> 80 <= _last_number >> 80:
            number = _last_number + 1 + secrets.randbits(64)
        _last_number = number
    return "".join(_DIGITS[number >> shift & 31] for shift in range(125, -1, -5))


def add(conn: Connection, *rows: SQLModel) -> None:
    """Insert rows of one model."""
    conn.execute(table(type(rows[0])).insert(), [row.model_dump() for row in rows])


def add_once(conn: Connection, row: SQLModel) -> bool:
    """Insert unless a unique key already holds; says whether it was inserted."""
    make = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    statement = make(table(type(row))).values(row.model_dump()).on_conflict_do_nothing()
    return conn.execute(statement.execution_options(preserve_rowcount=True)).rowcount == 1


def add_all_once(conn: Connection, *rows: SQLModel) -> int:
    """Insert rows of one model with one statement, those apart for which a unique key holds; how many were inserted."""
    make = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    statement = make(table(type(rows[0]))).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return conn.execute(statement, [row.model_dump() for row in rows]).rowcount


def lock(conn: Connection, target: Table, row_id: str) -> None:
    """Hold the row decided about until the transaction ends (SQLite holds the whole database already)."""
    if conn.dialect.name == "postgresql":
        conn.execute(target.select().with_only_columns(target.c.id).where(target.c.id == row_id).with_for_update())


class Database:
    """Two engines, one for reading and one for writing, and the slots that bound them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.embedded = make_url(url).get_backend_name() == "sqlite"
        self.write_slots = 1 if self.embedded else WRITE_SLOTS
        self._lock_file: Path | None = None
        if self.embedded:
            path = Path(make_url(url).database or "")
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock_file = path.with_suffix(path.suffix + ".lock")
            self.reader = _sqlite_engine(url, READ_SLOTS, reading=True)
            self.writer = _sqlite_engine(url, 1, reading=False)
        else:
            self.reader = _postgres_engine(url, READ_SLOTS, reading=True)
            self.writer = _postgres_engine(url, WRITE_SLOTS, reading=False)
        self.commits = Commits(path if self.embedded else None)
        self.heard_wait: Callable[[str, float], None] = _nobody_listens
        self._reading = ThreadPoolExecutor(READ_SLOTS, "read")
        self._writing = ThreadPoolExecutor(self.write_slots, "write")

    async def read(self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `fn(connection, …)` in a reading slot, in one thread hop."""
        return await self._aside("read", self._reading, self.read_now, lambda conn: fn(conn, *args, **kwargs))

    async def write(self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `fn(connection, …)` in one transaction and commit; an exception rolls back and comes out unchanged.

        When the request is given up meanwhile, what has begun still ends by itself: it commits or it rolls back, whole.
        """
        return await self._aside("write", self._writing, self.write_now, lambda conn: fn(conn, *args, **kwargs))

    async def _aside(
        self, way: str, slots: ThreadPoolExecutor, run: Callable[[Callable[[Connection], T]], T], fn: Any
    ) -> T:
        """Hand a call to its slots. Raises Busy when it waited too long for one; says how long it waited."""
        asked, waited = time.perf_counter(), 0.0

        def begun(conn: Connection) -> T:
            nonlocal waited
            waited = time.perf_counter() - asked
            return cast(T, fn(conn))

        def turn() -> T:
            nonlocal waited
            waited = time.perf_counter() - asked
            if waited > QUEUE_DEADLINE:
                raise Busy(WAITED)
            return run(begun)

        try:
            return await asyncio.get_running_loop().run_in_executor(slots, copy_context().run, turn)
        finally:
            self.heard_wait(way, waited)

    def read_now(self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`read` for callers without a loop: commands, jobs, tests."""
        with database_as_busy(reading=True), self.reader.connect() as conn:
            return fn(conn, *args, **kwargs)

    def write_now(self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`write` for callers without a loop."""
        with database_as_busy(), self._turn(), self.writer.begin() as conn:
            return fn(conn, *args, **kwargs)

    def close(self) -> None:
        self._reading.shutdown()
        self._writing.shutdown()
        self.commits.close()
        self.reader.dispose()
        self.writer.dispose()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for this process's turn to write. A courtesy that shortens the tail: BEGIN IMMEDIATE keeps order."""
        if self._lock_file is None or fcntl is None:
            yield
            return
        with self._lock_file.open("w") as handle:
            _take(handle.fileno())
            yield


def _nobody_listens(_way: str, _seconds: float) -> None:
    """Until somebody counts the waits."""


def _take(descriptor: int) -> None:
    deadline = time.monotonic() + LOCK_DEADLINE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Busy("Too many people are saving at this moment.") from None
            time.sleep(0.002)
        else:
            return


def _sqlite_engine(url: str, slots: int, *, reading: bool) -> Engine:
    engine = create_engine(
        url,
        pool_size=slots,
        max_overflow=0,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1000, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def prepare(raw: Any, _record: object) -> None:
        cursor = raw.cursor()
        for pragma in (*PRAGMAS, "query_only=ON") if reading else PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "checkout" if reading else "begin")
    def begin(opened: Any, *_more: object) -> None:
        """A reader sees one moment from its start to its return to the pool, which rolls back."""
        opened.execute("BEGIN") if reading else opened.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


_LOST_SOON = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 15_000}
"""A server that went without a word is noticed within half a minute; over a local socket these say nothing."""


def _postgres_engine(url: str, slots: int, *, reading: bool) -> Engine:
    options = "-c timezone=utc -c statement_timeout=20000"
    if reading:
        options += " -c default_transaction_read_only=on"
    return create_engine(
        url,
        pool_size=slots,
        max_overflow=0,
        hide_parameters=True,
        pool_pre_ping=True,
        isolation_level="AUTOCOMMIT" if reading else "READ COMMITTED",
        connect_args={"options": options, "connect_timeout": 5, **_LOST_SOON},
    )
