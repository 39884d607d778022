"""`fourweek keys` as an operator uses it, and starting under another address."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from assessments.badges.issuer_addresses import note_first, noted
from assessments.badges.keys import JwtKey, SigningKey, load_keys
from assessments.seal.certificates import LASTS
from assessments.seal.keys import current_seal
from fourweek.audit.service import ROW as AUDIT
from fourweek.cli.commands import app
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.settings import Settings
from tests.databases import fresh_sqlite
from tests.keys import put_jwt_key, shared_signing_key

HERE = "http://127.0.0.1:8400"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    put_jwt_key(tmp_path / "home")
    monkeypatch.setenv("FOURWEEK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FOURWEEK_DATABASE_URL", fresh_sqlite(tmp_path))
    return Settings()


def _run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, ["keys", *words], input=typed)


def _acts(settings: Settings) -> list[str]:
    db = Database(settings.database)
    try:
        return list(db.read_now(lambda conn: conn.execute(select(AUDIT.c.act).order_by(AUDIT.c.id)).scalars().all()))
    finally:
        db.close()


def test_list_says_what_every_key_does(settings: Settings) -> None:
    first = load_keys(settings).signing.public.key_id
    assert _run("rotate", "--yes").exit_code == 0
    _run("revoke", first, "--why", "A stolen laptop.", "--yes")
    lines = _run("list").stdout.splitlines()
    signing = load_keys(settings).signing.public.key_id
    assert lines[:2] == [f"ed25519  {signing}", "         0 badges under it; signs now."]
    assert lines[2].startswith("rsa")
    assert lines[3] == "         0 badges under it; signs now."
    assert lines[4] == f"ed25519  {first}"
    assert lines[5].startswith("         0 badges under it; revoked on")
    assert lines[5].endswith(": A stolen laptop.")


def test_rotation_asks_first_and_keeps_the_old_key(settings: Settings) -> None:
    before = load_keys(settings).signing.public
    assert _run("rotate", typed="n\n").exit_code == 1
    assert load_keys(settings).signing.public == before
    answer = _run("rotate", "--kind", "rsa", typed="y\n")
    assert answer.exit_code == 0
    assert f"{load_keys(settings).jwt.public.key_id} signs from now on" in answer.stdout
    assert load_keys(settings).signing.public == before
    assert _acts(settings) == ["key.rotate"]


def test_revocation_says_what_follows_and_can_be_run_again(settings: Settings) -> None:
    key_id = load_keys(settings).signing.public.key_id
    assert _run("revoke", key_id, "--why", "Stolen.", typed="n\n").exit_code == 1
    assert load_keys(settings).revoked == {}
    answers = [_run("revoke", key_id, "--why", "Stolen.", "--yes") for _ in range(2)]
    assert [answer.exit_code for answer in answers] == [0, 0]
    assert "Nothing that" in answers[0].stdout
    assert list(load_keys(settings).revoked) == [key_id]
    assert _acts(settings) == ["key.revoke"]


def test_unknown_key_is_said(settings: Settings) -> None:
    answer = _run("revoke", "z6MkNobody", "--why", "Stolen.", "--yes")
    assert (answer.exit_code, load_keys(settings).revoked) == (1, {})
    assert "fourweek keys list" in answer.stderr


def test_key_of_the_environment_stays_and_the_way_is_said(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOURWEEK_BADGE_KEY", shared_signing_key().pem().decode())
    answer = _run("rotate", "--yes")
    assert answer.exit_code == 1
    assert "openssl genpkey -algorithm ed25519" in answer.stderr
    assert "PRIVATE" not in answer.output
    assert not (settings.keys / SigningKey.FILE).exists()
    assert (settings.keys / JwtKey.FILE).exists()


def test_start_under_another_address_is_refused_until_the_move_is_noted(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = Database(settings.database)
    db.write_now(note_first, HERE, real_time())
    monkeypatch.setenv("FOURWEEK_BASE_URL", "https://school.example")
    refused = CliRunner().invoke(app, ["tick", "--once"])
    assert refused.exit_code == 1
    assert f"Set FOURWEEK_BASE_URL back to {HERE}" in refused.stderr
    assert "keep their address" in " ".join(_run("move", "--why", "A new name.", typed="y\n").stdout.split())
    assert db.read_now(noted) == ("https://school.example", HERE)
    db.close()
    assert "already" in _run("move", "--why", "Again.", "--yes").stdout
    assert CliRunner().invoke(app, ["tick", "--once"]).exit_code == 0


def test_seal_is_turned_and_listed_with_its_end(settings: Settings) -> None:
    first = current_seal(settings, real_time() - LASTS + timedelta(days=10)).fingerprint
    assert "keys rotate --kind seal" in _run("list").stderr
    answer = _run("rotate", "--kind", "seal", "--yes")
    new = current_seal(settings, real_time()).fingerprint
    assert f"{new} signs from now on" in answer.stdout
    listed = _run("list")
    assert [line for line in listed.stdout.splitlines() if line.startswith("seal")] == [
        f"seal     {new}",
        f"seal     {first}",
    ]
    assert listed.stderr == ""
    assert _run("revoke", new, "--why", "Sold.", "--yes").exit_code == 0
    assert "Revoked on" in _run("list").stdout
    assert current_seal(settings, real_time()).fingerprint != new
    assert _acts(settings) == ["key.rotate", "key.revoke"]
