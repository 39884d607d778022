"""Files: streamed, limited, checked and durable before anybody is told; a cut-off upload leaves nothing."""

import hashlib
from typing import Any

import anyio
import pytest
from fastapi import FastAPI

from fourweek.database import Database
from fourweek.edge import House, cookie_name
from tests.assessments.evidence.conftest import UPLOAD_LIMIT
from tests.assessments.evidence.school import GOOD, School, attempts, evidence, fields, spooled, stored

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 8192
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


def _upload(browser: Any, school: School, *files: tuple[str, bytes], to: str = "/draft", **values: str) -> Any:
    sent = [("files-proof", (name, data, "text/html")) for name, data in files]
    return browser.post(school.at + to, data=fields(browser, school, **values), files=sent)


def test_upload_keeps_bytes_and_text_of_the_same_form(school: School, db: Database, house: House, browser: Any) -> None:
    alice = browser(school.alice)
    answer = _upload(alice, school, ("report.pdf", PDF), ("../\u202eshot.png", PNG), **{"text-report": GOOD})
    assert (answer.status_code, answer.headers["location"]) == (303, school.at)
    rows = evidence(db)
    digests = [hashlib.sha256(data).hexdigest() for data in (PDF, PNG)]
    assert [(row.file_name, row.size, row.sha256, row.media_type, row.position) for row in rows if row.file_name] == [
        ("report.pdf", len(PDF), digests[0], "application/pdf", 0),
        ("shot.png", len(PNG), digests[1], "image/png", 1),
    ]
    assert [row.text for row in rows if row.text] == [GOOD]
    assert stored(house) == sorted(digests)
    with house.store.open(digests[0]) as handle:
        assert handle.read() == PDF
    assert spooled(house) == []
    page = alice.get(school.at).text
    assert digests[0] in page
    assert "2.1 MB" in page


def test_upload_sent_twice_is_one_file(school: School, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    for _ in range(2):
        assert _upload(alice, school, ("shot.png", PNG)).status_code == 303
    assert [row.file_name for row in evidence(db)] == ["shot.png"]


def test_upload_too_large_is_refused_while_the_rest_is_kept(
    school: School, db: Database, house: House, browser: Any
) -> None:
    alice = browser(school.alice)
    big = PDF + bytes(UPLOAD_LIMIT)
    answer = _upload(alice, school, ("big.pdf", big), ("shot.png", PNG), **{"text-report": GOOD})
    assert answer.status_code == 413
    assert "big.pdf: This file is larger than 3 MB. Nothing was kept of it." in answer.text
    assert sorted(row.file_name or row.text for row in evidence(db)) == [GOOD, "shot.png"]
    assert stored(house) == [hashlib.sha256(PNG).hexdigest()]
    assert spooled(house) == []


def test_upload_at_the_limit_is_taken(school: School, db: Database, browser: Any) -> None:
    data = PDF + bytes(UPLOAD_LIMIT - len(PDF))
    assert _upload(browser(school.alice), school, ("big.pdf", data)).status_code == 303
    assert [(row.size, row.sha256) for row in evidence(db)] == [(UPLOAD_LIMIT, hashlib.sha256(data).hexdigest())]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("empty.pdf", b"", "empty.pdf: This file is empty."),
        ("page.html", b"<html>", "page.html: Files of this kind are not asked for here. Taken are: .txt, .png, .pdf."),
        ("notes.txt", b"<svg onload=alert(1)>", "notes.txt: What is in the file does not fit its name"),
        ("shot.png", PDF, "shot.png: What is in the file does not fit its name"),
    ],
)
def test_upload_of_the_wrong_kind_is_refused_beside_its_slot(
    school: School, db: Database, house: House, browser: Any, name: str, data: bytes, words: str
) -> None:
    answer = _upload(browser(school.alice), school, (name, data))
    assert answer.status_code == 422
    assert words in answer.text
    assert (evidence(db), stored(house), spooled(house)) == ([], [], [])


