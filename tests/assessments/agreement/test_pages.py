"""The pages of figures: who may open them, what they say, and that they cost the same whatever lies beneath."""

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from assessments.agreement.chart import chart
from assessments.agreement.figures import Figure
from assessments.agreement.service import report_agreement
from assessments.appeals.models import Appeal, AppealState
from fourweek.accounts.models import Role
from fourweek.accounts.service import grant
from fourweek.clock import Now, real_time
from fourweek.database import add, new_id
from fourweek.edge import House
from tests import factories as make
from tests.assessments.agreement.school import promise, several
from tests.assessments.grading.factories import School, school, waiting
from tests.statements import statements

INDEX = "/grading/agreement"


def _answered(conn: Connection) -> tuple[School, str]:
    """A school with works rated twice, one answered in time and one late, and one appeal of two upheld."""
    made = school(conn)
    several(conn, made, [((1, 1), (1, 0))] * 6 + [((0, 2), (0, 2))] * 5)
    other = waiting(conn, made, 1)[0]
    for submission, days, state in ((made.submission, 1, AppealState.UPHELD), (other, 8, AppealState.UNCHANGED)):
        promise(conn, submission, make.START + timedelta(days=7))
        posted = make.START + timedelta(days=days)
        decision = make.decided(conn, made.course, submission, made.greta, posted_at=posted)
        appeal = Appeal(
            id=new_id(),
            decision_id=decision,
            submission_id=submission,
            state=state,
            opened_by=made.alice,
            opened_at=posted,
        )
        add(conn, appeal)
    return made, f"{INDEX}/{made.course.code}/note-1"


def test_pages_are_for_leads_of_the_course_alone(house: House, browser: Any) -> None:
    made, page = house.db.write_now(_answered)
    elsewhere = house.db.write_now(lambda conn: make.with_role(conn, Role.LEAD, "Otto Else", new_id()))
    everywhere = house.db.write_now(lambda conn: make.with_role(conn, Role.LEAD, "Ella Every"))
    for address in (INDEX, page):
        assert browser().get(address).status_code == 303
        assert browser(made.alice).get(address).status_code == 404
        assert browser(made.greta).get(address).status_code == 403
        assert browser(made.lena).get(address).status_code == 200
        assert browser(everywhere).get(address).status_code == 200
    assert browser(elsewhere).get(page).status_code == 404
    assert "No assignments yet" in browser(elsewhere).get(INDEX).text
    assert browser(made.lena).get(page + "x").status_code == 404


def test_figures_are_drawn_and_said(house: House, browser: Any) -> None:
    made, page = house.db.write_now(_answered)
    lena = browser(made.lena)
    before = lena.get(page).text
    assert "No figures yet" in before
    assert "agreement-chart" not in before
    real = real_time()
    report_agreement(house.db, Now(real=real, school=real))
    with statements(house.db) as count:
        text = lena.get(page).text
    assert count.number <= 7
    assert "1.00 (1.00 to 1.00)" in text
    assert re.search(r"<title[^>]*>Agreement by criterion: Note 1</title>\s*<desc[^>]*>Criterion 0: alpha 1.00", text)
    assert "Too few works to tell" in text
    assert "0.27 levels above the others" in text, "greta gave 6 of 22 levels one step more"
    assert "0.27 levels below the others" in text
    assert "0 business days" not in text
    assert "1 of 2 changed the decision" in text
    row = re.search(r"Autumn</bdi></th>.*?</tr>", text, re.DOTALL)
    assert row
    assert "1 business day, 1 in all" in row[0]
    assert "6 business days, 8 in all" in row[0]
    assert "1 of 2</td>" in row[0]
    listed = lena.get(INDEX).text
    assert f'href="{page}"' in listed
    assert "1 of 2 changed the decision" in listed


def test_index_is_paged_and_costs_the_same_whatever_its_length(house: House, browser: Any) -> None:
    made = house.db.write_now(school)
    lena = browser(made.lena)
    lena.get(INDEX)
    with statements(house.db) as few:
        lena.get(INDEX)

    def more(conn: Connection) -> None:
        for _ in range(7):
            course = make.course(conn)
            grant(conn, made.lena, Role.LEAD, scope_id=make.cohort(conn, course), now=make.BEFORE)

    house.db.write_now(more)
    with statements(house.db) as many:
        page = lena.get(INDEX).text
    assert "Page 1 of 2" in page
    assert many.number == few.number <= 6


def test_scale_of_the_picture_reaches_below_zero_and_marks_stay_inside() -> None:
    figures = [("circle", Figure(-0.31, -0.52, 0.1), "alpha"), ("square", Figure(None), "none")]
    drawn = chart("A picture", [("Method", figures)])
    assert [line.words for line in drawn.lines][:2] == ["−0.6", "−0.4"]
    assert [line.words for line in drawn.lines if line.bound] == ["0.667", ""], "0.8 is said once"
    known, unknown = drawn.rows[0].marks
    assert drawn.left < known.low < known.x < known.high < drawn.right
    assert not unknown.has_value
    assert drawn.described == "Method: alpha, none"
