"""Checks of what must stay true: the chains of the audit log and the ledger."""

from typing import Annotated

import typer

from assessments.credit.ledger import BrokenLedger, entries_kept, first_broken_ledger
from fourweek.audit.checking import BrokenAudit, Head, first_broken_link, head, links_kept, read_head
from fourweek.cli.progress import watched
from fourweek.cli.serving import prepare
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.settings import Settings

audit = typer.Typer(help="Follow the audit log's chain.", no_args_is_help=True)
ledger = typer.Typer(help="Follow the chains of the credit ledger.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.add_typer(audit, name="audit")
    app.add_typer(ledger, name="ledger")


@audit.command("check")
def check_audit(
    kept: Annotated[str, typer.Option("--head", help="A head that `fourweek audit head` printed earlier.")] = "",
) -> None:
    """Follow the audit log's chain and name the first broken link.

    Exit code 1 when there is one. With a head that was kept elsewhere, a log whose end was cut off is found too.
    """
    known = _head(kept) if kept else None
    settings = Settings()
    prepare(settings)
    db = Database(settings.database)
    try:
        broken, count = _follow_audit(db, known)
    finally:
        db.close()
    if broken is not None:
        typer.echo(f"The audit log's chain is broken at {broken}")
        raise typer.Exit(1)
    typer.echo(f"The audit log's chain is whole. Links: {count:,}.")


@audit.command("head")
def print_head() -> None:
    """Print where the audit log's chain ends.

    Keep it where nobody of this school can change it, and give it to `fourweek audit check --head` later.
    """
    settings = Settings()
    prepare(settings)
    db = Database(settings.database)
    try:
        typer.echo(str(db.read_now(head)))
    finally:
        db.close()


def _head(typed: str) -> Head:
    try:
        return read_head(typed)
    except ValueError:
        raise typer.BadParameter("Give what `fourweek audit head` printed.", param_hint="--head") from None


def _follow_audit(db: Database, known: Head | None) -> tuple[BrokenAudit | None, int]:
    """The first link that does not hold, and how many there are; a bar is shown where somebody watches."""
    total = db.read_now(links_kept)
    with watched("Following the audit log", total) as work:
        return db.read_now(first_broken_link, real_time(), known, work.advance), total


@ledger.command("check")
def check_ledger() -> None:
    """Follow every person's ledger and name the first broken link.

    With its ledger, learner, position, and what is wrong. Exit code 1 when there is one.
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
    with watched("Following ledgers", total) as work:
        return db.read_now(first_broken_ledger, work.advance), total
