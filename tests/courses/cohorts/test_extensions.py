"""A learner's own dates: who may grant them, what they move, what is refused."""

import threading
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from courses.cohorts.extensions.forms import ExtensionForm
from courses.cohorts.extensions.service import grant_extension
from courses.cohorts.models import Extension
from courses.enrolment.access import ENROLMENT, Place, places
from courses.enrolment.models import EnrolmentState
from fourweek.accounts.models import Person, Role
from fourweek.audit.models import AuditRow
from fourweek.clock import real_time
from fourweek.database import new_id, table
from fourweek.edge import House
from fourweek.language.stored import say
from fourweek.mail import sender
from fourweek.outbox import OutboxMessage, deliver
from fourweek.pages import Pages
from tests import factories
from tests.visits import Browser, forms

DAY = timedelta(days=1)


class School:
    """A running cohort whose week 1 opened two days ago, with one learner."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.made = house.db.write_now(factories.course)
        start = (real_time() - 2 * DAY).date()
        self.cohort = house.db.write_now(lambda c: factories.cohort(c, self.made, start, release_weekday=None))
        self.alice = house.db.write_now(factories.person)
        self.enrolment = house.db.write_now(factories.enrol, self.cohort, self.alice, real_time() - 9 * DAY)
        self.start = start
        self.address = f"/staff/cohorts/{self.cohort}/enrolments/{self.enrolment}/extension"

    def place(self) -> Place:
        return self.house.db.read_now(places, ENROLMENT.c.id == self.enrolment)[0]

    def dues(self) -> list[datetime | None]:
        return [dates.due_at for dates in self.place().all_dates(real_time())]

    def rows(self, model: Any) -> list[Any]:
        return list(self.house.db.read_now(lambda conn: conn.execute(table(model).select()).all()))

    def due(self, week: int, days: int = 0) -> datetime:
        day = self.start + timedelta(days=7 * (week - 1) + 6 + days)
        return datetime.combine(day, time(23, 59), UTC)


@pytest.fixture
def school(house: House) -> School:
    return School(house)


@pytest.fixture
def lead(school: School, browser: Any) -> Browser:
    opened: Browser = browser(school.house.db.write_now(factories.with_role, Role.LEAD, "Lena Lead"))
    return opened


def _grant(lead: Browser, school: School, **values: str) -> Any:
    """What moves is shown first, and granted from there; the first answer where something is wrong."""
    typed = {"module": "", "how": "days", "due_time": "23:59", "reason": "Ill for a week."} | values
    shown = lead.submit(school.address, school.address, **typed, act="preview")
    if shown.status_code != 200:
        return shown
    seen = forms(shown.text)[school.address]
    return lead.post(school.address, data={**seen, **typed, "seen": seen["seen"], "act": "grant"})


def test_extension_page_is_for_those_who_run_the_cohort(school: School, browser: Any, lead: Browser) -> None:
    db = school.house.db
    assert browser().get(school.address).headers["location"].startswith("/sign-in")
    grader = db.write_now(factories.with_role, Role.GRADER, "Greta Grader", school.cohort)
    for person, status in ((school.alice, 404), (db.write_now(factories.person), 404), (grader, 403)):
        visitor = browser(person)
        token = forms(visitor.get("/courses").text)["/sign-out"]["form_token"]
        assert visitor.get(school.address).status_code == status
        assert visitor.post(school.address, data={"form_token": token, "days": "7"}).status_code == status
    other = db.write_now(lambda conn: factories.cohort(conn, school.made))
    assert lead.get(school.address.replace(school.cohort, other)).status_code == 404
    assert school.rows(Extension) == []


def test_days_move_every_due_date_and_a_mail_says_so(school: School, lead: Browser) -> None:
    answer = _grant(lead, school, days="7")
    assert (answer.status_code, answer.headers["location"]) == (303, school.address)
    assert school.dues() == [school.due(week, 7) for week in (1, 2, 3, 4)]
    (row,) = school.rows(Extension)
    (audit,) = [one for one in school.rows(AuditRow) if one.act == "extension.grant"]
    assert (audit.subject_id, audit.reason, audit.detail["modules"]) == (row.id, "Ill for a week.", [1, 2, 3, 4])
    assert [(m.kind, m.person_id) for m in school.rows(OutboxMessage)] == [("extension", school.alice)]
    assert deliver(school.house.db, sender(school.house.settings, Pages((), str)), real_time()) == 1
    page = lead.get(school.address).text
    assert ("Every module: 7 days more" in page, "Ill for a week." in page) == (True, True)
    assert "Moved by a personal extension." in page


def test_the_mail_says_the_date_in_the_learners_own_zone_too(school: School, lead: Browser) -> None:
    move = update(table(Person)).where(table(Person).c.id == school.alice).values(zone="Asia/Kolkata")
    school.house.db.write_now(lambda conn: conn.execute(move))
    _grant(lead, school, module="1", days="7")
    (line,) = map(say, school.rows(OutboxMessage)[0].data["lines"])
    there = school.due(1, 8)
    assert line.startswith("Module 1: due ")
    assert f"23:59 (UTC); {there:%A} {there.day} {there:%B}, 05:29 your time (Asia/Kolkata)" in line


def test_date_moves_one_module(school: School, lead: Browser) -> None:
    later = school.due(2, 3)
    _grant(lead, school, how="date", module="2", due_on=later.date().isoformat(), due_time="12:30")
    assert school.dues() == [school.due(1), later.replace(hour=12, minute=30), school.due(3), school.due(4)]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"days": ""}, "The number of days is missing."),
        ({"days": "0"}, "Give at least one day."),
        ({"days": "-3"}, "Fewer days need the choice"),
        ({"days": "soon"}, "The number of days must be a whole number from -366 to 366."),
        ({"days": "3", "module": "9"}, "The module must be a whole number from 1 to 4."),
        ({"days": "3", "reason": " "}, "The reason is missing."),
        ({"how": "date"}, "Give a due date, a closing date or both."),
        ({"how": "date", "closes_on": "2020-01-01"}, "That moment has passed already."),
        ({"how": "date", "due_on": "2099-02-01", "closes_on": "2099-01-01"}, "It closes before work is due."),
        ({"how": "date", "closes_on": "9999-12-31", "closes_time": "23:59"}, "The year must lie between"),
        ({"how": "pause"}, "The first day is missing."),
        ({"how": "pause", "pause_first": "2020-01-01"}, "A pause begins within 366 days of today."),
        ({"days": "3", "holds_until": "2020-01-01"}, "That day has passed already, or lies years ahead."),
        ({"how": "date", "module": "1", "due_on": "tomorrow"}, "is not a date such as 2026-12-07."),
        ({"how": "date", "module": "1", "due_on": "2020-01-01"}, "That moment has passed already."),
    ],
)
def test_wrong_grant_comes_back_with_what_was_typed(
    school: School, lead: Browser, values: dict[str, str], says: str
) -> None:
    answer = _grant(lead, school, **({"reason": "A <b>reason</b>"} | values))
    assert answer.status_code == 422
    assert says in answer.text
    if "reason" not in values:
        assert "A &lt;b&gt;reason&lt;/b&gt;" in answer.text
    assert school.rows(Extension) == []


def test_earlier_date_moves_nothing_unless_chosen(school: School, lead: Browser) -> None:
    sooner = school.due(4, -2).date().isoformat()
    refused = _grant(lead, school, how="date", module="4", due_on=sooner)
    assert (refused.status_code, "That moves nothing" in refused.text) == (422, True)
    assert school.dues()[3] == school.due(4)
    assert _grant(lead, school, how="date", module="4", due_on=sooner, allow_earlier="1").status_code == 303
    assert school.dues()[3] == school.due(4, -2)


def test_somebody_who_left_gets_no_extension(school: School, lead: Browser) -> None:
    change = update(ENROLMENT).values(state=EnrolmentState.WITHDRAWN)
    school.house.db.write_now(lambda conn: conn.execute(change))
    assert _grant(lead, school, days="7").status_code == 409
    assert school.rows(Extension) == []


def test_form_sent_twice_at_once_grants_once(school: School) -> None:
    typed = ExtensionForm(key=new_id(), days="7", reason="Ill.")
    lead = school.house.db.write_now(factories.with_role, Role.LEAD, "Lena Lead")
    visitor, ready = factories.visitor(lead, real_time(), (Role.LEAD, "")), threading.Barrier(4)

    def go() -> None:
        ready.wait()
        school.house.db.write_now(grant_extension, visitor, school.cohort, school.enrolment, typed)

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(school.rows(Extension)), len(school.rows(OutboxMessage))) == (1, 1)
    assert [one.act for one in school.rows(AuditRow)].count("extension.grant") == 1
