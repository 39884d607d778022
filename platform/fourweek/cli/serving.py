"""Running the server and the worker."""

import json
import os
import socket
from typing import TYPE_CHECKING, Annotated, cast

import typer
from rich.console import Console

from assessments.badges.issuer_addresses import AnotherAddressError, noted, refuse_another
from fourweek import logs
from fourweek.backup import UNFINISHED
from fourweek.cli.progress import watched
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.errors import Busy
from fourweek.first_run.opening import anybody, invite, withdraw
from fourweek.migrations import run as migrations
from fourweek.safety import look_over
from fourweek.server import AddressRefused, answer, configure, hold_port, settle_memory, without_collecting
from fourweek.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI
    from uvicorn import Config

    from fourweek.jobs.worker import Worker

say = Console(stderr=True, highlight=False)
Workers = Annotated[int, typer.Option("--workers", min=1, max=32, help="Server processes.")]


def add_to(app: typer.Typer) -> None:
    app.command()(serve)
    app.command()(work)
    app.command("run")(run_both)
    app.command()(tick)
    app.command()(migrate)


def serve(workers: Workers = 1) -> None:
    """Answer requests, with `fourweek work` started beside it."""
    settings = Settings()
    refuse_unsafe(settings)
    held = hold(settings)
    prepare(settings)
    keep_address(settings)
    ask_in(settings)
    config = load(settings)
    if workers == 1:
        answer(config, held)
    elif not _keep(workers, config, held):
        say.print("The server's processes end before they answer; what they say is above.")
        raise typer.Exit(1)


def work() -> None:
    """Send letters, record credit and award badges, until stopped.

    Several may run; one at a time works.
    """
    from fourweek.jobs.worker import run_until_signal  # noqa: PLC0415 only this command needs the scheduler

    settings = Settings()
    refuse_unsafe(settings)
    prepare(settings)
    keep_address(settings)
    logs.configure()
    run_until_signal(make_worker(settings), settings.stop_seconds)


def run_both() -> None:
    """Server and worker in one process: enough for a small school.

    While nobody has an account, it prints where the first one is made and the code that it takes.
    """
    settings = Settings()
    refuse_unsafe(settings)
    held = hold(settings)
    prepare(settings)
    keep_address(settings)
    ask_in(settings)
    logs.configure()
    answer_and_work(settings, held)


def answer_and_work(settings: Settings, held: socket.socket) -> None:
    """Serve with a worker beside it in this process, until stopped."""
    config = load(settings)
    worker = make_worker(settings)
    worker.start()
    try:
        answer(config, held, told=worker.end_soon)
    finally:
        if not worker.stop(settings.stop_seconds):
            os._exit(1)  # every scan is safe to be cut and run again


def tick(*, once: Annotated[bool, typer.Option("--once", help="Do one tick and stop.")] = False) -> None:
    """Do once what the worker does: by hand, or for cron."""
    from fourweek.house import open_house  # noqa: PLC0415 heavy
    from fourweek.jobs.service import note_tick  # noqa: PLC0415
    from fourweek.jobs.service import tick as one_tick  # noqa: PLC0415
    from fourweek.scans import make_scans  # noqa: PLC0415 heavy

    if not once:
        raise typer.BadParameter("Say --once. `fourweek work` ticks until stopped.")
    settings = Settings()
    prepare(settings)
    keep_address(settings)
    logs.configure(quiet=True)
    house = open_house(settings)
    with watched("One tick"):
        done = one_tick(house.db, make_scans(house))
    house.db.write_now(note_tick, "by hand", real_time())
    house.db.close()
    typer.echo(json.dumps(done))
    if -1 in done.values():
        raise typer.Exit(1)


def migrate(
    to: Annotated[str, typer.Option("--to", help="Revision to end at; the newest unless given.")] = migrations.HEAD,
) -> None:
    """Bring the database to the newest schema.

    SQLite does it by itself at every start. A copy is made first: of SQLite in `backups/` under the home
    folder, of PostgreSQL where FOURWEEK_UPGRADE_BACKUPS says.
    """
    settings = Settings()
    refuse_unfinished(settings)
    db = Database(settings.database)
    try:
        before = migrations.current(db)
        _refuse_newer(before)
        _upgrade(settings, db, to)
        after = migrations.current(db)
    finally:
        db.close()
    typer.echo(f"schema {after}" if before == after else f"schema {before or 'empty'} → {after}")


def refuse_unsafe(settings: Settings, *, warn: bool = True) -> None:
    """Say what is unsafe about these settings; with exit code 1 where a school must not be run so."""
    found = [one for one in look_over(settings) if one.refused or warn]
    for one in found:
        say.print(f"{'Refused' if one.refused else 'Warning'}: {one}", soft_wrap=True)
    if any(one.refused for one in found):
        raise typer.Exit(1)


