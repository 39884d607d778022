"""`fourweek evidence verify` reads everything again and names every difference, on both stores."""

import json
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import obstore
import pytest
from typer.testing import CliRunner, Result

from fourweek.cli.commands import app
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.edge import House
from fourweek.scans import NAMED_FILES
from fourweek.storage import Kept, LocalStore, Store
from fourweek.storage.rows import NamedFile
from fourweek.storage.s3 import S3Store
from fourweek.storage.store import key_of
from fourweek.storage.verifying import Difference, Verification
from tests.fourweek.storage.named import by_draft, by_evidence
from tests.servers import FOURWEEK, HOST, fourweek_environment, free_port


def _write(store: Store, name: str, data: bytes) -> None:
    """Behind the store's back."""
    if isinstance(store, S3Store):
        obstore.put(store._client, name, data)
        return
    assert isinstance(store, LocalStore)
    path = store.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_bytes(data)


def _differences(db: Database, store: Store, days: int = 0) -> list[Difference]:
    return list(Verification(db, store, NAMED_FILES, real_time() + timedelta(days=days)).differences())


def _said(found: list[Difference]) -> list[tuple[str, str, bool]]:
    return sorted((str(one.trouble), one.place, one.wrong) for one in found)


def test_a_store_that_holds_what_rows_say_is_right(db: Database, store: Store) -> None:
    kept = [store.keep_bytes(bytes([number]) * number) for number in range(5)]
    db.write_now(by_draft, *kept[:3])
    db.write_now(by_evidence, kept[3])
    db.write_now(by_draft, kept[4], kept[4])
    told: list[int] = []
    checked = Verification(db, store, NAMED_FILES, real_time(), told.append)
    assert checked.expected() == 10
    assert list(checked.differences()) == []
    assert (checked.tally.files, checked.tally.size, sum(told)) == (5, 10, 10)


def test_every_difference_is_named(db: Database, store: Store) -> None:
    missing, altered, cut, misstated = (
        store.keep_bytes(data) for data in (b"missing", b"altered", b"cut off", b"misstated")
    )
    lost, foreign = store.keep_bytes(b"lost"), "notes/readme.txt"
    ids = db.write_now(by_draft, missing, altered, cut, Kept(misstated.sha256, 99))
    store.remove(missing.sha256, real_time() + timedelta(days=1))
    _write(store, key_of(altered.sha256), b"Altered")
    _write(store, key_of(cut.sha256), b"cut")
    _write(store, foreign, b"hello")
    found = _differences(db, store)
    assert _said(found) == [
        ("altered", key_of(altered.sha256), True),
        ("foreign", foreign, True),
        ("missing", key_of(missing.sha256), True),
        ("orphan", key_of(lost.sha256), False),
        *sorted(("wrong size", key_of(one.sha256), True) for one in (cut, misstated)),
    ]
    by_place = {one.place: one for one in found}
    assert by_place[key_of(missing.sha256)].rows == (f"package_draft {ids[0]}",)
    assert str(by_place[key_of(cut.sha256)]).endswith(f"It has 3 bytes; rows say 7. Named by package_draft {ids[2]}.")
    assert "9 bytes; rows say 99." in str(by_place[key_of(misstated.sha256)])


def test_an_orphan_is_wrong_once_the_worker_should_have_removed_it(db: Database, store: Store) -> None:
    store.keep_bytes(b"orphan")
    (young,), (old,) = _differences(db, store), _differences(db, store, days=3)
    assert (young.wrong, old.wrong) == (False, True)
    assert "72 hours ago; the worker should have removed it." in str(old)


def test_an_orphan_is_read_too(db: Database, store: Store) -> None:
    kept = store.keep_bytes(b"orphan")
    _write(store, key_of(kept.sha256), b"Orphan")
    assert [(one.trouble.value, one.wrong) for one in _differences(db, store)] == [("altered", True), ("orphan", False)]


def test_what_goes_meanwhile_with_its_row_is_no_difference(db: Database, store: Store) -> None:
    db.write_now(by_draft, store.keep_bytes(b"a"))
    checked = Verification(db, store, NAMED_FILES, real_time())
    gone = Kept("ab" * 32, 4)
    assert list(checked._check_named(_named(gone))) == []


def _named(kept: Kept) -> NamedFile:
    return NamedFile(kept.sha256, kept.size, kept.size)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that opens and cannot be read")
def test_a_file_that_cannot_be_read_is_named(db: Database, new_store: Callable[[str], Store]) -> None:
    store = new_store("folder")
    assert isinstance(store, LocalStore)
    kept = store.keep_bytes(b"evidence")
    db.write_now(by_draft, kept)
    store.place(kept.sha256).unlink()
    store.place(kept.sha256).symlink_to("/proc/self/mem")
    (found,) = _differences(db, store)
    assert (found.trouble.value, found.words) == ("unreadable", "It cannot be read: Input/output error.")


@pytest.fixture
def run(house: House, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command on the house's database and files."""
    for name in ("home", "database_url"):
        monkeypatch.setenv(f"FOURWEEK_{name.upper()}", str(getattr(house.settings, name)))

    def run_one(*words: str) -> Result:
        return CliRunner().invoke(app, ["evidence", "verify", *words])

    return run_one


def test_the_command_says_that_all_is_well(house: House, run: Callable[..., Result]) -> None:
    house.db.write_now(by_evidence, house.store.keep_bytes(b"evidence"))
    done = run()
    assert (done.exit_code, done.stdout) == (0, "1 files, 8 bytes: every file is what it was.\n")


def test_the_command_names_what_is_wrong_and_fails(house: House, run: Callable[..., Result]) -> None:
    kept = house.store.keep_bytes(b"evidence")
    row = house.db.write_now(by_evidence, kept)
    _write(house.store, key_of(kept.sha256), b"Evidence")
    done = run()
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        f"altered: {key_of(kept.sha256)}: Its bytes are not those of its digest. Named by evidence {row}.",
        "1 files, 8 bytes: 1 thing is wrong.",
    ]
    facts = json.loads(run("--json").stdout)
    assert facts == {
        "files": 1,
        "bytes": 8,
        "differences": [
            {
                "trouble": "altered",
                "file": key_of(kept.sha256),
                "words": "Its bytes are not those of its digest.",
                "rows": [f"evidence {row}"],
                "wrong": True,
            }
        ],
    }


def test_the_command_says_that_the_store_does_not_answer(tmp_path: Path) -> None:
    port = free_port()
    bucket = {"store": "s3://bucket", "store_endpoint": f"http://{HOST}:{port}"}
    environment = fourweek_environment(tmp_path, port, **bucket, store_key="somebody", store_secret="unspeakable")
    done = subprocess.run(
        [FOURWEEK, "evidence", "verify"], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("The store of files does not answer just now.\n")
    assert "unspeakable" not in done.stderr
