"""The drill of the operators' guide: `fourweek backup`, `restore`, `verify` and `mail`, as an operator types them."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from fourweek.cli.commands import app
from fourweek.database import Database
from fourweek.storage import LocalStore
from tests.databases import fresh_sqlite
from tests.fourweek.backup.places import fill, school_of
from tests.fourweek.backup.test_own_files import LOGO


class Operator:
    """Types commands in the surroundings of one home folder."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.settings: dict[str, Any] = {"FOURWEEK_HOME": str(home), "FOURWEEK_BASE_URL": "http://testserver"}
        self.settings |= settings

    def types(self, *words: str) -> Result:
        return CliRunner().invoke(app, words, env=self.settings)


def _school(home: Path) -> None:
    """A school on SQLite in its own home folder, with rows, files and a key."""
    home.mkdir()
    Path(fresh_sqlite(home).removeprefix("sqlite:///")).rename(home / "fourweek.sqlite3")
    db = Database(f"sqlite:///{home / 'fourweek.sqlite3'}")
    fill(school_of(db, home))
    db.close()


def test_the_drill(tmp_path: Path) -> None:
    """Everything but the keys, which take seconds to encrypt; the long form has them."""
    _drill(tmp_path, "--without-keys", keys=False)


@pytest.mark.slow
def test_the_drill_with_keys(tmp_path: Path) -> None:
    _drill(tmp_path, keys=True)
    again = Operator(tmp_path / "again", FOURWEEK_BACKUP_PASSPHRASE="another")
    answer = again.types("restore", str(tmp_path / "to"))
    assert (answer.exit_code, "does not open the keys" in answer.stderr) == (1, True)
    assert not (tmp_path / "again" / "keys").exists()


def _drill(tmp_path: Path, *more: str, keys: bool) -> None:
    _school(tmp_path / "home")
    (tmp_path / "home" / "logo.svg").write_bytes(LOGO)
    (tmp_path / "home" / "texts").mkdir()
    (tmp_path / "home" / "texts" / "terms.md").write_text("Be kind.")
    passphrase = {"FOURWEEK_BACKUP_PASSPHRASE": "six random words"} if keys else {}
    school, new = (_with_logo(tmp_path / name, **passphrase) for name in ("home", "new"))
    made = school.types("backup", str(tmp_path / "to"), "--keep", "2", *more)
    assert made.exit_code == 0, made.output
    assert "2 files, 9 KB" in made.stdout
    assert ("Keys are NOT in it: badges-ed25519.pem." in made.stdout) == (not keys)
    done = new.types("restore", str(tmp_path / "to"), *more)
    assert done.exit_code == 0, done.output
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0
    assert "Held, since they may have left before: 1 letter." in done.stdout
    assert "Of your own: logo.svg, texts/terms.md." in made.stdout
    assert (tmp_path / "new" / "texts" / "terms.md").read_text() == "Be kind."
    assert (tmp_path / "new" / "keys" / "badges-ed25519.pem").exists() == keys
    well = new.types("verify", "--backup", str(tmp_path / "to"))
    assert (well.exit_code, well.stdout.splitlines()[-1]) == (0, "No difference was found.")
    assert new.types("mail", "held").stdout.splitlines()[-1] == "Held: 1 letter."
    assert new.types("mail", "drop", "--yes").stdout == "Never to be sent: 1 letter.\n"
    assert new.types("restore", str(tmp_path / "to"), *more).exit_code == 1
    _check_what_is_named(new, tmp_path)


def _with_logo(home: Path, **settings: str) -> Operator:
    """With a setting that names a logo which, in a new place, comes with the backup alone."""
    return Operator(home, FOURWEEK_INSTITUTION_LOGO=str(home / "logo.svg"), **settings)


def _check_what_is_named(new: Operator, tmp_path: Path) -> None:
    """A row, a file and a link of the audit chain that are not what they were."""
    db = Database(f"sqlite:///{tmp_path / 'new' / 'fourweek.sqlite3'}")
    with db.writer.begin() as conn:
        conn.exec_driver_sql("DROP TRIGGER audit_row_no_update")
        conn.exec_driver_sql("UPDATE audit_row SET reason = 'another' WHERE act = 'test.act'")
    db.close()
    store = LocalStore(tmp_path / "new" / "files")
    found = next(iter(store.found()))
    (store.root / found.name).unlink()
    broken = new.types("verify", "--backup", str(tmp_path / "to"))
    assert broken.exit_code == 1
    assert f"missing: {found.name}: It is not in the store." in broken.stdout
    assert "The audit log's chain is broken at link " in broken.stdout
    assert ": reason\n" in broken.stdout


def test_without_a_passphrase_or_a_terminal_nothing_is_made(tmp_path: Path) -> None:
    answer = Operator(tmp_path / "home").types("backup", str(tmp_path / "to"))
    assert (answer.exit_code, "say --without-keys" in answer.stderr) == (2, True)
    assert not (tmp_path / "to").exists()


def test_a_missing_file_is_said_with_an_exit_code_of_its_own(tmp_path: Path) -> None:
    _school(tmp_path / "home")
    store = LocalStore(tmp_path / "home" / "files")
    (store.root / next(iter(store.found())).name).unlink()
    answer = Operator(tmp_path / "home").types("backup", str(tmp_path / "to"), "--without-keys")
    assert answer.exit_code == 1
    assert "NOT in the backup, although rows name it" in answer.stdout
