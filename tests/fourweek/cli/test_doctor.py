"""`fourweek doctor` names what ails a school, says what to do, and changes nothing."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from typer.testing import CliRunner, Result

from assessments.badges.keys.files import keep_once
from assessments.badges.keys.private import JwtKey
from assessments.badges.keys.turning import rotate, signing_now
from assessments.credit.models import Ledger
from assessments.seal.certificates import LASTS, SealKey
from assessments.seal.keys import FILE as SEAL
from fourweek import outbox
from fourweek.accounts.second.models import TotpSecret
from fourweek.audit.service import chain, record
from fourweek.cli.commands import app
from fourweek.cli.doctor import _keys_look, _ledgers_look, _zones_look
from fourweek.clock import real_time
from fourweek.database import Database, add
from fourweek.doctor import machine
from fourweek.doctor.finding import Finding, State, looked
from fourweek.doctor.machine import clock_look, disk_look, rights_look
from fourweek.doctor.running import audit_look, backup_look, newest_act, outbox_look, worker_look
from fourweek.doctor.services import database_look
from fourweek.edge import House
from fourweek.jobs.service import note_tick
from fourweek.migrations import run as migrations
from fourweek.settings import Settings
from tests import factories as make
from tests.assessments.badges.factories import awarded
from tests.databases import fresh_sqlite

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("FOURWEEK_HOME", str(folder))
    return folder


@pytest.fixture
def ours(tmp_path: Path) -> Settings:
    for name in ("keys", "files/spool", "backups"):
        (tmp_path / "home" / name).mkdir(parents=True, mode=0o700)
    (tmp_path / "home").chmod(0o700)
    return Settings(home=tmp_path / "home")


def _run(*words: str) -> Result:
    return CliRunner().invoke(app, ["doctor", *words])


def _states(found: Iterator[Finding]) -> list[State]:
    return [one.state for one in found]


def test_a_place_where_nothing_is_yet_stays_so(home: Path) -> None:
    answer = _run("--json")
    found = {one["part"]: one["state"] for one in json.loads(answer.stdout)}
    assert (answer.exit_code, found["database"], found["store"]) == (0, "note", "note")
    assert not home.exists()


def test_a_school_that_is_well_has_no_fault_and_every_part_is_looked_at(home: Path) -> None:
    (home / "files").mkdir(parents=True)
    home.chmod(0o700)
    Path(fresh_sqlite(home).removeprefix("sqlite:///")).rename(home / "fourweek.sqlite3")
    answer = _run()
    assert answer.exit_code == 0, answer.stdout
    lines = [line for line in answer.stdout.splitlines() if not line.lstrip().startswith("→")]
    assert {line.split()[1] for line in lines} == {
        *("settings", "rights", "disk", "clock", "zones", "database", "keys", "chains", "outbox", "worker"),
        *("store", "mail", "backup"),
    }
    assert "SQLite" in answer.stdout
    assert "tzdata 20" in answer.stdout


def test_settings_that_cannot_be_read_are_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOURWEEK_BASE_URL", "school.example")
    answer = _run()
    assert answer.exit_code == 1
    assert answer.stdout.startswith("fault settings  ")
    assert "FOURWEEK_BASE_URL must begin with" in answer.stdout


def test_a_look_that_fails_is_a_fault_and_the_others_go_on(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "files").mkdir(parents=True)
    monkeypatch.setenv("FOURWEEK_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:9/nothing")
    monkeypatch.setenv("FOURWEEK_SMTP_URL", "smtp://127.0.0.1:9")
    answer = _run("--json")
    states = [(one["part"], one["state"]) for one in json.loads(answer.stdout)]
    assert answer.exit_code == 1
    assert {("database", "fault"), ("mail", "fault"), ("store", "ok")} <= set(states)
    assert {part for part, state in states if state == "fault"} == {"rights", "database", "mail"}
    assert "127.0.0.1, nothing: The database does not answer just now. connection" in answer.stdout
    assert "127.0.0.1 does not take letters: Connection refused. They wait meanwhile." in answer.stdout


def test_a_store_that_is_away_is_named_with_the_reason(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("", "s3://bucket"), ("_ENDPOINT", "http://127.0.0.1:9"), ("_KEY", "a"), ("_SECRET", "b")):
        monkeypatch.setenv(f"FOURWEEK_STORE{name}", value)
    (found,) = [one for one in json.loads(_run("--json").stdout) if one["part"] == "store"]
    assert found["state"] == "fault"
    assert found["words"].startswith("s3://bucket: The store of files does not answer just now. ")
    assert "FOURWEEK_STORE… name it" in found["what_to_do"]


def test_a_command_without_its_database_says_so_and_whom_to_ask(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOURWEEK_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:9/nothing")
    answer = CliRunner().invoke(app, ["tick", "--once"])
    assert (answer.exit_code, "Traceback" in answer.output) == (1, False)
    assert "The database does not answer just now. `fourweek doctor` says what ails it." in answer.stderr


def test_rights_that_are_too_wide_are_named(ours: Settings) -> None:
    assert _states(rights_look(ours)) == [State.OK]
    (ours.keys / "limits.key").touch(0o600)
    (ours.keys / "limits.key").chmod(0o604)
    ours.home.chmod(0o750)
    assert _states(rights_look(ours)) == [State.NOTE, State.FAULT]
    ours.keys.chmod(0o750)
    assert _states(rights_look(ours)) == [State.NOTE, State.FAULT, State.FAULT]


def test_a_clock_that_went_back_is_noticed(ours: Settings) -> None:
    now = real_time()
    assert _states(clock_look(ours, now, now - HOUR)) == [State.OK]
    assert _states(clock_look(ours, now, now + HOUR)) == [State.FAULT]
    late = ours.home / "fourweek.sqlite3-wal"
    late.touch()
    os.utime(late, ((now + HOUR).timestamp(),) * 2)
    assert _states(clock_look(ours, now, None)) == [State.FAULT]


def test_a_disk_is_looked_at_once_and_its_room_counts(ours: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "ROOM", 0)
    assert _states(disk_look(ours)) == [State.OK]
    monkeypatch.setattr(machine, "ROOM", 2**80)
    assert _states(disk_look(ours)) == [State.NOTE]
    monkeypatch.setattr(machine, "LEAST_ROOM", 2**80)
    assert _states(disk_look(ours)) == [State.FAULT]


def test_the_last_backup_is_found_and_grows_old(ours: Settings) -> None:
    path = ours.backups / "last.json"
    assert _states(backup_look(ours, NOW)) == [State.NOTE]
    for age, lost, state in ((HOUR, 0, State.OK), (HOUR, 2, State.FAULT), (200 * HOUR, 0, State.FAULT)):
        path.write_text(json.dumps({"made_at": (NOW - age).isoformat(), "folder": "/srv/backups", "lost": lost}))
        assert _states(backup_look(ours, NOW)) == [state]


def test_a_database_is_asked_whether_it_is_whole_and_ours(db: Database) -> None:
    """The PostgreSQL of the tests is told not to sync, which is a fault of its own."""
    assert [one for one in _asked(db) if one.state is not State.OK] == []
    newest = str(migrations.current(db))
    _mark(db, "0001")
    (found,) = _asked(db)
    assert (found.state, found.what_to_do) == (State.FAULT, "Run `fourweek migrate`.")
    _mark(db, "9999")
    (found,) = _asked(db)
    assert (found.state, found.what_to_do) == (State.FAULT, "Use the newer program that made it.")
    _mark(db, newest)


def _asked(db: Database) -> list[Finding]:
    return [one for one in database_look(db, real_time()) if " = off" not in one.words]


def _mark(db: Database, revision: str) -> None:
    mark = text("UPDATE alembic_version SET version_num = :revision")
    db.write_now(lambda conn: conn.execute(mark, {"revision": revision}))


@ON_SQLITE
def test_what_waits_too_long_is_a_fault(db: Database) -> None:
    alice = db.write_now(make.person)
    assert _states(worker_look(db, NOW, 30)) == [State.NOTE]
    db.write_now(note_tick, "somebody", NOW)
    assert _states(worker_look(db, NOW + timedelta(minutes=1), 30)) == [State.OK]
    assert _states(worker_look(db, NOW + HOUR, 30)) == [State.FAULT]
    db.write_now(outbox.post, "k", "receipt", alice, now=NOW, data={})
    assert _states(outbox_look(db, NOW + timedelta(minutes=1))) == [State.OK]
    assert _states(outbox_look(db, NOW + HOUR)) == [State.FAULT]
    tried = {"attempts": outbox.PARK_AFTER, "try_at": None}
    db.write_now(lambda conn: conn.execute(outbox.OUTBOX.update().values(**tried)))
    assert _states(outbox_look(db, NOW + HOUR)) == [State.NOTE]


@ON_SQLITE
def test_chains_that_do_not_hold_are_named(db: Database) -> None:
    def act(conn: Connection) -> None:
        for number in range(3):
            record(conn, "person.add", "person", str(number), at=NOW, actor_id=None)
        chain(conn)

    db.write_now(act)
    assert (_states(audit_look(db)), db.read_now(newest_act)) == ([State.OK], NOW)
    assert _states(_ledgers_look(db)) == [State.OK]
    db.write_now(_tamper)
    (found,) = audit_look(db)
    assert (found.state, found.words) == (State.FAULT, "The audit log's chain is broken at link 2.")
    assert _states(_ledgers_look(db)) == [State.FAULT]


def _tamper(conn: Connection) -> None:
    for (name,) in conn.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_row'"
    ).all():
        conn.exec_driver_sql(f"DROP TRIGGER {name}")
    conn.exec_driver_sql("UPDATE audit_row SET reason = 'another' WHERE subject_id = '1'")
    add(conn, Ledger(id="cut-off", person_id=make.person(conn), entries=1, head="f" * 64))


@ON_SQLITE
def test_keys_that_are_missing_or_wrong_are_faults(db: Database, ours: Settings) -> None:
    assert _states(_keys_look(db, ours)) == [State.OK]
    alice = db.write_now(make.person)
    db.write_now(add, TotpSecret(person_id=alice, sealed="{}", made_at=NOW))
    (missing,) = _keys_look(db, ours)
    assert (missing.state, "second-factor.key is missing" in missing.words) == (State.FAULT, True)
    pem = ours.keys / "badges-rsa.pem"
    pem.write_text("no key")
    pem.chmod(0o600)
    (unreadable,) = _keys_look(db, ours)
    assert (unreadable.state, unreadable.words.startswith(f"{pem} cannot be read")) == (State.FAULT, True)


@ON_SQLITE
def test_a_key_that_signed_badges_and_is_not_here_is_named(house: House, db: Database) -> None:
    awarded(house)
    assert _states(_keys_look(db, house.settings)) == [State.OK]
    key = signing_now(house.settings)["rsa"]
    (house.settings.keys / "badges-rsa.pem").unlink()
    (lost,) = _keys_look(db, house.settings)
    assert (lost.state, lost.words) == (State.FAULT, f"Badges are signed with keys that are not here: {key}.")
    rotate(house.settings, JwtKey)  # what makes another does not bring it back
    assert _states(_keys_look(db, house.settings)) == [State.FAULT]


@ON_SQLITE
def test_a_seal_that_ends_soon_hides_no_missing_key(db: Database, ours: Settings) -> None:
    keep_once(ours.keys / SEAL, SealKey.make(ours.institution, real_time() - LASTS + 24 * HOUR).pem())
    assert _states(_keys_look(db, ours)) == [State.NOTE]
    db.write_now(add, TotpSecret(person_id=db.write_now(make.person), sealed="{}", made_at=NOW))
    assert _states(_keys_look(db, ours)) == [State.FAULT, State.NOTE]


@ON_SQLITE
def test_rights_on_keys_are_said_once(db: Database, ours: Settings) -> None:
    pem = ours.keys / "badges-rsa.pem"
    pem.write_text("no key")
    for folder, file in ((0o700, 0o640), (0o755, 0o600)):
        ours.keys.chmod(folder)
        pem.chmod(file)
        both = [*looked("rights", lambda: rights_look(ours)), *looked("keys", lambda: _keys_look(db, ours))]
        assert [(one.part, one.state) for one in both] == [("rights", State.FAULT), ("keys", State.NOTE)]


@ON_SQLITE
def test_zones_that_nobody_knows_are_named(db: Database, ours: Settings) -> None:
    assert _states(_zones_look(db, ours)) == [State.OK]
    db.write_now(make.person, zone="Mars/Olympus")
    (found,) = _zones_look(db, ours)
    assert (found.state, "Mars/Olympus" in found.words) == (State.FAULT, True)
