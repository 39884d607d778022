"""`fourweek verify`: is the whole school what it was?"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import field
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from sqlalchemy import Connection

from assessments.credit.ledger import first_broken_ledger
from fourweek import logs
from fourweek.audit.checking import first_broken_link
from fourweek.backup.comparing import RowDifference, compare
from fourweek.backup.errors import NoBackup
from fourweek.backup.folder import Backup, check_files, check_parts, open_backup
from fourweek.backup.integrity import broken
from fourweek.backup.rows import hold_moment
from fourweek.cli.evidence import read_files
from fourweek.cli.serving import prepare
from fourweek.clock import real_time
from fourweek.edge import House
from fourweek.errors import Busy
from fourweek.light import dataclass
from fourweek.settings import Settings
from fourweek.storage.verifying import Verification

say = Console(stderr=True, highlight=False, soft_wrap=True)
SHOWN = 20
"""Differences of one table that are named; the rest is counted."""
WithBackup = Annotated[
    Path | None,
    typer.Option("--backup", exists=True, help="Compare with this backup, or with the newest of a folder."),
]


def add_to(app: typer.Typer) -> None:
    app.command()(verify)


@dataclass(slots=True)
class Found:
    """How many things are wrong, and how many could not be looked at."""

    wrong: int = 0
    unseen: int = 0
    tables: Counter[str] = field(default_factory=Counter)

    def name(self, words: str) -> None:
        self.wrong += 1
        typer.echo(words)

    def name_row(self, one: RowDifference) -> None:
        self.wrong += 1
        self.tables[one.table] += 1
        if self.tables[one.table] <= SHOWN:
            typer.echo(f"row {one}")

    @contextmanager
    def looking(self) -> Iterator[None]:
        """What does not answer is said, and the next thing is looked at."""
        try:
            yield
        except (Busy, NoBackup) as error:
            self.unseen += 1
            typer.echo(f"not looked at: {error}")


def verify(*, backup: WithBackup = None) -> None:
    """The database, its chains, and every file that rows name; beside a backup, also row by row and file by file.

    It changes nothing, and may run while the school is in use: then rows that came or changed since the backup are
    named.
    Exit code 1 when anything is wrong or differs, 2 when something could not be looked at.
    """
    from fourweek.house import open_house  # noqa: PLC0415 heavy

    settings = Settings()
    prepare(settings)
    logs.configure(quiet=True)
    found, house = Found(), open_house(settings)
    try:
        _look_at_school(house, found)
        if backup:
            with found.looking():
                _look_at_backup(house, open_backup(backup), found)
    finally:
        house.db.close()
    _conclude(found)


def _look_at_school(house: House, found: Found) -> None:
    from fourweek.scans import NAMED_FILES  # noqa: PLC0415 heavy

    for look in (_integrity, _chains):
        with found.looking():
            house.db.read_now(look, found)
    with found.looking():
        checked = Verification(house.db, house.store, NAMED_FILES, real_time())
        found.wrong += sum(one.wrong for one in read_files(checked, quiet=False))
        typer.echo(f"Files read: {checked.tally.files:,}.")


def _integrity(conn: Connection, found: Found) -> None:
    hold_moment(conn)
    _name_all(found, broken(conn))


def _chains(conn: Connection, found: Found) -> None:
    hold_moment(conn)
    if (link := first_broken_link(conn)) is not None:
        found.name(f"The audit log's chain is broken at {link}")
    if (ledger := first_broken_ledger(conn)) is not None:
        found.name(str(ledger))


def _look_at_backup(house: House, backup: Backup, found: Found) -> None:
    """Whether the backup is still what was written, then what is not in the school as it is in the backup."""
    damaged = check_parts(backup)
    _name_all(found, (f"backup: {words}" for words in damaged))
    with _bar("Files of the backup", backup.manifest.files.size if backup.manifest.files else None) as (_, read):
        _name_all(found, (f"backup: {words}" for words in check_files(backup, read)))
    if damaged:
        raise NoBackup(f"{backup.folder} is damaged: its rows were not compared.")
    with _bar("Comparing", None) as (name, _):
        house.db.read_now(_compare_rows, backup, found, name)
    for table, count in found.tables.items():
        if count > SHOWN:
            typer.echo(f"row differences in {table}: {count:,} in all")
    typer.echo(f"Compared with {backup.folder}: {backup.manifest.rows:,} rows.")


def _compare_rows(conn: Connection, backup: Backup, found: Found, name: Callable[[str], None]) -> None:
    for one in compare(conn, backup, name):
        found.name_row(one)


def _name_all(found: Found, things: Iterable[str]) -> None:
    for words in things:
        found.name(words)


@contextmanager
def _bar(words: str, size: int | None) -> Iterator[tuple[Callable[[str], None], Callable[[int], None]]]:
    """A bar where somebody watches; what to tell the name of a table, and what to tell bytes."""
    columns = (TextColumn("{task.description}"), BarColumn())
    with Progress(*columns, console=say, transient=True, disable=not say.is_terminal) as progress:
        task = progress.add_task(words, total=size)
        yield (
            lambda name: progress.update(task, description=f"{words}: {name}"),
            lambda read: progress.update(task, advance=read),
        )


def _conclude(found: Found) -> None:
    if found.wrong:
        many = (
            "1 thing is not as it should be."
            if found.wrong == 1
            else f"{found.wrong:,} things are not as they should be."
        )
        typer.echo(many)
        raise typer.Exit(1)
    if found.unseen:
        raise typer.Exit(2)
    typer.echo("No difference was found.")
