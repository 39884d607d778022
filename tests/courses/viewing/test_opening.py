"""Nobody looks with another's eyes without a reason, which is kept with both people and shown on every page."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from courses.enrolment.access import ENROLMENT, places
from courses.viewing.access import look_on, open_view, why_page
from courses.viewing.opening import LASTS, ReasonNeeded
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Role
from fourweek.audit.service import ROW
from fourweek.errors import Invalid, NotFound
from tests import factories as make
from tests.courses.viewing.conftest import Looking

WHY = "Alice cannot find week 2"


def _school(conn: Connection) -> tuple[str, str, str, Visitor]:
    cohort = make.cohort(conn, make.course(conn))
    alice = make.person(conn)
    lead = make.visitor(make.person(conn, "Lena"), make.START, (Role.LEAD, cohort))
    return cohort, make.enrol(conn, cohort, alice), alice, lead


def test_a_view_needs_a_reason_which_is_kept_with_both_people(conn: Connection) -> None:
    cohort, enrolment, alice, lead = _school(conn)
    with pytest.raises(ReasonNeeded):
        look_on(conn, lead, cohort, enrolment, "now")
    for reason in (" ", "x" * 501):
        with pytest.raises(Invalid):
            open_view(conn, lead, cohort, enrolment, reason)
    open_view(conn, lead, cohort, enrolment, f" {WHY} ")
    seen = look_on(conn, lead, cohort, enrolment, "now").found
    assert seen.view is not None
    assert seen.view.reason == WHY
    row = conn.execute(select(ROW).where(ROW.c.act == "view.open")).one()
    assert (row.actor_id, row.subject_id, row.reason) == (lead.me.id, alice, WHY)


def test_a_reason_holds_for_one_learner_for_its_giver_for_an_hour(conn: Connection) -> None:
    cohort, enrolment, _, lead = _school(conn)
    open_view(conn, lead, cohort, enrolment, WHY)
    other = make.enrol(conn, make.cohort(conn, make.course(conn)), make.person(conn, "Carol"))
    there = places(conn, ENROLMENT.c.id == other)[0].cohort.id
    later = make.visitor(lead.me.id, make.START + LASTS, (Role.LEAD, ""))
    colleague = make.visitor(make.person(conn, "Gus"), make.START, (Role.LEAD, cohort))
    everywhere = make.visitor(lead.me.id, make.START, (Role.LEAD, ""))
    for who, where in ((everywhere, (there, other)), (later, (cohort, enrolment)), (colleague, (cohort, enrolment))):
        with pytest.raises(ReasonNeeded):
            look_on(conn, who, *where, "now")
    just = make.visitor(lead.me.id, make.START + LASTS - timedelta(seconds=1), (Role.LEAD, cohort))
    assert look_on(conn, just, cohort, enrolment, "now").found.cohort.id == cohort
    stranger = make.visitor(make.person(conn), make.START, (Role.LEAD, there))
    with pytest.raises(NotFound):
        open_view(conn, stranger, cohort, enrolment, WHY)


def test_the_page_asks_first_and_the_banner_says_why(looking: Looking, browser: Any) -> None:
    lead = browser(looking.house.db.write_now(make.with_role, Role.LEAD, "Nora New"))
    deep = lead.get(looking.at("now", "/modules/1"))
    assert (deep.status_code, deep.headers["location"]) == (303, looking.base)
    assert lead.get(looking.at("now"), headers={"accept": "application/json"}).status_code == 403
    assert "Look on as Alice" in lead.get(looking.base).text
    empty = lead.submit(looking.base, looking.base, reason=" ")
    assert (empty.status_code, "Say why" in empty.text) == (422, True)
    opened = lead.submit(looking.base, looking.base, reason=WHY)
    assert opened.headers["location"] == looking.at("now")
    for rest in ("", "/modules/1", "/announcements", "/search?q=a"):
        page = lead.get(looking.at("now", rest)).text
        assert [words in page for words in (WHY, "You look on as Alice", "Back to")] == [True] * 3
    mine = browser(looking.school.alice).get("/account/log").text
    assert "Looked at a cohort with a learner" in mine
    assert 'href="/account/log"' in browser(looking.school.alice).get("/account").text


def test_the_way_back_is_one_that_is_open(conn: Connection) -> None:
    cohort, enrolment, _, lead = _school(conn)
    instructor = make.visitor(make.person(conn, "Ines"), make.START, (Role.INSTRUCTOR, cohort))
    for who, back in ((lead, "staff-cohort"), (instructor, "")):
        assert why_page(conn, who, cohort, enrolment).back == back
        open_view(conn, who, cohort, enrolment, WHY)
        view = look_on(conn, who, cohort, enrolment, "now").found.view
        assert view is not None
        assert view.back == back
