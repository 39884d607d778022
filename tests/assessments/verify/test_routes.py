"""The public check: the same page for everybody, a plain answer for everything."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from assessments.badges.baking import bake, extract
from assessments.badges.proof import sign_credential
from assessments.badges.queries import AWARD, ISSUE
from assessments.transcripts.models import Transcript
from assessments.verify import judging, looking
from fourweek.accounts.service import EMAIL
from fourweek.clock import real_time
from fourweek.database import table
from fourweek.edge import House
from tests.assessments.badges import factory
from tests.assessments.badges.factories import Awarded, awarded
from tests.assessments.credit.factories import NOW
from tests.keys import shared_signing_key
from tests.statements import statements

TRANSCRIPT = table(Transcript)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks look at the real clock; these badges are signed in December 2026."""
    monkeypatch.setattr(judging, "real_time", lambda: NOW.real + timedelta(days=1))


@pytest.fixture
def badge(house: House) -> Awarded:
    return awarded(house, "Amara Okonkwo")


def check(guest: Any, data: bytes | None = None, **typed: str) -> Any:
    files = {"file": ("given", data)} if data is not None else None
    return guest.submit("/verify", "/verify", files=files, **typed)


def bytes_of(house: House, sha256: str) -> bytes:
    with house.store.open(sha256) as file:
        return file.read()


def test_the_page_is_open_to_everybody(browser: Any) -> None:
    answer = browser().get("/verify")
    assert (answer.status_code, answer.headers["x-robots-tag"]) == (200, "noindex")
    assert answer.headers["cache-control"] == "no-store"
    assert 'id="answer"' not in answer.text


@pytest.mark.parametrize("typed", ["ABCD", "<script>alert(1)</script>", "' OR 1=1 --"])
def test_a_malformed_code_is_said_beside_the_field(typed: str, browser: Any) -> None:
    guest = browser()
    for answer in (check(guest, code=typed), guest.get("/verify", params={"code": typed})):
        assert (answer.status_code, "A code has 16 letters and digits" in answer.text) == (422, True)
        assert "<script>alert" not in answer.text


def test_nothing_given_is_said(browser: Any) -> None:
    answer = check(browser(), code=" ")
    assert (answer.status_code, "Type the code, or choose a file." in answer.text) == (422, True)


def test_a_pdf_of_somebody_else_is_unknown(browser: Any) -> None:
    answer = check(browser(), b"%PDF-1.7\n1 0 obj << >> endobj T-2020-000001")
    assert (answer.status_code, ">Unknown<" in answer.text) == (404, True)


def test_a_badge_holds_as_file_and_as_picture(badge: Awarded, house: House, browser: Any) -> None:
    guest = browser()
    for data in (badge.document, bytes_of(house, badge.picture_sha256)):
        answer = check(guest, data)
        assert (answer.status_code, ">Valid<" in answer.text, answer.text.count("Passed")) == (200, True, 8)
        for words in ("Runs a Reliable Service", "10.0 contact hours, 1.0 CEU", f'href="/badges/{badge.slug}"'):
            assert words in answer.text
        assert "Amara" not in answer.text


def test_a_badge_written_anew_by_another_program_still_holds(badge: Awarded, browser: Any) -> None:
    answer = check(browser(), json.dumps(json.loads(badge.document)).encode())
    assert (answer.status_code, ">Valid<" in answer.text) == (200, True)


def test_a_badge_holds_in_every_other_form(badge: Awarded, house: House, browser: Any) -> None:
    guest = browser()
    row = house.db.read_now(lambda conn: conn.execute(select(ISSUE).where(ISSUE.c.award_id == badge.award_id)).one())
    for answer in (
        check(guest, bytes_of(house, row.svg_sha256)),
        check(guest, row.jwt.encode()),
        check(guest, code=row.jwt),
        check(guest, code=badge.document.decode()),
        check(guest, code=f"http://testserver/badges/{badge.slug}/credential.jwt"),
    ):
        assert (answer.status_code, ">Valid<" in answer.text, answer.text.count("Passed")) == (200, True, 8)
        assert f'href="/badges/{badge.slug}"' in answer.text


def test_whose_it_is_is_answered_and_no_address_is_told(badge: Awarded, house: House, browser: Any) -> None:
    guest, wanted = browser(), select(EMAIL.c.address).where(EMAIL.c.person_id == badge.who.person_id)
    address = house.db.read_now(lambda conn: conn.execute(wanted).scalar_one())
    answer = check(guest, badge.document, email=address.upper())
    assert "Yes, it was issued to the address you gave." in answer.text
    answer = check(guest, badge.document, email="bob@engineer.example")
    assert ("But it was issued to another address" in answer.text, address in answer.text) == (True, False)
    answer = check(guest, badge.document)
    assert ("Issued to that address" in answer.text, "@" in answer.text) == (False, False)
    answer = check(guest, badge.document, email="no address")
    assert (answer.status_code, "That is not an e-mail address." in answer.text) == (422, True)


def test_a_revoked_badge_says_since_when_and_why(badge: Awarded, house: House, browser: Any) -> None:
    change = {"revoked_at": NOW.real, "revoked_why": "The evidence was <copied>."}
    house.db.write_now(_change, badge.award_id, **change)
    answer = check(browser(), badge.document)
    assert (">Revoked<" in answer.text, "Reason: The evidence was &lt;copied&gt;." in answer.text) == (True, True)


def test_a_badge_that_was_stated_anew_says_what_changed(badge: Awarded, house: House, browser: Any) -> None:
    house.db.write_now(_change, badge.award_id, number=2, why="The name of its holder was corrected.")
    with statements(house.db) as asked:
        answer = check(browser(), badge.document)
    assert (">Superseded<" in answer.text, "The name of its holder was corrected." in answer.text) == (True, True)
    assert asked.number <= 4


