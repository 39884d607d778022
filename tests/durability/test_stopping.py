"""A server told to stop (SIGTERM) while a file comes in pieces: what was acknowledged stands, and the file goes on."""

import base64
import hashlib
import signal
import socket
import time
from pathlib import Path
from typing import Any

from sqlalchemy import select

from assessments.evidence.queries import EVIDENCE
from assessments.uploads.access import UPLOAD
from fourweek.database import Database
from tests.bench.requests import COOKIE, form_token
from tests.durability.line import Answer, Line
from tests.durability.school import FILES_SLOT, School, make_school
from tests.servers import FOURWEEK, HOST, serving

PIECE = "application/offset+octet-stream"
FIRST, SENT, WHOLE = 100_000, 700_000, 1_500_000


def test_an_upload_that_a_stop_cuts_goes_on_after_the_start(tmp_path: Path) -> None:
    school = make_school(tmp_path, "sqlite", 1)
    environment = school.environment | {"FOURWEEK_STOP_SECONDS": "1"}
    data = b"%PDF-1.7\n" + bytes(number % 251 for number in range(WHOLE - 9))
    with serving([FOURWEEK, "serve"], school.port, environment, tmp_path / "first.log") as server:
        line = Line(school.port, school.addresses[0])
        line.sign_in()
        at = _begun(line, school)
        assert _put(line, at, 0, data[:FIRST]).status == 204
        with _half_a_piece(line, at, data[FIRST:SENT]) as half:
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(10) == 0
            assert half.recv(100).startswith(b"HTTP/1.1 503 ")
        line.close()
    (received,) = _of(school, UPLOAD.c.received)
    assert FIRST <= received <= SENT
    assert "Traceback" not in (tmp_path / "first.log").read_text()
    with serving([FOURWEEK, "serve"], school.port, environment, tmp_path / "second.log"):
        offset = int(line.tus("HEAD", at, {}).headers["upload-offset"])
        assert offset == received
        assert _put(line, at, offset, data[offset:]).status == 204
        line.close()
    assert _of(school, EVIDENCE.c.sha256) == [hashlib.sha256(data).hexdigest()]


def _begun(line: Line, school: School) -> str:
    name = base64.b64encode(b"report.pdf").decode()
    told = {"Upload-Length": str(WHOLE), "Upload-Metadata": f"filename {name},attempt MQ=="}
    answer = line.tus("POST", f"{school.assignments[0]}/uploads/{FILES_SLOT}", told)
    assert answer.status == 201, answer.body
    return answer.headers["location"]


def _put(line: Line, at: str, offset: int, data: bytes) -> Answer:
    return line.tus("PATCH", at, {"Upload-Offset": str(offset), "Content-Type": PIECE}, data)


def _half_a_piece(line: Line, at: str, data: bytes) -> socket.socket:
    """A piece that says it goes on to the end of the file, and stops on its way."""
    half = socket.create_connection((HOST, line.port), timeout=10)
    head = [
        f"PATCH {at} HTTP/1.1",
        f"Host: {HOST}:{line.port}",
        f"Cookie: {COOKIE}={line.cookie}",
        "Tus-Resumable: 1.0.0",
        f"X-Form-Token: {form_token(line.cookie)}",
        f"Upload-Offset: {FIRST}",
        f"Content-Type: {PIECE}",
        f"Content-Length: {WHOLE - FIRST}",
    ]
    half.sendall("\r\n".join([*head, "", ""]).encode() + data)
    time.sleep(0.3)
    return half


def _of(school: School, column: Any) -> list[Any]:
    db = Database(school.database_url)
    try:
        return list(db.read_now(lambda conn: conn.execute(select(column)).scalars().all()))
    finally:
        db.close()
