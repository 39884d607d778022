"""Answers for machines that watch over the server: whether the process lives, whether it can serve, and its numbers."""

import asyncio
import hmac
import shutil
import time
from contextlib import suppress
from datetime import datetime
from functools import cache
from ipaddress import ip_address
from pathlib import Path

from fastapi import APIRouter, Request
from sqlalchemy import Connection, text
from starlette.responses import PlainTextResponse, Response

from fourweek.accounts.declaring import public
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.edge import House, house
from fourweek.errors import Busy, NotFound, SignInNeeded
from fourweek.jobs.service import last_tick
from fourweek.light import dataclass
from fourweek.metrics import Metrics, counted
from fourweek.migrations import run as migrations
from fourweek.outbox import Standing, standing
from fourweek.scanning.waiting import Waiting, waiting
from fourweek.settings import Settings
from fourweek.storage.aside import read_aside

router = APIRouter()
LEAST_ROOM = 64 * 1024 * 1024
"""Bytes that must be free where files arrive."""
NOBODYS = "0" * 64
STORE_ASKED_FOR = 5.0
"""Seconds for which an answer of the store stands: whoever asks us often asks it seldom."""
PATIENCE = 1.0
"""Seconds that an answer of ours waits for the store: whoever watches over us has little patience."""
NOT_KEPT = {"cache-control": "no-store"}
TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/healthz", name="healthz")
@public
async def alive(request: Request) -> Response:  # noqa: ARG001
    """Says that the process answers; nothing else is asked."""
    return PlainTextResponse("alive\n", headers=NOT_KEPT)


@router.get("/readyz", name="readyz")
@public
async def ready(request: Request) -> Response:
    """Says ready, or with 503 what no page goes without and is missing: the database, or its schema.

    Disk and store are only said: without them files cannot be opened or handed in, and all other pages are as good. A
    balancer that took us out for them would take away the whole school.
    """
    ours = house(request)
    missing = await _missing_of_database(ours.db)
    ailing = await _ailing(ours, _asked_of(request))
    if missing:
        words = f"not ready: {', '.join([*missing, *ailing])}\n"
        return PlainTextResponse(words, status_code=503, headers=NOT_KEPT | {"retry-after": "3"})
    words = f"ready, but for files: {', '.join(ailing)}\n" if ailing else "ready\n"
    return PlainTextResponse(words, headers=NOT_KEPT)


@router.get("/metrics", name="metrics")
@public
async def metrics(request: Request) -> Response:
    """Numbers for Prometheus. Raises NotFound where nobody set a token and the asker is not on this machine."""
    ours = house(request)
    _may_count(request, ours.settings.metrics_token.get_secret_value())
    counts: Metrics = request.app.state.metrics
    lines = [*counts.lines(), *await _of_the_school(ours, _asked_of(request))]
    return PlainTextResponse("\n".join(lines) + "\n", media_type=TEXT_FORMAT, headers=NOT_KEPT)


@dataclass(slots=True)
class Asked:
    """When the store last answered or did not, and the asking that is under way."""

    at: float = float("-inf")
    answered: bool = False
    task: "asyncio.Task[None] | None" = None


def _asked_of(request: Request) -> Asked:
    found: Asked = request.app.state.store_asked
    return found


async def _ailing(ours: House, asked: Asked) -> list[str]:
    """What files need and do not have just now, in words that give nothing away."""
    room = await _room(ours)
    disk = [] if room >= LEAST_ROOM else ["disk full" if room >= 0 else "disk"]
    return disk if await _store_answers(ours, asked) else [*disk, "store"]


async def _missing_of_database(db: Database) -> list[str]:
    try:
        found = await db.read(_revision)
    except Busy:
        return ["database"]
    return [] if found == _newest() else ["schema"]


def _revision(conn: Connection) -> str | None:
    return conn.execute(text("SELECT version_num FROM alembic_version")).scalar()


@cache
def _newest() -> str:
    return migrations.head()


async def _room(ours: House) -> int:
    """Bytes that are free where files arrive; -1 where the disk does not say. Nobody who reads files holds it up."""
    try:
        return await asyncio.wait_for(asyncio.to_thread(_free, ours.store.spool), PATIENCE)
    except OSError:  # TimeoutError is one
        return -1


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


async def _store_answers(ours: House, asked: Asked) -> bool:
    """What the store last said, or says within `PATIENCE`; one that takes longer is asked on, and heard next time."""
    if asked.task is None and time.monotonic() - asked.at > STORE_ASKED_FOR:
        asked.task = asyncio.create_task(_ask(ours, asked))
    if asked.task is not None:
        await asyncio.wait({asked.task}, timeout=PATIENCE)
    return asked.answered and asked.task is None


async def _ask(ours: House, asked: Asked) -> None:
    asked.answered = False
    try:
        with suppress(Busy, OSError):
            await read_aside(ours.store.has, NOBODYS)
            asked.answered = True
    finally:
        asked.at, asked.task = time.monotonic(), None


def _may_count(request: Request, token: str) -> None:
    """Whoever sends the token; where none is set, who asks on this machine and was led here by no proxy."""
    if token:
        sent = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(sent.encode(), token.encode()):
            raise SignInNeeded
        return
    led = any(name in request.headers for name in ("x-forwarded-for", "forwarded", "x-real-ip"))
    if led or not (_loopback(request.client.host if request.client else "") and _loopback(request.url.hostname or "")):
        raise NotFound


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


async def _of_the_school(ours: House, asked: Asked) -> list[str]:
    """Numbers that are the same whichever process is asked, read when they are asked for."""
    now = real_time()
    gauges = [
        ("fourweek_free_bytes", "Room on the disk where files arrive.", await _room(ours)),
        ("fourweek_store_up", "Whether the store of files answers.", int(await _store_answers(ours, asked))),
    ]
    try:
        found, ticked, files = await ours.db.read(_counted, ours.settings, now)
    except Busy:
        gauges.append(("fourweek_database_up", "Whether the database answers.", 0))
    else:
        since = int((now - ticked).total_seconds()) if ticked else -1
        gauges += [
            ("fourweek_database_up", "Whether the database answers.", 1),
            ("fourweek_outbox_waiting", "Letters that are due and have not left.", found.waiting),
            ("fourweek_outbox_oldest_seconds", "How long the oldest of them has been due.", found.late_seconds(now)),
            ("fourweek_last_tick_seconds", "Seconds since a worker last ended a tick; -1 for never.", since),
        ]
        if files is not None:
            gauges += [
                ("fourweek_scan_waiting", "Files that wait for the scanner.", files.count),
                ("fourweek_scan_oldest_seconds", "How long the oldest of them has waited.", files.seconds(now)),
            ]
    return [line for name, words, value in gauges for line in counted(name, "gauge", words, value)]


def _counted(conn: Connection, settings: Settings, now: datetime) -> tuple[Standing, datetime | None, Waiting | None]:
    """Letters, the last tick, and files that wait for the scanner where one is asked."""
    return standing(conn, now), last_tick(conn), waiting(conn) if settings.scan_command else None
