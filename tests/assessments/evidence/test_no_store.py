"""A store that is down or a disk that fails when a file is sent: clear words, nothing half, the draft still there."""

import errno
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fourweek.database import Database
from fourweek.edge import House
from fourweek.storage.s3 import Bucket, Patience, S3Store
from tests.assessments.evidence.school import GOOD, School, evidence, fields, stored
from tests.servers import HOST, free_port

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


def _send(browser: Any, school: School) -> Any:
    sent = [("files-proof", ("shot.png", PNG, "image/png"))]
    return browser.post(school.at + "/draft", data=fields(browser, school, **{"text-report": GOOD}), files=sent)


def _nothing_but_the_text(db: Database, house: House, answer: Any, words: str) -> None:
    assert answer.status_code == 422
    assert f"shot.png: {words}" in answer.text
    assert [row.text or row.file_name for row in evidence(db)] == [GOOD]
    assert stored(house) == []
    assert [path for path in house.store.spool.rglob("*") if path.is_file()] == []


def test_a_store_that_is_down_takes_no_file_and_loses_no_text(
    school: School, db: Database, house: House, browser: Any, tmp_path: Path
) -> None:
    second = timedelta(seconds=1)
    nowhere = Bucket("bucket", "", f"http://{HOST}:{free_port()}", key="somebody")
    real, house.store = house.store, S3Store(nowhere, tmp_path / "spool", Patience(second, second, retries=0))
    alice = browser(school.alice)
    _nothing_but_the_text(db, house, _send(alice, school), "The store of files does not answer just now.")
    house.store = real
    assert _send(alice, school).status_code == 303
    assert sorted(row.text or row.file_name for row in evidence(db)) == sorted((GOOD, "shot.png"))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EIO, "Files cannot be written just now. Nothing was kept of this one."),
        (errno.ENOSPC, "There is no room for files just now. Nothing was kept of this one."),
    ],
    ids=["failing sync", "full disk"],
)
def test_a_disk_that_fails_takes_no_file_and_loses_no_text(
    school: School,
    db: Database,
    house: House,
    browser: Any,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    words: str,
) -> None:
    def fail(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    alice = browser(school.alice)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        answer = _send(alice, school)
    _nothing_but_the_text(db, house, answer, words)
    assert _send(alice, school).status_code == 303
    assert len(stored(house)) == 1
