"""Receipts on the page and on paper, for the members of a submission alone."""

import io
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import Connection, update

from assessments.evidence.forms import NewFile, piece
from assessments.evidence.members import keep_members, members_of
from assessments.evidence.receipt_pdf import INSTEAD, sheet_of
from assessments.evidence.receipts import Line, ReceiptPage, receipt_page
from assessments.evidence.recorded import Recorded
from assessments.evidence.rules import INTEGRITY
from assessments.grading.access import graded_submission
from assessments.grading.claims import claim_next
from assessments.grading.models import Outcome
from assessments.grading.queue import Part, queue_page
from courses.schedule.words import say_instant
from courses.schedule.zones import zone
from fourweek.accounts.models import Role
from fourweek.accounts.service import grant
from fourweek.database import Database
from fourweek.errors import NotFound
from tests import factories as make
from tests.assessments.evidence.school import (
    EVIDENCE,
    FILE,
    GOOD,
    NOON,
    PNG,
    School,
    attempts,
    build,
    evidence,
    fields,
    typed,
)
from tests.assessments.grading.factories import LEASE
from tests.assessments.transcripts.verapdf import broken_rules
from tests.statements import statements

STRANGE = NewFile("proof", "evil\u202egnp.\u2066exe \U0001f600 ქე " + "x" * 250, "image/png", 108, "cd" * 32)


@pytest.fixture
def sent(db: Database) -> School:
    made = db.write_now(build)
    made.hand_in(db, typed(files=(FILE, STRANGE)))
    return made


def _receipt(db: Database) -> str:
    return str(attempts(db)[0].receipt)


