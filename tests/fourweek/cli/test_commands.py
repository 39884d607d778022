"""The `fourweek` command as an operator uses it, on a home folder of its own."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Connection, select
from typer.testing import CliRunner, Result

from assessments.credit.models import Ledger
from fourweek.accounts.access import PERSON
from fourweek.accounts.service import add_people
from fourweek.cli.commands import app
from fourweek.clock import real_time
from fourweek.database import Database, add
from tests import factories as make

REPO = Path(__file__).resolve().parents[3]
EXAMPLE = REPO / "courses" / "examples" / "clear-technical-writing"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOURWEEK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FOURWEEK_ARGON2_MEMORY_KIB", "8192")
    return tmp_path / "home"


def _run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def test_check_says_what_is_wrong_with_file_and_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(EXAMPLE, broken)
    manifest = broken / "course.toml"
    lines = manifest.read_text().splitlines()
    wrong = next(n for n, line in enumerate(lines, 1) if line.startswith("minutes ="))
    lines[wrong - 1] = "minutes = -5"
    manifest.write_text("\n".join(lines))
    answer = _run("course", "check", str(broken))
    assert answer.exit_code == 1
    assert f"course.toml:{wrong}: error:" in answer.stderr


def test_check_says_what_a_good_course_gives() -> None:
    answer = _run("course", "check", str(EXAMPLE))
    hours = "4 modules, 360 minutes, 0.6 CEU, 6.0 professional development hours. Good."
    assert (answer.exit_code, answer.stdout) == (0, f"clear-technical-writing 1.0: {hours}\n")


def test_import_publishes_once(home: Path) -> None:
    first, second = (_run("course", "import", str(EXAMPLE)) for _ in range(2))
    assert (first.exit_code, first.stdout) == (0, "clear-technical-writing 1.0 is published.\n")
    assert second.exit_code == 0
    assert "nothing changed" in second.stdout
    assert (home / "fourweek.sqlite3").exists()


def test_a_broken_package_writes_nothing(home: Path, tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text("format = 1\n")
    assert _run("course", "import", str(tmp_path)).exit_code == 1
    assert not home.exists()


def test_people_are_added_once_and_get_roles(home: Path) -> None:
    words = ("person", "add", "robin@example.org", "--name", "Robin Reed", "--password", "a calm evening")
    assert _run(*words).exit_code == 0
    assert _run(*words).exit_code == 2
    assert _run("person", "grant", "robin@example.org", "registrar").exit_code == 0
    assert _run("person", "grant", "nobody@example.org", "registrar").exit_code == 2
    assert _run("person", "grant", "robin@example.org", "lead", "--course", "not-there").exit_code == 2
    assert _run("person", "grant", "robin@example.org", "lead", "--course", "a", "--cohort", "b").exit_code == 2
    ended = [_run("person", "end-role", "robin@example.org", "registrar", "--why", "Left").exit_code for _ in range(2)]
    assert ended == [0, 2]
    kept = _run("audit", "head").stdout.strip()
    assert _run("audit", "check", "--head", kept).exit_code == 0
    assert _run("audit", "check", "--head", "7:" + "0" * 64).exit_code == 1
    assert _run("audit", "check", "--head", "soon").exit_code == 2


def test_a_link_is_made_for_people_without_a_password(home: Path) -> None:
    _run("person", "add", "robin@example.org", "--name", "Robin Reed", "--password", "a calm evening")
    db = Database(f"sqlite:///{home.resolve() / 'fourweek.sqlite3'}")
    names = {"noor@example.org": "Noor Aziz"}
    db.write_now(add_people, names, zone="UTC", now=real_time(), actor_id=None)
    db.close()
    made = _run("person", "link", "Noor@example.org")
    assert (made.exit_code, made.stdout.startswith("http://127.0.0.1:8400/set-password/")) == (0, True)
    assert _run("person", "link", "robin@example.org").exit_code == 2
    assert _run("person", "link", "nobody@example.org").exit_code == 2


def test_a_link_takes_the_place_of_a_forgotten_password_and_an_account_is_disabled(home: Path) -> None:
    _run("person", "add", "robin@example.org", "--name", "Robin Reed", "--password", "a calm evening")
    assert _run("person", "link", "robin@example.org", "--reset").stdout.startswith("http://127.0.0.1:8400/set-pass")
    assert _run("person", "disable", "robin@example.org", "--why", "Left").exit_code == 0
    assert _run("person", "disable", "robin@example.org", "--why", "Left").exit_code == 2
    assert _run("person", "link", "robin@example.org", "--reset").exit_code == 2
    assert _run("person", "enable", "robin@example.org", "--why", "Came back").exit_code == 0
    assert _run("person", "enable", "nobody@example.org", "--why", "Came back").exit_code == 2


def test_a_short_password_is_refused(home: Path) -> None:
    answer = _run("person", "add", "robin@example.org", "--name", "Robin Reed", "--password", "short")
    assert answer.exit_code == 2
    assert "12 characters" in answer.stderr


def test_a_tick_by_hand_and_the_checks_say_all_is_well(home: Path) -> None:
    assert _run("tick").exit_code == 2
    assert _run("tick", "--once").exit_code == 0
    assert _run("audit", "check").stdout == "The audit log's chain is whole. Links: 0.\n"
    assert _run("ledger", "check").stdout == "Every ledger is whole. Entries: 0.\n"


def test_the_ledger_check_names_the_broken_link_and_whose_it_is(home: Path) -> None:
    _run("tick", "--once")
    db = Database(f"sqlite:///{home}/fourweek.sqlite3")
    number = db.write_now(_cut_off)
    db.close()
    answer = _run("ledger", "check")
    what = "its last entry is not the one that was recorded last."
    assert (answer.exit_code, answer.stdout) == (1, f"Ledger cut-off of learner {number}: {what}\n")


def _cut_off(conn: Connection) -> str:
    """A ledger whose row says that it has an entry, which is not there any more."""
    person_id = make.person(conn)
    add(conn, Ledger(id="cut-off", person_id=person_id, entries=1, head="f" * 64))
    return str(conn.execute(select(PERSON.c.learner_number).where(PERSON.c.id == person_id)).scalar_one())


def test_the_demonstration_refuses_a_real_school(home: Path) -> None:
    _run("tick", "--once")
    answer = _run("demo", "--only-seed")
    assert answer.exit_code == 1
    assert "not a demonstration's" in " ".join(answer.output.split())


def test_another_content_under_a_published_number_is_refused(home: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed"
    shutil.copytree(EXAMPLE, changed)
    assert _run("course", "import", str(EXAMPLE)).exit_code == 0
    about = changed / "about.md"
    about.write_text(about.read_text() + "\nOne more sentence.\n")
    answer = _run("course", "import", str(changed))
    assert answer.exit_code == 1
    assert "course.toml: error:" in answer.stderr