def test_upload_of_too_many_files_is_refused(school: School, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    answer = _upload(alice, school, *((f"{n}.txt", b"text %d" % n) for n in range(3)))
    assert answer.status_code == 422
    assert "3 files, at most 2 asked for. Remove one first." in answer.text
    assert evidence(db) == []


def test_remove_takes_a_file_out_of_the_draft_only(school: School, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    _upload(alice, school, ("shot.png", PNG), **{"text-report": GOOD})
    shot = next(row for row in evidence(db) if row.file_name)
    answer = alice.post(school.at + "/draft", data=fields(alice, school, remove=shot.id))
    assert answer.status_code == 303
    assert [row.text for row in evidence(db)] == [GOOD]


def test_upload_by_script_answers_with_the_slot(school: School, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    data = {key: value for key, value in fields(alice, school).items() if key in ("form_token", "attempt")}
    sent = [("files-proof", ("shot.png", PNG, "image/png"))]
    answer = alice.post(school.at + "/draft", data=data, files=sent, headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert 'id="slot-proof"' in answer.text
    assert "shot.png" in answer.text
    assert "<html" not in answer.text
    wrong = [("files-proof", ("a.html", b"<html>", "text/html"))]
    refused = alice.post(school.at + "/draft", data=data, files=wrong, headers={"hx-request": "true"})
    assert refused.status_code == 422
    assert "not asked for here" in refused.text


def test_upload_to_no_slot_is_read_past(school: School, db: Database, house: House, browser: Any) -> None:
    alice = browser(school.alice)
    form = fields(alice, school)
    for part in ("files-none", "files-report", "proof", "other"):
        answer = alice.post(school.at + "/draft", data=form, files=[(part, ("shot.png", PNG, "image/png"))])
        assert answer.status_code == 303
    assert (evidence(db), stored(house), spooled(house)) == ([], [], [])


def test_stranger_uploads_nothing(school: School, house: House, browser: Any) -> None:
    form = fields(browser(school.alice), school)
    bob = browser(school.bob)
    answer = bob.post(school.at + "/draft", data=form, files=[("files-proof", ("shot.png", PNG, "image/png"))])
    assert answer.status_code == 404
    assert (stored(house), spooled(house)) == ([], [])


def test_upload_with_a_stale_token_keeps_no_file_and_gives_the_text_back(
    school: School, db: Database, house: House, browser: Any
) -> None:
    alice = browser(school.alice)
    form = fields(alice, school, **{"text-report": GOOD}) | {"form_token": "stale"}
    answer = alice.post(school.at + "/draft", data=form, files=[("files-proof", ("shot.png", PNG, "image/png"))])
    assert answer.status_code == 422
    assert GOOD in answer.text
    assert (evidence(db), stored(house), spooled(house)) == ([], [], [])


def _body(token: str, *, whole: bool) -> bytes:
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n{token}\r\n'.encode(),
        b'--x\r\nContent-Disposition: form-data; name="attempt"\r\n\r\n1\r\n',
        b'--x\r\nContent-Disposition: form-data; name="text-report"\r\n\r\nTyped and cut off.\r\n',
        b'--x\r\nContent-Disposition: form-data; name="files-proof"; filename="a.pdf"\r\n\r\n' + PDF,
        b"\r\n--x--\r\n" if whole else b"",
    ]
    return b"".join(parts)


def _send_raw(app: FastAPI, school: School, browser: Any, body: bytes, *, hang_up: bool) -> int:
    """Send a body over plain ASGI, in pieces, and perhaps hang up after it; returns the status (0: no answer)."""
    cookie = f"{cookie_name(browser.house.settings)}={browser.cookies[cookie_name(browser.house.settings)]}"
    headers = {
        "host": "testserver",
        "cookie": cookie,
        "content-type": "multipart/form-data; boundary=x",
        "content-length": str(len(body) + (1000 if hang_up else 0)),
    }
    path = school.at + "/draft"
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
        "server": ("testserver", 80),
        "client": ("test", 1),
    }
    pieces = [body[i : i + 65536] for i in range(0, len(body), 65536)]
    messages: list[dict[str, Any]] = [{"type": "http.request", "body": p, "more_body": True} for p in pieces]
    messages.append(
        {"type": "http.disconnect"} if hang_up else {"type": "http.request", "body": b"", "more_body": False}
    )
    status = 0

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]

    async def run() -> None:
        await app(scope, receive, send)

    anyio.run(run)
    return status


@pytest.mark.parametrize(("whole", "hang_up"), [(False, True), (False, False), (True, True)])
def test_cut_off_upload_leaves_nothing(
    school: School, app: FastAPI, db: Database, house: House, browser: Any, *, whole: bool, hang_up: bool
) -> None:
    alice = browser(school.alice)
    token = fields(alice, school)["form_token"]
    assert _send_raw(app, school, alice, _body(token, whole=whole), hang_up=hang_up) == 400
    assert (attempts(db), evidence(db), stored(house), spooled(house)) == ([], [], [], [])


def test_whole_upload_over_the_same_way_is_taken(
    school: School, app: FastAPI, db: Database, house: House, browser: Any
) -> None:
    alice = browser(school.alice)
    token = fields(alice, school)["form_token"]
    assert _send_raw(app, school, alice, _body(token, whole=True), hang_up=False) == 303
    assert [row.sha256 for row in evidence(db) if row.file_name] == [hashlib.sha256(PDF).hexdigest()]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"--x--\r\n"),
        ("multipart/form-data; boundary=x", b"no parts here"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x--\r\n"),
    ],
)
def test_broken_multipart_is_400(school: School, house: House, browser: Any, kind: str, body: bytes) -> None:
    alice = browser(school.alice)
    answer = alice.post(school.at + "/draft", content=body, headers={"content-type": kind})
    assert answer.status_code == 400
    assert spooled(house) == []


def test_body_beyond_every_limit_is_413_before_it_is_read(school: School, house: House, browser: Any) -> None:
    alice = browser(school.alice)
    fields(alice, school)
    headers = {"content-type": "multipart/form-data; boundary=x", "content-length": str(10**12)}
    assert alice.post(school.at + "/draft", content=b"", headers=headers).status_code == 413
