"""The page on which a cohort takes a newer version: who may, what it says, what it does."""

from typing import Any

import pytest
from sqlalchemy import Connection, delete, select

from assessments.assignments.models import Assignment, Requirement
from courses.catalogue.models import Lesson, Module
from courses.cohorts.models import Cohort
from courses.progress.models import ReadingPlace
from courses.progress.queries import reads
from courses.progress.service import mark_read
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.database import Database, add, table
from fourweek.edge import House
from fourweek.language.stored import say
from fourweek.outbox import OutboxMessage
from tests import factories as make
from tests.courses.versions.factories import change, newer
from tests.statements import statements
from tests.visits import Browser, forms

COHORT, AUDIT, OUTBOX = table(Cohort), table(AuditRow), table(OutboxMessage)
LESSON, STOPPED = table(Lesson), table(ReadingPlace)


class Class:
    """A cohort on version 1.0 with Alice in it, and Lena who leads it."""

    def __init__(self, conn: Connection) -> None:
        self.made = make.course(conn)
        self.cohort = make.cohort(conn, self.made)
        self.alice = make.person(conn)
        self.enrolment = make.enrol(conn, self.cohort, self.alice)
        self.lead = make.with_role(conn, Role.LEAD, "Lena Lead", self.cohort)

    @property
    def page(self) -> str:
        return f"/staff/cohorts/{self.cohort}/version"

    def version(self, db: Database) -> str:
        wanted = select(COHORT.c.version_id).where(COHORT.c.id == self.cohort)
        return str(db.read_now(lambda conn: conn.execute(wanted).scalar_one()))

    def moves(self, db: Database) -> list[Any]:
        wanted = select(AUDIT.c.detail).where(AUDIT.c.act == "cohort.move_version")
        return list(db.read_now(lambda conn: conn.execute(wanted).scalars().all()))


@pytest.fixture
def group(house: House) -> Class:
    return house.db.write_now(Class)


@pytest.fixture
def lena(group: Class, browser: Any) -> Browser:
    found: Browser = browser(group.lead)
    return found


def _lessons(conn: Connection, module_id: str) -> list[str]:
    wanted = select(LESSON.c.id).where(LESSON.c.module_id == module_id).order_by(LESSON.c.position)
    return list(conn.execute(wanted).scalars())


def test_only_those_who_run_the_cohort_see_its_versions(house: House, group: Class, browser: Any) -> None:
    assert browser().get(group.page).headers["location"] == f"/sign-in?next={group.page}"
    assert browser(group.alice).get(group.page).status_code == 404
    other = house.db.write_now(make.with_role, Role.LEAD, "Otto Other", "another-cohort")
    assert browser(other).get(group.page).status_code == 404
    grader = house.db.write_now(make.with_role, Role.GRADER, "Greta Grant", group.cohort)
    assert browser(grader).get(group.page).status_code == 403
    assert browser(group.lead).get(f"/staff/cohorts/{group.cohort}").text.count(f'href="{group.page}"') == 1


def test_without_a_newer_version_there_is_nothing_to_take(group: Class, lena: Browser) -> None:
    page = lena.get(group.page)
    assert (page.status_code, "No newer version" in page.text, "Version 1.0" in page.text) == (200, True, True)
    assert lena.get(f"{group.page}?to={group.made.version_id}").status_code == 404


def test_minor_version_is_one_click_and_one_audit_row(house: House, group: Class, lena: Browser) -> None:
    new = house.db.write_now(lambda conn: newer(conn, group.made))

    def read_and_stop(conn: Connection) -> None:
        first = _lessons(conn, group.made.modules[0])[0]
        mark_read(conn, group.enrolment, first, make.START)
        add(conn, ReadingPlace(enrolment_id=group.enrolment, lesson_id=first, heading="h", at=make.START))

    house.db.write_now(read_and_stop)
    assert "Wording only" in lena.get(group.page).text
    answer = lena.submit(group.page, group.page)
    assert (answer.status_code, group.version(house.db)) == (303, new.version_id)
    assert group.moves(house.db) == [{"before": "1.0", "after": "1.1"}]
    first = house.db.read_now(_lessons, new.modules[0])[0]
    assert first in house.db.read_now(reads, group.enrolment)
    stopped = house.db.read_now(lambda conn: conn.execute(select(STOPPED.c.lesson_id, STOPPED.c.heading)).one())
    assert tuple(stopped) == (first, "h")
    kinds = house.db.read_now(lambda conn: conn.execute(select(OUTBOX.c.kind)).scalars().all())
    assert "version_moved" not in kinds


def test_form_sent_twice_moves_once_and_a_stale_one_not_at_all(house: House, group: Class, lena: Browser) -> None:
    new = house.db.write_now(lambda conn: newer(conn, group.made))
    form = forms(lena.get(group.page).text)[group.page]
    assert (form["seen"], form["to"]) == (group.made.version_id, new.version_id)
    for _ in range(2):
        assert lena.post(group.page, data=form).status_code == 303
    assert len(group.moves(house.db)) == 1
    later = house.db.write_now(lambda conn: newer(conn, group.made, (1, 2)))
    stale = lena.post(group.page, data=form | {"to": later.version_id})
    assert (stale.status_code, "Somebody moved this cohort meanwhile." in stale.text) == (409, True)
    back = lena.post(group.page, data=form | {"seen": new.version_id, "to": group.made.version_id})
    assert (back.status_code, group.version(house.db)) == (404, new.version_id)


