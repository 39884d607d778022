"""The keys that sign badges, the address they are signed under, and the seal of documents."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Annotated, TypeVar

import typer
from sqlalchemy import Connection, select

from assessments.badges import issuer_addresses
from assessments.badges.issuer_addresses import noted
from assessments.badges.keys import KeyFileError, KeyRing, load_keys
from assessments.badges.keys.private import KINDS
from assessments.badges.keys.published import AnyPublicKey, Revocation
from assessments.badges.keys.turning import UnknownKeyError, signing_now
from assessments.badges.keys.turning import revoke as revoke_key
from assessments.badges.keys.turning import rotate as rotate_key
from assessments.badges.multikey import PublicKey
from assessments.badges.resigning import standing_by_key, state_anew
from assessments.seal.keys import published as published_seals
from assessments.seal.keys import revoke as revoke_seal
from assessments.seal.keys import rotate as rotate_seal
from assessments.seal.keys import seals_now, warning
from assessments.seal.shown import seal_rows
from courses.schedule.words import say_date
from fourweek import logs
from fourweek.accounts.second.sealing import FILE as SECOND_FACTOR_KEY
from fourweek.audit.service import ROW as AUDIT
from fourweek.audit.service import record
from fourweek.cli.progress import watched
from fourweek.cli.serving import prepare
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.limits.keys import FILE as LIMITS_KEY
from fourweek.settings import Settings

app = typer.Typer(no_args_is_help=True)
T = TypeVar("T")
HOUSE_SECRETS = (
    (LIMITS_KEY, "hides whose tries are counted; if it is lost, counting begins anew."),
    (SECOND_FACTOR_KEY, "seals what apps for codes share with us; if it is lost, only recovery codes sign in."),
)


class Kind(StrEnum):
    """Ed25519 signs the badge's own file, RSA its form as a token; the seal is on documents."""

    ED25519 = "ed25519"
    RSA = "rsa"
    SEAL = "seal"


WHICH = "The key to change: ed25519 (in badges), rsa (tokens of badges) or seal (documents)."
WhichKind = Annotated[Kind, typer.Option("--kind", help=WHICH)]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.callback()
def keys() -> None:
    """Keys and address that badges are signed with; the seal."""


@app.command("list")
def list_keys() -> None:
    """Say of every key that ever signed what it does now.

    And how many badges stand under it; the certificates of the seal too.
    """
    settings = _ready()
    ring = _told(lambda: load_keys(settings))
    signing = set(_told(lambda: signing_now(settings)).values())
    with _database(settings) as db, watched("Counting badges"):
        counts = db.read_now(standing_by_key)
    for key in ring.published:
        typer.echo(f"{_kind(key):<8} {key.key_id}")
        typer.echo(f"         {_badges(counts[key.key_id])} under it; {_state(ring, key, signing)}")
    for seal in _told(lambda: seal_rows(settings)):
        typer.echo(f"seal     {seal.fingerprint}")
        typer.echo(f"         {seal.words}")
    for name, what in HOUSE_SECRETS:
        if (settings.keys / name).exists():
            typer.echo(f"house    {name}\n         {what}")
    _warn_of_its_end(settings)


@app.command()
def rotate(*, kind: WhichKind = Kind.ED25519, yes: Yes = False) -> None:
    """Make a new key that signs from now on.

    The one before stays published: what it signed still holds.
    """
    settings = _ready()
    _ask(f"A new {kind} key will sign from now on. The present one stays published for ever.", yes=yes)
    with watched("Making a key"):
        new = _told(lambda: _rotated(settings, kind))
    with _database(settings) as db:
        db.write_now(_note, "key.rotate", new, real_time(), kind=kind)
    typer.echo(f"{new} signs from now on. Running servers use it at once; back up {settings.keys}.")


@app.command()
def revoke(
    key: Annotated[str, typer.Argument(help="The key's id, as `fourweek keys list` shows it.")],
    *,
    why: Annotated[str, typer.Option("--why", help="The reason; it is public.")],
    yes: Yes = False,
) -> None:
    """Say that a key may be in other hands.

    Nothing holds under it any more, and its badges are signed anew. Stopped on the way, it goes on where it was
    when it is run again; the worker goes on too.
    """
    settings = _ready()
    if key in _told(lambda: published_seals(settings)):
        _revoke_seal(settings, key, why, yes=yes)
        return
    with _database(settings) as db:
        with watched("Counting badges"):
            count = db.read_now(standing_by_key)[key]
        _ask(
            f"Nothing that {key} signed will hold any more. {_badges(count)} will be signed anew under the same "
            "address; files that people downloaded before are refused from now on. This cannot be undone.",
            yes=yes,
        )
        revoked = _revoked(settings, key, why)
        db.write_now(_note, "key.revoke", key, revoked.at, why=revoked.why)
        _state_anew(db, revoked, count)
    typer.echo("Revoked. The worker signs the badges anew; `fourweek badges sign` does it at once.")


