"""Schools to back up, and empty places to restore into, on either engine and either store."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import Connection, make_url

from assessments.terms.models import Holiday
from fourweek.accounts.models import SignIn
from fourweek.audit.service import ROW as AUDIT
from fourweek.audit.service import chain, record
from fourweek.backup.comparing import compare
from fourweek.backup.folder import check_files, check_parts, open_backup
from fourweek.backup.integrity import broken
from fourweek.backup.restoring import Asked
from fourweek.backup.taking import School
from fourweek.database import Database, add, new_id
from fourweek.outbox import OUTBOX, post
from fourweek.scans import NAMED_FILES
from fourweek.settings import Settings
from fourweek.storage import LocalStore, Store
from fourweek.storage.verifying import Verification
from tests import factories as make
from tests.databases import postgres_server, remove_postgres
from tests.fourweek.storage.named import by_draft, by_evidence

STRANGE = 'Zoë \\ "quoted"\ttab\nline\u2028 字 🎓 %s {x} $1 \\N'
"""What quoting, escaping and COPY could trip over."""
NOW = make.START
WITHOUT_KEYS = Asked(keys=False)
PLAIN = {"subject_kind": "person", "subject_id": "", "reason": ""}
KEY = b"-----BEGIN PRIVATE KEY----- nobody may read this"


def school_of(db: Database, home: Path, store: Store | None = None) -> School:
    """A school of a database that is there; its files lie under `home` unless it has a bucket."""
    settings = Settings(home=home, database_url=db.url, base_url="http://testserver", institution="Test Institute")
    return School(settings, db, store or LocalStore(home / "files"), NAMED_FILES)


@contextmanager
def empty_place(engine: str, home: Path, store: Store | None = None) -> Iterator[School]:
    """A place with nothing in it, not even tables."""
    url = f"sqlite:///{home / 'fourweek.sqlite3'}" if engine == "sqlite" else _empty_postgres()
    db = Database(url)
    try:
        yield school_of(db, home, store)
    finally:
        db.close()
        remove_postgres(url)


def _empty_postgres() -> str:
    name, server = f"fw_{uuid.uuid4().hex}", postgres_server()
    with psycopg.connect(server.replace("postgresql+psycopg://", "postgresql://"), autocommit=True) as conn:
        conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@dataclass(frozen=True, slots=True)
class Filled:
    """Ids of what was put in: somebody, a letter that left, one that waits, and the digests of the files."""

    person: str
    files: tuple[str, ...]


def fill(school: School) -> Filled:
    """Rows of every kind of column, evidence that was handed in, files, letters, chained acts, keys."""
    kept = [school.store.keep_bytes(data) for data in (b"handed in", b"a package" * 1000)]
    person = school.db.write_now(_rows)
    school.db.write_now(by_evidence, kept[0])
    school.db.write_now(by_draft, kept[1])
    school.db.write_now(chain)
    school.settings.keys.mkdir(parents=True, mode=0o700)
    (school.settings.keys / "badges-ed25519.pem").write_bytes(KEY)
    return Filled(person, tuple(one.sha256 for one in kept))


def _rows(conn: Connection) -> str:
    person = make.person(conn)
    at = NOW + timedelta(microseconds=1)
    add(conn, Holiday(day=date(2026, 12, 25), title=STRANGE, added_at=at))
    add(conn, SignIn(id=new_id(), token_hash="0" * 64, person_id=person, created_at=at, seen_at=at, ends_at=at))
    for key in ("left", "waits"):
        post(conn, key, "posted", person, now=at, data={"said": STRANGE, "nothing": None})
    conn.execute(OUTBOX.update().where(OUTBOX.c.key == "left").values(sent_at=at, try_at=None))
    conn.execute(AUDIT.insert().values(id=new_id(), act="test.number", at=at, **PLAIN, detail=5))
    record(conn, "test.act", "person", person, at=at, actor_id=None, detail={"strange": STRANGE, "b": 1, "a": [1.5]})
    return person


def act_twice(conn: Connection, number: int) -> str:
    """A person and two acts in one transaction: whoever sees one of them must see all; returns the person's id."""
    person = make.person(conn, f"Busy{number}")
    for _ in range(2):
        record(conn, "test.twice", "person", person, at=NOW, actor_id=None)
    return person


def new_draft(school: School, number: int) -> str:
    """A file and a row that names it, in the order of the house; returns its digest."""
    kept = school.store.keep_bytes(f"file {number} {new_id()}".encode())
    school.db.write_now(by_draft, kept)
    return kept.sha256


def differences(school: School, folder: Path) -> list[str]:
    """Everything that is not as the backup has it, and everything that is wrong by itself."""
    backup = open_backup(folder)
    found = school.db.read_now(lambda conn: [str(one) for one in compare(conn, backup, lambda _name: None)])
    found += check_parts(backup) + list(check_files(backup, lambda _read: None))
    found += school.db.read_now(lambda conn: list(broken(conn)))
    files = Verification(school.db, school.store, school.sources, NOW).differences()
    return found + [str(one) for one in files if one.wrong]
