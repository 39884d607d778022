"""The list of a new school's steps, whose ticks are facts, and its first course from the template."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

from assessments.coursework import AssessmentsCoursework
from courses.first_steps.facts import facts
from courses.first_steps.template_zip import FOLDER, template_zip
from courses.packages import read_package
from fourweek.accounts.access import SignedIn, Visitor
from fourweek.accounts.models import Role
from fourweek.clock import now_at
from fourweek.database import Database
from fourweek.edge import House
from fourweek.settings import Settings
from tests import factories as make
from tests.statements import statements
from tests.visits import forms

OPERATOR = frozenset({(Role.OPERATOR, "")})


def _visitor(person_id: str) -> Visitor:
    return Visitor(now_at(make.START, 0), SignedIn(person_id, "sign-in", "Robin Reed", "UTC", OPERATOR))


def test_nothing_is_ticked_that_is_not_true(db: Database, tmp_path: Path) -> None:
    me = _visitor(db.write_now(make.person, "Robin Reed"))
    found = db.read_now(facts, me, Settings(home=tmp_path), None)
    ticks = (found.named, found.address, found.mail, found.backup, found.second_factor, found.others)
    assert not any((*ticks, found.registrars, found.course, found.cohort))
    assert found.open_steps == 9


def test_facts_are_ticked(db: Database, tmp_path: Path) -> None:
    me = _visitor(db.write_now(make.person, "Robin Reed"))
    for name in ("Rhea Reyes", "Rex Rowe"):
        db.write_now(make.with_role, Role.REGISTRAR, name)
    db.write_now(lambda conn: make.cohort(conn, make.course(conn)))
    settings = Settings(
        home=tmp_path, institution="Lakeside", base_url="https://lakeside.example", smtp_url="smtp://mail.example"
    )
    with statements(db) as counted:
        found = db.read_now(facts, me, settings, make.START)
    assert (found.open_steps, found.second_factor, counted.number) == (1, False, 1)


def test_the_page_reads_the_note_of_the_last_backup(house: House, browser: Any) -> None:
    otto = browser(house.db.write_now(make.with_role, Role.OPERATOR, "Otto Orr"))
    assert "None was made here yet" in otto.get("/what-next").text
    house.settings.backups.mkdir(parents=True)
    note = {"made_at": make.START.isoformat(), "folder": "/backups/1"}
    (house.settings.backups / "last.json").write_text(json.dumps(note))
    assert "The last one was made on Monday 2 November 2026" in otto.get("/what-next").text
    (house.settings.backups / "last.json").write_text("{")
    assert "None was made here yet" in otto.get("/what-next").text


def test_the_template_is_a_course_with_nothing_wrong() -> None:
    course, found = read_package(FOLDER)
    assert course is not None
    assert [*found, *AssessmentsCoursework().prepare(course).problems] == []
    assert len(course.modules) == 4


def test_the_first_course_begins_as_a_draft_of_the_author_once(house: House, browser: Any) -> None:
    amir = browser(house.db.write_now(make.with_role, Role.AUTHOR, "Amir Aziz"))
    form = forms(amir.get("/authoring").text)["/authoring/template"]
    first, second = (amir.post("/authoring/template", data=form) for _ in range(2))
    assert (first.status_code, first.headers["location"]) == (303, second.headers["location"])
    shown = amir.get(first.headers["location"]).text
    assert "Nothing is wrong with this package" in shown
    published = amir.submit(first.headers["location"], re.search(r'action="([^"]+/publish)"', shown)[1])  # type: ignore[index]
    assert published.headers["location"] == "/courses/useful-feedback"


def test_the_template_can_be_taken_along(house: House, browser: Any) -> None:
    amir = browser(house.db.write_now(make.with_role, Role.AUTHOR, "Amir Aziz"))
    answer = amir.get("/authoring/template.zip")
    assert (answer.status_code, answer.content) == (200, template_zip())
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        assert "course.toml" in package.namelist()
