"""The registrar's pages about awards: finding one, what was signed and done, and the acts."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from assessments.awards.office_pages import awards_page
from assessments.awards.office_queries import Chosen, Show
from assessments.badges.queries import AWARD
from courses.schedule.words import say_date
from fourweek.accounts.access import PERSON
from fourweek.accounts.models import Role
from fourweek.accounts.service import EMAIL
from fourweek.clock import Now, real_time
from fourweek.database import Database
from fourweek.edge import House
from tests import factories as make
from tests.assessments.awards.test_revoking import row
from tests.assessments.badges.factories import awarded
from tests.assessments.status.factories import award
from tests.statements import statements

PAST = make.START.replace(year=2020)


@pytest.fixture
def regina(db: Database, browser: Any) -> Any:
    return browser(db.write_now(make.with_role, Role.REGISTRAR, "Regina Stone"))


def pages(award_id: str, number: str) -> list[str]:
    acts = [f"/awards/{award_id}/{act}" for act in ("revoke", "reinstate", "withdraw")]
    return ["/awards", f"/awards/{award_id}", *acts, f"/awards/{award_id}/forms/1/badge.json", f"/record/{number}/name"]


def learner_number(conn: Connection, award_id: str) -> str:
    wanted = select(PERSON.c.learner_number).join(AWARD, AWARD.c.person_id == PERSON.c.id)
    found: str = conn.execute(wanted.where(AWARD.c.id == award_id)).scalar_one()
    return found


def test_nobody_else_finds_anything(db: Database, browser: Any) -> None:
    award_id = db.write_now(award)
    addresses = pages(award_id, db.read_now(learner_number, award_id))
    lead = browser(db.write_now(make.with_role, Role.LEAD, "Lena Lead"))
    for address in addresses:
        assert browser().get(address).headers["location"].startswith("/sign-in"), address
        assert lead.get(address).status_code == 404, address
    home = lead.get("/home").text
    token = home.split('name="form_token" value="')[1].split('"')[0]
    sent = lead.post(f"/awards/{award_id}/revoke", data={"form_token": token, "reason": "Because."})
    assert sent.status_code == 404
    assert db.read_now(row, award_id).revoked_at is None


def test_unknown_awards_acts_and_files_are_not_found(db: Database, regina: Any) -> None:
    award_id = db.write_now(award)
    odd = ["/awards/x", f"/awards/{award_id}/praise", f"/awards/{award_id}/forms/1/badge.json"]
    odd += [f"/awards/{award_id}/forms/x/badge.json", f"/awards/{award_id}/forms/1/key.pem", "/record/nobody/name"]
    assert [regina.get(address).status_code for address in odd] == [404] * len(odd)


def test_awards_are_found_by_what_people_know_of_them(db: Database, regina: Any) -> None:
    alice, bob = db.write_now(award), db.write_now(award, "Bob Carter")
    found = db.read_now(row, alice)
    mail = db.read_now(
        lambda conn: conn.execute(select(EMAIL.c.address).where(EMAIL.c.person_id == found.person_id)).scalar_one()
    )
    known = ["alice", "BROOK reliable", mail.upper(), db.read_now(learner_number, alice), found.slug]
    known += [f"https://badges.example/badges/{found.slug}?x=1", f"/badges/{found.slug}/badge.png"]
    for words in known:
        text = regina.get("/awards", params={"q": words}).text
        assert (f"/awards/{alice}" in text, f"/awards/{bob}" in text) == (True, False), words
    assert "No such badge" in regina.get("/awards", params={"q": "alice carter"}).text


def test_awards_are_listed_by_how_they_stand(house: House, regina: Any) -> None:
    db, valid = house.db, awarded(house).award_id
    stand = {
        "valid": valid,
        "expired": awarded(house, "Eve Expired").award_id,
        "revoked": db.write_now(award, "Rita Revoked", revoked_at=PAST, revoked_why="Error."),
        "withdrawn": db.write_now(award, "Wim Withdrawn", revoked_at=PAST, withdrawn_at=PAST),
        "being-signed": db.write_now(award, "Sam Signed"),
    }
    db.write_now(
        lambda conn: conn.execute(update(AWARD).where(AWARD.c.id == stand["expired"]).values(valid_until=PAST))
    )
    for show in stand:
        text = regina.get("/awards", params={"show": show}).text
        assert [name for name, award_id in stand.items() if f"/awards/{award_id}" in text] == [show]
    everything = regina.get("/awards", params={"show": "strange"}).text
    assert all(f"/awards/{award_id}" in everything for award_id in stand.values())
    assert "5 badges." in everything


def test_a_badge_ends_here_when_its_page_says_so(house: House, regina: Any) -> None:
    """By the clock that every verifier has, also where a demonstration moved its own; the day as on its page."""
    found, real = awarded(house), real_time()
    ends = (real + timedelta(days=40)).replace(hour=7, minute=59, second=59, microsecond=0)

    def change(conn: Connection) -> None:
        said = conn.execute(select(AWARD.c.snapshot).where(AWARD.c.id == found.award_id)).scalar_one()
        changed = {"valid_until": ends, "snapshot": said | {"zone": "America/Los_Angeles"}}
        conn.execute(update(AWARD).where(AWARD.c.id == found.award_id).values(changed))

    house.db.write_now(change)
    assert say_date((ends - timedelta(days=1)).date()) in regina.get(f"/awards/{found.award_id}").text
    person_id = house.db.write_now(make.with_role, Role.REGISTRAR)
    later = replace(make.visitor(person_id, real, (Role.REGISTRAR, "")), now=Now(real, real + timedelta(days=300)))
    for show, number in ((Show.EXPIRED, 0), (Show.VALID, 1)):
        assert house.db.read_now(awards_page, later, Chosen("", show), 1, house.settings).total == number


def test_a_long_list_is_paged_and_asks_no_more(db: Database, regina: Any) -> None:
    def more(conn: Connection, number: int) -> None:
        for _ in range(number):
            award(conn)

    db.write_now(more, 2)
    regina.get("/awards")
    with statements(db) as few:
        regina.get("/awards")
    db.write_now(more, 24)
    with statements(db) as many:
        assert "Page 1 of 2" in regina.get("/awards").text
    assert few.number == many.number <= 4


def test_an_awards_page_shows_forms_and_history(house: House, regina: Any) -> None:
    found = awarded(house)
    with statements(house.db) as count:
        text = regina.get(f"/awards/{found.award_id}").text
    assert count.number <= 12
    assert "Form 1" in text
    assert "Signed: form 1" in text
    assert "Place" in text
    file = regina.get(f"/awards/{found.award_id}/forms/1/badge.json")
    assert (file.content, file.headers["cache-control"]) == (found.document, "private, no-store")
    assert file.headers["content-disposition"] == 'attachment; filename="badge-1.json"'
    for name in ("badge.jwt", "badge.png", "badge.svg"):
        assert regina.get(f"/awards/{found.award_id}/forms/1/{name}").status_code == 200, name


def test_a_badge_is_revoked_reinstated_and_withdrawn_on_its_pages(db: Database, regina: Any) -> None:
    award_id = db.write_now(award)
    page = f"/awards/{award_id}"
    refused = regina.submit(f"{page}/revoke", f"{page}/revoke", reason=" ")
    assert refused.status_code == 422
    assert "Say in a sentence why." in refused.text
    done = regina.submit(f"{page}/revoke", f"{page}/revoke", reason="Made in error.")
    assert (done.status_code, done.headers["location"]) == (303, page)
    assert db.read_now(row, award_id).revoked_why == "Made in error."
    shown = regina.get(page).text
    assert "Made in error." in shown
    assert "Regina Stone" in shown
    assert regina.get(f"{page}/revoke").status_code == 409
    regina.submit(f"{page}/reinstate", f"{page}/reinstate", reason="It was none.")
    assert db.read_now(row, award_id).revoked_at is None
    regina.submit(f"{page}/withdraw", f"{page}/withdraw", reason="Asked to be erased.")
    assert db.read_now(row, award_id).withdrawn_why == "Asked to be erased."
    last = regina.get(page).text
    assert "Withdrawn for good" in last
    assert f"{page}/revoke" not in last
