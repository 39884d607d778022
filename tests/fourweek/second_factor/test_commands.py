"""The operator's part: taking a lost second factor away, and the key that seals secrets."""

from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from fourweek.accounts.second.queries import second_factor_of
from fourweek.accounts.service import EMAIL
from fourweek.cli.commands import app
from fourweek.database import Database
from fourweek.settings import Settings
from tests.fourweek.second_factor.phones import set_up
from tests.keys import put_jwt_key

WHO = "rita@example.org"


def _run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def test_a_lost_one_is_taken_away_and_the_key_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    put_jwt_key(home)
    monkeypatch.setenv("FOURWEEK_HOME", str(home))
    monkeypatch.setenv("FOURWEEK_ARGON2_MEMORY_KIB", "8192")
    assert _run("person", "add", WHO, "--name", "Rita", "--password", "a sentence of five words").exit_code == 0
    settings = Settings(home=home)
    db = Database(settings.database)
    try:
        rita = db.read_now(lambda conn: conn.execute(select(EMAIL.c.person_id)).scalar_one())
        db.write_now(set_up, settings, rita)
        assert _run("person", "take-second-factor", WHO, "--why", " ").exit_code == 2
        answer = _run("person", "take-second-factor", WHO, "--why", "Lost her phone.")
        assert (answer.exit_code, answer.stdout) == (0, f"{WHO} signs in with the password alone.\n")
        assert db.read_now(second_factor_of, rita) is None
        assert "has no second factor" in _run("person", "take-second-factor", WHO, "--why", "Again.").stderr
    finally:
        db.close()
    assert "house    second-factor.key" in _run("keys", "list").stdout
