"""The interface for programs: open where badges are public, one's own behind a sign-in, and its errors are problems."""

import json
import re
from datetime import timedelta
from typing import Any

import anyio
import pytest
from sqlalchemy import Connection, update

from assessments.api import shapes
from assessments.api.answers import link_header
from assessments.awards.models import AwardChoice, HolderShown
from assessments.badges.queries import AWARD
from assessments.verify import judging
from fourweek.clock import real_time
from fourweek.database import add
from fourweek.edge import House
from tests import factories as make
from tests.assessments.badges.factories import Awarded, an_award, awarded
from tests.assessments.credit.factories import LATER, NOW, learning
from tests.statements import statements

PROBLEM = "application/problem+json"


@pytest.fixture
def badge(house: House, monkeypatch: pytest.MonkeyPatch) -> Awarded:
    monkeypatch.setattr(judging, "real_time", lambda: NOW.real + timedelta(days=1))
    return awarded(house, "Amara Okonkwo")


def _change(conn: Connection, award_id: str, /, **values: Any) -> None:
    conn.execute(update(AWARD).where(AWARD.c.id == award_id).values(values))


def _hide(conn: Connection, award_id: str, /, **values: Any) -> None:
    add(conn, AwardChoice(award_id=award_id, changed_at=LATER, **values))


def _problem(answer: Any, status: int) -> shapes.Problem:
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    assert (answer.headers["access-control-allow-origin"], answer.headers["cache-control"]) == ("*", "no-store")
    return shapes.Problem.model_validate(answer.json())


def test_a_badge_its_status_its_achievement_and_its_issuer(badge: Awarded, house: House, browser: Any) -> None:
    guest = browser()
    with statements(house.db) as asked:
        answer = guest.get(f"/api/v1/badges/{badge.slug}", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["access-control-allow-origin"], asked.number) == (200, "*", 1)
    found = shapes.Badge.model_validate(answer.json())
    assert (found.holder, found.standing, found.ceu) == ("Amara Okonkwo", shapes.Standing.HOLDS, "1.0")
    for link in found.links.model_dump().values():
        assert guest.get(link.removeprefix("http://testserver")).status_code == 200, link
    status = shapes.BadgeStatus.model_validate(guest.get(f"/api/v1/badges/{badge.slug}/status").json())
    assert (status.standing, status.form, status.reason) == (shapes.Standing.HOLDS, 1, "")
    stated = json.loads(badge.document)["credentialStatus"]
    assert (status.status_list, str(status.status_list_index)) == (
        stated["statusListCredential"],
        stated["statusListIndex"],
    )
    achievement = shapes.Achievement.model_validate(guest.get(found.links.achievement).json())
    assert (achievement.name, achievement.rubric != []) == (found.name, True)
    issuer = shapes.Issuer.model_validate(guest.get("/api/v1/issuer").json())
    assert issuer.id == found.issuer.id == "did:web:testserver"
    assert json.loads(badge.document)["proof"][0]["verificationMethod"] in {key.id for key in issuer.keys}
    assert "@" not in answer.text


def test_standing_and_what_is_shown_follow_at_once(badge: Awarded, house: House, browser: Any) -> None:
    guest, address = browser(), f"/api/v1/badges/{badge.slug}"
    house.db.write_now(_change, badge.award_id, valid_until=real_time() - timedelta(days=1))
    assert guest.get(address).json()["standing"] == "expired"
    house.db.write_now(_change, badge.award_id, revoked_at=LATER, revoked_why="The evidence was copied.")
    status = guest.get(f"{address}/status").json()
    assert (status["standing"], status["reason"]) == ("revoked", "The evidence was copied.")
    house.db.write_now(_hide, badge.award_id, holder=HolderShown.INITIALS)
    assert guest.get(address).json()["holder"] == "A. O."


def test_a_page_that_is_hidden_or_withdrawn_is_gone(badge: Awarded, house: House, browser: Any) -> None:
    guest, address = browser(), f"/api/v1/badges/{badge.slug}"
    house.db.write_now(_hide, badge.award_id, shown=False)
    assert "taken down" in _problem(guest.get(address), 410).title
    assert guest.get(f"{address}/status").json()["standing"] == "holds"
    house.db.write_now(_change, badge.award_id, withdrawn_at=LATER)
    for path in (address, f"{address}/status"):
        assert "withdrew" in _problem(guest.get(path), 410).detail


def test_what_is_not_there_is_a_problem(browser: Any) -> None:
    guest = browser()
    for path in ("badges/" + "2" * 22, "badges/x/status", "achievements/none", "nothing", "verify/x"):
        _problem(guest.get(f"/api/v1/{path}", headers={"accept": "text/html"}), 404)
    _problem(guest.get("/api/v1/me/badges"), 401)
    _problem(guest.get("/api/v1/verify"), 405)


