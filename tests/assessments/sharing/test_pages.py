"""Sharing, choosing and handing on, through the pages."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from assessments.sharing import shared_routes
from assessments.sharing.links import LINK, MOST_OPEN, VISIT
from fourweek.accounts.access import PERSON
from fourweek.accounts.models import Role
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.edge import House
from fourweek.middleware import Told
from tests import factories as make
from tests.assessments.sharing.factories import MadeDocument, document, files_of
from tests.assessments.sharing.test_links import shared
from tests.statements import statements
from tests.visits import Browser

Open = Callable[..., Browser]
UNSEEN = {"referrer-policy": "no-referrer", "x-robots-tag": "noindex", "cache-control": "no-store"}


@pytest.fixture
def alices(house: House, db: Database) -> MadeDocument:
    person_id = db.write_now(make.person, "Alice Brook")
    return db.write_now(document, person_id, at=real_time(), store=house.store)


def page_of(found: MadeDocument) -> str:
    return f"/transcript/documents/{found.number}"


def link_of(answer: Any) -> str:
    """The path of the link that is shown this once."""
    return str(answer.text.partition("http://testserver/shared/")[2].partition("<")[0].strip())


def share(learner: Browser, found: MadeDocument, **typed: str) -> Any:
    page = page_of(found)
    return learner.submit(page, f"{page}/links", **{"days": "30", "note": "The board", **typed})


def test_only_its_learner_has_the_page(alices: MadeDocument, db: Database, browser: Open) -> None:
    path = page_of(alices)
    assert browser().get(path).status_code == 303
    carol, office = db.write_now(make.person, "Carol Dunn"), db.write_now(make.with_role, Role.REGISTRAR)
    for other in (browser(carol), browser(office)):
        assert other.get(path).status_code == 404
        own = other.get("/home")
        assert own.status_code == 200
    page = browser(alices.person_id).get(path)
    for words in (f"Transcript {alices.number}", "10.0 hours, 1.0 CEU", "Valid as of its date", "Make a link"):
        assert words in page.text


def test_a_link_is_shown_once_and_gives_page_and_files(
    alices: MadeDocument, house: House, db: Database, browser: Open
) -> None:
    learner, guest = browser(alices.person_id), browser()
    token = link_of(share(learner, alices))
    assert len(token) == 32
    assert token not in learner.get(page_of(alices)).text
    page = guest.get(f"/shared/{token}")
    assert page.status_code == 200
    assert {name: page.headers[name] for name in UNSEEN} == UNSEEN
    assert (f"Transcript {alices.number}" in page.text, "Alice" in page.text) == (True, False)
    for ending, kind in (("pdf", "application/pdf"), ("csv", "text/csv; charset=utf-8"), ("json", "application/json")):
        file = guest.get(f"/shared/{token}/document.{ending}")
        assert (file.content, file.headers["content-type"]) == (files_of(alices)[ending], kind)
        assert file.headers["content-disposition"] == f'attachment; filename="transcript-{alices.number}.{ending}"'
        assert file.headers["referrer-policy"] == "no-referrer"
    assert guest.head(f"/shared/{token}").status_code == 200
    assert "Opened once, 3 files taken" in learner.get(page_of(alices)).text
    assert db.read_now(lambda conn: len(conn.execute(select(VISIT)).all())) == 4
    told = Told([str(getattr(route, "path", "")) for route in shared_routes.router.routes])
    assert told(f"/shared/{token}/document.pdf") == "/shared/…/document.pdf"


def test_unknown_ended_and_over_are_one_calm_page(alices: MadeDocument, db: Database, browser: Open) -> None:
    learner, guest = browser(alices.person_id), browser()
    ended, over = link_of(share(learner, alices)), link_of(share(learner, alices))
    ids = db.read_now(lambda conn: conn.execute(select(LINK.c.id).order_by(LINK.c.id)).scalars().all())
    learner.submit(page_of(alices), f"{page_of(alices)}/links/{ids[0]}/end")
    db.write_now(lambda conn: conn.execute(update(LINK).where(LINK.c.id == ids[1]).values(ends_at=alices.at)))
    answers, asked = [], []
    for token in (ended, over, "x" * 32, "%C3%A9", "T-2026-000001"):
        for path in (f"/shared/{token}", f"/shared/{token}/document.pdf"):
            with statements(db) as count:
                answer = guest.get(path)
            answers.append((answer.status_code, {name: answer.headers[name] for name in UNSEEN}, answer.text))
            asked.append(count.texts)
    assert answers[0][:2] == (404, UNSEEN)
    assert "This link gives nothing any more" in answers[0][2]
    assert all(answer == answers[0] for answer in answers)
    assert all(texts == asked[0] for texts in asked)


def test_a_wrong_form_keeps_what_was_typed(alices: MadeDocument, browser: Open) -> None:
    answer = share(browser(alices.person_id), alices, days="400", note="The Texas board")
    assert answer.status_code == 422
    for words in ("Choose between 1 and 366 days.", "The Texas board"):
        assert words in answer.text


def test_the_page_asks_the_same_however_many_links_there_are(alices: MadeDocument, db: Database, browser: Open) -> None:
    learner, asked = browser(alices.person_id), []
    learner.get(page_of(alices))
    for links in (1, MOST_OPEN - 1):
        for _ in range(links):
            db.write_now(shared, alices)
        with statements(db) as count:
            learner.get(page_of(alices))
        asked.append(count.number)
    assert asked[0] == asked[1] <= 5


def test_choices_hold_from_the_next_page(alices: MadeDocument, browser: Open) -> None:
    learner, path = browser(alices.person_id), page_of(alices)
    learner.submit(path, f"{path}/choices", lines="1")
    assert ('name="lines" value="1" checked' in learner.get(path).text) is True
    learner.submit(path, f"{path}/choices", lines=None)
    assert " checked" not in learner.get(path).text


def test_the_registrar_hands_on_only_with_a_word_that_the_learner_reads(
    alices: MadeDocument, db: Database, browser: Open
) -> None:
    number = db.read_now(
        lambda conn: conn.execute(select(PERSON.c.learner_number).where(PERSON.c.id == alices.person_id)).scalar_one()
    )
    path = f"/record/{number}/documents/{alices.number}"
    learner, office = browser(alices.person_id), browser(db.write_now(make.with_role, Role.REGISTRAR, "Rita Office"))
    lead = browser(db.write_now(make.with_role, Role.LEAD))
    assert [who.get(path).status_code for who in (browser(), lead, learner)] == [303, 404, 404]
    assert office.get(f"/record/{number}/documents/T-1999-000001").status_code == 404
    assert "Nothing was handed on" in learner.get("/transcript/disclosures").text
    refused = office.submit(path, path, to="", why="Asked for", file="pdf")
    assert (refused.status_code, "Say it: the learner reads it." in refused.text) == (422, True)
    assert office.submit(path, path, to="The board", why="Asked for", file="exe").status_code == 404
    given = office.submit(path, path, to="The Texas board", why="Asked for on the phone", file="pdf")
    assert given.content == files_of(alices)["pdf"]
    page = learner.get("/transcript/disclosures").text
    to, why = "To: <bdi>The Texas board</bdi>", "Why: <bdi>Asked for on the phone</bdi>"
    for words in (f"Transcript {alices.number} (PDF)", to, why, "Rita"):
        assert words in page
    assert "Texas" not in browser(db.write_now(make.person)).get("/transcript/disclosures").text
    listed = f"/record/{number}/disclosures"
    assert [who.get(listed).status_code for who in (browser(), lead, learner)] == [303, 404, 404]
    assert "To: <bdi>The Texas board</bdi>" in office.get(listed).text
    assert office.get("/record/L-0/disclosures").status_code == 404
