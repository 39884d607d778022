"""Answers for machines that watch over the server: whether the process lives, whether it can serve, and its numbers."""

import hmac
import shutil
import time
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
from fourweek.outbox import standing
from fourweek.storage.aside import read_aside

router = APIRouter()
LEAST_ROOM = 64 * 1024 * 1024
"""Bytes that must be free where files arrive."""
NOBODYS = "0" * 64
STORE_ASKED_FOR = 5.0
"""Seconds for which an answer of the store stands: whoever asks us often asks it seldom."""
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
    """Says ready, or with 503 what is missing: database, its schema, disk, store."""
    ours = house(request)
    missing = await _missing(ours, _asked_of(request))
    if missing:
        words = f"not ready: {', '.join(missing)}\n"
        return PlainTextResponse(words, status_code=503, headers=NOT_KEPT | {"retry-after": "3"})
    return PlainTextResponse("ready\n", headers=NOT_KEPT)


@router.get("/metrics", name="metrics")
@public
async def metrics(request: Request) -> Response:
    """Numbers for Prometheus. Raises NotFound where nobody set a token and the asker is not on this machine."""
    ours = house(request)
    _may_count(request, ours.settings.metrics_token.get_secret_value())
    counts: Metrics = request.app.state.metrics
    lines = [*counts.lines(), *await _of_the_school(ours)]
    return PlainTextResponse("\n".join(lines) + "\n", media_type=TEXT_FORMAT, headers=NOT_KEPT)


@dataclass(slots=True)
class Asked:
    """When the store was last asked, and whether it answered."""

    at: float = float("-inf")
    answered: bool = False


def _asked_of(request: Request) -> Asked:
    found: Asked = request.app.state.store_asked
    return found


async def _missing(ours: House, asked: Asked) -> list[str]:
    """What the server cannot do without and does not have, in words that give nothing away."""
    missing = await _missing_of_database(ours.db)
    try:
        if await read_aside(_room, ours.store.spool) < LEAST_ROOM:
            missing.append("disk full")
    except (OSError, Busy):
        missing.append("disk")
    if time.monotonic() - asked.at > STORE_ASKED_FOR:
        asked.answered = await _store_answers(ours)
        asked.at = time.monotonic()
    return missing if asked.answered else [*missing, "store"]


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


def _room(folder: Path) -> int:
    return shutil.disk_usage(folder).free


async def _store_answers(ours: House) -> bool:
    try:
        await read_aside(ours.store.has, NOBODYS)
    except (Busy, OSError):
        return False
    return True


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


async def _of_the_school(ours: House) -> list[str]:
    """Numbers that are the same whichever process is asked, read when they are asked for."""
    now = real_time()
    gauges = [
        ("fourweek_free_bytes", "Room on the disk where files arrive.", await read_aside(_room, ours.store.spool))
    ]
    try:
        found, ticked = await ours.db.read(lambda conn: (standing(conn, now), last_tick(conn)))
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
    return [line for name, words, value in gauges for line in counted(name, "gauge", words, value)]
