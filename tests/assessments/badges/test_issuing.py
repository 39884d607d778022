"""Each form of an award is signed once, whatever happens meanwhile, and says what held when it was signed."""

import json
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import cache
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Connection, Row, select, update

from assessments.awards.models import AwardAddress, SharedEvidence
from assessments.badges import issuing
from assessments.badges.addresses import key_url
from assessments.badges.baking import bake, extract
from assessments.badges.identity import earned_by
from assessments.badges.issuing import Desk, awards_due, desk, issue, number_due
from assessments.badges.jwt import jwt_holds, read_jwt, wrong_claims
from assessments.badges.keys import load_keys
from assessments.badges.models import CredentialIssue, IssuerAddress
from assessments.badges.picture import BadgePicture, draw_png, draw_svg
from assessments.badges.pictures import Pictures
from assessments.badges.queries import AWARD, ISSUE
from assessments.badges.restating import restate
from assessments.badges.service import sign_due_badges
from assessments.badges.signing import sign
from assessments.badges.svg_baking import extract_svg
from assessments.status.models import StatusEntry
from fourweek.accounts.models import EmailAddress
from fourweek.accounts.service import EMAIL
from fourweek.clock import Now
from fourweek.database import add, new_id, table
from fourweek.edge import House
from fourweek.outbox import OUTBOX
from fourweek.webhooks.models import Webhook, WebhookMessage
from tests import factories as make
from tests.assessments.badges.factories import an_award
from tests.assessments.badges.test_schema import LENIENT, STRICT, validator
from tests.assessments.credit.factories import LATER, NOW

STATUS, NOTED = table(StatusEntry), table(IssuerAddress)
DAY = timedelta(days=1)
NEXT = Now(real=LATER + DAY, school=LATER + DAY)
WHY = "A name was corrected."


@cache
def drawn() -> Pictures:
    """Drawn once for all tests."""
    picture = BadgePicture(title="Reliable", institution="Test Institute", colour="#1d4e89")
    return Pictures(draw_png(picture), draw_svg(picture).encode())


def at_hand(house: House) -> Desk:
    return Desk(house.db, house.store, load_keys(house.settings), house.settings, lambda _: drawn())


def signed(house: House, award_id: str, now: Now = NOW) -> bool:
    return issue(at_hand(house), award_id, now)


def forms(house: House) -> list[Row[Any]]:
    return list(house.db.read_now(lambda conn: conn.execute(select(ISSUE).order_by(ISSUE.c.number)).all()))


def run(house: House, statement: Any) -> None:
    house.db.write_now(lambda conn: conn.execute(statement))


def anew(house: House, award_id: str, why: str = WHY) -> int:
    return house.db.write_now(restate, award_id, why, NEXT.real, actor_id=None)


def test_the_first_form_has_both_signatures_a_place_and_both_pictures(house: House) -> None:
    award_id = house.db.write_now(an_award)
    assert signed(house, award_id)
    [form] = forms(house)
    keys, document = load_keys(house.settings), json.loads(form.document)
    jwt = read_jwt(form.jwt)
    assert jwt_holds(jwt, keys.jwt.public)
    assert wrong_claims(jwt) == ()
    assert jwt.kid == key_url("http://testserver", keys.jwt.public.key_id)
    assert jwt.credential == {name: value for name, value in document.items() if name != "proof"}
    assert (form.key_id, form.jwt_key_id) == (keys.signing.public.key_id, keys.jwt.public.key_id)
    place = house.db.read_now(lambda conn: conn.execute(select(STATUS)).one())
    assert (form.status_entry_id, place.award_id) == (place.id, award_id)
    assert document["credentialStatus"]["statusListIndex"] == str(place.place)
    with house.store.open(form.picture_sha256) as png, house.store.open(form.svg_sha256) as svg:
        assert extract(png.read()) == extract_svg(svg.read()) == form.document


def test_a_form_signed_anew_keeps_identifier_subject_and_place(house: House) -> None:
    award_id = house.db.write_now(an_award)
    assert signed(house, award_id)
    assert anew(house, award_id) == 2
    assert list(awards_due(house.db)) == [award_id]
    assert signed(house, award_id, NEXT)
    assert not signed(house, award_id, NEXT)
    assert list(awards_due(house.db)) == []
    first, second = (json.loads(form.document) for form in forms(house))
    assert [form.why for form in forms(house)] == ["", WHY]
    for part in ("id", "awardedDate", "credentialStatus", "issuer"):
        assert first[part] == second[part]
    assert first["credentialSubject"] == second["credentialSubject"]
    assert (first["validFrom"], second["validFrom"]) == ("2026-12-12T09:00:00Z", "2026-12-13T09:00:00Z")


