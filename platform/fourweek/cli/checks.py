"""Checks of what must stay true: the chains of the audit log and the ledger."""

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assessments.credit.ledger import BrokenLedger, entries_kept, first_broken_ledger
from fourweek.audit.service import first_broken_link
from fourweek.cli.serving import prepare
from fourweek.database import Database
from fourweek.settings import Settings

audit = typer.Typer(help="The audit log.", no_args_is_help=True)
ledger = typer.Typer(help="The credit ledger.", no_args_is_help=True)
say = Console(stderr=True, highlight=False)
COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())


def add_to(app: typer.Typer) -> None:
    app.add_typer(audit, name="audit")
    app.add_typer(ledger, name="ledger")


@audit.command("check")
def check_audit() -> None:
    """Follow the audit log's chain and name the first broken link. Exit code 1 when there is one."""
    settings = Settings()
    prepare(settings)
    db = Database(settings.database)
    broken = db.read_now(first_broken_link)
    db.close()
    if broken is not None:
        typer.echo(f"The audit log's chain is broken at link {broken}.")
        raise typer.Exit(1)
    typer.echo("The audit log's chain is whole.")


@ledger.command("check")
def check_ledger() -> None:
    """Follow every person's ledger and name the first broken link: ledger, learner, position, and what is wrong.

    Exit code 1 when there is one.
    """
    settings = Settings()
    prepare(settings)
    db = Database(settings.database)
    try:
        broken, count = _follow_all(db)
    finally:
        db.close()
    if broken is not None:
        typer.echo(str(broken))
        raise typer.Exit(1)
    typer.echo(f"Every ledger is whole. Entries: {count:,}.")


def _follow_all(db: Database) -> tuple[BrokenLedger | None, int]:
    """The first ledger that does not hold, and how many entries there are; a bar is shown where somebody watches."""
    total = db.read_now(entries_kept)
    with Progress(*COLUMNS, console=say, transient=True, disable=not say.is_terminal) as progress:
        task = progress.add_task("Following ledgers", total=total)
        return db.read_now(first_broken_ledger, lambda number: progress.advance(task, number)), total