def prepare(settings: Settings) -> None:
    """Make the home folder; bring an embedded database up to date; refuse to run on another schema."""
    refuse_unfinished(settings)
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    db = Database(settings.database)
    try:
        found = migrations.current(db)
        _refuse_newer(found)
        if settings.embedded and found != migrations.head():
            _upgrade(settings, db, migrations.HEAD)
            found = migrations.current(db)
    except Busy as error:
        say.print(f"{error} `fourweek doctor` says what ails it.")
        raise typer.Exit(1) from None
    finally:
        db.close()
    if found != migrations.head():
        say.print(f"The database is at schema {found or 'empty'}, this program needs {migrations.head()}.")
        say.print("Make a backup, then run `fourweek migrate`.")
        raise typer.Exit(1)


def refuse_unfinished(settings: Settings) -> None:
    """Exit code 1 where a restore was stopped on its way: nothing else may begin there."""
    mark = settings.home / UNFINISHED
    if mark.exists():
        say.print(f"A restore of {mark.read_text()} was not finished in {settings.home}.", soft_wrap=True)
        say.print("Run `fourweek restore` again: it goes on where it was.")
        raise typer.Exit(1)


def _refuse_newer(found: str | None) -> None:
    """An older program must not touch what a newer one has made."""
    if found is not None and found > migrations.head():
        say.print(
            f"The database is at schema {found}; this program is older and knows {migrations.head()} at most.",
            soft_wrap=True,
        )
        say.print("Nothing was changed. Start a program at least as new as the one before, or restore a backup.")
        raise typer.Exit(1)


def _upgrade(settings: Settings, db: Database, to: str) -> None:
    """Copy what is there, then upgrade it; exit code 1 where no copy can be made."""
    from fourweek.backup.before_upgrade import copy_first  # noqa: PLC0415 a start without work must not load it
    from fourweek.backup.errors import NotMade  # noqa: PLC0415

    def tell(words: str) -> None:
        say.print(words, soft_wrap=True)

    try:
        with watched("Bringing the database up to date"):
            migrations.upgrade(db, to, copy_first(settings, db, tell))
    except NotMade as error:
        tell(str(error))
        raise typer.Exit(1) from None


def keep_address(settings: Settings) -> None:
    """Refuse to start under an address that badges do not know, with the way out and exit code 1."""
    db = Database(settings.database)
    try:
        refuse_another(settings.public_url, db.read_now(noted))
    except AnotherAddressError as error:
        say.print(str(error), soft_wrap=True)
        raise typer.Exit(1) from None
    finally:
        db.close()


def ask_in(settings: Settings) -> None:
    """While nobody has an account, say where the first one is made and the code that it takes."""
    db = Database(settings.database)
    try:
        is_begun = db.read_now(anybody)
    finally:
        db.close()
    if is_begun:
        withdraw(settings.home)
        return
    code = invite(settings.home)
    say.print(f"Nobody has an account here yet. Open {settings.public_url}/first-run in a browser", soft_wrap=True)
    say.print(f"and give this code there: [bold]{code}[/bold]", soft_wrap=True)


def hold(settings: Settings) -> socket.socket:
    """The port, before anything is made or changed; a sentence and exit code 1 when it is taken."""
    try:
        return hold_port(settings.host, settings.port)
    except AddressRefused as error:
        say.print(str(error))
        raise typer.Exit(1) from None


def load(settings: Settings) -> "Config":
    """Import and make all that answering takes; connections and threads are opened when they are needed."""
    with without_collecting():
        from fourweek.app import create_app  # noqa: PLC0415 heavy

        config = configure(create_app(settings), settings.stop_seconds)
    settle_memory()
    return config


def _keep(size: int, config: "Config", held: socket.socket) -> bool:
    if not hasattr(os, "fork"):
        raise typer.BadParameter("This system cannot fork processes: use --workers 1.")
    from fourweek.processes import Processes  # noqa: PLC0415 cannot be imported where no process can fork

    return Processes(size, config, held, cast("FastAPI", config.app).state.metrics.become).run()


def make_worker(settings: Settings) -> "Worker":
    """The worker of this installation."""
    with without_collecting():
        from fourweek.house import open_house  # noqa: PLC0415 heavy
        from fourweek.jobs.worker import Worker  # noqa: PLC0415
        from fourweek.scans import make_scans  # noqa: PLC0415 heavy

    house = open_house(settings)
    return Worker(house.db, make_scans(house), settings.tick_seconds)
