"""Letters that wait for somebody since the school was restored."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from fourweek.backup.letters import count_held, let_go, say_letters
from fourweek.backup.letters import held as held_letters
from fourweek.cli.serving import prepare
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.settings import Settings

app = typer.Typer(no_args_is_help=True)
SHOWN = 100
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.callback()
def mail() -> None:
    """Letters that wait for you since a restore."""


@app.command()
def held() -> None:
    """List the letters that wait, those due first on top.

    They were pending when the backup was made.
    """
    with _database() as db:
        count, letters = db.read_now(count_held), db.read_now(held_letters, SHOWN)
    for letter in letters:
        typer.echo(f"{letter.due:%Y-%m-%d %H:%M} UTC  {letter.kind}  person {letter.person_id or 'none yet'}")
    more = f" The first {SHOWN} are shown." if count > SHOWN else ""
    typer.echo(f"Held: {say_letters(count)}.{more}")


@app.command()
def send(*, yes: Yes = False) -> None:
    """Let the letters go that wait.

    The worker sends them at its next tick, some perhaps for the second time.
    """
    _act("Send {}, some perhaps for the second time?", "To leave with the worker's next ticks", yes=yes, sent=True)


@app.command()
def drop(*, yes: Yes = False) -> None:
    """Never send the letters that wait.

    What they say stays listed in the product.
    """
    _act("Never send {}?", "Never to be sent", yes=yes, sent=False)


def _act(asked: str, done: str, *, yes: bool, sent: bool) -> None:
    with _database() as db:
        count = db.read_now(count_held)
        if count and not yes:
            typer.confirm(asked.format(say_letters(count)), abort=True)
        changed = db.write_now(let_go, real_time(), send=sent)
    typer.echo(f"{done}: {say_letters(changed)}.")


@contextmanager
def _database() -> Iterator[Database]:
    settings = Settings()
    prepare(settings)
    db = Database(settings.database)
    try:
        yield db
    finally:
        db.close()