@app.command()
def move(
    *, why: Annotated[str, typer.Option("--why", help="The reason, for the audit log.")], yes: Yes = False
) -> None:
    """Note that the school moved to another address.

    To that of FOURWEEK_BASE_URL: new badges get it, old ones keep theirs.
    """
    settings = _ready()
    with _database(settings) as db:
        known = db.read_now(noted)
        if settings.public_url in known:
            typer.echo(f"{settings.public_url} is an address of this school already.")
            return
        before = ", ".join(known) or "none yet"
        _ask(
            f"New badges will be signed under {settings.public_url} (so far: {before}). Those there are keep their "
            "address: keep it answering, by sending its visitors on or by serving both.",
            yes=yes,
        )
        db.write_now(issuer_addresses.move_to, settings.public_url, why, real_time())
    typer.echo(f"Noted. `fourweek serve` starts under {settings.public_url} from now on.")


def _rotated(settings: Settings, kind: Kind) -> str:
    """The id of the new key, or the fingerprint of the new certificate."""
    if kind is Kind.SEAL:
        return rotate_seal(settings, real_time()).fingerprint
    return rotate_key(settings, KINDS[kind]).public.key_id


def _revoke_seal(settings: Settings, fingerprint: str, why: str, *, yes: bool) -> None:
    _ask(
        "Nothing is sealed with it any more, and its page says why. Documents that it sealed stay in the record, which "
        "goes on answering for them. This cannot be undone.",
        yes=yes,
    )
    revoked = _told(lambda: revoke_seal(settings, fingerprint, why, real_time()))
    with _database(settings) as db:
        db.write_now(_note, "key.revoke", fingerprint, revoked.at, why=revoked.why)
    typer.echo("Revoked. The next document is sealed with another certificate.")


def _warn_of_its_end(settings: Settings) -> None:
    key = _told(lambda: seals_now(settings))
    if key and (said := warning(key, real_time())):
        typer.echo(said, err=True)


def _ready() -> Settings:
    settings = Settings()
    prepare(settings)
    logs.configure(quiet=True)
    return settings


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    db = Database(settings.database)
    try:
        yield db
    finally:
        db.close()


def _told(act: Callable[[], T]) -> T:
    """What the act gives; a key that cannot be used is said in its own words, with exit code 1."""
    try:
        return act()
    except KeyFileError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def _ask(what: str, *, yes: bool) -> None:
    typer.echo(what)
    if not yes:
        typer.confirm("Go on?", abort=True)


def _revoked(settings: Settings, key: str, why: str) -> Revocation:
    try:
        return _told(lambda: revoke_key(settings, key, why, real_time()))
    except UnknownKeyError:
        typer.echo(f"No key of ours is called {key}. `fourweek keys list` shows them.", err=True)
        raise typer.Exit(1) from None


def _state_anew(db: Database, revoked: Revocation, expected: int) -> None:
    with watched("Stating badges anew", expected) as work:
        done = state_anew(db, revoked, real_time(), work.advance)
    typer.echo(f"{_badges(done)} to be signed anew.")


def _note(conn: Connection, act: str, key_id: str, at: datetime, *, why: str = "", kind: str = "") -> None:
    """Once for each act upon a key: a command that was stopped is run again."""
    again = select(AUDIT.c.id).where(AUDIT.c.subject_kind == "key", AUDIT.c.subject_id == key_id, AUDIT.c.act == act)
    if conn.execute(again).first() is None:
        record(conn, act, "key", key_id, at=at, actor_id=None, reason=why, detail={"kind": kind} if kind else {})


def _kind(key: AnyPublicKey) -> Kind:
    return Kind.ED25519 if isinstance(key, PublicKey) else Kind.RSA


def _state(ring: KeyRing, key: AnyPublicKey, signing: set[str]) -> str:
    if found := ring.revocations.get(key.key_id):
        return f"revoked on {say_date(found.at.date())}: {found.why}"
    return "signs now." if key.key_id in signing else "retired, what it signed still holds."


def _badges(count: int) -> str:
    return f"{count:,} {'badge' if count == 1 else 'badges'}"
