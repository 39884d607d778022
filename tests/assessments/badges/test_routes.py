"""Badges through their public addresses, and the earner's list."""

import json
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from assessments.badges import desk as desks
from assessments.badges.baking import extract
from assessments.badges.keys import load_keys
from assessments.badges.queries import AWARD, ISSUE
from assessments.badges.service import award_due_badges
from assessments.credit.service import record_due_credit
from fourweek.accounts.models import Role
from fourweek.clock import real_time
from fourweek.database import Database, new_id
from fourweek.edge import House
from tests import factories as make
from tests.assessments.badges import factories as badges
from tests.assessments.badges.factories import Awarded, awarded
from tests.assessments.credit.factories import NOW
from tests.statements import statements

JSON = {"accept": "application/ld+json"}


@pytest.fixture
def badge(house: House) -> Awarded:
    return awarded(house, "Amara Okonkwo")


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks look at the real clock; these badges are signed in December 2026."""
    monkeypatch.setattr(desks, "real_time", lambda: NOW.real + timedelta(days=1))


def _withdraw(conn: Connection, award_id: str) -> None:
    conn.execute(update(AWARD).where(AWARD.c.id == award_id).values(withdrawn_at=real_time()))


def _stand_again(conn: Connection, award_id: str) -> None:
    conn.execute(update(AWARD).where(AWARD.c.id == award_id).values(withdrawn_at=None))


def _sign_anew(conn: Connection, award_id: str) -> None:
    row = conn.execute(ISSUE.select().where(ISSUE.c.award_id == award_id)).one()._asdict()
    newer = {"id": new_id(), "number": row["number"] + 1, "key_id": "key-of-a-newer-form"}
    conn.execute(ISSUE.insert().values(row | newer))


def test_anybody_sees_whose_badge_it_is_and_what_it_took(badge: Awarded, browser: Any) -> None:
    answer = browser().get(f"/badges/{badge.slug}")
    assert answer.status_code == 200
    for words in (
        "Amara Okonkwo",
        "Runs a Reliable Service",
        "Runs a service that keeps its promise.",
        "Evidence for all four weeks was judged.",
        "10.0 contact hours, 1.0 CEU",
        "Friday 6 November 2026 (UTC)",
        "Module 1: Note 1",
        "0" * 64,
        "The signature fits the contents",
        "did:web:testserver",
    ):
        assert words in answer.text
    assert answer.text.count("<td><strong>Meets</strong>") == 8
    assert answer.text.count("Passed") == 8
    assert "The service kept its promise this month." not in answer.text
    assert "@example.org" not in answer.text


def test_the_page_is_not_for_search_engines_and_says_what_it_depends_on(badge: Awarded, browser: Any) -> None:
    headers = browser().get(f"/badges/{badge.slug}").headers
    assert headers["x-robots-tag"] == "noindex"
    assert headers["vary"] == "Accept, Accept-Encoding, Accept-Language, Cookie"
    assert headers["cache-control"] == "no-cache"
    assert "set-cookie" not in headers


@pytest.mark.parametrize("media_type", ["application/vc+ld+json", "application/ld+json", "application/json"])
def test_machines_get_the_stored_bytes(badge: Awarded, browser: Any, media_type: str) -> None:
    answer = browser().get(f"/badges/{badge.slug}", headers={"accept": media_type})
    assert answer.content == badge.document
    assert answer.headers["content-type"] == media_type
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["vary"] == "Accept"


def test_the_files_are_downloaded_as_they_are_stored(badge: Awarded, browser: Any) -> None:
    guest = browser()
    file = guest.get(f"/badges/{badge.slug}/credential.json")
    assert file.content == badge.document
    assert file.headers["content-disposition"] == 'attachment; filename="badge.json"'
    picture = guest.get(f"/badges/{badge.slug}/badge.png")
    assert picture.headers["content-type"] == "image/png"
    assert extract(picture.content) == badge.document
    again = guest.get(f"/badges/{badge.slug}/badge.png", headers={"if-none-match": picture.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_unknown_address_is_not_there(badge: Awarded, browser: Any) -> None:
    guest = browser()
    for path in ("", "/credential.json", "/badge.png"):
        assert guest.get(f"/badges/{'x' * 22}{path}").status_code == 404
        assert guest.get(f"/badges/{badge.award_id}{path}").status_code == 404


def test_a_withdrawn_badge_is_gone_at_once_and_never_unknown(badge: Awarded, house: House, browser: Any) -> None:
    guest, earner = browser(), browser(badge.who.person_id)
    assert [one.get(f"/badges/{badge.slug}").status_code for one in (guest, earner)] == [200, 200]
    house.db.write_now(_withdraw, badge.award_id)
    for one in (guest, earner):
        for path in ("", "/credential.json", "/badge.png"):
            assert one.get(f"/badges/{badge.slug}{path}").status_code == 410
    answer = guest.get(f"/badges/{badge.slug}", headers=JSON)
    assert (answer.status_code, answer.json()["title"]) == (410, "This was withdrawn")
    assert "Amara" not in guest.get(f"/badges/{badge.slug}").text


ELSEWHERE = """
import sys
from sqlalchemy import text
from fourweek.database import Database
db = Database(sys.argv[1])
db.write_now(lambda conn: conn.execute(text("UPDATE award SET withdrawn_at = CURRENT_TIMESTAMP")) and None)
db.close()
"""


def test_a_badge_withdrawn_by_another_process_is_gone_at_the_next_answer(
    badge: Awarded, house: House, browser: Any
) -> None:
    guest = browser()
    assert [guest.get(f"/badges/{badge.slug}").status_code for _ in range(3)] == [200] * 3
    subprocess.run([sys.executable, "-c", ELSEWHERE, house.db.url], check=True)
    assert guest.get(f"/badges/{badge.slug}").status_code == 410
    other = Database(house.db.url)
    other.write_now(_stand_again, badge.award_id)
    other.close()
    assert guest.get(f"/badges/{badge.slug}").status_code == 200


def test_a_newer_signed_form_is_shown_at_the_next_answer(badge: Awarded, house: House, browser: Any) -> None:
    guest = browser()
    before = [guest.get(f"/badges/{badge.slug}").text for _ in range(2)]
    assert before[0] == before[1]
    house.db.write_now(_sign_anew, badge.award_id)
    after = guest.get(f"/badges/{badge.slug}").text
    assert ("key-of-a-newer-form" in before[0], "key-of-a-newer-form" in after) == (False, True)


def test_a_badge_that_is_not_signed_yet_is_there(house: House, browser: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def later(*_args: object) -> bool:
        raise RuntimeError("not now")

    monkeypatch.setattr("assessments.badges.service.issue", later)
    house.db.write_now(badges.ready)
    record_due_credit(house.db, NOW)
    assert award_due_badges(house.db, house.store, load_keys(house.settings), house.settings, NOW) == 0
    slug = house.db.read_now(lambda conn: conn.execute(AWARD.select()).one().slug)
    guest = browser()
    page = guest.get(f"/badges/{slug}")
    assert (page.status_code, "Being signed" in page.text, "Passed" in page.text) == (200, True, False)
    waiting = guest.get(f"/badges/{slug}", headers=JSON)
    assert (waiting.status_code, waiting.json()["title"]) == (503, "Very busy just now")
    monkeypatch.undo()
    badges.sweep(house)
    assert "Being signed" not in guest.get(f"/badges/{slug}").text


def test_the_kept_page_holds_nothing_of_who_asked_first(badge: Awarded, browser: Any) -> None:
    earner, guest = browser(badge.who.person_id), browser()
    assert "Sign out" in earner.get(f"/badges/{badge.slug}").text
    for _ in range(2):
        page = guest.get(f"/badges/{badge.slug}").text
        assert "Sign out" not in page
        assert "Sign in" in page
    assert "Sign out" in earner.get(f"/badges/{badge.slug}").text


def test_a_kept_page_costs_one_statement(badge: Awarded, house: House, browser: Any) -> None:
    guest = browser()
    for _ in range(2):  # the first keeps its check
        guest.get(f"/badges/{badge.slug}")
    with statements(house.db) as count:
        guest.get(f"/badges/{badge.slug}")
    assert count.number == (0 if house.db.embedded else 1)
    house.db.write_now(make.person)
    with statements(house.db) as count:
        guest.get(f"/badges/{badge.slug}")
    assert count.number == 1
    guest.get(f"/badges/{badge.slug}", headers=JSON)
    with statements(house.db) as count:
        guest.get(f"/badges/{badge.slug}", headers=JSON)
    assert count.number == (0 if house.db.embedded else 1)


def test_a_page_that_was_changed_in_the_database_says_so(badge: Awarded, house: House, browser: Any) -> None:
    forged = badge.document.replace(b"Runs a service that keeps its promise.", b"Runs a bank.")
    assert forged != badge.document
    house.db.write_now(_forge, forged)
    page = browser().get(f"/badges/{badge.slug}").text
    assert ("Altered" in page, "Something was changed after it was signed." in page) == (True, True)


def _forge(conn: Connection, document: bytes) -> None:
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("DROP TRIGGER credential_issue_no_update")
    else:
        conn.exec_driver_sql("ALTER TABLE credential_issue DISABLE TRIGGER USER")
    conn.execute(update(ISSUE).values(document=document))


def test_the_achievement_answers_people_and_machines(badge: Awarded, browser: Any) -> None:
    guest = browser()
    said = json.loads(badge.document)["credentialSubject"]["achievement"]
    path = said["id"].removeprefix("http://testserver")
    page = guest.get(path)
    assert (page.status_code, "Runs a Reliable Service" in page.text, "Amara" in page.text) == (200, True, False)
    document = guest.get(path, headers=JSON).json()
    assert {name: value for name, value in document.items() if name != "@context"} == said
    picture = guest.get(said["image"]["id"].removeprefix("http://testserver"))
    assert picture.content.startswith(b"\x89PNG")
    assert extract(picture.content) is None
    for lost in ("/achievements/nowhere", "/achievements/nowhere/picture.png"):
        assert guest.get(lost).status_code == 404


def test_my_badges_are_mine_alone(badge: Awarded, house: House, browser: Any) -> None:
    assert browser().get("/badges").headers["location"] == "/sign-in?next=/badges"
    stranger = browser(house.db.write_now(make.with_role, Role.GRADER))
    assert "No badges yet" in stranger.get("/badges").text
    page = browser(badge.who.person_id).get("/badges").text
    assert f'href="/badges/{badge.slug}/mine"' in page
    assert ("Friday 6 November 2026" in page, "Signed" in page) == (True, True)


def test_my_badges_take_as_many_statements_for_many(badge: Awarded, house: House, browser: Any) -> None:
    earner = browser(badge.who.person_id)
    earner.get("/badges")
    with statements(house.db) as count:
        earner.get("/badges")
    assert count.number == 4


def test_importing_the_routes_brings_nothing_heavy() -> None:
    heavy = ("pyld", "PIL", "cryptography", "typst", "segno", "icalendar", "obstore", "boto3", "alembic", "authlib")
    look = f"import sys, fourweek.app; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
