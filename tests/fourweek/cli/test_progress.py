"""Long work says how far it is: plain lines where nobody watches, and nothing where it is soon done."""

import threading

import pytest

from fourweek.cli import progress
from fourweek.cli.progress import Watched, watched


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "FIRST", 0.01)
    monkeypatch.setattr(progress, "EACH", 0.01)


def test_work_that_takes_its_time_tells_in_lines(soon: None, capfd: pytest.CaptureFixture[str]) -> None:
    with watched("Signing badges", 4000) as work:
        work.advance(1200)
        threading.Event().wait(0.2)
    said = capfd.readouterr()
    assert said.out == ""
    assert set(said.err.splitlines()) == {"Signing badges: 1,200 of 4,000"}


def test_work_that_is_soon_done_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    before = threading.active_count()
    with watched("Signing badges", 2) as work:
        work.advance(2)
    assert capfd.readouterr() == ("", "")
    assert threading.active_count() == before


def test_what_is_told_of_work() -> None:
    work = Watched("Database", in_bytes=True)
    assert str(work) == "Database …"
    work.expect(3 * 1024**2, "Copying files")
    work.advance(1024**2)
    assert str(work) == "Copying files: 1 MB of 3 MB"
    work.reach(2 * 1024**2)
    work.name("Still copying")
    assert str(work) == "Still copying: 2 MB of 3 MB"
    work.reach(4 * 1024**2)
    assert str(work) == "Still copying: 4 MB"


def test_a_bar_is_shown_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with watched("Signing badges", 2) as work:
        work.advance()
    assert "Signing badges" in capfd.readouterr().err
