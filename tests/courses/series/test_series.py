"""Series: written by authors, read by anybody, in the order of their courses."""

from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from courses.catalogue.models import CourseVersion
from courses.enrolment.models import Enrolment, EnrolmentState
from courses.series.models import Series, SeriesCourse
from courses.series.service import publish_series
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.database import add, new_id, table
from fourweek.edge import House
from fourweek.errors import Invalid
from tests import factories
from tests.statements import statements
from tests.visits import Browser

SERIES, PART, AUDIT, ENROLMENT = table(Series), table(SeriesCourse), table(AuditRow), table(Enrolment)
NEW = "/authoring/series/new"
WORDS = {"title": "A career in pumps", "code": "pump-career", "summary": "Four steps.", "body": "Begin **here**."}


@pytest.fixture
def author(house: House, browser: Any) -> Browser:
    found: Browser = browser(house.db.write_now(factories.with_role, Role.AUTHOR, "Ada Author"))
    return found


def _courses(conn: Connection, count: int) -> list[str]:
    return [factories.course(conn, weeks=1, minutes=90, title=f"Step {n:02d}").code for n in range(1, count + 1)]


def _public(conn: Connection, count: int, code: str = "steps") -> list[factories.MadeCourse]:
    made = [factories.course(conn, weeks=1, minutes=90, title=f"{code} {n:02d}") for n in range(1, count + 1)]
    row = Series(id=new_id(), code=code, title=f"The {code}", summary="All of them.", created_at=factories.BEFORE)
    row.published_at = factories.BEFORE
    add(conn, row)
    parts = (SeriesCourse(series_id=row.id, course_id=one.course_id, position=n) for n, one in enumerate(made, 1))
    add(conn, *parts)
    return made


def _order(db: Any) -> list[str]:
    wanted = select(CourseVersion.title).join(SeriesCourse, SeriesCourse.course_id == CourseVersion.course_id)  # type: ignore[call-overload]
    return list(db.read_now(lambda conn: conn.execute(wanted.order_by(PART.c.position)).scalars().all()))


def _acts(db: Any) -> list[str]:
    wanted = select(AUDIT.c.act).where(AUDIT.c.act.like("series.%")).order_by(AUDIT.c.id)
    return list(db.read_now(lambda conn: conn.execute(wanted).scalars().all()))


def test_only_authors_write_series(house: House, browser: Any) -> None:
    for address in ("/authoring/series", NEW):
        assert browser().get(address).headers["location"] == f"/sign-in?next={address}"
        assert browser(house.db.write_now(factories.person)).get(address).status_code == 403
        lead = house.db.write_now(factories.with_role, Role.LEAD, "Lena Lead")
        assert browser(lead).get(address).status_code == 403


def test_nobody_but_authors_sees_what_is_not_public(house: House, author: Browser, browser: Any) -> None:
    author.submit(NEW, NEW, **WORDS, act="keep")
    assert browser().get("/series/pump-career").status_code == 404
    assert browser(house.db.write_now(factories.person)).get("/series/pump-career").status_code == 404
    assert "A series appears here as soon as one is published." in browser().get("/series").text
    assert "This series is not public yet" in author.get("/series/pump-career").text
    assert browser().get("/series/nothing").status_code == 404


def test_author_writes_orders_and_publishes_a_series(house: House, author: Browser, browser: Any) -> None:
    codes = house.db.write_now(_courses, 3)
    answer = author.submit(NEW, NEW, **WORDS, act="keep")
    here = "/authoring/series/pump-career"
    assert (answer.status_code, answer.headers["location"]) == (303, here)
    writer = factories.visitor(house.db.write_now(factories.person), factories.START, (Role.AUTHOR, ""))
    with pytest.raises(Invalid, match="Add at least 2 courses first"):
        house.db.write_now(publish_series, writer, "pump-career", public=True)
    for code in (codes[2], codes[0], codes[1], codes[1]):
        assert author.submit(here, f"{here}/courses", course=code, act="add").status_code == 303
    author.submit(here, f"{here}/courses", course=codes[2], act="down")
    author.submit(here, f"{here}/courses", course=codes[1], act="up")
    assert _order(house.db) == ["Step 01", "Step 02", "Step 03"]
    assert author.submit(here, f"{here}/public", act="publish").status_code == 303
    page = browser().get("/series/pump-career").text
    for words in ("A career in pumps", "3 courses, 4 hours 30 minutes in all", "<p>Begin <strong>here</strong>.</p>"):
        assert words in page
    assert "You have completed" not in page
    assert 'href="/series/pump-career">A career in pumps</a>' in browser().get(f"/courses/{codes[0]}").text
    for code, status in ((codes[0], 303), (codes[1], 422)):
        assert author.submit(here, f"{here}/courses", course=code, act="out").status_code == status
    author.submit(here, f"{here}/public", act="unpublish")
    assert browser().get("/series/pump-career").status_code == 404
    orders = ["series.order"] * 5
    assert _acts(house.db) == ["series.create", *orders, "series.publish", "series.order", "series.unpublish"]