def _major(conn: Connection, group: Class) -> make.MadeCourse:
    """Version 2.0: five weeks, the first renamed, a lesson and two assignments changed, one gone."""
    new = newer(conn, group.made, (2, 0), weeks=5)
    change(conn, Module, new.modules[0], title="A better first week", counted_minutes=180)
    change(conn, Lesson, _lessons(conn, new.modules[1])[0], slug="another", title="Another lesson")
    change(conn, Requirement, new.texts[0], title="A longer report")
    gone = table(Requirement)
    conn.execute(delete(gone).where(gone.c.assignment_id == new.assignments[2]))
    assignment = table(Assignment)
    conn.execute(delete(assignment).where(assignment.c.id == new.assignments[2]))
    return new


def test_major_version_says_what_changes_for_whom_before_anything_happens(
    house: House, group: Class, lena: Browser
) -> None:
    def fill(conn: Connection) -> make.MadeCourse:
        make.submission(conn, group.made, group.enrolment, 1)
        make.submission(conn, group.made, group.enrolment, 3)
        mark_read(conn, group.enrolment, _lessons(conn, group.made.modules[1])[0], make.START)
        make.enrol(conn, group.cohort, make.person(conn, "Bob Reed"))
        return _major(conn, group)

    new = house.db.write_now(fill)
    assert "Changes structure" in lena.get(group.page).text
    page = lena.get(f"{group.page}?to={new.version_id}").text
    for words in (
        "Renamed from “Week 1 in public”.",
        "Counted time: 3 hours, was 2 hours 30 minutes.",
        "“Note 1” asks for: A longer report, Proof (was: Report, Proof).",
        "New lessons: Another lesson.",
        "Lessons that go: Secret lesson 2.0.",
        "“Note 3” is not asked for any more.",
        "The module is new.",
        "Alice Brook",
        "Has read 1 of the lessons that go.",
        "“Note 1” (Waiting for a grader) goes on as it was asked for when it was begun.",
        "“Note 3” (Waiting for a grader) is not asked for any more; what is there stays to be read.",
    ):
        assert words in page
    assert "Bob Reed" not in page
    refused = lena.submit(f"{group.page}?to={new.version_id}", group.page, confirmed="")
    assert (refused.status_code, group.version(house.db)) == (422, group.made.version_id)
    assert "Say that you have read what changes." in refused.text
    assert lena.submit(f"{group.page}?to={new.version_id}", group.page, confirmed="1").status_code == 303
    assert (group.version(house.db), group.moves(house.db)) == (new.version_id, [{"before": "1.0", "after": "2.0"}])
    wanted = select(OUTBOX.c.person_id, OUTBOX.c.data).where(OUTBOX.c.kind == "version_moved")
    (letter,) = house.db.read_now(lambda conn: conn.execute(wanted).all())
    assert (letter.person_id, say(letter.data["items"][0])) == (group.alice, "Has read 1 of the lessons that go.")


def test_shorter_version_forgets_the_dates_of_modules_that_go(house: House, group: Class, lena: Browser) -> None:
    dates = [{"number": 1, "due_on": "2026-11-10"}, {"number": 4, "due_on": "2026-12-10"}]
    house.db.write_now(lambda conn: change(conn, Cohort, group.cohort, modules=dates))
    new = house.db.write_now(lambda conn: newer(conn, group.made, (2, 0), weeks=3))
    lena.submit(f"{group.page}?to={new.version_id}", group.page, confirmed="1")
    wanted = select(COHORT.c.modules, COHORT.c.revision).where(COHORT.c.id == group.cohort)
    assert tuple(house.db.read_now(lambda conn: conn.execute(wanted).one())) == ([dates[0]], 1)
    for address in (f"/staff/cohorts/{group.cohort}", f"/cohorts/{group.cohort}"):
        assert lena.get(address).status_code == 200


def test_preview_costs_the_same_for_a_large_class(house: House, group: Class, lena: Browser) -> None:
    new = house.db.write_now(lambda conn: _major(conn, group))
    address = f"{group.page}?to={new.version_id}"

    def more(conn: Connection) -> None:
        for number in range(30):
            who = make.enrol(conn, group.cohort, make.person(conn, f"Learner {number:02d}"))
            make.submission(conn, group.made, who, 1)

    house.db.write_now(lambda conn: make.submission(conn, group.made, group.enrolment, 1))
    lena.get(address)
    with statements(house.db) as one:
        lena.get(address)
    house.db.write_now(more)
    with statements(house.db) as many:
        page = lena.get(address).text
    assert one.number == many.number <= 12
    assert ("Page 1 of 2" in page, "Learner 23" in page, "Learner 24" in page) == (True, True, False)
    assert "Learner 29" in lena.get(f"{address}&page=2").text
