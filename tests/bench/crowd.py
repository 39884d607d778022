"""What is reckoned without a request, on a database of its own: everybody's dates, and telling 10,000 of a release."""

import sqlite3
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, update
from sqlalchemy.dialects import sqlite

from courses.enrolment.access import ENROLMENT, Place, places
from courses.learning.notices import PIECE
from courses.schedule.zones import zone
from fourweek import logs
from fourweek.cli.serving import prepare
from fourweek.clock import real_time
from fourweek.database import PRAGMAS, add
from fourweek.edge import House
from fourweek.house import open_house
from fourweek.jobs.service import Scan, tick
from fourweek.outbox import OUTBOX
from fourweek.scans import make_scans
from fourweek.settings import Settings
from tests import factories
from tests.bench.contest import Failed
from tests.bench.measures import Bench
from tests.bench.report import Finding
from tests.bench.sizes import CLASS, MODULES, cohort, enrol_many
from tests.bench.timed import in_turn, seconds_of
from tests.statements import Count, statements

BEGUN, TO_COME = 20, 5
DAY = timedelta(days=1)
SCAN = "modules"


@dataclass(slots=True)
class Crowd:
    """Cohorts of `size` people: in `begun` of them a module opened yesterday, the others start in a week."""

    house: House
    begun: int = BEGUN
    to_come: int = TO_COME
    size: int = CLASS
    scans: tuple[Scan, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.scans = self._new_worker()

    def _new_worker(self) -> tuple[Scan, ...]:
        return tuple(scan for scan in make_scans(self.house) if scan.name == SCAN)

    @property
    def told(self) -> int:
        return self.begun * self.size

    def fill(self) -> None:
        now = real_time()
        made = self.house.db.write_now(factories.course, MODULES)
        for number in range(self.begun + self.to_come):
            self.house.db.write_now(self._cohort, made.version_id, number, now)

    def _cohort(self, conn: Connection, version_id: str, number: int, now: datetime) -> None:
        """Module 1 opened eight days ago, which is no news, module 2 yesterday; nothing is due within three days."""
        start = now.date() + (-8 * DAY if number < self.begun else 7 * DAY)
        row = cohort(version_id, f"Cohort {number}", start, now, number)
        add(conn, row)
        enrol_many(conn, row.id, self.size, now)

    def tell(self) -> int:
        """One tick of the scan that tells of modules, by the same worker each time; how many notices it wrote."""
        return tick(self.house.db, self.scans)[SCAN]

    def sent(self) -> None:
        """As if the mail server had taken every letter."""
        values = {"sent_at": real_time(), "try_at": None}
        self.house.db.write_now(lambda conn: conn.execute(update(OUTBOX).values(**values)))

    def forget(self) -> None:
        """No notice was ever written, and the worker is a new one."""
        self.scans = self._new_worker()
        self.house.db.write_now(lambda conn: conn.execute(delete(OUTBOX)))

    def everybody(self) -> list[Place]:
        """All places, in one statement."""
        return self.house.db.read_now(places, ENROLMENT.c.id.is_not(None))


@contextmanager
def _crowd(bench: Bench) -> Iterator[Crowd]:
    """The crowd of this run, made when it is first needed."""
    settings = Settings(home=bench.home / "crowd", base_url="http://testserver")
    is_new = not settings.home.exists()
    if is_new:
        bench.step("Enrolling 12,500 learners elsewhere")
        prepare(settings)
    logs.configure(quiet=True)
    made = Crowd(open_house(settings))
    if is_new:
        made.fill()
    try:
        yield made
    finally:
        made.house.db.close()


def resolver(bench: Bench) -> list[Finding]:
    """Every module's dates for every enrolment, nothing shared, beside turning as many local times into instants."""
    with _crowd(bench) as crowd:
        with statements(crowd.house.db) as reading:
            everybody = crowd.everybody()
        now, count = real_time(), len(everybody) * MODULES
        bench.step(f"Dates of {count:,} enrolment-modules")
        with statements(crowd.house.db) as none:
            resolve(everybody, now)
        local = local_times(everybody, now)
        bare, ours = in_turn(
            _turns(bench),
            lambda: seconds_of(lambda: to_instants(local)),
            lambda: seconds_of(lambda: resolve(everybody, now)),
        )
        read = statistics.median(seconds_of(crowd.everybody) for _ in range(_turns(bench)))
    beside = f"as many local times to instants: {bare * 1000:,.0f} ms"
    return [
        Finding(f"dates of {count:,} modules", ours / bare, beside, p50=ours * 1000, statements=none.number),
        Finding(f"… reading {len(everybody):,} places", None, p50=read * 1000, statements=reading.number),
    ]


def resolve(everybody: Sequence[Place], now: datetime) -> None:
    for place in everybody:
        place.all_dates(now)


def local_times(everybody: Sequence[Place], now: datetime) -> list[tuple[datetime, ZoneInfo]]:
    """The wall times that stand behind everybody's dates, each with its zone."""
    found = []
    for place in everybody:
        here = zone((place.section and place.section.zone) or place.cohort.zone)
        for one in place.all_dates(now):
            instants = (one.opens_at, one.due_at, one.late_until, one.closes_at)
            found += [(at.astimezone(here).replace(tzinfo=None), here) for at in instants if at]
    return found


def to_instants(local: Sequence[tuple[datetime, ZoneInfo]]) -> None:
    for at, here in local:
        at.replace(tzinfo=here).astimezone(UTC)


def notices(bench: Bench) -> list[Finding]:
    """A tick that tells of an opened module, beside storing the same rows and no more; then a tick without news."""
    with _crowd(bench) as crowd:
        bench.step(f"{crowd.told:,} release notices in a tick")
        with statements(crowd.house.db) as many:
            tell_all(crowd)
        path = Path(str(crowd.house.db.reader.url.database))
        rows = _rows(path)
        bare, ours = in_turn(
            _turns(bench), lambda: _store(crowd, path, rows), lambda: seconds_of(lambda: tell_all(crowd), crowd.forget)
        )
        waiting, waits = _without_news(crowd)
        crowd.sent()
        quiet, idle = _without_news(crowd)
    beside = f"storing the same rows: {bare * 1000:,.0f} ms"
    return [
        Finding(f"{len(rows):,} notices in a tick", ours / bare, beside, p50=ours * 1000, statements=many.number),
        Finding("… next tick, all still to be sent", None, p50=waiting * 1000, statements=waits.number),
        Finding("… next tick, all sent", None, p50=quiet * 1000, statements=idle.number),
    ]


def tell_all(crowd: Crowd) -> None:
    """Raises Failed unless everybody was told who was to be told."""
    _expect(crowd.tell(), crowd.told)


def _without_news(crowd: Crowd) -> tuple[float, Count]:
    """Seconds and statements of a tick that has nothing to tell."""
    with statements(crowd.house.db) as count:
        took = seconds_of(lambda: _expect(crowd.tell(), 0))
    return took, count


def _expect(found: int, wanted: int) -> None:
    if found != wanted:
        raise Failed(f"{found} notices written, wanted {wanted}")


def _turns(bench: Bench) -> int:
    return max(1, bench.rounds // 2)


def _rows(path: Path) -> list[tuple[Any, ...]]:
    with sqlite3.connect(path) as raw:
        return raw.execute(str(OUTBOX.select())).fetchall()


def _store(crowd: Crowd, path: Path, rows: list[tuple[Any, ...]]) -> float:
    """Seconds to insert the rows with the driver alone: as many transactions, indexes and syncs as the scan has."""
    crowd.forget()
    raw = sqlite3.connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        raw.execute(f"PRAGMA {pragma}")
    insert = str(OUTBOX.insert().compile(dialect=sqlite.dialect()))
    started = time.perf_counter()
    for at in range(0, len(rows), PIECE):
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany(insert, rows[at : at + PIECE])
        raw.execute("COMMIT")
    took = time.perf_counter() - started
    raw.close()
    return took
