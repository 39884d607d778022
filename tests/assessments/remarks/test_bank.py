"""The comment bank: one's own and shared comments, and who may do what with them."""

import pytest
from sqlalchemy import Connection

from assessments.remarks.bank import (
    LONGEST,
    add_for_course,
    course_of,
    edit,
    keep_comment,
    offered,
    remove,
    share,
    words_of,
)
from assessments.remarks.models import BankComment
from assessments.remarks.pages import PAGE, bank_page
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Role
from fourweek.database import Database
from fourweek.errors import Forbidden, Invalid, NotFound
from tests import factories as make
from tests.assessments.grading.factories import NOW, School, acts, rows, school
from tests.statements import statements


def _kept(conn: Connection, made: School, text: str = "Name your source.", key: str = "criterion-0") -> str:
    return keep_comment(conn, made.grader(), made.course.course_id, key, text)


def _texts(conn: Connection, visitor: Visitor) -> list[str]:
    return [row.text for row in bank_page(conn, visitor).rows]


def test_who_grades_nowhere_has_no_bank(conn: Connection) -> None:
    made = school(conn)
    for visitor in (make.visitor(made.alice, NOW), made.registrar()):
        with pytest.raises(NotFound):
            bank_page(conn, visitor)


def test_a_comment_is_ones_own_until_a_lead_shares_it(conn: Connection) -> None:
    made = school(conn)
    kept = _kept(conn, made)
    gus, greta = made.grader(made.gus), made.grader()
    assert _kept(conn, made) == kept
    assert (_texts(conn, greta), _texts(conn, gus)) == (["Name your source."], [])
    with pytest.raises(NotFound):
        words_of(conn, gus, kept)
    with pytest.raises(Forbidden):
        share(conn, greta, kept, shared=True)
    with pytest.raises(NotFound):  # a lead does not read what is not shared
        share(conn, made.lead(), kept, shared=True)
    own = keep_comment(conn, made.lead(), made.course.course_id, "", "Well shown.")
    share(conn, made.lead(), own, shared=True)
    assert [(one.text, one.criterion) for one in offered(conn, gus, made.submission)] == [("Well shown.", "")]
    assert len(offered(conn, greta, made.submission)) == 2
    assert acts(conn, "bank_comment") == ["bank_comment.kept", "bank_comment.kept", "bank_comment.shared"]


def test_edit_is_a_new_one_and_remove_takes_it_off(conn: Connection) -> None:
    made = school(conn)
    kept, greta = _kept(conn, made), made.grader()
    edit(conn, greta, kept, "Name your sources.")
    (row,) = [row for row in rows(conn, BankComment) if row.removed_at is None]
    assert (row.text, row.criterion_key, row.id == kept) == ("Name your sources.", "criterion-0", False)
    with pytest.raises(NotFound):
        edit(conn, greta, kept, "Again.")
    remove(conn, greta, row.id)
    assert _texts(conn, greta) == []
    assert len(rows(conn, BankComment)) == 2


def test_what_is_shared_is_changed_by_its_owner_and_removed_by_a_lead_too(conn: Connection) -> None:
    made = school(conn)
    shared = keep_comment(conn, made.lead(), made.course.course_id, "", "Well shown.")
    share(conn, made.lead(), shared, shared=True)
    with pytest.raises(Forbidden):
        edit(conn, made.grader(), shared, "Mine now.")
    with pytest.raises(Forbidden):
        remove(conn, made.grader(), shared)
    other = make.visitor(make.person(conn), NOW, (Role.LEAD, made.cohort))
    remove(conn, other, shared)
    assert _texts(conn, made.grader()) == []


def test_nothing_of_another_course(conn: Connection) -> None:
    made, other = school(conn), school(conn)
    _kept(conn, made)
    assert _texts(conn, other.grader(made.greta)) == ["Name your source."]  # one's own stays one's own
    assert offered(conn, made.grader(), other.submission) == ()
    with pytest.raises(NotFound):
        add_for_course(conn, made.grader(), other.course.course_id, "Hello.")
    add_for_course(conn, made.grader(), course_of(conn, made.submission), "Hello.")
    assert len(offered(conn, made.grader(), made.submission)) == 2


@pytest.mark.parametrize("text", ["", "  ", "x" * (LONGEST + 1)])
def test_bad_texts_are_refused(conn: Connection, text: str) -> None:
    made = school(conn)
    with pytest.raises(Invalid) as caught:
        add_for_course(conn, made.grader(), made.course.course_id, text)
    assert list(caught.value.fields) == ["text"]
    assert rows(conn, BankComment) == []


def test_the_page_is_searched_and_paged(db: Database) -> None:
    made = db.write_now(school)

    def act(conn: Connection) -> None:
        for number in range(PAGE + 2):
            _kept(conn, made, f"Comment {number} of 100 %_")

    db.write_now(act)
    with statements(db) as count:
        page = db.read_now(bank_page, made.grader())
    assert (count.number, page.count, page.pages, len(page.rows)) == (3, PAGE + 2, 2, PAGE)
    assert page.rows[0].about.endswith("· Criterion 0")
    assert len(db.read_now(bank_page, made.grader(), number=99).rows) == 2
    assert [row.text for row in db.read_now(bank_page, made.grader(), words="comment 7 ").rows] == [
        "Comment 7 of 100 %_"
    ]
    assert db.read_now(bank_page, made.grader(), words="0 %_x").count == 0
    assert db.read_now(bank_page, made.grader(), course="elsewhere").count == 0
