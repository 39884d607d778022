"""Checking documents: what everybody with the code sees, what a name opens, and what nobody sees any more."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from assessments.names.models import NameChangeKind
from assessments.sharing.choosing import choose
from assessments.transcripts.codes import new_code
from assessments.verify import limits
from fourweek.database import Database
from fourweek.limits.rules import Limit
from tests import factories as make
from tests.assessments.sharing.factories import NOW, MadeDocument, document, files_of, renamed, visitor
from tests.statements import statements
from tests.visits import Browser, forms

Open = Callable[..., Browser]
UNSEEN = {"referrer-policy": "no-referrer", "x-robots-tag": "noindex", "cache-control": "no-store"}
LINE = "See what happens"


@pytest.fixture
def alices(db: Database) -> MadeDocument:
    return db.write_now(document, db.write_now(make.person, "Alice García Brook"))


def check(guest: Browser, data: bytes | None = None, **typed: str) -> Any:
    files = {"file": ("given", data)} if data is not None else None
    return guest.submit("/verify", "/verify", files=files, **typed)


def choosing(db: Database, made: MadeDocument, **chosen: bool) -> None:
    db.write_now(lambda conn: choose(conn, visitor(conn, made.person_id), made.number, **chosen))


def test_a_code_answers_with_totals_and_no_lines(alices: MadeDocument, browser: Open) -> None:
    guest = browser()
    for answer in (check(guest, code=alices.printed.lower()), guest.get("/verify", params={"code": alices.code})):
        assert answer.status_code == 200
        assert {name: answer.headers[name] for name in UNSEEN} == UNSEEN
        for words in (">Valid<", f"Transcript {alices.number}", ">AB<", ">4<", ">600<", ">10.0<", ">1.0<", "Compare"):
            assert words in answer.text
        for words in ("16 October 2024 to 6 November 2024", "<strong>testserver</strong>"):
            assert words in answer.text
        for hidden in ("Alice", "García", LINE, "reliable-services"):
            assert hidden not in answer.text


def test_unknown_codes_cost_the_same_and_the_form_stays(alices: MadeDocument, db: Database, browser: Open) -> None:
    guest, code = browser(), new_code()
    with statements(db) as known:
        guest.get("/verify", params={"code": alices.code})
    with statements(db) as unknown:
        answer = guest.get("/verify", params={"code": code})
    assert known.texts == unknown.texts
    assert known.number == 4
    assert (answer.status_code, ">Unknown<" in answer.text, alices.number in answer.text) == (404, True, False)
    assert forms(answer.text)["/verify"]["code"].strip() == code


def test_a_name_opens_the_lines_and_a_wrong_one_costs_the_same(
    alices: MadeDocument, db: Database, browser: Open
) -> None:
    guest, asked = browser(), []
    shown = []
    for name in ("garcia brook", "Brook", "Marsh", "Alice"):
        with statements(db) as count:
            answer = check(guest, code=alices.code, last_name=name)
        asked.append(count.texts)
        shown.append((answer.status_code, LINE in answer.text, "Alice García Brook" in answer.text))
    assert shown == [(200, True, True)] * 2 + [(200, False, False)] * 2
    assert all(texts == asked[0] for texts in asked)
    assert ("This is not the last name on the document." in answer.text, ">600<" in answer.text) == (True, True)


def test_a_name_that_is_tried_too_often_waits(
    alices: MadeDocument, browser: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "NAMES", Limit("check-name", 1, 600))
    guest = browser()
    assert check(guest, code=alices.code, last_name="Marsh").status_code == 200
    answer = check(guest, code=alices.code, last_name="Brook")
    assert (answer.status_code, LINE in answer.text, ">600<" in answer.text) == (429, False, False)
    assert 0 < int(answer.headers["retry-after"]) <= 600
    assert ("Many names were tried" in answer.text, alices.code in answer.text) == (True, True)
    assert check(guest, code=alices.code).status_code == 200


def test_too_many_checks_say_when_to_go_on_in_the_form_and_to_programs(
    alices: MadeDocument, browser: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CHECKS", Limit("check", 1, 3600))
    guest = browser()
    assert guest.get("/verify", params={"code": alices.code}).status_code == 200
    page = guest.get("/verify", params={"code": alices.code})
    program = guest.post("/api/v1/verify", json={"badge": alices.code})
    assert (page.status_code, program.status_code) == (429, 429)
    assert ("Many checks came from your network" in page.text, "then try again" in page.text) == (True, True)
    assert program.headers["content-type"] == "application/problem+json"
    assert 0 < int(program.headers["retry-after"]) <= 3600
    elsewhere = {"x-forwarded-for": "203.0.113.9"}
    assert guest.get("/verify", params={"code": alices.code}, headers=elsewhere).status_code == 429


def test_what_its_learner_chooses_is_shown_and_taken_back(alices: MadeDocument, db: Database, browser: Open) -> None:
    guest = browser()
    seen = []
    for name, lines in ((True, False), (False, True), (True, True), (False, False)):
        choosing(db, alices, name_shown=name, lines_shown=lines)
        answer = guest.get("/verify", params={"code": alices.code}).text
        seen.append(("Alice García Brook" in answer, LINE in answer))
    assert seen == [(True, False), (False, True), (True, True), (False, False)]


def test_every_file_is_known_by_its_bytes_and_a_changed_one_is_altered(alices: MadeDocument, browser: Open) -> None:
    guest = browser()
    for data in files_of(alices).values():
        answer = check(guest, data)
        assert (answer.status_code, "The file is exactly the one we made." in answer.text) == (200, True)
        assert ("Compare" in answer.text, "Show the lines" in answer.text) == (False, False)
        changed = check(guest, data + b" ")
        assert (changed.status_code, ">Altered<" in changed.text, alices.number in changed.text) == (200, True, True)
        assert ">600<" not in changed.text


def test_a_newer_document_leaves_the_earlier_one_valid(alices: MadeDocument, db: Database, browser: Open) -> None:
    newer = db.write_now(document, alices.person_id, at=NOW)
    for made in (alices, newer):
        assert ">Valid<" in browser().get("/verify", params={"code": made.code}).text


def test_a_superseded_document_names_the_one_to_use_and_shows_no_old_figures(
    alices: MadeDocument, db: Database, browser: Open
) -> None:
    guest, at = browser(), NOW - timedelta(days=1)
    db.write_now(renamed, alices.person_id, at, kind=NameChangeKind.CORRECTION, suppress=False)
    newer = db.write_now(document, alices.person_id, at=NOW)
    answer = check(guest, code=alices.code, last_name="Brook").text
    assert (">Superseded<" in answer, f"The one to use is {newer.number}." in answer) == (True, True)
    assert (">600<" in answer, LINE in answer, "Show the lines" in answer) == (False, False, False)


def test_a_suppressed_name_leaves_a_match_alone(alices: MadeDocument, db: Database, browser: Open) -> None:
    guest = browser()
    choosing(db, alices, name_shown=True, lines_shown=True)
    db.write_now(renamed, alices.person_id, NOW, suppress=True)
    for answer in (check(guest, code=alices.code, last_name="Brook"), check(guest, files_of(alices)["pdf"])):
        assert (">Valid<" in answer.text, "only this match is shown" in answer.text) == (True, True)
        for hidden in ("Brook<", "García", ">AB<", LINE, "Show the lines", "not the last name"):
            assert hidden not in answer.text


def test_programs_get_lines_by_name_too(alices: MadeDocument, browser: Open) -> None:
    guest = browser()
    plain = guest.post("/api/v1/verify", json={"badge": alices.printed}).json()
    assert (plain["verdict"], plain["lines"], plain["ours"]) == ("valid", [], True)
    assert {"name": "Counted minutes", "value": "600"} in plain["facts"]
    named = guest.post("/api/v1/verify", json={"badge": alices.code, "last_name": "Brook"}).json()
    assert [line["hours"] for line in named["lines"]] == ["2.5", "2.5", "2:35", "2:25"]
    assert "Alice García Brook" in str(named["facts"])


def test_a_snapshot_that_was_tampered_with_is_not_shown(alices: MadeDocument, db: Database, browser: Open) -> None:
    from assessments.transcripts.queries import TRANSCRIPT  # noqa: PLC0415

    forged = update(TRANSCRIPT).where(TRANSCRIPT.c.id == alices.id).values(snapshot=b"{}")
    db.write_now(lambda conn: conn.execute(forged))
    assert browser().get("/verify", params={"code": alices.code}).status_code == 500
