"""Is every file that was handed in still what it was?"""

import json
from typing import Annotated

import typer

from fourweek import logs
from fourweek.cli.progress import watched
from fourweek.cli.purging import purge
from fourweek.cli.serving import prepare
from fourweek.clock import real_time
from fourweek.errors import Busy
from fourweek.settings import Settings
from fourweek.storage.verifying import Difference, Verification
from fourweek.words import say_size

app = typer.Typer(help="Check files, and remove evidence whose period is over.", no_args_is_help=True)
app.command()(purge)
AsJson = Annotated[bool, typer.Option("--json", help="Print what was found as one JSON object.")]


@app.callback()
def evidence() -> None:
    """Check files, and remove evidence whose period is over."""


@app.command()
def verify(*, as_json: AsJson = False) -> None:
    """Read every file again, and say what is wrong.

    Each that is missing, altered, or known to nobody is named. Exit code 1 when anything is wrong, 2 when the
    store does not answer.
    """
    from fourweek.house import open_house  # noqa: PLC0415 heavy
    from fourweek.scans import NAMED_FILES  # noqa: PLC0415 heavy

    settings = Settings()
    prepare(settings)
    logs.configure(quiet=True)
    house = open_house(settings)
    checked = Verification(house.db, house.store, NAMED_FILES, real_time())
    try:
        found = read_files(checked, quiet=as_json)
    except Busy as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(2) from error
    finally:
        house.db.close()
    wrong = sum(difference.wrong for difference in found)
    if as_json:
        typer.echo(json.dumps(_facts(checked, found), ensure_ascii=False))
    else:
        typer.echo(_summary(checked, wrong))
    if wrong:
        raise typer.Exit(1)


def read_files(checked: Verification, *, quiet: bool) -> list[Difference]:
    """All differences, each printed as it is found, under a bar that counts bytes."""
    found: list[Difference] = []
    with watched("Reading files", checked.expected(), in_bytes=True) as work:
        checked.tell = work.advance
        for difference in checked.differences():
            found.append(difference)
            if not quiet:
                typer.echo(str(difference))
    return found


def _summary(checked: Verification, wrong: int) -> str:
    read = f"{checked.tally.files} files, {say_size(checked.tally.size)}"
    if not wrong:
        return f"{read}: every file is what it was."
    return f"{read}: {wrong} {'thing is' if wrong == 1 else 'things are'} wrong."


def _facts(checked: Verification, found: list[Difference]) -> dict[str, object]:
    differences = [
        {"trouble": one.trouble, "file": one.place, "words": one.words, "rows": one.rows, "wrong": one.wrong}
        for one in found
    ]
    return {"files": checked.tally.files, "bytes": checked.tally.size, "differences": differences}
