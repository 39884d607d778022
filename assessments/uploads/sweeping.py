"""What nobody goes on with: uploads that were not touched for long, and files that no upload waits for."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, delete, select

from assessments.uploads.access import ON_THEIR_WAY, UPLOAD
from assessments.uploads.service import KEPT_FOR
from assessments.uploads.spool import folder
from fourweek.database import Database
from fourweek.storage import Store

STRAY_FOR = timedelta(hours=24)
BATCH = 200


def sweep_uploads(db: Database, store: Store, now: datetime) -> int:
    """Remove uploads untouched for a week with their files, then files without one; returns how many files went."""
    db.write_now(_forget, now - KEPT_FOR)
    strays = _written_before(folder(store), now - STRAY_FOR)
    return sum(_remove(db, batch) for batch in _batches(strays))


def _forget(conn: Connection, before: datetime) -> None:
    conn.execute(delete(UPLOAD).where(UPLOAD.c.touched_at <= before))


def _remove(db: Database, files: list[Path]) -> int:
    """Those that no upload waits for. Rows are read after the files were seen: a new file has its row by then."""
    awaited = db.read_now(_awaited, [file.name for file in files])
    left = [file for file in files if file.name not in awaited]
    for file in left:
        file.unlink(missing_ok=True)
    return len(left)


def _awaited(conn: Connection, names: list[str]) -> set[str]:
    waiting = select(UPLOAD.c.id).where(UPLOAD.c.id.in_(names), UPLOAD.c.state.in_(ON_THEIR_WAY))
    return set(conn.execute(waiting).scalars())


def _written_before(where: Path, before: datetime) -> Iterator[Path]:
    for path in where.iterdir() if where.is_dir() else ():
        try:
            if path.stat().st_mtime < before.timestamp():
                yield path
        except FileNotFoundError:  # finished meanwhile
            continue


def _batches(files: Iterable[Path]) -> Iterator[list[Path]]:
    rest = iter(files)
    while batch := list(islice(rest, BATCH)):
        yield batch
