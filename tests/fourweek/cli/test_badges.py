"""`fourweek badges sign` as an operator uses it."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, select
from typer.testing import CliRunner, Result

from assessments.badges.keys import SigningKey
from assessments.badges.keys.turning import rotate
from assessments.badges.queries import ISSUE
from fourweek.accounts.service import EMAIL
from fourweek.cli.commands import app
from fourweek.cli.signing import Sweep
from fourweek.database import Database
from fourweek.settings import Settings
from tests.assessments.badges.factories import an_award
from tests.assessments.credit.factories import learning
from tests.databases import fresh_sqlite
from tests.keys import put_jwt_key


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    put_jwt_key(tmp_path / "home")
    monkeypatch.setenv("FOURWEEK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FOURWEEK_DATABASE_URL", fresh_sqlite(tmp_path))
    return Database(Settings().database)


def _run(*words: str) -> Result:
    return CliRunner().invoke(app, ["badges", "sign", *words])


def _signed(db: Database) -> int:
    return len(db.read_now(lambda conn: conn.execute(select(ISSUE.c.id)).all()))


def test_signs_all_that_is_due_and_then_nothing(db: Database) -> None:
    for _ in range(2):
        db.write_now(an_award)
    answers = [_run(), _run()]
    assert [(answer.exit_code, answer.stdout) for answer in answers] == [
        (0, "2 of 2 badges signed.\n"),
        (0, "0 of 0 badges signed.\n"),
    ]
    assert _signed(db) == 2


def test_several_processes_share_the_work(db: Database) -> None:
    for _ in range(3):
        db.write_now(an_award)
    assert _run("--processes", "2").stdout == "3 of 3 badges signed.\n"
    assert _signed(db) == 3


def test_what_cannot_be_signed_is_said(db: Database) -> None:
    def nobody(conn: Connection) -> None:
        who = learning(conn, weeks=1)
        an_award(conn, who)
        conn.execute(EMAIL.delete().where(EMAIL.c.person_id == who.person_id))

    db.write_now(nobody)
    db.write_now(an_award)
    answer = _run()
    assert (answer.exit_code, answer.stdout) == (1, "1 of 2 badges signed.\n")
    assert "1 could not be signed" in answer.stderr
    assert _signed(db) == 1


def test_a_strange_address_is_said_once(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    db.write_now(an_award)
    assert _run().exit_code == 0
    for _ in range(2):
        db.write_now(an_award)
    monkeypatch.setenv("FOURWEEK_BASE_URL", "https://strange.example")
    answer = _run()
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert answer.stderr.count("fourweek keys move") == 1
    assert _signed(db) == 1


def test_a_key_that_is_rotated_meanwhile_stops_nobody(db: Database) -> None:
    """A sweep of thousands takes minutes; what comes after the rotation is signed with the new key."""
    for _ in range(2):
        db.write_now(an_award)
    settings = Settings()
    with Sweep(settings, 1) as sweep:
        tried = sweep.tried()
        assert next(tried)
        rotate(settings, SigningKey)
        assert list(tried) == [True]
    assert len(db.read_now(lambda conn: set(conn.execute(select(ISSUE.c.key_id)).scalars()))) == 2
