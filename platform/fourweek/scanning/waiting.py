"""The files that wait for the scanner: when they come, when each is asked about, what it said, how many wait."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, func, select, union, update

from fourweek.clock import real_time
from fourweek.database import add_all_once
from fourweek.edge import House
from fourweek.light import dataclass
from fourweek.scanning.asking import Answer
from fourweek.scanning.gate import VERDICT, stays
from fourweek.scanning.models import ScanState, ScanVerdict
from fourweek.storage.rows import BATCH, NamedFiles

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
UNNAMED_FOR: Final = timedelta(hours=24)
_PENDING, _HELD = VERDICT.c.state == ScanState.PENDING, VERDICT.c.state == ScanState.HELD


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many contents wait, and since when the oldest does; None where none do."""

    count: int
    oldest: datetime | None

    def seconds(self, now: datetime) -> int:
        """How long the oldest has waited."""
        return max(0, int((now - self.oldest).total_seconds())) if self.oldest else 0


async def note_arrived(house: House, digests: Collection[str]) -> None:
    """Files that came wait from before a row names them. Without a scanner nothing is asked or written."""
    if house.settings.scan_command and digests:
        await house.db.write(wait, sorted(set(digests)), real_time())


async def stays_now(house: House, sha256: str, verdict: ScanState | None, *, mine: bool) -> str:
    """`stays` for a file that leaves a while after its row was read: where a scanner is asked, it may be held since."""
    if house.settings.scan_command:
        verdict = await house.db.read(_verdict, sha256)
    return stays(verdict, mine=mine)


def _verdict(conn: Connection, sha256: str) -> ScanState | None:
    found: ScanState | None = conn.execute(select(VERDICT.c.state).where(VERDICT.c.sha256 == sha256)).scalar()
    return found


def wait(conn: Connection, digests: Collection[str], now: datetime) -> int:
    """Let contents wait that have no verdict; returns how many. Of those that are held, note that they came again."""
    conn.execute(update(VERDICT).where(VERDICT.c.sha256.in_(digests), _HELD).values(try_at=now))
    return add_all_once(conn, *(ScanVerdict(sha256=one, since=now, try_at=now) for one in digests))


def unknown(conn: Connection, sources: Collection[NamedFiles]) -> list[str]:
    """Some of the contents that rows name and that have no verdict; one statement."""
    found = union(
        *(
            select(source.digest)
            .outerjoin(VERDICT, VERDICT.c.sha256 == source.digest)
            .where(VERDICT.c.sha256.is_(None), source.digest != "", *source.conditions)
            .limit(BATCH)
            .subquery()
            .select()
            for source in sources
        )
    )
    return list(conn.execute(found).scalars())


def due(conn: Connection, now: datetime, most: int) -> list[str]:
    """Contents that wait and whose next try has come: those that were never tried first, then the longest due."""
    statement = select(VERDICT.c.sha256).where(_PENDING, VERDICT.c.try_at <= now)
    return list(conn.execute(statement.order_by(VERDICT.c.tries, VERDICT.c.try_at).limit(most)).scalars())


def keep_answer(conn: Connection, sha256: str, answer: Answer, now: datetime) -> bool:
    """Write down what the scanner said of what still waits; whether it is held from now on."""
    still = update(VERDICT).where(VERDICT.c.sha256 == sha256, _PENDING)
    if answer.state is None:
        tries = int(conn.execute(select(VERDICT.c.tries).where(VERDICT.c.sha256 == sha256)).scalar() or 0)
        conn.execute(still.values(tries=tries + 1, try_at=now + pause(tries), said=answer.words))
        return False
    changed = conn.execute(still.values(state=answer.state, looked_at=now, try_at=now, said=answer.words)).rowcount
    return changed == 1 and answer.state is ScanState.HELD


def held_since(conn: Connection, since: datetime) -> list[str]:
    """Contents that were found, or came once more, from an instant on, and are held."""
    return list(conn.execute(select(VERDICT.c.sha256).where(_HELD, VERDICT.c.try_at >= since)).scalars())


def pause(tries: int) -> timedelta:
    """How long after so many tries without an answer the next one comes."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(tries, 10)))


def waiting(conn: Connection) -> Waiting:
    """How many wait, in one statement."""
    found = select(func.count().label("many"), func.min(VERDICT.c.since).label("oldest")).where(_PENDING)
    row = conn.execute(found).one()
    return Waiting(row.many, row.oldest)


def forget(conn: Connection, sha256: str) -> None:
    """Let a content that waits go: its file is not there any more."""
    conn.execute(delete(VERDICT).where(VERDICT.c.sha256 == sha256, _PENDING))


def forget_waiting(conn: Connection) -> int:
    """Without a scanner nothing waits: these files leave as any other. What is held stays held."""
    return conn.execute(delete(VERDICT).where(_PENDING)).rowcount


def forget_unnamed(conn: Connection, sources: Collection[NamedFiles], now: datetime) -> int:
    """Forget that contents are clean which no row names any more, a batch at a time; returns how many.

    Nothing goes that came within a day: its row is about to be written. What waits goes with its file, and what was
    held stays known: either may be sent again at this moment.
    """
    named = [select(one.digest).where(one.digest == VERDICT.c.sha256, *one.conditions).exists() for one in sources]
    nobodys = select(VERDICT.c.sha256).where(
        VERDICT.c.since < now - UNNAMED_FOR, VERDICT.c.state == ScanState.CLEAN, *(~one for one in named)
    )
    return conn.execute(delete(VERDICT).where(VERDICT.c.sha256.in_(nobodys.limit(BATCH)))).rowcount
