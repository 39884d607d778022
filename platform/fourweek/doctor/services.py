"""What the school stands on: the database, the store of files, the mail server."""

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from smtplib import SMTPResponseException
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import Connection, make_url

from fourweek.database import Database
from fourweek.doctor.finding import Finding, fault, note, ok
from fourweek.errors import Busy
from fourweek.mail import mail_server
from fourweek.migrations import run as migrations
from fourweek.places import is_seen
from fourweek.settings import Settings
from fourweek.storage import Store, digest_of

OLDEST_SERVER: Final = 14
FULL: Final = 2  # PRAGMA synchronous
STORE_AWAY: Final = "See that it runs, and that FOURWEEK_STORE… name it, its bucket and a key that may use it."
APART: Final = timedelta(seconds=5)


def is_there(settings: Settings) -> bool:
    """Whether there is a database to look at; opening an SQLite one would make it."""
    return not settings.embedded or is_seen(Path(make_url(settings.database).database or ""))


def away_look(db: Database) -> Iterator[Finding]:
    """A fault where the database does not answer, and nothing where it does."""
    try:
        db.read_now(_version)
    except Busy as error:
        where = make_url(db.url)
        name = where.database if db.embedded else f"{where.host or 'this machine'}, {where.database}"
        way = "See that it runs, and that FOURWEEK_DATABASE_URL names it and who we are there."
        if db.embedded:
            way = "See `disk` and `rights`; if it is damaged, stop everything and restore the last backup."
        yield fault("database", f"{name}: {_reason(error)}", way)
        yield note("database", "What lies in it was not looked at: zones, chains, letters, the worker.")


def _reason(error: Busy) -> str:
    """What the driver or the store said beneath our own words, on one line."""
    cause = error.__cause__ or error.__context__
    said = str(getattr(cause, "orig", None) or cause or "").partition("\n")[0][:300]
    return f"{error} {said}".strip()


def database_look(db: Database, now: datetime) -> Iterator[Finding]:
    """Whether it answers, is whole, keeps what it takes, and is at this program's schema."""
    found, wanted = migrations.current(db), migrations.head()
    bad = list(db.write_now(_sqlite) if db.embedded else db.read_now(_postgres, now))
    if found != wanted:
        way = "Run `fourweek migrate`." if (found or "") < wanted else "Use the newer program that made it."
        bad.append(fault("database", f"It is at schema {found or 'none'}, this program needs {wanted}.", way))
    yield from bad
    if not bad:
        version = db.read_now(_version)
        yield ok("database", f"{version} answers, at schema {found}, whole and durable.")


def _version(conn: Connection) -> str:
    if conn.dialect.name == "sqlite":
        return f"SQLite {conn.exec_driver_sql('SELECT sqlite_version()').scalar()}"
    return f"PostgreSQL {conn.exec_driver_sql('SHOW server_version').scalar()}"


def _sqlite(conn: Connection) -> list[Finding]:
    bad = []
    if (mode := conn.exec_driver_sql("PRAGMA journal_mode").scalar()) != "wal":
        bad.append(fault("database", f"Its journal is {mode}, not WAL.", "Put it on a local disk, not on a share."))
    if conn.exec_driver_sql("PRAGMA synchronous").scalar() != FULL:
        bad.append(fault("database", "It does not sync every commit.", "Leave `synchronous` as this program sets it."))
    said = [str(row[0]) for row in conn.exec_driver_sql("PRAGMA quick_check(5)")]
    if said != ["ok"]:
        bad.append(fault("database", f"It is damaged: {said[0]}", "Stop everything; restore the last backup."))
    return bad


def _postgres(conn: Connection, now: datetime) -> list[Finding]:
    bad = []
    shown = {
        name: str(conn.exec_driver_sql(f"SHOW {name}").scalar())
        for name in ("server_version_num", "fsync", "full_page_writes", "synchronous_commit", "timezone")
    }
    if int(shown["server_version_num"]) < OLDEST_SERVER * 10_000:
        bad.append(fault("database", "The server is older than 14.", "Bring it to a version that is looked after."))
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        if shown[name] == "off":
            words = f"The server runs with {name} = off: what it acknowledged may be lost."
            bad.append(fault("database", words, f"Set {name} = on in postgresql.conf."))
    if shown["timezone"].upper() not in {"UTC", "ETC/UTC"}:
        bad.append(fault("database", f"Its session is in {shown['timezone']}.", "Let it take `-c timezone=utc`."))
    there = conn.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    if abs(there - now) > APART:
        words = f"Its machine's clock is {round((there - now).total_seconds())} seconds off ours."
        bad.append(note("database", words, "Let both be kept by the network."))
    return bad


def store_look(store: Store, settings: Settings, now: datetime) -> Iterator[Finding]:
    """Put a small file, read it back, take it away again."""
    where = f"s3://{settings.bucket}" if settings.bucket else str(settings.files)
    try:
        yield _round_trip(store, where, now)
    except Busy as error:
        yield fault(
            "store", f"{where}: {_reason(error)}", STORE_AWAY if settings.bucket else "See `disk` and `rights`."
        )


def _round_trip(store: Store, where: str, now: datetime) -> Finding:
    data = b"fourweek doctor " + secrets.token_bytes(16)
    kept = store.keep_bytes(data)
    with store.open(kept.sha256) as handle:
        read = digest_of(handle)
    gone = store.remove(kept.sha256, now + timedelta(days=1))
    if read != kept:
        return fault("store", f"{where} gives back other bytes than it took.", "Look after the disk, or the store.")
    if not gone:
        return note("store", f"{where} takes and gives, but did not remove a file.", "Let its key delete files too.")
    return ok("store", f"{where} takes a file, gives it back and removes it.")


def mail_look(settings: Settings, send_to: str) -> Iterator[Finding]:
    """Greet the mail server and sign in to it; a letter is sent only to `send_to`."""
    if not settings.smtp_url:
        count = len(list(settings.mail.glob("*.eml"))) if settings.mail.is_dir() else 0
        words = f"Letters are written to {settings.mail} and reach nobody; {count:,} lie there."
        yield note("mail", words, "Set FOURWEEK_SMTP_URL to your mail server.")
        return
    host = urlsplit(settings.smtp_url).hostname
    try:
        with mail_server(settings) as server:
            if send_to:
                server.send_message(_letter(settings, send_to))
    except OSError as error:  # SMTPException is one
        words = f"{host} does not take letters: {_said(error)}. They wait meanwhile."
        yield fault("mail", words, "See that it runs, and that FOURWEEK_SMTP_URL names it and who we are there.")
        return
    did = f"took a letter to {send_to}" if send_to else "greets us and lets us in"
    yield ok("mail", f"{host} {did}.")


def _said(error: OSError) -> str:
    if isinstance(error, SMTPResponseException):
        answer = error.smtp_error
        return f"{error.smtp_code} {answer.decode(errors='replace') if isinstance(answer, bytes) else answer}"[:300]
    return error.strerror or str(error) or type(error).__name__


def _letter(settings: Settings, send_to: str) -> EmailMessage:
    host = urlsplit(settings.public_url).hostname or "localhost"
    message = EmailMessage()
    message["Subject"] = "A letter of fourweek doctor"
    message["From"] = settings.mail_from or f"fourweek@{host}"
    message["To"] = send_to
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"Mail of {settings.institution} at {settings.public_url} arrives.\n")
    return message
