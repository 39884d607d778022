"""Adding people and giving them roles."""

from typing import Annotated

import typer
from sqlalchemy import Connection, select

from fourweek.accounts import passwords, service
from fourweek.accounts.models import EmailAddress, Role
from fourweek.accounts.password_links import new_link
from fourweek.accounts.second.service import take_away
from fourweek.cli.serving import prepare
from fourweek.clock import real_time
from fourweek.database import Database, table
from fourweek.errors import FourweekError, Invalid, NotFound
from fourweek.settings import Settings

app = typer.Typer(help="People and their roles.", no_args_is_help=True)
EMAIL = table(EmailAddress)


@app.command()
def add(
    address: Annotated[str, typer.Argument(help="Mail address, used to sign in.")],
    name: Annotated[str, typer.Option("--name", prompt=True, help="Legal name, as it stands on a transcript.")],
    zone: Annotated[str, typer.Option("--zone", help="IANA time zone.")] = "UTC",
    password: Annotated[str, typer.Option("--password", prompt=True, confirmation_prompt=True, hide_input=True)] = "",
) -> None:
    """Add a person who can sign in."""
    settings = Settings()
    wrong = passwords.problem(password)
    if wrong:
        raise typer.BadParameter(wrong, param_hint="--password")
    prepare(settings)
    hashed = passwords.Passwords(settings.argon2_memory_kib, settings.argon2_rounds).hash(password)
    db = Database(settings.database)
    try:
        db.write_now(
            service.add_person, address=address, legal_name=name, password_hash=hashed, zone=zone, now=real_time()
        )
    except FourweekError as error:
        raise typer.BadParameter(error.message) from error
    finally:
        db.close()
    typer.echo(f"{name} can sign in as {address}.")


@app.command()
def link(address: Annotated[str, typer.Argument(help="The person's mail address.")]) -> None:
    """Print a link with which somebody who has no password sets one, once and within 14 days."""
    settings = Settings()
    prepare(settings)
    db = Database(settings.database)
    try:
        token = db.write_now(new_link, address, real_time())
    finally:
        db.close()
    if token is None:
        raise typer.BadParameter(f"Nobody without a password has the address {address}.")
    typer.echo(f"{settings.public_url}/set-password/{token}")


@app.command()
def grant(
    address: Annotated[str, typer.Argument(help="The person's mail address.")],
    role: Annotated[Role, typer.Argument(help="What the person may be.")],
    cohort: Annotated[str, typer.Option("--cohort", help="Id of one cohort; the whole institution unless given.")] = "",
) -> None:
    """Give a person a role."""
    settings = Settings()
    prepare(settings)
    db = Database(settings.database)
    try:
        db.write_now(_grant, address, role, cohort)
    except Invalid as error:
        raise typer.BadParameter(error.message) from error
    finally:
        db.close()
    typer.echo(f"{address} is {role.value}{' of cohort ' + cohort if cohort else ''}.")


def _grant(conn: Connection, address: str, role: Role, cohort: str) -> None:
    service.grant(conn, _person_at(conn, address), role, scope_id=cohort, now=real_time())


@app.command("take-second-factor")
def take_second_factor(
    address: Annotated[str, typer.Argument(help="The person's mail address.")],
    *,
    why: Annotated[str, typer.Option("--why", prompt=True, help="The reason, for the audit log.")],
) -> None:
    """Take a lost second factor away: the person is signed out everywhere and told by mail."""
    settings = Settings()
    prepare(settings)
    db = Database(settings.database)
    try:
        db.write_now(_take_second_factor, address, why)
    except NotFound:
        raise typer.BadParameter(f"{address} has no second factor.") from None
    except Invalid as error:
        raise typer.BadParameter(error.message) from error
    finally:
        db.close()
    typer.echo(f"{address} signs in with the password alone.")


def _take_second_factor(conn: Connection, address: str, why: str) -> None:
    take_away(conn, None, _person_at(conn, address), why, real_time())


def _person_at(conn: Connection, address: str) -> str:
    found: str | None = conn.execute(
        select(EMAIL.c.person_id).where(EMAIL.c.address == address.strip().lower())
    ).scalar()
    if found is None:
        raise Invalid({"address": f"Nobody here has the address {address}."})
    return found
