"""Settings that would put a school in danger stop its start, and say which and what to do."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from fourweek.cli import main
from fourweek.cli.commands import app
from fourweek.safety import look_over
from fourweek.settings import Settings

PUBLIC: dict[str, Any] = {
    "base_url": "https://school.example",
    "institution": "Harbour Institute",
    "smtp_url": "smtps://mail.example",
}


def _said(home: Path, **settings: Any) -> list[tuple[str, bool]]:
    given = Settings.model_validate({"home": home / "home", **settings})
    return [(one.setting.removeprefix("FOURWEEK_").lower(), one.refused) for one in look_over(given)]


def test_a_well_set_public_school_has_nothing_to_hear(tmp_path: Path) -> None:
    assert _said(tmp_path, **PUBLIC) == []
    assert _said(tmp_path, **PUBLIC, host="0.0.0.0") == []  # noqa: S104 behind its own name


def test_on_this_machine_alone_only_plain_http_is_said(tmp_path: Path) -> None:
    loose = {"argon2_memory_kib": 8192, "webhooks_inside": True, "demo": True}
    assert _said(tmp_path, **loose) == [("base_url", False)]


@pytest.mark.parametrize(
    ("changed", "refused", "danger"),
    [
        ({"base_url": "http://school.example"}, "base_url", "http"),
        ({"base_url": "", "host": "0.0.0.0"}, "base_url", "address"),  # noqa: S104
        ({"demo": True}, "demo", "demo"),
        ({"webhooks_inside": True}, "webhooks_inside", "webhooks"),
        ({"argon2_rounds": 1}, "argon2_memory_kib", "passwords"),
        ({"proxies": "127.0.0.1, 0.0.0.0/0"}, "proxies", "proxies"),
        ({"proxies": "::/0"}, "proxies", "proxies"),
    ],
)
def test_what_is_refused_may_be_meant(tmp_path: Path, changed: dict[str, Any], refused: str, danger: str) -> None:
    settings = PUBLIC | changed
    assert _said(tmp_path, **settings) == [(refused, True)]
    assert _said(tmp_path, **settings, insecure=f"mail,{danger}") == [(refused, False)]


@pytest.mark.parametrize(
    ("changed", "named", "refused"),
    [
        ({"institution": "Fourweek Institute"}, "institution", False),
        ({"institution_colour": "#f5c518"}, "institution_colour", False),
        ({"smtp_url": ""}, "smtp_url", False),
        ({"smtp_url": "smtp://mail.example", "insecure": "mail"}, "smtp_url", False),
        ({"smtp_url": "smtp://mail.example:465"}, "smtp_url", False),
        ({"store": "s3://bucket", "store_endpoint": "http://store.example"}, "store_endpoint", False),
        ({"database_url": "postgresql+psycopg://u@db.example/x"}, "database_url", False),
        ({"metrics_token": "short"}, "metrics_token", True),
        ({"insecure": "everything"}, "insecure", True),
    ],
)
def test_what_else_is_said(tmp_path: Path, changed: dict[str, Any], named: str, refused: bool) -> None:  # noqa: FBT001
    assert _said(tmp_path, **(PUBLIC | changed)) == [(named, refused)]


@pytest.mark.parametrize(
    "fine",
    [
        {"proxies": "10.0.0.0/8, fd00::/16"},
        {"store": "s3://bucket", "store_endpoint": "http://10.0.0.4:9000"},
        {"database_url": "postgresql+psycopg://u@/x?host=/run/postgresql"},
        {"database_url": "postgresql+psycopg://u@db.example/x?sslmode=verify-full"},
    ],
)
def test_what_is_near_or_has_tls_is_fine(tmp_path: Path, fine: dict[str, Any]) -> None:
    assert _said(tmp_path, **PUBLIC, **fine) == []


def test_a_school_is_not_shown_as_a_demonstration(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "fourweek.sqlite3").touch()
    assert _said(tmp_path, demo=True) == [("demo", True), ("base_url", False)]
    (home / "demo.json").touch()
    assert _said(tmp_path, demo=True) == [("base_url", False)]


def test_private_keys_that_others_may_read_are_refused_whatever_is_meant(tmp_path: Path) -> None:
    keys = tmp_path / "home" / "keys"
    keys.mkdir(parents=True)
    for name, mode in (("limits.key", 0o600), ("badges-rsa.pem", 0o640), ("readme.txt", 0o644)):
        (keys / name).touch(mode)
        (keys / name).chmod(mode)
    assert _said(tmp_path, **PUBLIC, insecure="http,demo") == [("keys", True)]


def test_a_start_is_refused_before_anything_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOURWEEK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FOURWEEK_HOST", "0.0.0.0")  # noqa: S104
    for words in (["serve"], ["run"], ["work"], ["demo"]):
        answer = CliRunner().invoke(app, words)
        assert answer.exit_code == 1
        assert "Refused: FOURWEEK_BASE_URL: It is not set" in answer.stderr
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "abc", "FOURWEEK_PORT: Input should be a valid integer"),
        ("BASE_URL", "school.example", "FOURWEEK_BASE_URL must begin with http:// or https://."),
        ("SECOND_FACTOR_FOR", "registrar", "FOURWEEK_SECOND_FACTOR_FOR: It must be JSON."),
        ("ZONE", "Mars/Base", "FOURWEEK_ZONE: 'Mars/Base' is no IANA time zone"),
        ("SMTP_URL", "mail.example:geheim", "FOURWEEK_SMTP_URL must begin with smtp:// or smtps://"),
    ],
)
def test_a_value_that_cannot_be_right_ends_any_command_with_a_sentence(
    name: str, value: str, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(f"FOURWEEK_{name}", value)
    monkeypatch.setattr("sys.argv", ["fourweek", "migrate"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert str(ended.value.code).startswith(f"Refused: {words}")
    assert "geheim" not in str(ended.value.code)
    monkeypatch.setattr("sys.argv", ["fourweek", "doctor"])
    with pytest.raises(SystemExit, match="1"):
        main()
    assert f"fault settings  {words}" in capsys.readouterr().out
