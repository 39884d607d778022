"""`fourweek verify`: is the whole school what it was?"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import field
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from assessments.credit.ledger import entries_kept, first_broken_ledger
from fourweek import logs
from fourweek.audit.checking import first_broken_link, links_kept
from fourweek.backup.comparing import RowDifference, compare
from fourweek.backup.errors import NoBackup
from fourweek.backup.folder import Backup, check_files, check_parts, open_backup
from fourweek.backup.integrity import broken
from fourweek.backup.own_files import differences
from fourweek.backup.restoring import own_of
from fourweek.backup.rows import hold_moment
from fourweek.cli.evidence import read_files
from fourweek.cli.progress import Watched, watched
from fourweek.cli.serving import prepare
from fourweek.clock import real_time
from fourweek.edge import House
from fourweek.errors import Busy
from fourweek.light import dataclass
from fourweek.settings import Settings
from fourweek.storage.verifying import Verification

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
    """Check the database, its chains, and every file rows name.

    Beside a backup, also row by row and file by file. It changes nothing, and may run while the school is in
    use: then rows that came or changed since the backup are named. Exit code 1 when anything is wrong or
    differs, 2 when something could not be looked at.
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

    for words, look in (("Checking the database", _integrity), ("Following chains", _chains)):
        with found.looking(), watched(words) as work:
            house.db.read_now(look, found, work)
    with found.looking():
        checked = Verification(house.db, house.store, NAMED_FILES, real_time())
        found.wrong += sum(one.wrong for one in read_files(checked, quiet=False))
        typer.echo(f"Files read: {checked.tally.files:,}.")


def _integrity(conn: Connection, found: Found, _work: Watched) -> None:
    hold_moment(conn)
    _name_all(found, broken(conn))


def _chains(conn: Connection, found: Found, work: Watched) -> None:
    hold_moment(conn)
    work.expect(links_kept(conn), "Following the audit log")
    if (link := first_broken_link(conn, done=work.advance)) is not None:
        found.name(f"The audit log's chain is broken at {link}")
    work.expect(entries_kept(conn), "Following ledgers")
    if (ledger := first_broken_ledger(conn, work.advance)) is not None:
        found.name(str(ledger))


def _look_at_backup(house: House, backup: Backup, found: Found) -> None:
    """Whether the backup is still what was written, then what is not in the school as it is in the backup."""
    damaged = check_parts(backup)
    _name_all(found, (f"backup: {words}" for words in damaged))
    size = backup.manifest.files.size if backup.manifest.files else None
    with watched("Files of the backup", size, in_bytes=True) as work:
        _name_all(found, (f"backup: {words}" for words in check_files(backup, work.advance)))
    if damaged:
        raise NoBackup(f"{backup.folder} is damaged: its rows were not compared.")
    if backup.manifest.own:
        _name_all(found, differences(house.settings, own_of(backup)))
    with watched("Comparing") as work:
        house.db.read_now(_compare_rows, backup, found, lambda table: work.name(f"Comparing: {table}"))
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
