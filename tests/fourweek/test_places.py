"""Folders of ours that cannot be made or written: one sentence, whatever the command."""

import errno
import os
from pathlib import Path

import pytest

from fourweek.cli import main
from fourweek.doctor.finding import State
from fourweek.doctor.machine import rights_look
from fourweek.places import WHAT_TO_DO, place_refused
from fourweek.settings import Settings
from tests.servers import free_port

NOWHERE = Path("/proc/nope")


@pytest.fixture(params=["nowhere", "a file", "below a file"])
def refused(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A home that nobody can make."""
    (tmp_path / "file").touch()
    return {"nowhere": NOWHERE, "a file": tmp_path / "file", "below a file": tmp_path / "file/home"}[request.param]


@pytest.mark.parametrize(
    "words",
    [
        ["serve"],
        ["work"],
        ["run"],
        ["tick", "--once"],
        ["migrate"],
        ["demo"],
        ["verify"],
        ["evidence", "verify"],
        ["keys", "list"],
        ["person", "link", "alice@example.org"],
        ["mail", "held"],
        ["audit", "check"],
        ["ledger", "check"],
        ["badges", "sign"],
        ["backup", "backups", "--without-keys"],
    ],
    ids=" ".join,
)
def test_a_home_that_cannot_be_used_ends_every_command_with_a_sentence(
    words: list[str], refused: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FOURWEEK_HOME", str(refused))
    monkeypatch.setenv("FOURWEEK_PORT", str(free_port()))
    monkeypatch.setattr("sys.argv", ["fourweek", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capfd.readouterr().err.strip() if isinstance(ended.value.code, int) else str(ended.value.code)
    assert said.startswith(f"Refused: FOURWEEK_HOME: {refused} cannot be used, ")
    assert said.endswith(WHAT_TO_DO)


def test_a_folder_of_files_that_cannot_be_used_is_named_by_its_setting(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", store=str(NOWHERE))
    refused = FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(NOWHERE / "spool"))
    words = "FOURWEEK_STORE: /proc/nope cannot be used, /proc/nope/spool: No such file or directory."
    assert place_refused(settings, refused) == f"{words} {WHAT_TO_DO}"
    assert place_refused(settings, PermissionError(errno.EACCES, "", "/elsewhere/file")) == ""
    assert place_refused(settings, ConnectionRefusedError(errno.ECONNREFUSED, "")) == ""


def test_the_doctor_says_that_a_home_cannot_be_made_and_leaves_nothing(refused: Path, tmp_path: Path) -> None:
    (found,) = rights_look(Settings(home=refused))
    assert (found.state, str(refused) in found.words, found.what_to_do) == (State.FAULT, True, WHAT_TO_DO)
    before = sorted(tmp_path.iterdir())
    assert [one.state for one in rights_look(Settings(home=tmp_path / "new/home"))] == [State.OK]
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("words", [["migrate"], ["keys", "list"], ["tick", "--once"]], ids=" ".join)
def test_a_database_that_is_away_ends_a_command_with_a_sentence(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FOURWEEK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FOURWEEK_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:9/nothing")
    monkeypatch.setattr("sys.argv", ["fourweek", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capfd.readouterr().err if ended.value.code == 1 else str(ended.value.code)
    assert said.strip().endswith("The database does not answer just now. `fourweek doctor` says what ails it.")
