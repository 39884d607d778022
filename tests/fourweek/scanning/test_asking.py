"""A command is asked about a file: what its end means, and that it can neither hang nor say too much."""

import shlex
import time
from pathlib import Path

import pytest

from fourweek.scanning.asking import ask
from fourweek.scanning.models import MOST_WORDS, ScanState
from fourweek.settings import Settings


def command(tmp_path: Path, script: str) -> str:
    """A scanner of a few lines, which finds the file in "$1"."""
    path = tmp_path / "a scanner.sh"
    path.write_text(script)
    return f"sh {shlex.quote(str(path))}"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "abcdef"
    path.write_bytes(b"harmless; $(touch ran) `touch ran`")
    return path


@pytest.mark.parametrize(("end", "state"), [(0, ScanState.CLEAN), (1, ScanState.HELD), (2, None), (127, None)])
def test_its_end_says_what_it_found(tmp_path: Path, file: Path, end: int, state: ScanState | None) -> None:
    answer = ask(command(tmp_path, f'echo "$1: Something FOUND"; exit {end}'), file, 10)
    assert (answer.state, answer.words) == (state, "Something FOUND")


def test_words_are_short_and_plain(tmp_path: Path, file: Path) -> None:
    answer = ask(command(tmp_path, "printf 'a\\033[31m\\nb\\000c '; yes word | head -c 3000000; exit 1"), file, 10)
    assert answer.state is ScanState.HELD
    assert len(answer.words) == MOST_WORDS
    assert answer.words.startswith("a [31m b c word word")


def test_who_does_not_answer_is_ended_with_all_it_started(tmp_path: Path, file: Path) -> None:
    began = time.monotonic()
    answer = ask(command(tmp_path, "sleep 30 & sleep 30"), file, 0.2)
    assert (answer.state, answer.words) == (None, "There was no answer within 0.2 seconds.")
    assert time.monotonic() - began < 10


def test_what_it_leaves_behind_keeps_nobody_waiting(tmp_path: Path, file: Path) -> None:
    began = time.monotonic()
    assert ask(command(tmp_path, "echo fine; sleep 30 &"), file, 10).state is ScanState.CLEAN
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(("end", "state"), [("exit 1", ScanState.HELD), ("sleep 10", None)])
def test_a_daemon_that_it_starts_keeps_nobody_waiting(
    tmp_path: Path, file: Path, end: str, state: ScanState | None
) -> None:
    """In a session of its own it is not ended, and holds the way its words came by."""
    began = time.monotonic()
    answer = ask(command(tmp_path, f"echo fine; setsid sleep 6 & {end}"), file, 0.5)
    assert (answer.state, answer.words == "fine") == (state, state is ScanState.HELD)
    assert time.monotonic() - began < 5


def test_a_command_that_is_not_there_says_nothing_of_the_file(file: Path) -> None:
    answer = ask("/nowhere/scan --quiet", file, 1)
    assert answer.state is None
    assert answer.words.startswith("The command could not be started")


def test_it_knows_no_secret_of_ours(tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOURWEEK_STORE_SECRET", "sesame")
    assert ask(command(tmp_path, "env | grep -c sesame; exit 0"), file, 10).words == "0"


def test_a_command_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ValueError, match="FOURWEEK_SCAN_COMMAND cannot be read as a command line"):
        Settings(scan_command="scan 'open")
