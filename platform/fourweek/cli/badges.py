"""Signing badges from the command line: the worker does it by itself, a little in each tick."""

from collections.abc import Callable, Iterable, Iterator
from typing import Annotated

import typer

from assessments.badges.issuer_addresses import AnotherAddressError
from assessments.badges.keys import KeyFileError
from fourweek import logs
from fourweek.cli.progress import watched
from fourweek.cli.serving import prepare
from fourweek.settings import Settings

app = typer.Typer(help="Sign badges that were earned.", no_args_is_help=True)
Processes = Annotated[int, typer.Option("--processes", min=1, max=64, help="How many to use: one a processor at most.")]


@app.callback()
def badges() -> None:
    """Sign badges that were earned."""


@app.command()
def sign(*, processes: Processes = 1) -> None:
    """Sign every badge that is due now, without the worker.

    Safe beside a worker, and to stop and run again. Exit code 1 when some could not be signed.
    """
    from fourweek.cli.signing import Sweep  # noqa: PLC0415 heavy

    settings = Settings()
    prepare(settings)
    logs.configure(quiet=True)
    with Sweep(settings, processes) as sweep:
        due = sweep.number_due()
        with watched("Signing badges", due) as work:
            signed = _signed(sweep.tried(), work.advance)
        left = sweep.number_due()
    typer.echo(f"{signed:,} of {due:,} badges signed.")
    if left:
        typer.echo(f"{left:,} could not be signed; the lines above say why.", err=True)
        raise typer.Exit(1)


def _signed(tried: Iterable[bool], tell: Callable[[], None]) -> int:
    """How many were signed; a key or an address that no badge can be signed with is said in its own words."""
    try:
        return sum(_each(tried, tell))
    except (KeyFileError, AnotherAddressError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def _each(tried: Iterable[bool], tell: Callable[[], None]) -> Iterator[bool]:
    for one in tried:
        tell()
        yield one
