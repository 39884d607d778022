"""Writing every table of one moment to a folder."""

import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection

from fourweek.backup.folder import new_file, part_of
from fourweek.backup.manifest import ColumnPart, TablePart
from fourweek.backup.rows import lines
from fourweek.backup.shape import Shape, shapes

LEVEL = 4
"""Of gzip: a third of the bytes at a fifth of the time that the best takes."""


def dump(conn: Connection, folder: Path, tell: Callable[[str], None]) -> tuple[TablePart, ...]:
    """Every table into `folder/database`; `tell` hears the name of each."""
    (folder / "database").mkdir(mode=0o700)
    found = []
    for shape in shapes(conn):
        tell(shape.name)
        found.append(_dump_table(conn, folder, shape))
    return tuple(found)


def _dump_table(conn: Connection, folder: Path, shape: Shape) -> TablePart:
    path, total, count = f"database/{shape.name}.jsonl.gz", hashlib.sha256(), 0
    rows = lines(conn, shape)
    first = next(rows, None)
    if first is not None:
        with new_file(folder / path) as raw, gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=LEVEL, mtime=0) as out:
            while first is not None:
                out.write(first)
                total.update(first)
                count += 1
                first = next(rows, None)
    columns = tuple(ColumnPart(name=one.name, kind=one.kind) for one in shape.columns)
    return TablePart(
        name=shape.name,
        columns=columns,
        keys=shape.keys,
        rows=count,
        rows_sha256=total.hexdigest(),
        part=part_of(folder, path) if count else None,
    )
