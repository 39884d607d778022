"""An award for its earner: the page, the files, and what they choose to let others see."""

import json
import threading
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Connection, select, update

from assessments.assignments.models import RequirementKind
from assessments.awards import choosing
from assessments.awards.choosing import ChangedMeanwhile
from assessments.awards.evidence import shared_piece
from assessments.awards.linkedin import add_to_linkedin
from assessments.awards.models import HolderShown, SharedEvidence
from assessments.awards.own import ADDRESS, own_award
from assessments.awards.pages import snippet
from assessments.badges import desk as desks
from assessments.badges.queries import AWARD, ISSUE
from assessments.badges.shown import SHARED
from assessments.evidence.models import Evidence
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import EmailAddress
from fourweek.audit.service import ROW
from fourweek.database import add, new_id
from fourweek.edge import House
from fourweek.errors import Gone
from tests import factories as make
from tests.assessments.badges.factories import Awarded, awarded, sweep
from tests.assessments.credit.factories import NOW
from tests.statements import statements
from tests.visits import forms

TEXT, DIGEST = "The service kept its promise this month.", "0" * 64
"""Of every piece of evidence in these tests."""


@pytest.fixture
def badge(house: House, monkeypatch: pytest.MonkeyPatch) -> Awarded:
    monkeypatch.setattr(desks, "real_time", lambda: NOW.real)
    return awarded(house, "Amara Okonkwo")


def _me(badge: Awarded) -> Visitor:
    return replace(make.visitor(badge.who.person_id), now=NOW)


def _number(house: House) -> int:
    return int(house.db.read_now(lambda conn: conn.execute(select(AWARD.c.number)).scalar_one()))


def _acts(house: House) -> list[tuple[str, str | None]]:
    wanted = select(ROW.c.act, ROW.c.actor_id).where(ROW.c.actor_id.is_not(None)).order_by(ROW.c.id)
    return [tuple(row) for row in house.db.read_now(lambda conn: conn.execute(wanted).all())]


def test_nobody_else_finds_the_page_of_an_award(badge: Awarded, house: House, browser: Any) -> None:
    path = f"/badges/{badge.slug}/mine"
    assert browser().get(path).headers["location"] == f"/sign-in?next={path}"
    stranger = browser(house.db.write_now(make.person, "Stranger"))
    for further in ("", "/credential.json", "/qr.svg"):
        assert stranger.get(path + further).status_code == 404
    token = {"form_token": browser_token(stranger)}
    for act in ("page", "evidence", "addresses"):
        assert stranger.post(f"{path}/{act}", data={"revision": "0", **token}).status_code == 404


def browser_token(someone: Any) -> str:
    return str(forms(someone.get("/home").text)["/sign-out"]["form_token"])


def test_the_page_offers_every_file_and_says_what_for(badge: Awarded, house: House, browser: Any) -> None:
    earner, path = browser(badge.who.person_id), f"/badges/{badge.slug}/mine"
    page = earner.get(path).text
    kept = house.db.read_now(lambda conn: conn.execute(select(ISSUE.c.document, ISSUE.c.jwt)).one())
    for name, start in (("badge.png", b"\x89PNG"), ("badge.svg", b"<"), ("credential.json", kept.document[:40])):
        assert f'href="{path}/{name}"' in page
        answer = earner.get(f"{path}/{name}")
        assert (answer.content.startswith(start), answer.headers["cache-control"]) == (True, "private, no-store")
    assert earner.get(f"{path}/credential.jwt").text == kept.jwt
    assert earner.get(f"{path}/qr.svg").content.startswith(b"<svg")
    assert "linkedin.com/profile/add?startTask=CERTIFICATION_NAME" in page
    assert "&lt;a href=&#34;http://testserver/badges/" in page
    assert ("The badge was awarded." in page, "when its page is next opened" in page) == (True, True)
    assert earner.get(f"{path}/nothing.txt").status_code == 404


def test_the_page_takes_as_many_statements_however_much_is_in_it(badge: Awarded, house: House, browser: Any) -> None:
    earner = browser(badge.who.person_id)
    earner.get(f"/badges/{badge.slug}/mine")
    with statements(house.db) as count:
        earner.get(f"/badges/{badge.slug}/mine")
    assert count.number <= 9


