"""The worker: APScheduler wakes it, the lease elects it, the scans do the work."""

import os
import secrets
import signal
import socket
import threading
from contextlib import suppress
from datetime import timedelta
from types import FrameType

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.errors import Busy
from fourweek.jobs.service import TICKER, Scan, give_back, tick_if_elected

log = structlog.get_logger(__name__)


class Worker:
    """Ticks until stopped. Several may run; one at a time works."""

    def __init__(self, db: Database, scans: tuple[Scan, ...], tick_seconds: int) -> None:
        self.db = db
        self.scans = scans
        self.pause = timedelta(seconds=tick_seconds)
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._stopping = threading.Event()
        self._ending: threading.Thread | None = None
        self._scheduler = BackgroundScheduler(timezone="UTC")
        self._scheduler.add_job(
            self._tick,
            IntervalTrigger(seconds=tick_seconds, timezone="UTC"),
            next_run_time=real_time(),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        self._scheduler.start()

    def end_soon(self) -> None:
        """Begin no scan any more; the one that runs goes on. May be called by a signal's handler."""
        self._stopping.set()

    def stop(self, within: float = 10) -> bool:
        """Finish the scan that runs and hand the duty back, so that another worker takes over at once.

        False when the scan takes longer than `within` seconds: it is safe to end the process then too.
        """
        self.end_soon()
        if self._ending is None:
            self._ending = threading.Thread(target=self._scheduler.shutdown, daemon=True)
            self._ending.start()
        self._ending.join(within)
        if self._ending.is_alive():
            log.warning("worker ends in the middle of a scan", after=within)
            return False
        with suppress(Busy):  # then it lapses by itself
            self.db.write_now(give_back, TICKER, self.holder, real_time())
        return True

    def _tick(self) -> None:
        try:
            done = tick_if_elected(self.db, self.scans, self.holder, self.pause, self._stopping.is_set)
        except Busy as error:  # the next tick finds the database well again, or not
            log.warning("no tick", problem=str(error))
            return
        if done and any(done.values()):
            log.info("tick", **{name: count for name, count in done.items() if count})


def run_until_signal(worker: Worker, stop_seconds: float) -> None:
    """Run the worker in the foreground until SIGTERM or SIGINT, and then `stop_seconds` at most; a second signal ends
    it at once."""
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        if ended.is_set():
            os._exit(1)
        worker.end_soon()
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    worker.start()
    ended.wait()
    if not worker.stop(stop_seconds):
        os._exit(1)  # every scan is safe to be cut and run again
