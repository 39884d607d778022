"""Adding people and giving them roles."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import typer
from sqlalchemy import Connection, select

from courses.cohorts.scopes import CourseScopes
from fourweek.accounts import disabling, forgotten, passwords, service
from fourweek.accounts.changing import known_of
from fourweek.accounts.models import EmailAddress, Role, ScopeKind
from fourweek.accounts.password_links import new_link
from fourweek.accounts.roles import RoleIn, end_role, give_role
from fourweek.accounts.scopes import ask_about_scopes, scopes
from fourweek.accounts.second.service import take_away
from fourweek.cli.serving import prepare
from fourweek.clock import real_time
from fourweek.database import Database, table
from fourweek.errors import FourweekError, Invalid, NotFound
from fourweek.settings import Settings

app = typer.Typer(help="Add people, give roles, mend accounts.", no_args_is_help=True)
EMAIL = table(EmailAddress)
MOST = 50
ASKED = "Asked for twice on a terminal unless it is given."


@app.command()
def add(
    address: Annotated[str, typer.Argument(help="Mail address, used to sign in.")],
    name: Annotated[str, typer.Option("--name", prompt=True, help="Legal name, as it stands on a transcript.")],
    zone: Annotated[str, typer.Option("--zone", help="IANA time zone.")] = "UTC",
    password: Annotated[
        str, typer.Option("--password", prompt=True, confirmation_prompt=True, hide_input=True, help=ASKED)
    ] = "",
) -> None:
    """Add a person who can sign in."""
    settings = Settings()
    wrong = passwords.problem(password, known_of((name, address), settings.institution))
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
def link(
    address: Annotated[str, typer.Argument(help="The person's mail address.")],
    *,
    reset: Annotated[bool, typer.Option("--reset", help="In place of a password that was forgotten.")] = False,
) -> None:
    """Print a link with which somebody sets a first password.

    It is good once, within 14 days; with --reset in place of a forgotten password, and within an hour.
    """
    settings = Settings()
    prepare(settings)
    db = Database(settings.database)
    try:
        token = db.write_now(forgotten.new_link if reset else new_link, address, real_time())
    finally:
        db.close()
    if token is None:
        nobody = "Nobody" if reset else "Nobody without a password"
        raise typer.BadParameter(f"{nobody} has the address {address}.")
    typer.echo(f"{settings.public_url}/set-password/{token}")


@app.command()
def disable(
    address: Annotated[str, typer.Argument(help="The person's mail address.")],
    why: Annotated[str, typer.Option("--why", prompt=True, help="The reason, for the audit log.")],
) -> None:
    """Let nobody sign in to an account.

    Its person is signed out everywhere and told by mail.
    """
    _change_state(disabling.disable, address, why)
    typer.echo(f"The account of {address} is disabled.")


@app.command()
def enable(
    address: Annotated[str, typer.Argument(help="The person's mail address.")],
    why: Annotated[str, typer.Option("--why", prompt=True, help="The reason, for the audit log.")],
) -> None:
    """Let the person of a disabled account sign in again."""
    _change_state(disabling.enable, address, why)
    typer.echo(f"The account of {address} takes sign-ins again.")


def _change_state(change: Callable[[Connection, str | None, str, str, datetime], None], address: str, why: str) -> None:
    settings = Settings()
    prepare(settings)
    db = Database(settings.database)
    try:
        db.write_now(lambda conn: change(conn, None, _person_at(conn, address), why.strip(), real_time()))
    except FourweekError as error:
        raise typer.BadParameter(error.message) from error
    finally:
        db.close()


COURSE = typer.Option("--course", help="Code or id of one course; the whole institution unless something is given.")
COHORT = typer.Option("--cohort", help="Id of one cohort.")
SECTION = typer.Option("--section", help="Id of one section.")
WHY = typer.Option("--why", help="The reason, for the audit log.")


@app.command()
def grant(
    address: Annotated[str, typer.Argument(help="The person's mail address.")],
    role: Annotated[Role, typer.Argument(help="What the person may be.")],
    *,
    course: Annotated[str, COURSE] = "",
    cohort: Annotated[str, COHORT] = "",
    section: Annotated[str, SECTION] = "",
    why: Annotated[str, WHY] = "",
) -> None:
    """Give a person a role.

    For the institution, or for one course, cohort or section. They are told by mail.
    """
    scope = _change_role(give_role, address, role, (course, cohort, section), why)
    typer.echo(f"{address} is {role.value}{scope}.")


@app.command("end-role")
def end(
    address: Annotated[str, typer.Argument(help="The person's mail address.")],
    role: Annotated[Role, typer.Argument(help="What the person is no more.")],
    *,
    course: Annotated[str, COURSE] = "",
    cohort: Annotated[str, COHORT] = "",
    section: Annotated[str, SECTION] = "",
    why: Annotated[str, WHY] = "",
) -> None:
    """End a role of a person.

    With the scope that it was given for. They are told by mail.
    """
    scope = _change_role(end_role, address, role, (course, cohort, section), why)
    typer.echo(f"{address} is not {role.value}{scope} any more.")


def _change_role(change: Callable[..., bool], address: str, role: Role, asked: tuple[str, str, str], why: str) -> str:
    """Give or end a role; its scope in words. Raises BadParameter."""
    if sum(map(bool, asked)) > 1:
        raise typer.BadParameter("Give one of --course, --cohort and --section.")
    settings = Settings()
    prepare(settings)
    db = Database(settings.database)
    try:
        return db.write_now(_with_scope, change, address, role, asked, why)
    except FourweekError as error:
        raise typer.BadParameter(error.message) from error
    finally:
        db.close()


def _with_scope(
    conn: Connection, change: Callable[..., bool], address: str, role: Role, asked: tuple[str, str, str], why: str
) -> str:
    ask_about_scopes(CourseScopes())
    person, given = _person_at(conn, address), RoleIn(role)
    words = ""
    for kind, typed in zip((ScopeKind.COURSE, ScopeKind.COHORT, ScopeKind.SECTION), asked, strict=True):
        if typed:
            found = [one for one in scopes().found(conn, kind, typed, MOST) if typed in (one.id, one.words)]
            if not found:
                raise Invalid({"scope": f"There is no {kind.value} {typed}."})
            given, words = RoleIn(role, kind, found[0].id), f" of {kind.value} {found[0].words}"
    if not change(conn, None, person, given, now=real_time(), reason=why):
        raise Invalid({"role": "Nothing changed: that is how it is already."})
    return words


@app.command("take-second-factor")
def take_second_factor(
    address: Annotated[str, typer.Argument(help="The person's mail address.")],
    *,
    why: Annotated[str, typer.Option("--why", prompt=True, help="The reason, for the audit log.")],
) -> None:
    """Take a lost second factor away.

    The person is signed out everywhere and told by mail.
    """
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