def test_choices_hold_at_once_and_a_page_taken_down_keeps_its_files_for_the_earner(
    badge: Awarded, house: House, browser: Any
) -> None:
    earner, guest, path = browser(badge.who.person_id), browser(), f"/badges/{badge.slug}/mine"
    assert "Amara Okonkwo" in guest.get(f"/badges/{badge.slug}").text
    answer = earner.submit(path, f"{path}/page", holder="initials", listed="1")
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    after = guest.get(f"/badges/{badge.slug}")
    assert ("A. O." in after.text, "Amara" in after.text, "x-robots-tag" in after.headers) == (True, False, False)
    assert earner.submit(path, f"{path}/page", shown=None, listed=None).status_code == 303
    assert guest.get(f"/badges/{badge.slug}").status_code == 410
    assert earner.get(f"{path}/badge.png").status_code == 200
    assert "You took the public page down" in earner.get(path).text
    assert [act for act, _ in _acts(house)] == ["award.choose", "award.choose"]


def test_a_form_from_before_another_choice_changes_nothing(badge: Awarded, house: House) -> None:
    me = _me(badge)
    chosen: dict[str, Any] = {"holder": HolderShown.INITIALS, "listed": False, "shown": True}
    house.db.write_now(choosing.choose_page, me, badge.slug, 0, **chosen)
    with pytest.raises(ChangedMeanwhile):
        house.db.write_now(choosing.choose_page, me, badge.slug, 0, **chosen)
    for act in (choosing.choose_evidence, choosing.choose_addresses):
        with pytest.raises(ChangedMeanwhile):
            house.db.write_now(act, me, badge.slug, 0, [DIGEST])
    assert house.db.read_now(own_award, me, badge.slug, 1).record.revision == 1


def test_of_many_choices_at_once_one_counts(badge: Awarded, house: House) -> None:
    me, ready, outcomes = _me(badge), threading.Barrier(6), []

    def go() -> None:
        ready.wait()
        try:
            house.db.write_now(choosing.choose_evidence, me, badge.slug, 0, [DIGEST])
        except ChangedMeanwhile:
            outcomes.append("late")
        else:
            outcomes.append("kept")

    threads = [threading.Thread(target=go) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(outcomes), _number(house)) == (["kept"] + ["late"] * 5, 2)


def test_evidence_is_shared_by_choice_signed_into_the_badge_and_gone_when_that_ends(
    badge: Awarded, house: House, browser: Any
) -> None:
    earner, guest, path = browser(badge.who.person_id), browser(), f"/badges/{badge.slug}/mine"
    public = f"/badges/{badge.slug}/evidence/{DIGEST}"
    assert guest.get(public).status_code == 404
    assert earner.submit(path, f"{path}/evidence", shared=DIGEST).status_code == 303
    piece = guest.get(public)
    assert (piece.text, piece.headers["content-type"]) == (TEXT, "text/plain; charset=utf-8")
    assert piece.headers["content-disposition"].startswith(f'attachment; filename="evidence-{DIGEST[:12]}.txt"')
    assert (piece.headers["x-robots-tag"], "sandbox" in piece.headers["content-security-policy"]) == ("noindex", True)
    assert f'href="{public}"' in guest.get(f"/badges/{badge.slug}").text
    assert _number(house) == 2
    sweep(house)
    assert _ids(house, badge) == [f"http://testserver{public}"]
    assert earner.submit(path, f"{path}/evidence", shared=None).status_code == 303
    assert guest.get(public).status_code == 410
    assert public not in guest.get(f"/badges/{badge.slug}").text
    sweep(house)
    assert (_ids(house, badge), _number(house)) == ([], 3)
    history = earner.get(path).text
    assert (choosing.SHARES in history, choosing.SHARES_LESS in history) == (True, True)
    assert earner.submit(path, f"{path}/evidence", shared=DIGEST).status_code == 303
    assert guest.get(public).status_code == 200


def _ids(house: House, badge: Awarded) -> list[str]:
    wanted = select(ISSUE.c.document).where(ISSUE.c.award_id == badge.award_id).order_by(ISSUE.c.number.desc())
    document = json.loads(house.db.read_now(lambda conn: conn.execute(wanted.limit(1)).scalar_one()))
    return [piece["id"] for piece in document["evidence"] if "id" in piece]


def test_only_ones_own_evidence_of_this_badge_can_be_shared(badge: Awarded, house: House) -> None:
    assert house.db.write_now(choosing.choose_evidence, _me(badge), badge.slug, 0, ["ab" * 32, "0" * 63]) is False
    assert (_number(house), house.db.read_now(lambda conn: conn.execute(SHARED.select()).all())) == (1, [])


