"""A disk or a store that fails while a file arrives: what was acknowledged is kept, and it goes on from there."""

import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from assessments.uploads import finishing, spool, taking
from assessments.uploads.service import note_checked
from fourweek.database import Database
from fourweek.edge import House
from fourweek.errors import Busy
from fourweek.keeping import Bounded
from tests.assessments.evidence.school import School, evidence, stored
from tests.assessments.uploads.sending import PDF, Sender, on_disk, said, uploads

SHA = hashlib.sha256(PDF).hexdigest()


@pytest.fixture
def alice(browser: Any, school: School) -> Sender:
    return Sender(browser(school.alice), school)


def _failing(code: int) -> Callable[..., None]:
    def fail(*_given: object) -> None:
        raise OSError(code, os.strerror(code))

    return fail


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS])
def test_write_that_fails_keeps_what_was_acknowledged(
    alice: Sender, db: Database, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    at = alice.begun("report.pdf", len(PDF))
    alice.put(at, 0, PDF[:100])
    with monkeypatch.context() as failing:
        failing.setattr(spool, "write_all", _failing(code))
        answer = alice.put(at, 100, PDF[100:])
    full = code in {errno.ENOSPC, errno.EDQUOT}
    words = "There is no room for files just now" if full else "The file could not be written just now"
    assert (answer.status_code, said(answer)) == (503, words)
    assert alice.offset(at) == 100
    assert evidence(db) == []
    assert alice.put(at, 100, PDF[100:]).status_code == 204
    assert [row.sha256 for row in evidence(db)] == [SHA]


def test_what_a_failing_sync_leaves_is_never_acknowledged(
    alice: Sender, db: Database, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = alice.begun("report.pdf", len(PDF))
    alice.put(at, 0, PDF[:100])
    with monkeypatch.context() as failing:
        failing.setattr(os, "fsync", _failing(errno.EIO))
        assert alice.put(at, 100, PDF[100:]).status_code == 503
    assert alice.offset(at) == 100
    assert [path.stat().st_size for path in on_disk(house)] == [len(PDF)]
    assert alice.put(at, 100, b"\0" * 50).status_code == 204
    assert [path.read_bytes() for path in on_disk(house)] == [PDF[:100] + b"\0" * 50]


def test_store_that_is_down_loses_nothing(
    alice: Sender, db: Database, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = alice.begun("report.pdf", len(PDF))

    def down(*_given: object) -> None:
        raise Busy("The store does not answer.")

    with monkeypatch.context() as failing:
        failing.setattr(house.store, "keep", down)
        answer = alice.put(at, 0, PDF)
    assert (answer.status_code, said(answer)) == (503, "The file could not be put into the store just now")
    assert (alice.offset(at), evidence(db), stored(house)) == (len(PDF), [], [])
    assert [(row.state, row.problem) for row in uploads(db)] == [("checking", "")]
    assert alice.put(at, len(PDF), b"").status_code == 204
    assert [row.sha256 for row in evidence(db)] == [SHA]
    assert on_disk(house) == []


def test_file_system_without_links_copies(
    alice: Sender, db: Database, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", _failing(errno.EPERM))
    assert alice.send("report.pdf", PDF).status_code == 204
    assert stored(house) == [SHA]
    assert on_disk(house) == []


def test_process_that_dies_before_the_row_finishes_again(
    alice: Sender, db: Database, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is in the store, the row is not: the same upload, asked for its end once more, makes one row."""
    at = alice.begun("report.pdf", len(PDF))

    def die(*_given: object, **_more: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as dying:
        dying.setattr(finishing, "add_to_draft", die)
        assert alice.put(at, 0, PDF).status_code == 500
    assert (evidence(db), stored(house)) == ([], [SHA])
    assert alice.put(at, len(PDF), b"").status_code == 204
    assert [row.sha256 for row in evidence(db)] == [SHA]
    with house.store.open(SHA) as kept:
        assert kept.read() == PDF


def test_digest_that_another_process_began_is_made_anew_and_shows_how_far(
    alice: Sender, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = alice.begun("report.pdf", len(PDF))
    alice.put(at, 0, PDF[:100])
    monkeypatch.setattr(taking, "_digests", Bounded[Any, Any](1))
    monkeypatch.setattr(finishing, "STEP", 1024 * 1024)
    seen: list[int] = []

    def note(conn: Connection, upload_id: str, far: int) -> None:
        seen.append(far)
        note_checked(conn, upload_id, far)

    monkeypatch.setattr(finishing, "note_checked", note)
    assert alice.put(at, 100, PDF[100:]).status_code == 204
    assert seen == [1024 * 1024, 2 * 1024 * 1024]
    assert [row.sha256 for row in evidence(db)] == [SHA]
    assert alice.ask("GET", at).json() == {
        "state": "kept",
        "size": len(PDF),
        "received": len(PDF),
        "checked": 2 * 1024 * 1024,
        "problem": "",
    }


def test_spool_lies_on_the_disk_of_the_store(house: House) -> None:
    assert spool.folder(house.store) == Path(house.settings.files) / "spool" / "uploads"
