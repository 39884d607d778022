"""A request counts from when it began: nobody is late because their upload took long, and nobody gains by it."""

from datetime import timedelta
from typing import Any

import anyio
import pytest
from fastapi import FastAPI

from assessments.evidence.drafts import save_draft
from assessments.evidence.errors import NotTaken
from assessments.evidence.service import Handed, hand_in, new_receipt
from fourweek.clock import Now
from fourweek.database import Database
from fourweek.edge import House
from tests import factories as make
from tests.assessments.evidence.school import (
    DUE,
    GOOD,
    LATE_END,
    PNG,
    School,
    attempts,
    build,
    evidence,
    fields,
    set_clock,
    typed,
)

MINUTE = timedelta(minutes=1)
BOUNDARY = "----parts"
AHEAD, PAUSE = timedelta(seconds=4), 6  # what a busy machine may lose before the form begins to come in, and after


def _hand_in(db: Database, school: School, at: Any, took: timedelta, **more: Any) -> Handed:
    form = typed(**more)
    return db.write_now(hand_in, school.visitor(at), school.where, form, new_receipt(), arrived=at - took)


def test_school_time_of_an_earlier_instant() -> None:
    now = Now(real=make.START, school=make.START + timedelta(days=9))
    assert now.school_at(make.START - MINUTE) == now.school - MINUTE
    assert now.school_at(None) == now.school_at(make.START + MINUTE) == now.school


def test_upload_that_ends_after_the_due_date_is_on_time(db: Database) -> None:
    school = db.write_now(build)
    end = DUE + 4 * MINUTE
    assert _hand_in(db, school, end, 5 * MINUTE).receipt
    (row,) = attempts(db)
    assert (row.late, row.submitted_at, row.saved_at) == (False, DUE - MINUTE, end)


def test_upload_that_begins_after_the_due_date_is_late(db: Database) -> None:
    school = db.write_now(build)
    assert _hand_in(db, school, DUE + 4 * MINUTE, 2 * MINUTE).receipt
    assert [row.late for row in attempts(db)] == [True]


@pytest.mark.parametrize("begun", [False, True])
def test_upload_that_ends_after_the_last_minute_is_taken(db: Database, *, begun: bool) -> None:
    school = db.write_now(build)
    if begun:
        school.save(db, typed("Begun words here."))
    assert _hand_in(db, school, LATE_END + 4 * MINUTE, 5 * MINUTE, seen="Begun words here." if begun else "").receipt
    assert [row.state.value for row in attempts(db)] == ["submitted"]


def test_draft_begun_in_the_last_minute_is_kept_when_its_upload_ends(db: Database) -> None:
    school = db.write_now(build)
    at = LATE_END + 4 * MINUTE
    with pytest.raises(NotTaken):
        db.write_now(save_draft, school.visitor(at), school.where, typed())
    db.write_now(save_draft, school.visitor(at), school.where, typed(), arrived=at - 5 * MINUTE)
    assert [row.text for row in evidence(db)] == [GOOD]


def test_date_passes_in_the_middle_of_a_plain_upload(
    school: School, app: FastAPI, house: House, db: Database, browser: Any
) -> None:
    """The form begins to come in before the last moment of the due minute, and its file ends after it."""
    alice = browser(school.alice)
    form = fields(alice, school, **{"text-report": GOOD, "integrity": "1"})
    typed_in = b"".join(_part(f'name="{name}"') + value.encode() + b"\r\n" for name, value in form.items())
    file = _part('name="files-proof"; filename="shot.png"', "Content-Type: image/png\r\n") + PNG
    rest = f"\r\n--{BOUNDARY}--\r\n".encode()
    cookies = "; ".join(f"{name}={value}" for name, value in alice.cookies.items())
    set_clock(house.db, DUE + MINUTE - AHEAD)
    status = anyio.run(_send_slowly, app, school.at + "/submit", cookies, (typed_in + file, rest))
    assert status == 303
    (row,) = attempts(db)
    assert (row.late, len(evidence(db)), row.submitted_at < DUE + MINUTE < row.saved_at) == (False, 2, True)


async def _send_slowly(app: FastAPI, path: str, cookies: str, parts: tuple[bytes, bytes]) -> int:
    """Post to the app in two parts with a pause between them; returns the status."""
    headers = {"host": "testserver", "cookie": cookies, "content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
    }
    left, answers = list(parts), []

    async def receive() -> dict[str, Any]:
        if not left:
            await anyio.sleep_forever()
        if len(left) == 1:
            await anyio.sleep(PAUSE)
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    async def send(message: Any) -> None:
        answers.append(message)

    await app(scope, receive, send)
    return int(answers[0]["status"])


def _part(disposition: str, more: str = "") -> bytes:
    return f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n{more}\r\n".encode()
