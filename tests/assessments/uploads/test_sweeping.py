"""What nobody goes on with is removed after a week, and a file without an upload after a day; nothing else is."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from assessments.uploads.access import UPLOAD
from assessments.uploads.sweeping import sweep_uploads
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.edge import House
from tests.assessments.evidence.school import School, evidence
from tests.assessments.uploads.sending import PDF, Sender, on_disk, uploads


@pytest.fixture
def alice(browser: Any, school: School) -> Sender:
    return Sender(browser(school.alice), school)


def _age(db: Database, path: Path, days: float) -> None:
    """Let an upload and its file have been touched so many days ago."""
    at = real_time() - timedelta(days=days)
    os.utime(path, (at.timestamp(), at.timestamp()))
    aged = UPLOAD.update().where(UPLOAD.c.id == path.name).values(touched_at=at)
    db.write_now(lambda conn: conn.execute(aged))


def test_upload_is_forgotten_after_a_week_and_not_before(alice: Sender, db: Database, house: House) -> None:
    first, second = (alice.begun(f"{name}.pdf", 200) for name in ("one", "two"))
    for at in (first, second):
        alice.put(at, 0, PDF[:100])
    one, two = on_disk(house)
    _age(db, one, 7.01)
    _age(db, two, 6.9)
    assert sweep_uploads(db, house.store, real_time()) == 1
    assert on_disk(house) == [two]
    assert [row.id for row in uploads(db)] == [two.name]
    assert alice.ask("HEAD", first).status_code == 404
    assert alice.put(second, 100, PDF[100:200]).status_code == 204
    assert [row.size for row in evidence(db)] == [200]


def test_file_without_an_upload_goes_after_a_day(alice: Sender, db: Database, house: House) -> None:
    alice.put(alice.begun("one.pdf", 200), 0, PDF[:100])
    (kept,) = on_disk(house)
    old, new = kept.with_name("old"), kept.with_name("new")
    for path, days in ((old, 1.1), (new, 0.9)):
        path.write_bytes(b"stray")
        _age(db, path, days)
    _age(db, kept, 3)
    assert sweep_uploads(db, house.store, real_time()) == 1
    assert set(on_disk(house)) == {kept, new}


def test_evidence_outlives_its_upload(alice: Sender, db: Database, house: House) -> None:
    alice.send("one.pdf", PDF)
    aged = UPLOAD.update().values(touched_at=real_time() - timedelta(days=8))
    db.write_now(lambda conn: conn.execute(aged))
    assert sweep_uploads(db, house.store, real_time()) == 0
    assert uploads(db) == []
    assert [row.file_name for row in evidence(db)] == ["one.pdf"]


def test_sweep_without_any_upload_does_nothing(db: Database, house: House) -> None:
    assert sweep_uploads(db, house.store, real_time()) == 0
