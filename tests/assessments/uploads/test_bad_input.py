"""What should not come in, or not like this: a clear answer, nothing half-written, and the draft still there."""

import hashlib
import io
import zipfile
from typing import Any

import pytest

from courses.enrolment.access import ENROLMENT
from courses.enrolment.models import EnrolmentState
from fourweek.database import Database
from fourweek.edge import House
from tests.assessments.evidence.school import GOOD, School, evidence, fields, stored
from tests.assessments.uploads.conftest import LIMIT, MB
from tests.assessments.uploads.sending import PDF, Sender, named, on_disk, said, uploads


@pytest.fixture
def alice(browser: Any, school: School) -> Sender:
    made = Sender(browser(school.alice), school)
    form = fields(made.browser, school, **{"text-report": GOOD})
    assert made.browser.post(school.at + "/draft", data=form).status_code == 303
    return made


def _kept(db: Database) -> list[str]:
    return [row.file_name for row in evidence(db) if row.file_name]


def _still_typed(db: Database) -> bool:
    return [row.text for row in evidence(db) if row.text] == [GOOD]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("n" * 300 + ".pdf", "n" * 251 + ".pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\boot.pdf", "boot.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("line\r\nbreak\x1b[31m.pdf", "linebreak[31m.pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "<img src=x onerror=alert(1)>.pdf"),
    ],
    ids=["300 characters", "right to left", "dots", "backslashes", "NUL", "control characters", "markup"],
)
def test_names_are_text_and_nothing_else(alice: Sender, db: Database, house: House, sent: str, kept: str) -> None:
    assert alice.send(sent, PDF[:5000]).status_code == 204
    assert _kept(db) == [kept]
    assert [path.parts[-1] for path in house.store.spool.parent.glob("*.pdf")] == []
    page = alice.browser.get(alice.school.at).text
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("page.html", "page.html: Files of this kind are not asked for here. Taken are: .txt, .png, .pdf."),
        ("drawing.svg", "drawing.svg: Files of this kind are not asked for here. Taken are: .txt, .png, .pdf."),
        ("noending", "noending: Files of this kind are not asked for here. Taken are: .txt, .png, .pdf."),
        ("", "file: Files of this kind are not asked for here. Taken are: .txt, .png, .pdf."),
    ],
)
def test_other_kinds_are_refused_before_a_byte_is_sent(alice: Sender, db: Database, name: str, words: str) -> None:
    answer = alice.begin(name, 10)
    assert (answer.status_code, said(answer)) == (422, words)
    assert uploads(db) == []
    assert _still_typed(db)


DISGUISED = {
    "html.txt": b"<!DOCTYPE html><script>alert(1)</script>",
    "svg.txt": b"<?xml version='1.0'?><svg onload=alert(1)>",
    "svg.png": b"<svg onload=alert(1)>",
    "html.pdf": b"<html>" + PDF,
    "program.txt": b"MZ\x90\0",
    "pdf.png": PDF[:5000],
    "script.pdf": b"<script>alert(1)</script>%PDF-1.7",
}


@pytest.mark.parametrize("name", DISGUISED)
def test_disguised_files_are_refused_once_they_are_whole(alice: Sender, db: Database, house: House, name: str) -> None:
    at = alice.begun(name, len(DISGUISED[name]))
    answer = alice.put(at, 0, DISGUISED[name])
    assert answer.status_code == 422
    assert said(answer).startswith("What is in the file does not fit its name")
    assert alice.put(at, len(DISGUISED[name]), b"").status_code == 422
    assert alice.ask("HEAD", at).status_code == 410
    assert (on_disk(house), stored(house), _kept(db)) == ([], [], [])
    assert _still_typed(db)


def test_polyglot_is_only_ever_saved_and_never_run(alice: Sender, db: Database) -> None:
    """A PDF that is a web page as well passes for a PDF; what it is served with is the defence."""
    polyglot = b"%PDF-1.7\n<html><script>alert(1)</script>" + b"\0" * 100
    assert alice.send("report.pdf", polyglot).status_code == 204
    row = next(row for row in evidence(db) if row.file_name)
    answer = alice.browser.get(f"/evidence/{row.id}")
    assert answer.content == polyglot
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in answer.headers["content-security-policy"]


def test_zip_bomb_is_bytes_like_any_other(alice: Sender, db: Database, house: House) -> None:
    """40 MB of nothing, packed into 40 KB and called a text: it is never unpacked, whatever it is called."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("zeros", bytes(40 * MB))
    at = alice.begun("notes.txt", len(packed.getvalue()))
    assert alice.put(at, 0, packed.getvalue()).status_code == 422
    assert alice.send("bomb.pdf", b"%PDF-1.7\n" + packed.getvalue()).status_code == 204
    assert stored(house) == [hashlib.sha256(b"%PDF-1.7\n" + packed.getvalue()).hexdigest()]


def test_empty_file_is_refused(alice: Sender, db: Database) -> None:
    answer = alice.begin("empty.pdf", 0)
    assert (answer.status_code, said(answer)) == (422, "empty.pdf: this file is empty.")
    assert uploads(db) == []


def test_file_beyond_the_limit_is_refused_before_a_byte_is_sent(alice: Sender, db: Database) -> None:
    answer = alice.begin("big.pdf", LIMIT + 1)
    assert (answer.status_code, said(answer)) == (413, "big.pdf: this file is larger than 12 MB.")
    assert uploads(db) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"upload_length": "ten"},
        {"upload_length": "-1"},
        {"upload_length": "1", "upload_defer_length": "1"},
        {"upload_metadata": "filename !!!"},
    ],
    ids=["no number", "less than nothing", "length later", "no base64"],
)
def test_headers_that_cannot_be_read_are_refused(alice: Sender, db: Database, headers: dict[str, str]) -> None:
    assert alice.begin("report.pdf", 10, **headers).status_code == 400
    assert uploads(db) == []


@pytest.mark.parametrize("slot", ["report", "none", "%00", "..%2fproof"])
def test_upload_to_no_slot_for_files_is_not_found(alice: Sender, db: Database, slot: str) -> None:
    alice.base = f"{alice.school.at}/uploads/{slot}"
    assert alice.begin("report.pdf", 10).status_code in {400, 404, 405}
    assert uploads(db) == []


@pytest.mark.parametrize("attempt", ["2", "0", "-1", "x", "9999"])
def test_upload_for_another_attempt_is_refused(alice: Sender, db: Database, attempt: str) -> None:
    answer = alice.begin("report.pdf", 10, upload_metadata=named("report.pdf", attempt=attempt))
    assert answer.status_code == 409
    assert uploads(db) == []
    assert _still_typed(db)


def test_upload_belongs_to_the_address_it_was_begun_at(alice: Sender) -> None:
    at = alice.begun("report.pdf", 10)
    elsewhere = at.replace("/uploads/proof/", "/uploads/report/")
    assert alice.ask("HEAD", elsewhere).status_code == 404
    assert alice.put(elsewhere, 0, PDF[:10]).status_code == 404
    assert alice.ask("HEAD", at.replace("note-1", "note-2")).status_code == 404


def test_whoever_lost_their_place_goes_no_further(alice: Sender, db: Database) -> None:
    at = alice.begun("report.pdf", 200)
    alice.put(at, 0, PDF[:100])
    db.write_now(lambda conn: conn.execute(ENROLMENT.update().values(state=EnrolmentState.WITHDRAWN)))
    assert alice.put(at, 100, PDF[100:200]).status_code == 404
    assert [row.received for row in uploads(db)] == [100]
