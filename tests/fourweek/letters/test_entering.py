"""A name that documents cannot print is refused where it is entered, beside its field."""

import pytest
from pydantic import ValidationError
from sqlalchemy import Connection, select

from courses.cohorts.fields import Typed
from courses.cohorts.rows import read_instructors
from courses.packages.fields import Document, Fields
from courses.packages.lines import TomlLines
from fourweek.accounts.access import PERSON
from fourweek.accounts.service import add_person
from fourweek.clock import real_time
from fourweek.errors import Invalid
from fourweek.settings import Settings

SAID = "Transcripts cannot print ❦ (U+2766): write this with other letters."


def add(conn: Connection, name: str) -> str:
    return add_person(conn, address="ada@example.org", legal_name=name, password_hash=None, zone="UTC", now=real_time())


def test_people_are_not_added_under_a_name_that_cannot_be_printed(conn: Connection) -> None:
    with pytest.raises(Invalid) as caught:
        add(conn, "Ada ❦")
    assert caught.value.fields == {"name": SAID}


def test_names_are_kept_composed_and_without_hidden_signs(conn: Connection) -> None:
    person = add(conn, "Zoe\u0308  \u202eKim")
    kept = select(PERSON.c.legal_name, PERSON.c.display_name).where(PERSON.c.id == person)
    assert conn.execute(kept).one() == ("Zoë Kim", "Zoë Kim")


def test_settings_of_the_institution_are_printable() -> None:
    approval = {"body": "Board", "number": "1", "statement": "Approved ❦"}
    for name, value in (("institution", "Harbour ❦"), ("registrar_name", "❦"), ("approvals", [approval])):
        with pytest.raises(ValidationError, match=rf"FOURWEEK_{name.upper()}: Transcripts cannot print ❦"):
            Settings.model_validate({name: value})
    assert Settings.model_validate({"institution": "港灣學院"}).institution == "港灣學院"


def test_names_of_instructors_are_printable() -> None:
    typed = Typed({"instructors-0-name": "Ada ❦", "instructors-0-background": ""})
    read_instructors(typed, ({},))
    assert typed.errors == {"instructors-0-name": SAID}


def test_forms_and_packages_say_it_of_what_is_printed() -> None:
    typed = Typed({"place": "Hall ❦", "note": "❦"})
    typed.words("place", "The place", 200, printed=True)
    typed.words("note", "The note", 200)
    assert typed.errors == {"place": SAID}
    document = Document("course.toml", TomlLines({}))
    fields = Fields(document, (), {"title": "Pumps ❦", "summary": "❦"})
    fields.text("title", printed=True)
    fields.text("summary")
    assert [problem.message for problem in document.problems] == [SAID]
