"""People are the registrars' and operators' alone: found, given roles, disabled, and never oneself."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from fourweek.accounts.access import GRANT, PERSON, SIGN_IN
from fourweek.accounts.models import Role
from fourweek.audit.service import ROW
from fourweek.database import Database
from tests import factories as make
from tests.statements import statements
from tests.visits import forms


@dataclass(frozen=True, slots=True)
class School:
    rita: str
    ann: str
    code: str
    cohort: str


def _school(conn: Connection) -> School:
    course = make.course(conn)
    rita = make.with_role(conn, Role.REGISTRAR, "Rita Registrar")
    return School(rita, make.person(conn, "Ann Quist"), course.code, make.cohort(conn, course))


@pytest.fixture
def school(db: Database) -> School:
    return db.write_now(_school)


def test_guests_sign_in_and_others_find_nothing(db: Database, browser: Any, school: School) -> None:
    author = browser(db.write_now(make.with_role, Role.AUTHOR))
    token = forms(author.get("/notices/choices").text)["/notices/choices"]["form_token"]
    one = f"/people/{school.ann}"
    acts = (f"{one}/roles/new", f"{one}/roles/unknown/end", f"{one}/account/disable")
    for path in ("/people", one, *acts, "/audit"):
        assert browser().get(path).headers["location"] == f"/sign-in?next={path}"
        assert author.get(path).status_code == 404, path
    for path in acts:
        assert author.post(path, data={"form_token": token, "reason": "x"}).status_code == 404, path
    assert "/people" not in author.get("/home").text
    rita = browser(school.rita)
    assert [rita.get(f"/people/{path}").status_code for path in ("unknown", f"{school.ann}/account/erase")] == [
        404,
        404,
    ]


def test_a_role_is_given_for_one_course_and_ended_with_reasons(db: Database, browser: Any, school: School) -> None:
    rita, ann = browser(school.rita), browser(school.ann)
    one = f"/people/{school.ann}"
    assert ann.get("/authoring").status_code == 403
    found = rita.get("/people?q=quist").text
    assert [f'href="/people/{person}"' in found for person in (school.ann, school.rita)] == [True, False]
    typed = {"role": "author", "kind": "course", "which": school.code, "reason": ""}
    refused = rita.submit(f"{one}/roles/new", f"{one}/roles/new", **typed)
    assert (refused.status_code, "Say why" in refused.text, school.code in refused.text) == (422, True, True)
    assert rita.submit(f"{one}/roles/new", f"{one}/roles/new", **typed | {"kind": "section"}).status_code == 422
    given = rita.submit(f"{one}/roles/new", f"{one}/roles/new", **typed | {"reason": "Writes it"})
    assert given.headers["location"] == one
    assert ann.get("/authoring").status_code == 200
    assert f"Author, for the course {school.code}" in rita.get(one).text
    grant = db.read_now(lambda conn: conn.execute(select(GRANT.c.id).where(GRANT.c.person_id == school.ann)).scalar())
    end = f"{one}/roles/{grant}/end"
    assert rita.submit(end, end, reason=" ").status_code == 422
    assert rita.submit(end, end, reason="Done writing").headers["location"] == one
    assert ann.get("/authoring").status_code == 403
    log = rita.get(f"/audit?person={school.ann}").text
    assert [words in log for words in ("Gave a role", "Ended a role", "Writes it", "Done writing")] == [True] * 4


def test_several_scopes_of_a_name_are_offered_to_choose_from(db: Database, browser: Any, school: School) -> None:
    def two_more(conn: Connection) -> list[str]:
        course = make.course(conn)
        return [make.cohort(conn, course, name=f"Evening {number}") for number in (1, 2)]

    one, rita, made = f"/people/{school.ann}", browser(school.rita), db.write_now(two_more)
    typed = {"role": "grader", "kind": "cohort", "which": "evening", "reason": "Helps"}
    several = rita.submit(f"{one}/roles/new", f"{one}/roles/new", **typed)
    assert several.status_code == 422
    assert [f'value="{cohort}"' in several.text for cohort in (*made, school.cohort)] == [True, True, False]
    form = forms(several.text)[f"{one}/roles/new"] | {"scope_id": made[1]}
    assert rita.post(f"{one}/roles/new", data=form).headers["location"] == one
    held = select(GRANT.c.scope_id).where(GRANT.c.person_id == school.ann)
    assert db.read_now(lambda conn: conn.execute(held).scalars().all()) == [made[1]]


def test_nobody_decides_about_themselves(browser: Any, school: School) -> None:
    rita, one = browser(school.rita), f"/people/{school.rita}"
    assert "Give a role" not in rita.get(one).text
    token = forms(rita.get(f"/people/{school.ann}/roles/new").text)[f"/people/{school.ann}/roles/new"]["form_token"]
    role = {"form_token": token, "role": "operator", "kind": "institution", "reason": "More"}
    assert rita.post(f"{one}/roles/new", data=role).status_code == 403
    assert rita.post(f"{one}/account/disable", data=role).status_code == 403


def test_a_disabled_account_is_out_at_its_next_request(db: Database, browser: Any, school: School) -> None:
    rita, ann = browser(school.rita), browser(school.ann)
    one, act = f"/people/{school.ann}", f"/people/{school.ann}/account/disable"
    assert ann.get("/home").status_code == 200
    assert rita.submit(act, act, reason="Left the company").headers["location"] == one
    assert ann.get("/home").headers["location"] == "/sign-in?next=/home"
    left = select(SIGN_IN.c.id).where(SIGN_IN.c.person_id == school.ann)
    assert db.read_now(lambda conn: conn.execute(left).all()) == []
    assert "Give a role" not in rita.get(one).text
    back = f"{one}/account/enable"
    assert rita.submit(back, back, reason="Is back").headers["location"] == one
    acts = select(ROW.c.act, ROW.c.reason).where(ROW.c.subject_id == school.ann, ROW.c.actor_id == school.rita)
    found = db.read_now(lambda conn: conn.execute(acts.order_by(ROW.c.id)).all())
    assert found == [("person.disable", "Left the company"), ("person.enable", "Is back")]
    db.write_now(
        lambda conn: conn.execute(
            update(PERSON).where(PERSON.c.id == school.ann).values(disabled_at=make.BEFORE, merged_into_id=school.rita)
        )
    )
    assert "Enable the account" not in rita.get(one).text
    mine = browser(school.rita).get("/account/log")
    assert (mine.status_code, "Disabled an account" in mine.text) == (200, False)


def _graders(conn: Connection, many: int) -> None:
    for number in range(many):
        make.with_role(conn, Role.GRADER, f"Pat {number:03}")


def test_pages_of_people_ask_the_same_however_many_there_are(db: Database, browser: Any, school: School) -> None:
    rita, counted = browser(school.rita), []
    for many in (2, 30):
        db.write_now(_graders, many)
        rita.get("/people")
        with statements(db) as count:
            page = rita.get("/people")
            rita.get("/audit")
            rita.get(f"/people/{school.ann}")
        counted.append(count.number)
    assert (counted[0], counted[0] <= 24, "page=2" in page.text) == (counted[1], True, True)
