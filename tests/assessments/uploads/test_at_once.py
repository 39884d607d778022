"""Two devices, windows or processes on one upload: one writes, the other is told; nothing is mixed or doubled."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection

from assessments.uploads import receiving, taking
from assessments.uploads.access import UPLOAD
from assessments.uploads.service import advance
from assessments.uploads.spool import hold
from fourweek.accounts.access import Visitor
from fourweek.app import create_app
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.edge import House
from fourweek.settings import Settings
from tests.assessments.evidence.school import School, evidence
from tests.assessments.uploads.sending import PDF, Sender, on_disk, uploads
from tests.visits import Browser

SHA = hashlib.sha256(PDF).hexdigest()


@pytest.fixture
def alice(browser: Any, school: School) -> Sender:
    return Sender(browser(school.alice), school)


@pytest.fixture
def elsewhere(settings: Settings, alice: Sender) -> Iterator[Sender]:
    """Alice on another device, answered by another process over the same database and disk."""
    app = create_app(settings)
    browser = Browser(app, alice.school.alice)
    yield Sender(browser, alice.school)
    browser.close()
    app.state.house.db.close()


def test_second_device_is_told_to_wait_then_where_it_stands(alice: Sender, elsewhere: Sender, house: House) -> None:
    at = alice.begun("report.pdf", len(PDF))
    alice.put(at, 0, PDF[:100])
    other = hold(on_disk(house)[0])
    assert other is not None
    assert elsewhere.put(at, 100, PDF[100:]).status_code == 423
    assert elsewhere.ask("DELETE", at).status_code == 423
    assert elsewhere.offset(at) == 100
    other.close()
    alice.put(at, 100, PDF[100:200])
    answer = elsewhere.put(at, 100, PDF[100:])
    assert (answer.status_code, answer.headers["upload-offset"]) == (409, "200")


def test_who_asks_waits_for_what_is_being_written(alice: Sender, elsewhere: Sender, house: House, db: Database) -> None:
    at = alice.begun("report.pdf", len(PDF))
    alice.put(at, 0, PDF[:100])
    other = hold(on_disk(house)[0])
    assert other is not None

    def acknowledge() -> None:
        db.write_now(lambda conn: conn.execute(UPLOAD.update().values(received=200)))
        other.close()

    late = threading.Timer(0.3, acknowledge)
    late.start()
    assert elsewhere.offset(at) == 200
    late.join()


def test_what_is_removed_while_it_is_sent_goes_as_soon_as_its_piece_is_broken_off(
    alice: Sender, house: House, db: Database
) -> None:
    at = alice.begun("report.pdf", len(PDF))
    alice.put(at, 0, PDF[:100])
    other = hold(on_disk(house)[0])
    assert other is not None
    late = threading.Timer(0.3, other.close)
    late.start()
    assert alice.ask("DELETE", at).status_code == 204
    late.join()
    assert (uploads(db), on_disk(house)) == ([], [])


def test_upload_goes_on_in_another_process(alice: Sender, elsewhere: Sender, db: Database) -> None:
    at = alice.begun("report.pdf", len(PDF))
    alice.put(at, 0, PDF[:1_000_000])
    assert elsewhere.put(at, elsewhere.offset(at), PDF[1_000_000:2_000_000]).status_code == 204
    assert alice.put(at, alice.offset(at), PDF[2_000_000:]).status_code == 204
    assert [row.sha256 for row in evidence(db)] == [SHA]


def test_devices_that_race_through_every_piece_make_one_file(alice: Sender, elsewhere: Sender, db: Database) -> None:
    at, step = alice.begun("report.pdf", len(PDF)), 300_000
    start, statuses = threading.Barrier(2), set()

    def run(sender: Sender) -> None:
        start.wait()
        while (offset := sender.offset(at)) < len(PDF):
            statuses.add(sender.put(at, offset, PDF[offset : offset + step]).status_code)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(run, sender) for sender in (alice, elsewhere)]:
            done.result()
    assert alice.put(at, len(PDF), b"").status_code == 204
    assert statuses <= {204, 409, 423}
    assert [(row.sha256, row.size) for row in evidence(db)] == [(SHA, len(PDF))]
    assert [row.state for row in uploads(db)] == ["kept"]


def test_beginning_again_after_an_unheard_answer_begins_nothing_more(alice: Sender, db: Database) -> None:
    """But what has begun to arrive, or was begun just now, is another file that may only look the same."""
    first = alice.begun("report.pdf", 200)
    assert alice.begun("report.pdf", 200) != first
    alice.ask("DELETE", first)
    second = f"{alice.base}/{uploads(db)[0].id}"
    long_ago = UPLOAD.update().values(begun_at=real_time() - timedelta(minutes=2))
    db.write_now(lambda conn: conn.execute(long_ago))
    assert alice.begun("report.pdf", 200) == second
    assert alice.begun("other.pdf", 200) != second
    alice.ask("DELETE", f"{alice.base}/{uploads(db)[1].id}")
    alice.put(second, 0, PDF[:100])
    assert alice.begun("report.pdf", 200) != second


def test_sender_who_falls_silent_lets_go(
    alice: Sender, app: FastAPI, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that nobody closed holds no upload for long, and what came over it is kept."""
    monkeypatch.setattr(receiving, "SILENCE", 0.2)
    at = alice.begun("report.pdf", len(PDF))
    assert alice.hang_up(app, at, 0, [PDF[:70_000]], silent=True) == [400]
    assert alice.offset(at) == 70_000
    assert alice.put(at, 70_000, PDF[70_000:]).status_code == 204
    assert [row.sha256 for row in evidence(db)] == [SHA]


def test_long_piece_is_acknowledged_on_the_way(
    alice: Sender, app: FastAPI, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "BETWEEN_BYTES", 1024 * 1024)
    at = alice.begun("report.pdf", len(PDF))
    seen = [0]

    def note(received: int) -> None:
        seen.append(received)

    monkeypatch.setattr(taking, "advance", _telling(note))
    pieces = [PDF[start : start + 512 * 1024] for start in range(0, len(PDF), 512 * 1024)]
    alice.hang_up(app, at, 0, pieces)
    assert all(later - earlier <= 2 * 1024 * 1024 for earlier, later in pairwise(seen))
    assert seen[-1] == len(PDF)
    assert [row.sha256 for row in evidence(db)] == [SHA]


def _telling(note: Callable[[int], None]) -> Callable[..., None]:
    def advance_and_tell(conn: Connection, visitor: Visitor, upload_id: str, before: int, received: int) -> None:
        advance(conn, visitor, upload_id, before, received)
        note(received)

    return advance_and_tell
