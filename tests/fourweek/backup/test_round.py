"""A school is backed up and brought back, and nothing differs."""

from pathlib import Path

import pytest
from sqlalchemy import select, text

from fourweek.accounts.models import SignIn
from fourweek.audit.service import ROW as AUDIT
from fourweek.audit.service import first_broken_link
from fourweek.backup.comparing import compare
from fourweek.backup.errors import NotRestored
from fourweek.backup.folder import check_files, check_parts, open_backup
from fourweek.backup.integrity import broken
from fourweek.backup.letters import HELD, held, let_go
from fourweek.backup.restoring import Asked, restore
from fourweek.backup.taking import School, Tell, Wanted, take
from fourweek.database import Database, table
from fourweek.outbox import OUTBOX
from fourweek.storage.verifying import Verification
from tests.fourweek.backup.places import NOW, empty_place, fill, school_of
from tests.fourweek.growing import growing_at

WITHOUT_KEYS = Asked(keys=False)
OTHER = {"sqlite": "postgres", "postgres": "sqlite"}


def differences(school: School, backup_folder: Path) -> list[str]:
    """Everything that is not as the backup has it, and everything that is wrong by itself."""
    backup = open_backup(backup_folder)
    found = school.db.read_now(lambda conn: [str(one) for one in compare(conn, backup, lambda _name: None)])
    found += check_parts(backup) + list(check_files(backup, lambda _read: None))
    found += school.db.read_now(lambda conn: list(broken(conn)))
    files = Verification(school.db, school.store, school.sources, NOW).differences()
    return found + [str(one) for one in files if one.wrong]


def test_what_is_brought_back_is_what_was_backed_up(db: Database, engine: str, tmp_path: Path) -> None:
    """And what may not come back does not: sign-ins, letters that may have left. The other engine gets it."""
    school = school_of(db, tmp_path / "home")
    filled = fill(school)
    made = take(school, tmp_path / "to", NOW, Wanted(), Tell())
    with empty_place(OTHER[engine], tmp_path / "new") as new:
        done = restore(new, made, NOW, WITHOUT_KEYS, Tell())
        assert (done.files, done.held) == (2, 1)
        assert differences(new, made.folder) == []
        assert new.db.read_now(first_broken_link) is None
        assert new.db.read_now(lambda conn: conn.execute(select(table(SignIn))).first()) is None
        letters = new.db.read_now(lambda conn: conn.execute(select(OUTBOX.c.key, OUTBOX.c.problem)).all())
        assert sorted(map(tuple, letters)) == [("left", ""), ("waits", HELD)]
        assert [one.person_id for one in new.db.read_now(held, 9)] == [filled.person]
        assert new.db.write_now(let_go, NOW, send=True) == 1
        acts = new.db.read_now(lambda conn: list(conn.execute(select(AUDIT.c.act).order_by(AUDIT.c.id)).scalars()))
        assert acts[-1] == "school.restore"
        for name in growing_at("9999"):
            _refuses_change(new.db, name)
        with pytest.raises(NotRestored, match=r"a database with .* tables; a store with files"):
            restore(new, made, NOW, WITHOUT_KEYS, Tell())


def _refuses_change(db: Database, name: str) -> None:
    triggers = "SELECT count(*) FROM pg_trigger WHERE tgrelid = to_regclass(:name) AND tgenabled = 'O'"
    if db.embedded:
        triggers = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name"
    assert db.read_now(lambda conn: conn.execute(text(triggers), {"name": name}).scalar_one()) >= 2
