"""The worker: APScheduler wakes it, the lease elects it, the scans do the work."""

import os
import secrets
import signal
import socket
import threading
from datetime import timedelta
from types import FrameType

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.jobs.service import TICKER, Scan, give_back, tick_if_elected

log = structlog.get_logger(__name__)


class Worker:
    """Ticks until stopped. Several may run; one at a time works."""

    def __init__(self, db: Database, scans: tuple[Scan, ...], tick_seconds: int) -> None:
        self.db = db
        self.scans = scans
        self.pause = timedelta(seconds=tick_seconds)
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
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

    def stop(self) -> None:
        """Finish the running tick and hand the duty back, so that another worker takes over at once."""
        self._scheduler.shutdown(wait=True)
        self.db.write_now(give_back, TICKER, self.holder, real_time())

    def _tick(self) -> None:
        done = tick_if_elected(self.db, self.scans, self.holder, self.pause)
        if done and any(done.values()):
            log.info("tick", **{name: count for name, count in done.items() if count})


def run_until_signal(worker: Worker) -> None:
    """Run the worker in the foreground until SIGTERM or SIGINT."""
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    worker.start()
    ended.wait()
    worker.stop()