def _words(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


def test_paper_is_its_owners_alone(school: School, db: Database, browser: Any) -> None:
    school.hand_in(db, typed())
    address = f"/receipts/{_receipt(db)}.pdf"
    for person in (school.bob, school.greta):
        assert browser(person).get(address).status_code == 404
    assert browser().get(address).status_code == 303
    assert browser(school.alice).get("/receipts/R-NONE.pdf").status_code == 404
    answer = browser(school.alice).get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="receipt-{_receipt(db)}.pdf"')


def test_paper_says_everything_and_is_not_made_twice(school: School, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    form = fields(alice, school, **{"text-report": GOOD, "integrity": "1"})
    alice.post(school.at + "/submit", data=form, files=[("files-proof", ("shot.png", PNG, "image/png"))])
    address = f"/receipts/{_receipt(db)}.pdf"
    assert address in alice.get(f"/receipts/{_receipt(db)}").text
    answer = alice.get(address)
    text = _words(answer.content)
    squeezed = text.replace(" ", "").replace("\u200b", "")
    for row in evidence(db):
        assert row.sha256 in squeezed
    for words in (_receipt(db), "shot.png", "108 bytes", "Note 1", "(UTC)", "Attempt 1", "In time", "Alice Brook"):
        assert words in text, words
    assert INTEGRITY.replace(" ", "") in squeezed
    again = alice.get(address, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert alice.get(address).content == answer.content


def test_paper_hides_and_reorders_nothing(db: Database, sent: School) -> None:
    page = db.read_now(receipt_page, sent.visitor(), _receipt(db), 1095)
    sheet = sheet_of(page, "Test\u202e Institute", "a4")
    assert not set("\u202e\u2066\U0001f600ქ") & set(sheet.view)
    text = _words(sheet.press()).replace("\u200b", "").replace(" ", "")
    assert f"evilgnp.exe{INSTEAD}{INSTEAD}{INSTEAD}xxx" in text
    assert "stands" in text
    assert sheet.etag == sheet_of(page, "Test\u202e Institute", "a4").etag != sheet_of(page, "Other", "a4").etag


def _page(*lines: Line) -> ReceiptPage:
    at = say_instant(NOON, zone("America/New_York"))
    return ReceiptPage(
        kept="Until 2 November 2029.",
        receipt="R-7K2Q-9MHT-4WXY",
        people=("Nguyễn Thị Quỳnh Ưu", "W" * 200),
        at=NOON,
        title="A note " * 30,
        course="Running a Reliable Service",
        cohort="Autumn",
        module_number=1,
        attempt=2,
        handed_in=at,
        late=True,
        late_rule=Recorded("Due before."),
        integrity=INTEGRITY,
        taken_back=at,
        back="/",
        lines=lines,
    )


def test_paper_meets_both_standards(tmp_path: Path) -> None:
    odd = [Line("File", STRANGE.name, "108 bytes", "cd" * 32, "Location data was removed.", "Removed on Monday")]
    many = [Line("File", f"{n} {'y' * 200}.png", f"{n} bytes", f"{n:064x}") for n in range(80)]
    sheets = {"odd": sheet_of(_page(*odd), "Test", "a4"), "many": sheet_of(_page(*many), "Test", "us-letter")}
    paths = [tmp_path / f"{name}.pdf" for name in sheets]
    for path in paths:
        path.write_bytes(sheets[path.stem].press())
    assert broken_rules(paths) == {f"{name}.pdf {flavour}": [] for name in sheets for flavour in ("3a", "ua1")}


def test_what_was_removed_keeps_its_name_size_and_digest(school: School, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    form = fields(alice, school, **{"text-report": GOOD, "integrity": "1"})
    alice.post(school.at + "/submit", data=form, files=[("files-proof", ("shot.png", PNG, "image/png"))])
    file = next(row for row in evidence(db) if row.file_name)
    assert alice.get(f"/evidence/{file.id}").status_code == 200
    db.write_now(lambda conn: conn.execute(update(EVIDENCE).values(text="", url="", purged_at=NOON)).rowcount)
    for address in (f"/receipts/{_receipt(db)}", school.at):
        page = alice.get(address).text
        for words in ("Removed on Monday 2 November 2026", "shot.png", file.sha256, piece(GOOD).sha256):
            assert words in page, (address, words)
        assert GOOD not in page
    assert alice.get(f"/evidence/{file.id}").status_code == 410
    text = _words(alice.get(f"/receipts/{_receipt(db)}.pdf").content)
    assert text.count("Removed on Monday 2 November 2026") == 2


def _with_bob(conn: Connection, school: School, submission_id: str) -> None:
    """Bob, who grades in Alice's cohort, is a member of her submission."""
    keep_members(conn, submission_id, [school.bob])
    for person in (school.bob, school.greta):
        grant(conn, person, Role.GRADER, scope_id=school.cohort, now=NOON)


def test_members_read_it_as_their_own_and_never_grade_it(school: School, db: Database, browser: Any) -> None:
    alice, bob = browser(school.alice), browser(school.bob)
    form = fields(alice, school, **{"text-report": GOOD, "integrity": "1"})
    alice.post(school.at + "/submit", data=form, files=[("files-proof", ("shot.png", PNG, "image/png"))])
    (row,) = attempts(db)
    file = next(one for one in evidence(db) if one.file_name)
    assert bob.get(f"/receipts/{row.receipt}").status_code == bob.get(f"/evidence/{file.id}").status_code == 404
    db.write_now(_with_bob, school, row.id)
    receipt = bob.get(f"/receipts/{row.receipt}")
    assert (receipt.status_code, bob.get(f"/evidence/{file.id}").content) == (200, PNG)
    assert "Alice Brook, Bob Beck" in receipt.text
    grants = ((Role.GRADER, school.cohort),)
    mine, others = make.visitor(school.bob, NOON, *grants), make.visitor(school.greta, NOON, *grants)
    with pytest.raises(NotFound):
        db.read_now(graded_submission, mine, row.id)
    assert db.read_now(queue_page, mine, Part.FREE).counts[Part.FREE] == 0
    assert db.write_now(claim_next, mine, LEASE) is None
    assert db.write_now(claim_next, others, LEASE) == row.id


def test_members_stay_through_further_attempts(db: Database) -> None:
    school = db.write_now(build)
    school.hand_in(db, typed())
    first = attempts(db)[0].id
    db.write_now(lambda conn: keep_members(conn, first, [school.bob]))
    db.write_now(
        make.decided, school.made, first, school.greta, posted_at=NOON, met=(False, False), outcome=Outcome.NOT_YET
    )
    school.next_attempt(db)
    second = attempts(db)[1].id
    assert db.read_now(members_of, second) == tuple(sorted((school.alice, school.bob)))


def test_receipt_takes_few_statements(db: Database, sent: School) -> None:
    receipt = _receipt(db)
    with statements(db) as count:
        db.read_now(receipt_page, sent.visitor(), receipt, 1095)
    assert count.number == 3
