"""A badge in several languages: its page is kept for each, and what is signed or stored is the same in all."""

from datetime import UTC, datetime, timedelta
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from fastapi import FastAPI
from sqlalchemy import Connection, select, update

from assessments.badges import desk as desks
from assessments.badges.proof import ProofError
from assessments.badges.sentences import Sentence, say, why_of
from assessments.badges.shown import CHECK
from fourweek.accounts.access import PERSON
from fourweek.edge import House
from fourweek.language import speaking
from tests.assessments.badges.factories import Awarded, awarded
from tests.assessments.credit.factories import NOW
from tests.language.catalogues import compiled

WORDS = {
    "Valid": "Válida",
    "Passed": "Superada",
    "It was not revoked": "No fue revocada",
    "It was revoked on {when}. {why}": "{why} Revocada: {when}.",
    "An appeal was upheld.": "Se aceptó una apelación.",
    "{date}, {time} UTC": "{date}, a las {time} UTC",
}
ENGLISH, SPANISH, ARABIC = '<html lang="en">', '<html lang="es">', '<html lang="ar" dir="rtl">'
ASKS = {code: {"accept-language": code} for code in ("en", "es", "ar")}


@pytest.fixture(autouse=True)
def spanish(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spanish out of a catalogue of a few sentences, as code says them."""
    catalog = Catalog(locale="es")
    for english, words in WORDS.items():
        catalog.add(english, words)
    said = GNUTranslations(BytesIO(compiled(catalog)))
    monkeypatch.setattr("fourweek.language.catalogue", lambda code: said if code == "es" else NullTranslations())


@pytest.fixture
def badge(house: House, monkeypatch: pytest.MonkeyPatch) -> Awarded:
    """The checks look at the real clock; this badge is signed in December 2026."""
    monkeypatch.setattr(desks, "real_time", lambda: NOW.real + timedelta(days=1))
    return awarded(house, "Amara Okonkwo")


def _speaks(conn: Connection, person_id: str, code: str) -> None:
    conn.execute(update(PERSON).where(PERSON.c.id == person_id).values(language=code))


def test_a_page_is_kept_for_each_language_and_none_is_shown_in_another(
    badge: Awarded, house: House, app: FastAPI, browser: Any
) -> None:
    guest, address = browser(), f"/badges/{badge.slug}"
    spanish, english, arabic = (guest.get(address, headers=ASKS[code]) for code in ("es", "en", "ar"))
    assert (SPANISH in spanish.text, ENGLISH in english.text, ARABIC in arabic.text) == (True, True, True)
    assert ("Válida" in spanish.text, spanish.text.count("Superada"), "No fue revocada" in spanish.text) == (
        True,
        8,
        True,
    )
    assert ("Válida" in english.text, english.text.count("Passed"), "It was not revoked" in english.text) == (
        False,
        8,
        True,
    )
    assert [one.headers["content-language"] for one in (spanish, english, arabic)] == ["es", "en", "ar"]
    assert {code for _award, code in app.state.badge_desk._kept} == {"es", "en", "ar"}
    for answer, code in ((arabic, "ar"), (spanish, "es"), (english, "en")):
        assert guest.get(address, headers=ASKS[code]).content == answer.content
    steps = house.db.read_now(lambda conn: conn.execute(select(CHECK.c.report)).scalar_one())["checks"]
    assert "It was not revoked" in {step["title"] for step in steps}


def test_what_a_browser_or_a_person_chose_decides_and_others_see_theirs(
    badge: Awarded, house: House, browser: Any
) -> None:
    chosen, other, address = browser(), browser(), f"/badges/{badge.slug}"
    chosen.get("/language?to=ar")
    assert ARABIC in chosen.get(address, headers=ASKS["en"]).text
    assert ENGLISH in other.get(address, headers=ASKS["en"]).text
    house.db.write_now(_speaks, badge.who.person_id, "es")
    earner = browser(badge.who.person_id)
    assert "Válida" in earner.get(address, headers=ASKS["en"]).text
    assert "Válida" not in other.get(address, headers=ASKS["en"]).text


def test_a_kept_page_takes_the_name_that_the_institution_has_now(badge: Awarded, house: House, browser: Any) -> None:
    guest, address = browser(), f"/badges/{badge.slug}"
    guest.get(address)
    house.settings.__dict__["institution"] = "Lakeside College"
    assert "Lakeside College" in guest.get(address).text


def test_files_and_answers_for_programs_are_the_same_in_every_language(badge: Awarded, browser: Any) -> None:
    guest = browser()
    for path in ("/credential.json", "/credential.jwt", "/badge.png", "/badge.svg"):
        found = {code: guest.get(f"/badges/{badge.slug}{path}", headers=asks) for code, asks in ASKS.items()}
        assert [one.status_code for one in found.values()] == [200, 200, 200]
        assert len({one.content for one in found.values()}) == 1
        assert "accept-language" not in found["es"].headers.get("vary", "").lower()
    body = {"json": {"badge": badge.slug}}
    answers = {guest.post("/api/v1/verify", headers=asks, **body).text for asks in ASKS.values()}
    assert len(answers) == 1
    assert "The signature fits the contents" in answers.pop()


def test_a_sentence_is_english_until_it_is_said() -> None:
    at = datetime(2026, 12, 7, 9, tzinfo=UTC)
    with speaking("es"):
        said = Sentence("It was revoked on {when}. {why}", when=at, why=("An appeal was upheld.",))
        spanish = say(said)
    assert said == "It was revoked on Monday 7 December 2026, 09:00 UTC. An appeal was upheld."
    assert spanish == "Se aceptó una apelación. Revocada: Monday 7 December 2026, a las 09:00 UTC."
    assert (say(said), say("Nobody marked this."), say("")) == (said, "Nobody marked this.", "")
    with speaking("es"):
        assert say(why_of(ProofError(said))) == spanish