def test_a_badge_of_an_issuer_that_is_its_own_key_is_checked(browser: Any) -> None:
    key, document = shared_signing_key(), factory.document()
    document["issuer"] = {**document["issuer"], "id": f"did:key:{key.public.multibase}", "name": "<b>Elsewhere</b>"}
    document["issuer"]["url"] = "https://elsewhere.example"
    signed = sign_credential(document, key, created=factory.SIGNED_AT)
    answer = check(browser(), json.dumps(signed).encode())
    assert (">Unaltered<" in answer.text, key.public.multibase in answer.text) == (True, True)
    assert ("&lt;b&gt;Elsewhere&lt;/b&gt;" in answer.text, 'href="/badges/' in answer.text) == (True, False)


def test_the_address_of_a_status_list_is_said_to_be_one(browser: Any) -> None:
    answer = check(browser(), code="http://testserver/status/1#17")
    assert (answer.status_code, "Give the badge itself." in answer.text) == (200, True)


def test_half_of_a_character_in_a_file_is_said_and_nothing_breaks(badge: Awarded, browser: Any) -> None:
    odd = json.dumps(json.loads(badge.document) | {"id": "\ud83d"}).encode()
    answer = check(browser(), odd)
    assert (answer.status_code, "half of a character" in answer.text) == (422, True)


def test_a_tampered_badge_is_altered(badge: Awarded, house: House, browser: Any) -> None:
    forged = badge.document.replace(b'"creditsEarned": 1', b'"creditsEarned": 9')
    assert forged != badge.document
    guest = browser()
    for data in (forged, bake(bytes_of(house, badge.picture_sha256), forged)):
        answer = check(guest, data)
        assert (answer.status_code, ">Altered<" in answer.text) == (200, True)
        assert "Something was changed after it was signed." in answer.text
        assert f'href="/badges/{badge.slug}"' in answer.text


def test_a_badge_with_something_put_in_is_altered(badge: Awarded, browser: Any) -> None:
    forged = json.loads(badge.document) | {"ceuHours": 400}
    answer = check(browser(), json.dumps(forged).encode())
    assert (">Altered<" in answer.text, "no signature can cover it" in answer.text) == (True, True)


def test_a_badge_of_another_issuer_is_not_ours_to_answer(badge: Awarded, browser: Any) -> None:
    foreign = badge.document.replace(b"did:web:testserver", b"did:web:elsewhere.example")
    answer = check(browser(), foreign)
    assert (answer.status_code, ">Issuer unknown here<" in answer.text, ">Valid<" in answer.text) == (404, True, False)


def test_a_withdrawn_badge_says_so(badge: Awarded, house: House, browser: Any) -> None:
    house.db.write_now(_withdraw, badge.award_id)
    guest = browser()
    answer = check(guest, badge.document)
    assert (answer.status_code, ">Withdrawn<" in answer.text, "10.0 contact hours" in answer.text) == (200, True, False)
    assert ">Withdrawn<" in check(guest, code=f"http://testserver/badges/{badge.slug}").text


def _withdraw(conn: Connection, award_id: str) -> None:
    _change(conn, award_id, withdrawn_at=real_time())


def _change(conn: Connection, award_id: str, /, **values: Any) -> None:
    conn.execute(update(AWARD).where(AWARD.c.id == award_id).values(values))


def test_a_signed_badge_that_is_not_in_the_record_is_unknown(badge: Awarded, house: House, browser: Any) -> None:
    house.db.write_now(_move, badge.award_id)
    answer = check(browser(), badge.document)
    assert (answer.status_code, "it is not in our record" in answer.text) == (404, True)


def _move(conn: Connection, award_id: str) -> None:
    conn.execute(update(AWARD).where(AWARD.c.id == award_id).values(slug="2" * 22))


def test_the_address_of_a_badge_leads_to_its_page(badge: Awarded, browser: Any) -> None:
    guest = browser()
    answer = check(guest, code=f"http://testserver/badges/{badge.slug}")
    assert (answer.status_code, f'href="/badges/{badge.slug}"' in answer.text) == (200, True)
    assert check(guest, code="/badges/" + "3" * 22).status_code == 404


@pytest.mark.parametrize("data", [b"hello", b"{}", b"\x89PNG\r\n\x1a\n broken"])
def test_a_file_that_is_no_badge_is_said_and_the_form_stays(data: bytes, browser: Any) -> None:
    answer = check(browser(), data)
    assert (answer.status_code, 'id="field-file"' in answer.text) == (422, True)


def test_a_picture_without_a_badge_is_said(badge: Awarded, house: House, browser: Any) -> None:
    baked = bytes_of(house, badge.picture_sha256)
    start = baked.index(b"iTXt") - 4
    plain = baked[:start] + baked[start + 12 + int.from_bytes(baked[start : start + 4], "big") :]
    assert extract(plain) is None
    answer = check(browser(), plain)
    assert (answer.status_code, "The picture carries no badge." in answer.text) == (422, True)


def test_a_file_that_is_too_large_is_refused(browser: Any) -> None:
    guest = browser()
    a_little = check(guest, b"x" * (looking.MOST_BYTES + 1))
    assert (a_little.status_code, "larger than any badge" in a_little.text) == (413, True)
    much = check(guest, b"%PDF-" + bytes(looking.MOST_PDF))
    assert (much.status_code, "larger than any badge" in much.text) == (413, True)


def test_a_stale_form_gives_back_what_was_typed(browser: Any) -> None:
    answer = browser().post("/verify", data={"code": "7K3M-9QX2-TB8W-4HZA", "form_token": "old"})
    assert (answer.status_code, "7K3M-9QX2-TB8W-4HZA" in answer.text) == (422, True)
