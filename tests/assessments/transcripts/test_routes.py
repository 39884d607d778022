"""Issuing a transcript and downloading it, through the pages."""

import csv
import hashlib
import io
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from assessments.credit.service import record_due_credit
from assessments.seal.checking import check_seal
from assessments.transcripts import issuing, service
from assessments.transcripts.codes import code_hash
from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.models import Transcript
from assessments.transcripts.pdf import transcript_pdf
from fourweek.accounts.access import PERSON, Visitor
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.database import Database, table
from fourweek.edge import House
from fourweek.errors import TooMany
from fourweek.limits.rules import Limit
from fourweek.settings import Settings
from tests import factories as make
from tests.assessments.credit.factories import NOW, Learning, demonstrate, learning
from tests.assessments.transcripts.factory import line
from tests.statements import statements

TRANSCRIPT, AUDIT = table(Transcript), table(AuditRow)


@pytest.fixture
def alice(house: House) -> Learning:
    who = house.db.write_now(learning)
    for week in (1, 2):
        house.db.write_now(demonstrate, who, week)
    record_due_credit(house.db, NOW)
    return who


def issued(db: Database) -> list[Any]:
    return db.read_now(lambda conn: list(conn.execute(select(TRANSCRIPT).order_by(TRANSCRIPT.c.number)).all()))


def issue(learner: Any) -> Any:
    return learner.submit("/transcript", "/transcript")


def _rename(conn: Connection, person_id: str, name: str) -> None:
    conn.execute(update(PERSON).where(PERSON.c.id == person_id).values(legal_name=name))


def test_the_page_is_for_whoever_is_signed_in(alice: Learning, house: House, browser: Any) -> None:
    assert browser().get("/transcript").headers["location"] == "/sign-in?next=/transcript"
    stranger = browser(house.db.write_now(make.person, "Carol Dunn"))
    page = stranger.get("/transcript")
    assert (page.status_code, "No credit yet" in page.text, "Week 1 in public" in page.text) == (200, True, False)


def test_the_page_shows_lines_and_totals(alice: Learning, browser: Any) -> None:
    page = browser(alice.person_id).get("/transcript").text
    for words in ("1 Week 1 in public", "3 November 2026", "Technical", "Demonstrated", "Alice Brook"):
        assert words in page
    figures = re.findall(r'<td[^>]* class="number">([\d.,]+)<', page)
    assert figures[:6] == ["150", "0.3", "150", "0.2", "300", "0.5"]
    assert figures[6:] == ["2", "5.0", "2", "5.0", "0.5"]
    assert ("<dd>2</dd>" in page, "<dd>5.0</dd>" in page, "<dd>0.5</dd>" in page) == (True, True, True)