def test_shared_evidence_goes_with_the_page_the_badge_and_its_period(badge: Awarded, house: House) -> None:
    me = _me(badge)
    house.db.write_now(choosing.choose_evidence, me, badge.slug, 0, [DIGEST])
    assert house.db.read_now(shared_piece, make.visitor(), badge.slug, DIGEST).content == TEXT.encode()
    house.db.write_now(choosing.choose_page, me, badge.slug, 1, holder=HolderShown.NAME, listed=False, shown=False)
    with pytest.raises(Gone, match="chose not to show"):
        house.db.read_now(shared_piece, make.visitor(), badge.slug, DIGEST)
    house.db.write_now(choosing.choose_page, me, badge.slug, 2, holder=HolderShown.NAME, listed=False, shown=True)
    house.db.write_now(Connection.execute, update(AWARD).values(withdrawn_at=NOW.real))
    with pytest.raises(Gone, match="withdrew"):
        house.db.read_now(shared_piece, make.visitor(), badge.slug, DIGEST)
    with pytest.raises(Gone):
        house.db.write_now(choosing.choose_evidence, me, badge.slug, 3, [])


def test_a_shared_file_is_given_byte_for_byte_and_never_shown(badge: Awarded, house: House, browser: Any) -> None:
    kept = house.store.keep_bytes(b"<script>alert(1)</script>")
    house.db.write_now(_share_file, badge, kept.sha256, kept.size)
    answer = browser().get(f"/badges/{badge.slug}/evidence/{kept.sha256}")
    assert (answer.status_code, answer.content) == (200, b"<script>alert(1)</script>")
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="evidence-{kept.sha256[:12]}.html"')
    assert ("Amara" in str(answer.headers), "sandbox" in answer.headers["content-security-policy"]) == (False, True)
    assert answer.headers["x-content-type-options"] == "nosniff"


def _share_file(conn: Connection, badge: Awarded, sha256: str, size: int) -> None:
    file = Evidence(
        id=new_id(),
        submission_id="",
        requirement_id=badge.who.course.texts[0],
        position=1,
        kind=RequirementKind.FILES,
        file_name="Amara Okonkwo.html",
        media_type="text/html",
        size=size,
        sha256=sha256,
        saved_at=NOW.real,
    )
    make.submission(conn, badge.who.course, badge.who.enrolment_id, attempt=2, more=[file])
    add(conn, SharedEvidence(award_id=badge.award_id, sha256=sha256, shared_at=NOW.real))


def test_a_badge_is_made_out_to_ones_own_further_addresses(badge: Awarded, house: House, browser: Any) -> None:
    for address, person in (("amara@work.example", badge.who.person_id), ("b@work.example", None)):
        who = person or house.db.write_now(make.person, "Bob")
        row = EmailAddress(address=address, person_id=who, is_primary=False, verified_at=NOW.real)
        house.db.write_now(add, row)
    me = _me(badge)
    wanted = ["amara@work.example", "b@work.example"]
    assert house.db.write_now(choosing.choose_addresses, me, badge.slug, 0, wanted) is True
    chosen = house.db.read_now(lambda conn: conn.execute(select(ADDRESS.c.address)).scalars().all())
    assert (chosen, _number(house)) == (["amara@work.example"], 2)
    sweep(house)
    said = json.loads(of_newest(house, badge))["credentialSubject"]["identifier"]
    assert len(said) == 2
    assert "work.example" not in browser().get(f"/badges/{badge.slug}").text


def of_newest(house: House, badge: Awarded) -> bytes:
    wanted = select(ISSUE.c.document).where(ISSUE.c.award_id == badge.award_id).order_by(ISSUE.c.number.desc())
    return bytes(house.db.read_now(lambda conn: conn.execute(wanted.limit(1)).scalar_one()))


def test_the_linkedin_form_is_filled_in_whole() -> None:
    given: dict[str, Any] = {"name": "R&D + more", "issued": date(2026, 11, 6), "address": "https://x.example/badges/a"}
    link = add_to_linkedin(organisation="Test Institute", ends=date(2029, 1, 31), number="a", **given)
    assert {key: value for key, (value,) in parse_qs(urlsplit(link).query).items()} == {
        "startTask": "CERTIFICATION_NAME",
        "name": "R&D + more",
        "organizationName": "Test Institute",
        "issueYear": "2026",
        "issueMonth": "11",
        "expirationYear": "2029",
        "expirationMonth": "1",
        "certUrl": "https://x.example/badges/a",
        "certId": "a",
    }
    without = parse_qs(urlsplit(add_to_linkedin(organisation="1337", ends=None, number="a", **given)).query)
    assert (without["organizationId"], {"organizationName", "expirationYear"} & without.keys()) == (["1337"], set())


def test_the_snippet_holds_no_tag_of_a_name() -> None:
    assert snippet("https://x.example/badges/a", '"><script>', "B & C").count("<") == 3
