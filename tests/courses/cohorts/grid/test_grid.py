"""Everybody's dates: who may see them, what differs and why, and that a large class costs no more statements."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from courses.cohorts.grid.queries import PER_PAGE, grid_page
from courses.cohorts.models import Extension, Section
from courses.enrolment.access import ENROLMENT
from courses.enrolment.models import EnrolmentState
from courses.schedule.terms import Pacing
from fourweek.accounts.models import Role
from fourweek.database import add, new_id
from fourweek.edge import House
from tests import factories
from tests.statements import statements

ALL = ("", "", False)


class School:
    """A cohort of the past with Alice, who has an extension, Bert in a section of another zone, and Cora."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.made = house.db.write_now(factories.course)
        self.cohort = house.db.write_now(lambda conn: factories.cohort(conn, self.made))
        self.address = f"/staff/cohorts/{self.cohort}/dates"
        self.lead = house.db.write_now(factories.with_role, Role.LEAD, "Lara Lead")
        self.alice, self.bert, self.cora = (self.enrol(name) for name in ("Alice Brook", "Bert Brook", "Cora Ash"))
        self.section = new_id()
        house.db.write_now(self._fill)

    def enrol(self, name: str) -> str:
        person = self.house.db.write_now(factories.person, name)
        return self.house.db.write_now(factories.enrol, self.cohort, person)

    def _fill(self, conn: Connection) -> None:
        add(conn, Section(id=self.section, cohort_id=self.cohort, name="=Evenings", zone="Asia/Kolkata"))
        conn.execute(update(ENROLMENT).where(ENROLMENT.c.id == self.bert).values(section_id=self.section))
        self.extend(conn, self.alice, module_number=2, shift_days=3)

    def extend(self, conn: Connection, enrolment: str, **columns: Any) -> None:
        at: dict[str, Any] = {"granted_at": factories.BEFORE, "reason": "Ill."}
        add(conn, Extension(id=new_id(), enrolment_id=enrolment, **at | columns))

    def page(self, chosen: tuple[str, str, bool] = ALL, number: int = 1) -> Any:
        visitor = factories.visitor(self.lead, factories.START, (Role.LEAD, ""))
        return self.house.db.read_now(grid_page, visitor, self.cohort, chosen, number)


@pytest.fixture
def school(house: House) -> School:
    return School(house)


def test_the_grid_is_for_those_who_run_the_cohort(school: School, browser: Any) -> None:
    db = school.house.db
    grader = db.write_now(factories.with_role, Role.GRADER, "Greta Grader", school.cohort)
    stranger = db.write_now(factories.person)
    for path in (school.address, f"{school.address}.csv"):
        assert browser().get(path).headers["location"].startswith("/sign-in")
        assert browser(stranger).get(path).status_code == 404
        assert browser(grader).get(path).status_code == 403
        assert browser(school.lead).get(path).status_code == 200
        assert browser(school.lead).get(path.replace(school.cohort, "nowhere")).status_code == 404


def test_a_cell_says_its_dates_and_why_they_differ(school: School) -> None:
    page = school.page()
    alice, bert, cora = page.rows
    assert [row.name for row in page.rows] == ["Alice Brook", "Bert Brook", "Cora Ash"]
    assert (page.rule[1].opens, page.rule[1].due) == ("Mon 9 Nov 2026, 09:00", "Sun 15 Nov 2026, 23:59")
    assert (alice.cells[0].why, alice.cells[1].due) == ((), "Wed 18 Nov 2026, 23:59")
    assert alice.cells[1].why == ("Moved by a personal extension.",)
    assert (bert.section, bert.zone, bert.cells[0].why) == (
        "=Evenings",
        "Asia/Kolkata",
        ("The section has dates of its own.",),
    )
    assert [cell.why for cell in cora.cells] == [()] * 4


def test_filters_by_name_section_and_difference(school: School) -> None:
    def names(*chosen: Any) -> list[str]:
        page = school.page(chosen)
        assert page.found == len(page.rows)
        return [row.name for row in page.rows]

    assert names("brook", "", False) == ["Alice Brook", "Bert Brook"]
    assert names("", school.section, False) == ["Bert Brook"]
    assert names("", "none", False) == ["Alice Brook", "Cora Ash"]
    assert names("", "", True) == ["Alice Brook", "Bert Brook"]
    assert names("nobody", "", False) == []


def test_late_joiner_differs_from_the_cohort_and_own_pace_from_nobody(school: School) -> None:
    late = update(ENROLMENT).where(ENROLMENT.c.id == school.cora)
    school.house.db.write_now(lambda c: c.execute(late.values(enrolled_at=factories.START + timedelta(days=4))))
    (row,) = school.page(("cora", "", True)).rows
    assert row.cells[0].why == ("Counted from the day of joining, which was after the module opened.",)
    own = school.house.db.write_now(
        lambda c: factories.cohort(c, school.made, name="Own pace", pacing=Pacing.ENROLMENT)
    )
    school.cohort = own
    school.enrol("Dora Dale")
    assert (school.page().rule, school.page(("", "", True)).rows) == ((), ())


def test_who_withdrew_is_left_out(school: School) -> None:
    gone = update(ENROLMENT).where(ENROLMENT.c.id == school.cora).values(state=EnrolmentState.WITHDRAWN)
    school.house.db.write_now(lambda conn: conn.execute(gone))
    assert [row.name for row in school.page().rows] == ["Alice Brook", "Bert Brook"]


def test_page_shows_marks_in_words_and_empty_states(school: School, browser: Any) -> None:
    lead = browser(school.lead)
    page = lead.get(school.address).text
    assert "Differs: Moved by a personal extension." in page
    assert f"/staff/cohorts/{school.cohort}/as/{school.alice}" in page
    assert "Nobody fits" in lead.get(school.address, params={"q": "nobody"}).text
    empty = school.house.db.write_now(lambda c: factories.cohort(c, school.made, date(2026, 12, 7)))
    assert "Nobody enrolled yet" in lead.get(f"/staff/cohorts/{empty}/dates").text


def test_table_is_safe_and_says_both_clocks(school: School, browser: Any) -> None:
    answer = browser(school.lead).get(f"{school.address}.csv")
    assert answer.headers["content-disposition"] == f'attachment; filename="dates-{school.cohort}.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 12
    bert = next(row for row in rows if row["name"] == "Bert Brook")
    assert (bert["section"], bert["zone"]) == ("'=Evenings", "Asia/Kolkata")
    assert (bert["opens (UTC)"], bert["opens (local)"]) == ("2026-11-02T03:30:00Z", "2026-11-02 09:00")
    assert (bert["closes (UTC)"], bert["differs"]) == ("", "yes")
    one = list(csv.DictReader(io.StringIO(browser(school.lead).get(f"{school.address}.csv?q=alice&differs=1").text)))
    assert len(one) == 4


def test_statements_do_not_grow_with_the_class(school: School) -> None:
    counts = []
    for more in (0, 2 * PER_PAGE):
        for number in range(more):
            school.enrol(f"Zoe {number:03}")
        for chosen in (ALL, ("", "", True)):
            with statements(school.house.db) as count:
                school.page(chosen)
            counts.append(count.number)
    assert set(counts) == {5}
    assert (len(school.page().rows), len(school.page(number=3).rows)) == (PER_PAGE, 3)
