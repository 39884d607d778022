"""Work that is killed in its middle, many times: a process that forks one that dies for each point.

    python -m tests.fourweek.backup.dying JSON

prints how each ended: -9 where it was killed in time, 0 where it was done before.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import event

from fourweek.backup.folder import open_backup
from fourweek.backup.restoring import Asked, restore
from fourweek.backup.taking import School, Tell, Wanted, take
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.migrations import run as migrations
from fourweek.settings import Settings
from fourweek.storage import LocalStore
from tests.servers import PYTHON, REPO


@dataclass(frozen=True, slots=True)
class Work:
    """What is done: `upgrade`, `backup` or `restore` of the school under `home`, with backups in `to`."""

    what: str
    home: str
    database_url: str
    to: str

    def school(self, db: Database) -> School:
        from fourweek.scans import NAMED_FILES  # noqa: PLC0415 heavy, and no upgrade needs it

        settings = Settings(home=Path(self.home), database_url=self.database_url, base_url="http://testserver")
        return School(settings, db, LocalStore(settings.files), NAMED_FILES)


def killed(works: Sequence[Work], points: Sequence[int]) -> list[list[int]]:
    """How each work ended at each point: it is killed when it comes to its n-th step."""
    said = json.dumps([[[one.what, one.home, one.database_url, one.to] for one in works], list(points)])
    path = os.pathsep.join((str(REPO), str(REPO / "platform")))
    done = subprocess.run(
        [PYTHON, "-m", "tests.fourweek.backup.dying", said],
        cwd=REPO,
        env=os.environ | {"PYTHONPATH": path},
        check=True,
        stdout=subprocess.PIPE,
    )
    ended: list[list[int]] = json.loads(done.stdout)
    return ended


def _die_at(point: int) -> Callable[..., None]:
    steps = count(1)

    def step(*_anything: Any, **_named: Any) -> None:
        if next(steps) == point:
            os.kill(os.getpid(), signal.SIGKILL)

    return step


def _do(work: Work, point: int) -> None:
    """Each statement is a step of an upgrade; each table and each piece of a file one of the others."""
    db = Database(work.database_url)
    step = _die_at(point)
    tell = Tell(table=step, copied=step)
    if work.what == "upgrade":
        event.listen(db.writer, "before_cursor_execute", step)
        migrations.upgrade(db)
    elif work.what == "backup":
        take(work.school(db), Path(work.to), real_time(), Wanted(), tell)
    else:
        restore(work.school(db), open_backup(Path(work.to)), real_time(), Asked(keys=False), tell)
    db.close()


def _ended(work: Work, point: int) -> int:
    child = os.fork()
    if child == 0:
        try:
            _do(work, point)
        except BaseException:  # noqa: BLE001 the parent hears of it
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(said: str) -> None:
    works, points = json.loads(said)
    import alembic.command  # noqa: F401, PLC0415 once for all who die

    import fourweek.migrations.tables  # noqa: F401, PLC0415

    print(json.dumps([[_ended(Work(*work), point) for point in points] for work in works]))


if __name__ == "__main__":
    main(sys.argv[1])