def test_what_is_wrong_is_said_beside_its_field(house: House, author: Browser) -> None:
    wrong = {"title": "", "code": "No Code", "summary": "x" * 501, "body": "<script>"}
    answer = author.submit(NEW, NEW, **wrong, act="keep")
    assert answer.status_code == 422
    for words in ("Give it a title.", "Use 2 to 60 small letters", "The summary has 501 characters", "&lt;script&gt;"):
        assert words in answer.text
    author.submit(NEW, NEW, **WORDS, act="keep")
    again = author.submit(NEW, NEW, **WORDS, act="keep")
    assert (again.status_code, "Another series has this code." in again.text) == (422, True)
    shown = author.submit(NEW, NEW, **WORDS, act="preview")
    assert (shown.status_code, "<strong>here</strong>" in shown.text) == (200, True)
    assert _acts(house.db) == ["series.create"]


def test_two_authors_never_overwrite_each_other(house: House, author: Browser) -> None:
    author.submit(NEW, NEW, **WORDS, act="keep")
    here = "/authoring/series/pump-career"
    author.get(here)
    house.db.write_now(lambda conn: conn.execute(update(SERIES).values(summary="By somebody else.")))
    answer = author.submit(here, here, **WORDS | {"summary": "Mine.", "seen": "0" * 16}, act="keep")
    assert (answer.status_code, "Somebody changed this series meanwhile." in answer.text) == (422, True)
    assert 'value="Mine."' in answer.text
    assert author.submit(here, here, **WORDS | {"summary": "Mine."}, act="keep").status_code == 303
    assert "Mine." in author.get("/series/pump-career").text


def test_learner_sees_what_is_completed(house: House, browser: Any) -> None:
    def fill(conn: Connection) -> str:
        made = _public(conn, 3)
        alice, bob = factories.person(conn), factories.person(conn, "Bob Reed")
        for who, one in ((alice, made[1]), (bob, made[0])):
            row = factories.enrol(conn, factories.cohort(conn, one), who)
            conn.execute(update(ENROLMENT).where(ENROLMENT.c.id == row).values(state=EnrolmentState.COMPLETED))
        factories.enrol(conn, factories.cohort(conn, made[2]), alice)
        return alice

    page = browser(house.db.write_now(fill)).get("/series/steps").text
    assert "You have completed 1 of 3 courses." in page
    assert page.count("Completed</span>") == 1


def test_pages_cost_the_same_for_many(house: House, author: Browser, browser: Any) -> None:
    guest = browser()
    house.db.write_now(_public, 1, "one")
    house.db.write_now(_public, 25, "many")
    for few, many in (("/series/one", "/series/many"), ("/authoring/series/one", "/authoring/series/many")):
        visitor = author if few.startswith("/authoring") else guest
        visitor.get(few)
        with statements(house.db) as first:
            visitor.get(few)
        with statements(house.db) as second:
            assert visitor.get(many).status_code == 200
        assert first.number == second.number <= 5
    for number in range(30):
        house.db.write_now(_public, 1, f"more-{number}")
    with statements(house.db) as count:
        page = guest.get("/series").text
    assert (count.number <= 2, "Page 1 of 2" in page) == (True, True)
    assert "Page 1 of 2" in author.get("/authoring/series").text
