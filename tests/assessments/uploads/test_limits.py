"""How much one learner may have: files, those on their way, and room in a slot; and what is left on the disk."""

import hashlib
import shutil
from types import SimpleNamespace
from typing import Any

import pytest

from assessments.uploads.access import UPLOAD
from assessments.uploads.service import MOST
from fourweek.database import Database, new_id
from fourweek.edge import House
from tests.assessments.evidence.school import GOOD, School, evidence, fields, stored
from tests.assessments.uploads.conftest import MB
from tests.assessments.uploads.sending import PDF, PNG, Sender, said, uploads


@pytest.fixture
def alice(browser: Any, school: School) -> Sender:
    return Sender(browser(school.alice), school)


def test_quota_counts_what_is_kept_and_what_is_on_its_way(alice: Sender, db: Database) -> None:
    assert alice.send("one.pdf", PDF + bytes(9 * MB - len(PDF))).status_code == 204
    alice.begun("two.pdf", 11 * MB)
    answer = alice.begin("three.pdf", 1)
    assert (answer.status_code, said(answer)) == (413, "With this file you would have more than 20 MB of files here.")
    alice.ask("DELETE", f"{alice.base}/{uploads(db)[1].id}")
    assert alice.begin("three.pdf", 11 * MB).status_code == 201


def test_form_without_the_script_obeys_the_quota_too(alice: Sender, db: Database, house: House) -> None:
    alice.begun("one.pdf", 12 * MB)
    form = fields(alice.browser, alice.school, **{"text-report": GOOD})
    sent = {"two.pdf": PDF + bytes(6 * MB), "three.pdf": PDF}
    files = [("files-proof", (name, data, "")) for name, data in sent.items()]
    answer = alice.browser.post(alice.school.at + "/draft", data=form, files=files)
    assert answer.status_code == 422
    words = "With this file you would have more than 20 MB of files here."
    assert f"two.pdf: {words} Nothing was kept of it." in answer.text
    assert sorted(row.file_name or row.text for row in evidence(db)) == [GOOD, "three.pdf"]
    assert stored(house) == [hashlib.sha256(PDF).hexdigest()]


def test_file_that_is_there_twice_counts_once(alice: Sender, db: Database) -> None:
    data = PDF + bytes(6 * MB - len(PDF))
    for name in ("one.pdf", "copy.pdf"):
        assert alice.send(name, data).status_code == 204
    one = evidence(db)[0]
    alice.browser.post(alice.school.at + "/draft", data=fields(alice.browser, alice.school, remove=one.id))
    assert alice.begin("two.pdf", 12 * MB).status_code == 201


def test_slot_counts_those_on_their_way(alice: Sender) -> None:
    assert alice.send("one.pdf", PDF).status_code == 204
    at = alice.begun("two.pdf", 10)
    answer = alice.begin("three.pdf", 10)
    assert answer.status_code == 422
    assert said(answer) == "3 files, at most 2 asked for. Remove one first; those on their way count."
    alice.ask("DELETE", at)
    assert alice.begin("three.pdf", 10).status_code == 201


def test_only_so_many_are_on_their_way_at_once(alice: Sender, db: Database) -> None:
    alice.begun("one.pdf", 10)
    row = uploads(db)[0]._asdict()
    others = [row | {"id": new_id()} for _ in range(MOST - 1)]
    db.write_now(lambda conn: conn.execute(UPLOAD.insert(), others))
    answer = alice.begin("more.pdf", 10)
    assert answer.status_code == 422
    assert said(answer) == f"{MOST} files are on their way already. Let some finish, or remove some."


def test_disk_without_room_is_said_before_a_byte_is_sent(
    alice: Sender, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=70 * MB))
        answer = alice.begin("report.pdf", 10 * MB)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "3")
    assert said(answer) == "There is no room for files just now"
    assert uploads(db) == []
    assert alice.send("shot.png", PNG).status_code == 204