def test_issuing_makes_a_document_that_downloads(alice: Learning, house: House, browser: Any) -> None:
    learner = browser(alice.person_id)
    answer = issue(learner)
    assert (answer.status_code, answer.headers["location"]) == (303, "/transcript")
    (row,) = issued(house.db)
    assert re.fullmatch(r"T-\d{4}-000001", row.number)
    page = learner.get("/transcript").text
    assert (f"Transcript {row.number} is ready to download." in page, f"/transcripts/{row.number}.pdf" in page) == (
        True,
        True,
    )
    pdf = learner.get(f"/transcripts/{row.number}.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.headers["content-disposition"] == f'attachment; filename="transcript-{row.number}.pdf"'
    assert pdf.headers["cache-control"] == "private, no-store"
    assert hashlib.sha256(pdf.content).hexdigest() == row.pdf_sha256
    table_ = learner.get(f"/transcripts/{row.number}.csv")
    lines = list(csv.DictReader(io.StringIO(table_.content.decode("utf-8-sig"))))
    assert [(line["Module"], line["CEU"], line["Learner"]) for line in lines] == [
        ("1", "0.3", "Alice Brook"),
        ("2", "0.2", "Alice Brook"),
    ]


def test_the_document_is_kept_with_its_code_hashed(alice: Learning, house: House, browser: Any) -> None:
    issue(browser(alice.person_id))
    (row,) = issued(house.db)
    said = TranscriptSnapshot.from_json(row.snapshot)
    assert row.code_hash == code_hash(said.document.code)
    assert said.document.verify_url == f"http://testserver/verify?code={said.document.code}"
    assert said.document.verify_host == "testserver/verify"
    assert (row.lines, row.minutes, row.tenths, row.initials, row.ledger_entries) == (2, 300, 5, "AB", 2)
    assert said.issuer.name == "Test Institute"
    audit = house.db.read_now(lambda conn: conn.execute(select(AUDIT).where(AUDIT.c.act == "transcript.issue")).one())
    assert (audit.actor_id, audit.subject_id) == (alice.person_id, row.id)
    assert said.document.code not in str(audit.detail)


def test_what_was_chosen_is_what_the_document_is_about(alice: Learning, house: House, browser: Any) -> None:
    learner = browser(alice.person_id)
    chosen = {"what": "courses", "courses": alice.course.code, "paper": "a4", "hide_names": "1"}
    assert learner.submit("/transcript", "/transcript", **chosen).status_code == 303
    (row,) = issued(house.db)
    assert (row.kind, row.scope) == ("transcript", {"courses": [alice.course.code]})
    assert row.options == {"paper": "a4", "licences": [], "stated": False, "names": False}
    said = TranscriptSnapshot.from_json(row.snapshot)
    assert (said.paper, said.scope.courses, said.seal) == ("a4", (alice.course.code,), row.seal)
    unsealed = transcript_pdf(said)
    assert row.unsealed_sha256 == hashlib.sha256(unsealed).hexdigest()
    served = learner.get(f"/transcripts/{row.number}.pdf").content
    assert (hashlib.sha256(served).hexdigest(), served.startswith(unsealed)) == (row.pdf_sha256, True)
    assert check_seal(served, {row.seal}).ours
    page = learner.get("/transcript").text
    assert "One course, 5.0 hours, 0.5 CEU" in page
    assert "Valid as of its date" in page


def test_what_cannot_be_read_is_said_with_what_was_typed(alice: Learning, house: House, browser: Any) -> None:
    learner = browser(alice.person_id)
    late = {"what": "period", "since": "2031-05-01", "paper": "a4"}
    for typed, problem in (
        ({"what": "courses"}, "Tick at least one course."),
        ({"what": "period", "since": "tomorrow"}, "“tomorrow” is not a date such as 2026-12-07."),
        (late, "There is no credit in what you chose."),
    ):
        answer = learner.submit("/transcript", "/transcript", **typed)
        assert (answer.status_code, problem in answer.text, "<details" in answer.text) == (422, True, True)
    assert 'value="2031-05-01"' in answer.text
    assert '<option value="a4" selected>' in answer.text
    assert issued(house.db) == []


def test_the_same_record_gives_the_same_document(alice: Learning, house: House, browser: Any) -> None:
    learner = browser(alice.person_id)
    issue(learner)
    issue(learner)
    (row,) = issued(house.db)
    assert f"Nothing has changed since {row.number}" in learner.get("/transcript").text


def test_more_credit_or_another_name_gives_a_new_one(alice: Learning, house: House, browser: Any) -> None:
    learner = browser(alice.person_id)
    issue(learner)
    house.db.write_now(_rename, alice.person_id, "Alice Brook-Hill")
    issue(learner)
    house.db.write_now(demonstrate, alice, 3)
    record_due_credit(house.db, NOW)
    issue(learner)
    rows = issued(house.db)
    assert [row.number[-6:] for row in rows] == ["000001", "000002", "000003"]
    assert [TranscriptSnapshot.from_json(row.snapshot).document.replaces for row in rows] == [None, None, None]
    assert TranscriptSnapshot.from_json(rows[0].snapshot).learner.legal_name == "Alice Brook"


def test_there_is_no_document_of_an_empty_record(house: House, browser: Any) -> None:
    alice = browser(house.db.write_now(make.person))
    token = {"form_token": re.findall(r'name="form_token" value="(\w+)"', alice.get("/transcript").text)[0]}
    answer = alice.post("/transcript", data=token)
    assert (answer.status_code, "Your record has no credit yet." in answer.text) == (409, True)
    assert issued(house.db) == []


def test_a_name_that_cannot_be_printed_is_said_and_nothing_is_kept(alice: Learning, house: House, browser: Any) -> None:
    house.db.write_now(_rename, alice.person_id, "Alice 😀")
    answer = issue(browser(alice.person_id))
    assert (answer.status_code, "😀 (U+1F600)" in answer.text) == (422, True)
    assert issued(house.db) == []


def test_downloads_are_for_the_learner_alone(alice: Learning, house: House, browser: Any) -> None:
    learner = browser(alice.person_id)
    issue(learner)
    (row,) = issued(house.db)
    guest, stranger = browser(), browser(house.db.write_now(make.person, "Carol Dunn"))
    grader, author = browser(alice.grader_id), browser(house.db.write_now(make.with_role, Role.AUTHOR))
    registrar = browser(house.db.write_now(make.with_role, Role.REGISTRAR))
    for ending in ("pdf", "csv", "json"):
        path = f"/transcripts/{row.number}.{ending}"
        assert guest.get(path).headers["location"] == f"/sign-in?next={path}"
        assert [one.get(path).status_code for one in (stranger, grader, author, registrar)] == [404] * 4
        assert learner.get(path).status_code == 200
    for lost in (f"{row.number}.typ", row.number, "T-2026-999999.pdf", ".pdf"):
        assert learner.get(f"/transcripts/{lost}").status_code == 404


def test_the_page_takes_as_many_statements_for_many(alice: Learning, house: House, browser: Any) -> None:
    learner = browser(alice.person_id)
    learner.get("/transcript")
    with statements(house.db) as few:
        learner.get("/transcript")
    for week in (3, 4):
        house.db.write_now(demonstrate, alice, week)
    record_due_credit(house.db, NOW)
    issue(learner)
    with statements(house.db) as many:
        learner.get("/transcript")
    assert (few.number, many.number) == (8, 8)


def test_twenty_at_once_record_one_document(alice: Learning, house: House) -> None:
    visitor = make.visitor(alice.person_id)

    def issue_once(_: int) -> str:
        frozen = house.db.read_now(service.draft, visitor, service.Wanted(), house.settings)
        number = house.db.write_now(service.next_number, visitor, 2026)
        made = service.make(frozen, number, house.settings, house.store)
        return house.db.write_now(service.keep, visitor, frozen, made)

    with ThreadPoolExecutor(20) as pool:
        numbers = set(pool.map(issue_once, range(20)))
    assert [row.number for row in issued(house.db)] == list(numbers)


def test_twenty_numbers_at_once_are_twenty_numbers(db: Database) -> None:
    visitor = make.visitor()
    with ThreadPoolExecutor(20) as pool:
        numbers = list(pool.map(lambda _: db.write_now(service.next_number, visitor, 2026), range(20)))
    assert sorted(numbers) == [f"T-2026-{place:06d}" for place in range(1, 21)]


def test_one_person_issues_so_many_in_an_hour_and_others_go_on(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuing, "DOCUMENTS", Limit("document", 2, 3600))
    settings = Settings(home=tmp_path)
    alice, eve = (make.visitor(db.write_now(make.person, name)) for name in ("Alice Brook", "Eve Marsh"))

    def ask(visitor: Visitor) -> str:
        return db.write_now(issuing.numbered, visitor, settings, 2026, "T")

    assert [ask(alice), ask(alice)] == ["T-2026-000001", "T-2026-000002"]
    with pytest.raises(TooMany):
        ask(alice)
    assert ask(eve) == "T-2026-000003"


def test_the_issuer_is_as_it_is_set(house: House) -> None:
    approval = {"body": "Example Board", "number": "EX-1", "statement": "Approved.", "valid_from": "2026-01-01"}
    settings = type(house.settings)(
        institution="Harbour Institute", institution_address="12 Quay Street; Rochester ;", approvals=[approval]
    )
    found = service.issuer(settings, (line(),))
    assert (found.name, found.address, found.contact) == (
        "Harbour Institute",
        ("12 Quay Street", "Rochester"),
        settings.public_url,
    )
    assert [(row.body, row.number, row.valid_to) for row in found.approvals] == [("Example Board", "EX-1", None)]
