"""Planning a cohort and looking after it, through the pages."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from courses.cohorts.models import Cohort, DeliveryMode
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.database import table
from fourweek.edge import House
from tests import factories
from tests.statements import statements
from tests.visits import Browser, forms

NEW = "/staff/cohorts/new"
FAR = date(2099, 11, 2)
MOST = 9


@pytest.fixture
def made(house: House) -> factories.MadeCourse:
    return house.db.write_now(factories.course)


@pytest.fixture
def lead(house: House, browser: Any) -> Browser:
    opened: Browser = browser(house.db.write_now(factories.with_role, Role.LEAD, "Lena Lead"))
    return opened


def _cohorts(house: House) -> list[Any]:
    return list(house.db.read_now(lambda conn: conn.execute(table(Cohort).select()).all()))


def _values(made: factories.MadeCourse, **changes: str) -> dict[str, str]:
    values = {
        "act": "preview",
        "version_id": made.version_id,
        "name": "Evenings",
        "start_date": FAR.isoformat(),
        "zone": "Europe/Berlin",
        "release_weekday": "0",
        "release_time": "09:00",
        "due_days": "6",
        "due_time": "23:59",
        "late_days": "3",
        "close_days": "",
        "capacity": "20",
        "pacing": "cohort",
        "way": "self",
        "instructors-0-name": "Ida Instructor",
        "delivery": "online",
        "mode": "self_paced",
    }
    return values | changes


def _preview(lead: Browser, made: factories.MadeCourse, **changes: str) -> Any:
    return lead.submit(NEW, NEW, **_values(made, **changes))


def _seen(page: Any) -> dict[str, str]:
    fields: dict[str, str] = forms(page.text)[NEW]
    return {name: fields[name] for name in ("form_token", "key", "seen")}


def test_cohort_pages_are_for_those_who_run_cohorts(
    house: House, browser: Any, lead: Browser, made: factories.MadeCourse
) -> None:
    cohort = house.db.write_now(lambda conn: factories.cohort(conn, made))
    other = house.db.write_now(lambda conn: factories.cohort(conn, made))
    alice, stranger = house.db.write_now(factories.person), house.db.write_now(factories.person, "Sam Stranger")
    house.db.write_now(factories.enrol, cohort, alice)
    own_grader = house.db.write_now(factories.with_role, Role.GRADER, "Greta Grader", cohort)
    other_lead = house.db.write_now(factories.with_role, Role.LEAD, "Otto Other", other)
    own_lead = house.db.write_now(factories.with_role, Role.LEAD, "Olga Own", cohort)
    page = f"/staff/cohorts/{cohort}"
    assert browser().get(page).headers["location"].startswith("/sign-in")
    expected = {
        alice: (404, 403),
        stranger: (404, 403),
        own_grader: (403, 403),
        other_lead: (404, 200),
        own_lead: (200, 200),
    }
    for person, (single, listing) in expected.items():
        visitor = browser(person)
        assert (visitor.get(page).status_code, visitor.get("/staff/cohorts").status_code) == (single, listing)
        assert visitor.get(NEW).status_code == 403
        token = forms(visitor.get("/courses").text)["/sign-out"]["form_token"]
        assert visitor.post(NEW, data=_values(made) | {"form_token": token}).status_code == 403
    assert page not in browser(other_lead).get("/staff/cohorts").text
    assert page in browser(own_lead).get("/staff/cohorts").text
    assert lead.get("/staff/cohorts/nothing").status_code == 404


def test_dates_are_shown_before_anything_is_kept(house: House, lead: Browser, made: factories.MadeCourse) -> None:
    page = _preview(lead, made)
    assert page.status_code == 200
    for words in (
        "Monday 2 November 2099, 09:00 (Europe/Berlin)",
        "Sunday 8 November 2099, 23:59 (Europe/Berlin)",
        "Wednesday 11 November 2099, 23:59 (Europe/Berlin)",
        "Monday 23 November 2099, 09:00 (Europe/Berlin)",
        "4 Week 4 in public",
        'value="Ida Instructor"',
    ):
        assert words in page.text
    assert _cohorts(house) == []


def test_create_keeps_what_was_shown_once(
    house: House, browser: Any, lead: Browser, made: factories.MadeCourse
) -> None:
    board = {"mode": "in_person", "place": " Harbour  Hall, Bergen ", "identity_check": "1"}
    values = _values(made, **board) | _seen(_preview(lead, made, **board)) | {"act": "create"}
    answers = [lead.post(NEW, data=values) for _ in range(2)]
    (row,) = _cohorts(house)
    assert [answer.headers["location"] for answer in answers] == [f"/staff/cohorts/{row.id}"] * 2
    assert (row.name, row.zone, row.start_date, row.due_days, row.capacity) == ("Evenings", "Europe/Berlin", FAR, 6, 20)
    assert (row.mode, row.place, row.identity_check) == (DeliveryMode.IN_PERSON, "Harbour Hall, Bergen", True)
    rows = house.db.read_now(lambda conn: conn.execute(table(AuditRow).select()).all())
    assert [one.act for one in rows if one.subject_id == row.id] == ["cohort.create"]
    page = lead.get(f"/staff/cohorts/{row.id}").text
    assert ("online, Harbour Hall, Bergen" in page, "Waits for an identity check" in page) == (True, True)
    joining = browser(house.db.write_now(factories.person)).get(f"/cohorts/{row.id}/enrol").text
    assert "Recorded once the registrar has noted that your identity was checked" in joining
    assert ("People of the cohort" in page, "0 of 20 places taken" in page, "Planned" in page) == (True, True, True)


def test_create_without_having_seen_the_dates_shows_them(
    house: House, lead: Browser, made: factories.MadeCourse
) -> None:
    first = lead.submit(NEW, NEW, **_values(made, act="create"))
    assert (first.status_code, "These dates follow" in first.text) == (200, True)
    changed = _values(made, act="create", due_days="5") | _seen(_preview(lead, made))
    second = lead.post(NEW, data=changed)
    assert "The dates have changed since they were shown." in second.text
    assert _cohorts(house) == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"zone": "Europe/Berlinn"}, "Did you mean one of these: Europe/Berlin"),
        ({"start_date": "2020-01-06"}, "The first module would already be open."),
        ({"version_id": "nothing"}, "Choose a published course."),
        ({"name": ""}, "The name is missing."),
        ({"mode": "in_person"}, "Say where people meet."),
        ({"mode": "by post"}, "Choose one of these."),
    ],
)
@pytest.mark.parametrize("act", ["preview", "create"])
def test_wrong_form_comes_back_with_what_was_typed(
    house: House, lead: Browser, made: factories.MadeCourse, changes: dict[str, str], says: str, act: str
) -> None:
    answer = lead.submit(NEW, NEW, **_values(made, **(changes | {"act": act, "instructors-0-name": "<b>Ida</b>"})))
    assert answer.status_code == 422
    assert says in answer.text
    assert "&lt;b&gt;Ida&lt;/b&gt;" in answer.text
    assert _cohorts(house) == []


def test_create_checks_again_what_the_dates_do_not_show(
    house: House, lead: Browser, made: factories.MadeCourse
) -> None:
    answer = lead.post(NEW, data=_values(made) | _seen(_preview(lead, made)) | {"act": "create", "capacity": "none"})
    assert answer.status_code == 422
    assert "The number of places must be a whole number from 1 to 100000." in answer.text
    assert _cohorts(house) == []


def test_list_is_paged_with_a_constant_number_of_statements(
    house: House, lead: Browser, made: factories.MadeCourse
) -> None:
    def fill(conn: Connection) -> None:
        for number in range(30):
            factories.cohort(conn, made, FAR + timedelta(days=7 * number), name=f"Group {number:02d}")

    lead.get("/staff/cohorts")
    with statements(house.db) as none:
        assert "No cohort yet" in lead.get("/staff/cohorts").text
    house.db.write_now(fill)
    with statements(house.db) as many:
        page = lead.get("/staff/cohorts").text
    assert none.number == many.number <= MOST
    assert ("Group 29" in page, "Group 05" in page, "Group 04" in page) == (True, True, False)
    assert "Group 00" in lead.get("/staff/cohorts?page=2").text