def test_own_badges_are_paged_and_only_one_s_own(house: House, browser: Any) -> None:
    alice = house.db.write_now(learning, weeks=1)
    mine = house.db.write_now(an_award, alice)
    house.db.write_now(_change, mine, withdrawn_at=LATER)
    first, second = browser(alice.person_id), browser(house.db.write_now(make.person))
    assert first.get("/api/v1/me/badges").json() == {"badges": [], "page": 1, "per_page": 25, "total": 0}
    house.db.write_now(_change, mine, withdrawn_at=None)
    with statements(house.db) as asked:
        answer = first.get("/api/v1/me/badges")
    found = shapes.MyBadges.model_validate(answer.json())
    assert ([one.standing for one in found.badges], found.total) == ([shapes.Standing.BEING_SIGNED], 1)
    assert (answer.headers["cache-control"], "access-control-allow-origin" in answer.headers) == ("no-store", False)
    assert answer.headers["link"] == (
        '<http://testserver/api/v1/me/badges?page=1>; rel="first", '
        '<http://testserver/api/v1/me/badges?page=1>; rel="last"'
    )
    assert asked.number <= 4
    assert second.get("/api/v1/me/badges").json()["total"] == 0


@pytest.mark.parametrize(
    ("page", "total", "said"),
    [
        (1, 0, "first=1 last=1"),
        (1, 25, "first=1 last=1"),
        (1, 26, "first=1 next=2 last=2"),
        (2, 60, "first=1 prev=1 next=3 last=3"),
        (3, 60, "first=1 prev=2 last=3"),
        (9, 60, "first=1 last=3"),
    ],
)
def test_the_link_header_leads_to_the_pages_there_are(page: int, total: int, said: str) -> None:
    found = shapes.MyBadges(badges=[], page=page, per_page=25, total=total)
    links = link_header(found, "https://x.example/me/badges")["link"]
    assert " ".join(f"{name}={number}" for number, name in re.findall(r'page=(\d+)>; rel="(\w+)"', links)) == said


def test_verify_gives_one_verdict_with_each_check(badge: Awarded, browser: Any) -> None:
    guest = browser()
    document = json.loads(badge.document)
    for body in (
        {"json": {"badge": document, "email": "nobody@engineer.example"}},
        {"content": badge.document, "headers": {"content-type": "application/vc+ld+json"}},
        {"json": {"badge": f"http://testserver/badges/{badge.slug}"}},
    ):
        answer = guest.post("/api/v1/verify", **body)
        found = shapes.VerifyAnswer.model_validate(answer.json())
        assert (answer.status_code, found.verdict, found.ours) == (200, "valid", True)
        assert found.issuer == document["issuer"]["id"]
        assert found.badge == f"http://testserver/badges/{badge.slug}"
        assert {check.outcome.value for check in found.checks} == {"passed"}
        assert found.issued_to is (False if "email" in str(body.get("json")) else None)
        assert answer.headers["cache-control"] == "no-store"
    forged = guest.post("/api/v1/verify", json={"badge": document | {"name": "Other"}}).json()
    assert (forged["verdict"], forged["title"], forged["facts"]) == ("altered", "Altered", [])
    assert (forged["issuer"], forged["ours"]) == (None, False)
    unknown = guest.post("/api/v1/verify", json={"badge": "7K3M-9QX2-TB8W-4HZA"})
    assert (unknown.status_code, unknown.json()["verdict"]) == (200, "unknown")


def test_what_cannot_be_checked_is_a_problem(browser: Any) -> None:
    guest = browser()
    assert _problem(guest.post("/api/v1/verify", json={"badge": "hello"}), 422).fields is not None
    _problem(guest.post("/api/v1/verify", content=b"x", headers={"content-type": "text/html"}), 415)
    large = b"x" * (3 * 1024 * 1024)
    _problem(guest.post("/api/v1/verify", content=large, headers={"content-type": "image/png"}), 413)
    _problem(guest.post("/api/v1/verify", json={"badge": "x"}, headers={"origin": "https://evil.example"}), 400)


def test_a_body_that_is_not_taken_is_not_read(house: House, browser: Any) -> None:
    """Forms with files may be far larger than what is checked here, and are never held in memory."""

    async def body() -> Any:
        raise AssertionError("It was read.")

    answers: list[Any] = []

    async def send(message: Any) -> None:
        answers.append(message)

    headers = {"host": "testserver", "content-type": "multipart/form-data; boundary=x", "content-length": "100000000"}
    scope = {"type": "http", "method": "POST", "path": "/api/v1/verify", "raw_path": b"", "query_string": b""} | {
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()]
    }
    anyio.run(browser().app, scope, body, send)
    assert answers[0]["status"] == 415


def test_where_too_many_wait_one_is_told_to_come_back(
    badge: Awarded, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "MOST_WAITING", 0)
    answer = browser().post("/api/v1/verify", json={"badge": json.loads(badge.document)})
    _problem(answer, 503)
    assert answer.headers["retry-after"] == "3"


def test_the_description_is_served_to_all(browser: Any) -> None:
    answer = browser().get("/api/v1/openapi.json")
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
    assert answer.json()["openapi"] == "3.1.0"
