"""`fourweek doctor`: what ails this installation, and what to do. It changes nothing."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from typing import Annotated

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError
from sqlalchemy import Connection, Table, and_, func, or_, select

from assessments.badges.keys import KeyFileError
from assessments.badges.keys.published import retired_keys
from assessments.badges.keys.ring import published
from assessments.badges.keys.turning import signing_now
from assessments.badges.models import CredentialIssue
from assessments.credit.ledger import ENTRY, LEDGER
from assessments.seal.keys import seals_now, warning
from courses.cohorts.models import Cohort
from courses.schedule.errors import UnknownZone
from courses.schedule.zones import database_version, zone
from fourweek import logs
from fourweek.accounts.access import PERSON
from fourweek.accounts.second.models import TotpSecret
from fourweek.accounts.second.sealing import FILE as SECOND_FACTOR_KEY
from fourweek.cli.progress import watched
from fourweek.clock import real_time
from fourweek.database import Database, table
from fourweek.doctor.finding import Finding, Look, State, fault, looked, note, ok
from fourweek.doctor.machine import clock_look, disk_look, foreign_look, keys_are_open, rights_look, settings_look
from fourweek.doctor.running import audit_look, backup_look, newest_act, outbox_look, worker_look
from fourweek.doctor.scanner import scanner_look, waiting_look
from fourweek.doctor.services import away_look, database_look, is_there, mail_look, store_look
from fourweek.places import is_seen
from fourweek.settings import Settings, what_is_wrong
from fourweek.storage import open_store

COHORT, ISSUE, TOTP = table(Cohort), table(CredentialIssue), table(TotpSecret)
NO_DATABASE = "There is none yet; the first start makes it."
NO_STORE = "There is no folder for files yet; the first start makes it."


def add_to(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON list instead of lines.")] = False,
    send_to: Annotated[str, typer.Option("--send-to", help="Send a letter there, to see that mail arrives.")] = "",
) -> None:
    """Say what ails this installation, and what to do about it.

    It looks at everything that the school stands on, and changes nothing. Exit code 1 when something is a fault.
    """
    logs.configure(quiet=True)
    try:
        settings = Settings()
    except (ValidationError, SettingsError) as error:
        found = [fault("settings", words, "Put it right; nothing starts like that.") for words in what_is_wrong(error)]
    else:
        found = _looked_over(settings, send_to)
    typer.echo(json.dumps([asdict(one) for one in found], indent=2, ensure_ascii=False) if as_json else _lines(found))
    if any(one.state is State.FAULT for one in found):
        raise typer.Exit(1)


def _looked_over(settings: Settings, send_to: str) -> list[Finding]:
    found = []
    with watched("Looking") as work:
        for one in _look_over(settings, send_to):
            found.append(one)
            work.name(f"Looked at: {one.part}")
    return found


def _lines(found: list[Finding]) -> str:
    return "\n".join(f"{one.state:<6}{one.part:<10}{one.words}{_advice(one)}" for one in found)


def _advice(one: Finding) -> str:
    return f"\n{'':<16}→ {one.what_to_do}" if one.what_to_do else ""


def _look_over(settings: Settings, send_to: str) -> Iterator[Finding]:
    now = real_time()
    if foreign := list(foreign_look(settings)):
        yield from foreign
        return
    yield from looked("settings", partial(settings_look, settings))
    yield from looked("rights", partial(rights_look, settings))
    yield from looked("disk", partial(disk_look, settings))
    if is_there(settings):
        db = Database(settings.database)
        away = looked("database", lambda: away_look(db))
        yield from away
        for part, look in _without_database(settings) if away else _with_database(db, settings):
            yield from looked(part, look)
        db.close()
    else:
        for part, look in _without_database(settings):
            yield from looked(part, look)
        yield note("database", NO_DATABASE, "Start `fourweek run`.")
    if settings.bucket or is_seen(settings.files):
        yield from looked("store", lambda: store_look(open_store(settings), settings, now))
    else:
        yield note("store", NO_STORE, "Start `fourweek run`.")
    yield from looked("scanner", partial(scanner_look, settings))
    yield from looked("mail", partial(mail_look, settings, send_to))
    yield from looked("backup", lambda: backup_look(settings, now))


def _without_database(settings: Settings) -> Iterator[tuple[str, Look]]:
    """What can be looked at all the same."""
    yield "clock", lambda: clock_look(settings, real_time(), None)
    yield "keys", partial(_files_of_keys_look, settings)


def _with_database(db: Database, settings: Settings) -> Iterator[tuple[str, Look]]:
    now = real_time()
    yield "clock", lambda: clock_look(settings, now, db.read_now(newest_act))
    yield "zones", partial(_zones_look, db, settings)
    yield "database", lambda: database_look(db, now)
    yield "keys", partial(_keys_look, db, settings)
    yield "chains", partial(audit_look, db)
    yield "chains", partial(_ledgers_look, db)
    yield "outbox", lambda: outbox_look(db, now)
    yield "scanner", lambda: waiting_look(db, settings, now)
    yield "worker", lambda: worker_look(db, now, settings.tick_seconds)


def _zones_look(db: Database, settings: Settings) -> Iterator[Finding]:
    """Whether every zone that dates are reckoned in is known."""
    used = db.read_now(_zones_used) | {settings.zone}
    unknown = sorted(name for name in used if not _known(name))
    if unknown:
        yield fault("zones", f"Unknown: {', '.join(unknown)}.", "Bring the `tzdata` package up to date.")
    else:
        yield ok("zones", f"tzdata {database_version()} knows every zone in use ({len(used)}).")


def _zones_used(conn: Connection) -> set[str]:
    both = select(COHORT.c.zone).union(select(PERSON.c.zone))
    return set(conn.execute(both).scalars())


def _known(name: str) -> bool:
    try:
        zone(name)
    except UnknownZone:
        return False
    return True


def _keys_look(db: Database, settings: Settings) -> Iterator[Finding]:
    """Whether the keys that badges, documents and second factors need are there, readable and in time."""
    found = list(_files_of_keys_look(settings))
    readable = not keys_are_open(settings) and all(one.state is not State.FAULT for one in found)
    missing = list(_missing_keys(db, settings)) if readable else []
    yield from missing
    yield from (one for one in found if not missing or one.state is not State.OK)


def _files_of_keys_look(settings: Settings) -> Iterator[Finding]:
    """The files alone: whether each that is there is a key, and holds now."""
    if keys_are_open(settings):
        yield note("keys", "Not looked at: they are used by nobody before their rights are put right, see above.")
        return
    try:
        signing, seal = signing_now(settings), seals_now(settings)
    except KeyFileError as error:
        yield fault("keys", str(error), "Until then no badge and no document is signed.")
        return
    if seal is not None and (said := warning(seal, real_time())):
        yield note("keys", said)
        return
    have = [*sorted(signing), *(["seal"] if seal else [])]
    yield ok("keys", f"Here and fit: {', '.join(have)}." if have else "None yet; each is made when first needed.")


def _missing_keys(db: Database, settings: Settings) -> Iterator[Finding]:
    """Keys that signed what is out there: without the public half of one, nothing can be checked that it signed."""
    signed, codes = db.read_now(lambda conn: (_signed_by(conn), _any(conn, TOTP)))
    back = "Restore the folder of keys from its backup"
    if lost := signed - {key.key_id for key in published(settings, retired_keys(settings.keys))}:
        words = f"Badges are signed with keys that are not here: {', '.join(sorted(lost))}."
        yield fault("keys", words, f"{back}; until then those badges cannot be checked.")
    if codes and not (settings.keys / SECOND_FACTOR_KEY).exists():
        yield fault("keys", f"{SECOND_FACTOR_KEY} is missing: codes of apps cannot be checked.", f"{back}.")


def _signed_by(conn: Connection) -> set[str]:
    """The ids of all keys that ever signed a badge."""
    both = select(ISSUE.c.key_id).union(select(ISSUE.c.jwt_key_id))
    return set(conn.execute(both).scalars()) - {""}


def _any(conn: Connection, one: Table) -> bool:
    return conn.execute(select(1).select_from(one).limit(1)).first() is not None


def _ledgers_look(db: Database) -> Iterator[Finding]:
    """Whether each ledger ends where it is kept to end; `fourweek ledger check` follows every entry."""
    if cut := db.read_now(_cut_off):
        words = f"{cut} ledgers do not end with the entry that was recorded last."
        yield fault("chains", words, "Run `fourweek ledger check`; compare with a backup who changed what.")
    else:
        yield ok("chains", "Every ledger ends with its last entry.")


def _cut_off(conn: Connection) -> int:
    last = and_(ENTRY.c.ledger_id == LEDGER.c.id, ENTRY.c.seq == LEDGER.c.entries)
    other = or_(ENTRY.c.hash.is_(None), ENTRY.c.hash != LEDGER.c.head)
    wrong = select(func.count()).select_from(LEDGER.outerjoin(ENTRY, last)).where(LEDGER.c.entries > 0, other)
    return int(conn.execute(wrong).scalar_one())
