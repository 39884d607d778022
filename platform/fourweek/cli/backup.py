"""`fourweek backup` and `fourweek restore`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fourweek import logs
from fourweek.backup.errors import BackupError, NotMade
from fourweek.backup.folder import Backup, Backups, open_backup
from fourweek.backup.letters import say_letters
from fourweek.backup.manifest import Manifest
from fourweek.backup.restoring import Asked, Restored, restore
from fourweek.backup.taking import School, Tell, Wanted, take
from fourweek.cli.progress import watched
from fourweek.cli.serving import refuse_unfinished
from fourweek.clock import real_time
from fourweek.errors import Busy
from fourweek.places import why_not
from fourweek.settings import Settings
from fourweek.words import say_size

say = Console(stderr=True, highlight=False, soft_wrap=True)
To = Annotated[Path, typer.Argument(help="Folder of all backups; it is made if it is not there.")]
From = Annotated[Path, typer.Argument(help="A backup, or the folder of all backups for the newest.", exists=True)]
Keep = Annotated[int | None, typer.Option("--keep", min=1, help="Afterwards, take away all but the newest so many.")]
NoKeys = Annotated[bool, typer.Option("--without-keys", help="Leave the keys out; they are kept elsewhere.")]
DatabaseOnly = Annotated[bool, typer.Option("--database-only", help="The database alone, at any schema.")]
KeepStore = Annotated[bool, typer.Option("--keep-store", help="The store of files outlived the rest: leave it alone.")]
SendMail = Annotated[bool, typer.Option("--send-mail", help="Send pending letters, though they may have left before.")]


def add_to(app: typer.Typer) -> None:
    app.command("backup")(backup)
    app.command("restore")(bring_back)


def backup(to: To, *, keep: Keep = None, without_keys: NoKeys = False, database_only: DatabaseOnly = False) -> None:
    """Copy one moment of the whole school, while it is in use.

    Database, files, and keys encrypted with a passphrase. Files that an earlier backup in the same folder has
    are not copied again. Exit code 1 when the store lacks a file that rows name, 2 when no backup was made.
    """
    settings = Settings()
    refuse_unfinished(settings)
    logs.configure(quiet=True)
    with _failing(2), _school(settings) as school:
        asks = not (without_keys or database_only)
        wanted = Wanted(_passphrase(settings, confirm=True) if asks else "", files=not database_only)
        with _watched("Copying files") as tell:
            made = take(school, to, real_time(), wanted, tell)
        _say_made(made)
        if keep and not made.manifest.lost:  # an older one may have what the store lost
            backups, files = _pruned(to, keep)
            typer.echo(f"Taken away: {backups} older backups, and {files} files that only they had.")
    if made.manifest.lost:
        raise typer.Exit(1)


def bring_back(
    source: From,
    *,
    without_keys: NoKeys = False,
    keep_store: KeepStore = False,
    send_mail: SendMail = False,
) -> None:
    """Bring a school back from a backup, into an empty place.

    Empty is a place without database, files and keys. The school may be of another engine and store. Everybody
    signs in again; letters that were pending wait for `fourweek mail`. Exit code 1 when it was refused or not
    finished.
    """
    settings = Settings(institution_logo="")  # where it lies in the home folder it comes with the backup
    logs.configure(quiet=True)
    with _failing(1):
        found = open_backup(source)
        keys = found.manifest.keys
        sealed = not without_keys and keys is not None and keys.part is not None
        asked = Asked(
            _passphrase(settings, confirm=False) if sealed else "",
            keys=not without_keys,
            files=not keep_store,
            send_mail=send_mail,
        )
        with _school(settings) as school, _watched("Copying files") as tell:
            done = restore(school, found, real_time(), asked, tell)
        _say_restored(settings, found, done)


@contextmanager
def _failing(code: int) -> Iterator[None]:
    """Say why, and end with an exit code."""
    try:
        yield
    except BackupError as error:
        say.print(str(error))
        raise typer.Exit(code) from None
    except Busy as error:
        say.print(error.message)
        raise typer.Exit(code) from None
    except OSError as error:
        if not (words := why_not(error)):
            raise
        say.print(words)
        raise typer.Exit(code) from None


@contextmanager
def _school(settings: Settings) -> Iterator[School]:
    from fourweek.house import open_house  # noqa: PLC0415 heavy
    from fourweek.scans import NAMED_FILES  # noqa: PLC0415 heavy

    house = open_house(settings)
    try:
        yield School(settings, house.db, house.store, NAMED_FILES)
    finally:
        house.db.close()


@contextmanager
def _watched(words: str) -> Iterator[Tell]:
    """First the tables by name, then the bytes of files."""
    with watched("Database", in_bytes=True) as work:
        yield Tell(
            table=lambda name: work.name(f"Database: {name}"),
            expect=lambda size: work.expect(size, words),
            copied=work.advance,
        )


def _passphrase(settings: Settings, *, confirm: bool) -> str:
    """From the settings, else asked for: twice before keys are encrypted with it. Raises NotMade."""
    given = settings.backup_passphrase.get_secret_value()
    if given:
        return given
    if not sys.stdin.isatty():
        raise NotMade("Keys need a passphrase: set FOURWEEK_BACKUP_PASSPHRASE, or say --without-keys.")
    return str(typer.prompt("Passphrase of the keys", hide_input=True, confirmation_prompt=confirm, err=True))


def _pruned(to: Path, keep: int) -> tuple[int, int]:
    backups = Backups(to)
    with backups.held():
        return backups.prune(keep)


def _say_made(made: Backup) -> None:
    manifest = made.manifest
    for lost in manifest.lost:
        typer.echo(f"NOT in the backup, although rows name it: {lost}")
    typer.echo(f"{made.folder}: {manifest.rows:,} rows of schema {manifest.revision}")
    if manifest.files:
        typer.echo(f"{manifest.files.files:,} files, {say_size(manifest.files.size)}")
    _say_own(manifest)
    if manifest.keys and manifest.keys.part:
        typer.echo(f"{len(manifest.keys.names)} files of keys, encrypted. Keep the passphrase apart from the backup.")
    elif manifest.keys:
        typer.echo(f"Keys are NOT in it: {', '.join(manifest.keys.names) or 'there are none'}.")
    if manifest.keys and manifest.keys.by_settings:
        typer.echo(f"Not in it, for settings give them: {', '.join(manifest.keys.by_settings)}.")


def _say_own(manifest: Manifest) -> None:
    """Texts and logo, and a logo that is not in it."""
    if manifest.own and manifest.own.names:
        typer.echo(f"Of your own: {', '.join(manifest.own.names)}.")
    if manifest.own and manifest.own.elsewhere:
        typer.echo(f"Not in it, for it lies outside of the home folder: {manifest.own.elsewhere}.")


def _say_restored(settings: Settings, found: Backup, done: Restored) -> None:
    manifest = found.manifest
    typer.echo(f"Restored from {found.folder}: {done.rows:,} rows, {done.files:,} files, {done.keys} files of keys.")
    for lost in manifest.lost:
        typer.echo(f"Was not in the backup: {lost}")
    _say_own(manifest)
    if manifest.keys and not done.keys:
        typer.echo(f"Keys did not come with it; put them into {settings.keys} before anything is started.")
    if manifest.keys and manifest.keys.by_settings:
        typer.echo(f"Set these as they were: {', '.join(manifest.keys.by_settings)}.")
    if settings.public_url != manifest.address:
        typer.echo(f"The school was at {manifest.address}, and FOURWEEK_BASE_URL says {settings.public_url}.")
    if settings.institution != manifest.institution:
        typer.echo(f"The school was called {manifest.institution}, and here it is called {settings.institution}.")
        typer.echo("An operator names it on the page /institution; FOURWEEK_INSTITUTION does so too.")
    if done.held:
        typer.echo(f"Held, since they may have left before: {say_letters(done.held)}. `fourweek mail held` lists them.")
    typer.echo(f"Now run `fourweek verify --backup {found.folder}`.")