def test_a_later_form_begins_later_whatever_a_slow_sweep_takes_for_now(house: House) -> None:
    award_id = house.db.write_now(an_award)
    signed(house, award_id, NEXT)
    anew(house, award_id)
    assert signed(house, award_id, NOW)
    first, second = forms(house)
    assert second.issued_at == first.issued_at + timedelta(seconds=1)
    assert json.loads(first.document)["validFrom"] < json.loads(second.document)["validFrom"]


def test_the_earner_hears_of_the_first_form_and_other_programs_of_each(house: House) -> None:
    hook = Webhook(
        id=new_id(), url="https://x.example", title="X", secret="s", kinds=["badge.awarded", "badge.restated"],
        made_at=LATER,
    )  # fmt: skip
    house.db.write_now(add, hook)
    award_id = house.db.write_now(an_award)
    signed(house, award_id)
    anew(house, award_id)
    signed(house, award_id, NEXT)
    assert house.db.read_now(lambda conn: conn.execute(select(OUTBOX.c.kind)).scalars().all()) == ["awarded"]
    message = table(WebhookMessage)
    told = house.db.read_now(lambda conn: conn.execute(select(message.c.kind, message.c.body)).all())
    assert {row.kind for row in told} == {"badge.awarded", "badge.restated"}
    assert all("Alice" not in row.body and "@" not in row.body for row in told)


@pytest.mark.parametrize("ended", ["withdrawn_at", "revoked_at"])
def test_an_award_that_does_not_stand_is_not_signed(house: House, ended: str) -> None:
    award_id = house.db.write_now(an_award)
    signed(house, award_id)
    anew(house, award_id)
    run(house, update(AWARD).values({ended: LATER}))
    assert (list(awards_due(house.db)), house.db.read_now(number_due)) == ([], 0)
    assert not signed(house, award_id, NEXT)
    run(house, update(AWARD).values({ended: None}))
    assert signed(house, award_id, NEXT)


def _old_form(conn: Connection, award_id: str) -> None:
    """As it was kept before status lists and second signatures, when the school was elsewhere."""
    slug = conn.execute(select(AWARD.c.slug)).scalar_one()
    document = json.dumps({"id": f"https://old.example/badges/{slug}"}).encode()
    row = CredentialIssue(
        id=new_id(),
        award_id=award_id,
        number=1,
        document=document,
        document_sha256="ab" * 32,
        picture_sha256="cd" * 32,
        key_id="z6Mk",
        issued_at=LATER,
    )
    add(conn, row)


def test_a_form_of_old_gets_a_successor_under_its_own_address(house: House) -> None:
    award_id = house.db.write_now(an_award)
    house.db.write_now(_old_form, award_id)
    assert (list(awards_due(house.db)), house.db.read_now(number_due)) == ([award_id], 1)
    assert signed(house, award_id, NEXT)
    assert list(awards_due(house.db)) == []
    form = forms(house)[-1]
    assert (form.number, form.why) == (2, "It has two signatures and a place in a status list now.")
    document = json.loads(form.document)
    assert document["id"].startswith("https://old.example/badges/")
    assert document["issuer"]["id"] == "did:web:old.example"
    assert document["credentialStatus"]["statusListCredential"].startswith("https://old.example/status/")
    assert house.db.read_now(lambda conn: conn.execute(select(NOTED.c.base_url)).scalars().all()) == [
        "https://old.example"
    ]
    assert house.db.read_now(lambda conn: conn.execute(select(OUTBOX.c.id)).all()) == []


def test_an_award_keeps_the_address_it_was_first_signed_under(house: House) -> None:
    award_id = house.db.write_now(an_award)
    signed(house, award_id)
    anew(house, award_id)
    moved = replace(at_hand(house), settings=house.settings.model_copy(update={"base_url": "https://new.example"}))
    assert issue(moved, award_id, NEXT)
    first, second = (json.loads(form.document)["id"] for form in forms(house))
    assert first == second


def further(conn: Connection, award_id: str, address: str) -> None:
    """A confirmed address of the earner's that the award is made out to as well."""
    person_id = conn.execute(select(AWARD.c.person_id).where(AWARD.c.id == award_id)).scalar_one()
    add(conn, EmailAddress(address=address, person_id=person_id, is_primary=False, verified_at=LATER))
    add(conn, AwardAddress(award_id=award_id, address=address, added_at=LATER))


def test_an_address_that_is_its_earners_no_more_is_in_no_newer_form(house: House) -> None:
    """Somebody else may have it by now, and would be said to be whoever earned the badge."""
    award_id, theirs = house.db.write_now(an_award), "desk@office.example"
    house.db.write_now(further, award_id, theirs)
    signed(house, award_id)
    run(house, update(EMAIL).where(EMAIL.c.address == theirs).values(person_id=house.db.write_now(make.person)))
    anew(house, award_id)
    signed(house, award_id, NEXT)
    assert [earned_by(json.loads(form.document), theirs) for form in forms(house)] == [True, False]


def test_further_addresses_and_shared_evidence_are_in_the_form(house: House) -> None:
    award_id = house.db.write_now(an_award)

    def choose(conn: Connection) -> None:
        further(conn, award_id, "alice@home.example")
        add(conn, SharedEvidence(award_id=award_id, sha256="ab" * 32, shared_at=LATER))

    house.db.write_now(choose)
    signed(house, award_id)
    document = json.loads(forms(house)[0].document)
    assert earned_by(document, "alice@home.example")
    assert len(document["credentialSubject"]["identifier"]) == 2
    assert document["evidence"][0]["id"] == f"{document['id']}/evidence/{'ab' * 32}"
    for schema in (STRICT, LENIENT):
        assert [error.message for error in validator(schema).iter_errors(document)] == []
    run(house, update(table(SharedEvidence)).values(ended_at=LATER))
    anew(house, award_id)
    signed(house, award_id, NEXT)
    assert "id" not in json.loads(forms(house)[1].document)["evidence"][0]


@pytest.mark.parametrize("ends", [LATER + 400 * DAY, LATER - DAY])
def test_an_award_with_an_end_says_so_even_when_it_is_over(house: House, ends: Any) -> None:
    award_id = house.db.write_now(an_award, valid_until=ends)
    assert signed(house, award_id)
    document = json.loads(forms(house)[0].document)
    assert document["validFrom"] < document["validUntil"]
    assert read_jwt(forms(house)[0].jwt).payload["exp"] == int(ends.timestamp())


def _restated(house: House, award_id: str) -> None:
    anew(house, award_id)


def _revoked(house: House, _award_id: str) -> None:
    run(house, update(AWARD).values(revoked_at=LATER))


@pytest.mark.parametrize("meanwhile", [_restated, _revoked])
def test_a_form_that_is_overtaken_while_it_is_signed_is_not_kept(
    house: House, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[House, str], None]
) -> None:
    award_id = house.db.write_now(an_award)

    def slowly(png: bytes, document: bytes) -> bytes:
        meanwhile(house, award_id)
        return bake(png, document)

    monkeypatch.setattr(issuing, "bake", slowly)
    assert not signed(house, award_id)
    assert forms(house) == []


def test_fifty_at_once_keep_one_form_a_number(house: House) -> None:
    award_id = house.db.write_now(an_award)
    for many in (50, 8):
        gate = Barrier(many)

        def one(_: int, gate: Barrier = gate) -> bool:
            gate.wait()
            return signed(house, award_id, NEXT)

        with ThreadPoolExecutor(many) as pool:
            assert sum(pool.map(one, range(many))) == 1
        anew(house, award_id)
    assert [form.number for form in forms(house)] == [1, 2]
    assert len(house.db.read_now(lambda conn: conn.execute(select(STATUS)).all())) == 1
    assert len(house.db.read_now(lambda conn: conn.execute(select(NOTED)).all())) == 1


def test_signing_needs_no_network(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    award_id = house.db.write_now(an_award)
    unsigned = house.db.write_now(issuing.prepare, award_id, house.settings.public_url, NOW.real)
    assert unsigned is not None

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was touched")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    assert sign(unsigned, load_keys(house.settings), house.settings).jwt


def test_a_turn_may_end_early_and_the_next_goes_on(house: House) -> None:
    def three(conn: Connection) -> None:
        for _ in range(3):
            an_award(conn)

    house.db.write_now(three)
    all_at_hand = (house.db, house.store, load_keys(house.settings), house.settings, NOW)
    assert house.db.read_now(number_due) == 3
    assert sign_due_badges(*all_at_hand, turn=lambda ids: list(ids)[:2]) == 2
    assert sign_due_badges(*all_at_hand, turn=lambda _: ()) == 0
    assert sign_due_badges(*all_at_hand) == 1
    assert house.db.read_now(number_due) == 0


def test_pictures_of_an_achievement_are_read_once_a_sweep(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def look(*args: Any) -> Pictures:
        asked.append(args[-1])
        return drawn()

    monkeypatch.setattr(issuing, "achievement_pictures", look)
    pictures = desk(house.db, house.store, load_keys(house.settings), house.settings).pictures
    assert pictures("one") is pictures("one")
    assert asked == ["one"]


def test_what_is_to_be_signed_shows_no_address_in_logs(house: House) -> None:
    award_id = house.db.write_now(an_award)
    unsigned = house.db.write_now(issuing.prepare, award_id, house.settings.public_url, NOW.real)
    assert "@" not in repr(unsigned)
