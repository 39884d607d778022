"""Which modules are the same learning: pure rules, the registrar's decisions, and their page."""

from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from assessments.equivalence.forms import Typed, Wish, read_wish
from assessments.equivalence.pages import decisions_page, say_group
from assessments.equivalence.queries import EQUIVALENCE, decisions_of
from assessments.equivalence.rules import Decided, course_group, group_key
from assessments.equivalence.service import decide
from courses.catalogue.models import CourseVersion
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.database import table
from fourweek.edge import House
from fourweek.errors import Invalid, NotFound, SignInNeeded
from tests import factories as make
from tests.assessments.credit.factories import LATER
from tests.statements import statements

WHOLE, ALSO, ONE = Decided(1, None, "pumps"), Decided(2, None, "water@2"), Decided(1, 3, "pumps/1")


@pytest.mark.parametrize(
    ("decisions", "major", "number", "group"),
    [
        ((), 1, 2, "water/2"),
        ((WHOLE,), 1, 2, "pumps/2"),
        ((WHOLE, ALSO), 1, 2, "pumps/2"),
        ((WHOLE, ALSO), 3, 2, "water@2/2"),
        ((ALSO, WHOLE), 3, 2, "pumps/2"),
        ((WHOLE, ONE), 1, 3, "pumps/1"),
        ((WHOLE, ONE), 1, 2, "pumps/2"),
        ((ONE, WHOLE), 1, 3, "pumps/3"),
    ],
)
def test_the_newest_decision_that_reaches_a_module_holds(
    decisions: tuple[Decided, ...], major: int, number: int, group: str
) -> None:
    assert group_key(decisions, "water", major, number) == group


def test_the_group_of_a_whole_course_is_not_that_of_one_module() -> None:
    assert [course_group(one, "water", 1) for one in ((), (ONE,), (WHOLE, ONE), (ALSO,))] == [
        "water",
        "water",
        "pumps",
        "water",
    ]


def test_groups_in_words() -> None:
    assert [say_group(*one) for one in (("pumps", "water", 1), ("pumps/2", "water", 1), ("water@2", "water", 2))] == [
        "The same as pumps",
        "The same as pumps, module 2",
        "New: not what it was before",
    ]
    assert say_group("pumps@3/2", "water", 1) == "The same as pumps from version 3 on, module 2"


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        (Typed(), {"course", "other", "why"}),
        (Typed(course="a", other="b", why="c", from_major="0", module="x"), {"from_major", "module"}),
        (Typed(course="a", other="b", why="c" * 501, kind="nearly"), {"why", "kind"}),
        (Typed(course="a", other="b", why="c", other_module="2"), {"module"}),
        (Typed(course="a", kind="revised", why="c"), set()),
    ],
)
def test_what_is_wrong_with_a_form_is_said_by_field(typed: Typed, fields: set[str]) -> None:
    wish, errors = read_wish(typed)
    assert (set(errors), wish is None) == (fields, bool(fields))


def _wish(course: str, **values: str) -> Wish:
    wish, errors = read_wish(Typed(**({"course": course, "why": "The same lessons."} | values)))
    assert wish is not None, errors
    return wish


def _desk(conn: Connection) -> Visitor:
    return make.visitor(make.with_role(conn, Role.REGISTRAR), LATER, (Role.REGISTRAR, ""))


def _key(conn: Connection, code: str, number: int = 1, major: int = 1) -> str:
    return group_key(decisions_of(conn, [code])[code], code, major, number)


def test_deciding_is_for_the_registrar(conn: Connection) -> None:
    first, second = make.course(conn), make.course(conn)
    wish = _wish(first.code, other=second.code)
    with pytest.raises(SignInNeeded):
        decide(conn, make.visitor(), wish)
    lead = make.visitor(make.with_role(conn, Role.LEAD), LATER, (Role.LEAD, ""))
    with pytest.raises(NotFound):
        decide(conn, lead, wish)
    with pytest.raises(NotFound):
        decisions_page(conn, lead, 1)
    assert conn.execute(select(EQUIVALENCE)).all() == []


def test_cross_listed_courses_share_a_group_and_so_does_a_third(conn: Connection) -> None:
    desk, (one, two, three) = _desk(conn), [make.course(conn) for _ in range(3)]
    made = decide(conn, desk, _wish(two.code, other=one.code))
    decide(conn, desk, _wish(three.code, other=two.code))
    assert {_key(conn, course.code, 2) for course in (one, two, three)} == {f"{one.code}/2"}
    audit = conn.execute(select(table(AuditRow)).where(table(AuditRow).c.subject_id == made)).one()
    assert (audit.act, audit.actor_id, audit.reason) == ("equivalence.decide", desk.me.id, "The same lessons.")


def test_one_module_is_the_same_as_another_one(conn: Connection) -> None:
    desk, (one, two) = _desk(conn), [make.course(conn) for _ in range(2)]
    decide(conn, desk, _wish(two.code, module="3", other=one.code, other_module="1"))
    assert [_key(conn, two.code, number) for number in (1, 3)] == [f"{two.code}/1", f"{one.code}/1"]


def test_a_revised_version_is_new_until_it_is_said_to_be_the_same_again(conn: Connection) -> None:
    desk, course = _desk(conn), make.course(conn)
    versions = table(CourseVersion)
    conn.execute(update(versions).where(versions.c.id == course.version_id).values(major=2))
    decide(conn, desk, _wish(course.code, from_major="2", kind="revised"))
    assert [_key(conn, course.code, 1, major) for major in (1, 2)] == [f"{course.code}/1", f"{course.code}@2/1"]
    decide(conn, desk, _wish(course.code, from_major="2", other=course.code))
    assert _key(conn, course.code, 1, 2) == f"{course.code}/1"
    shown = decisions_page(conn, desk, 1)
    assert [line.says for line in shown.lines] == [f"The same as {course.code}", "New: not what it was before"]
    assert shown.window == "2 years"


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"other": "nowhere\0"}, {"other"}),
        ({"other": "TWO", "from_major": "2"}, {"from_major"}),
        ({"other": "TWO", "module": "5"}, {"module"}),
        ({"other": "TWO", "module": "1", "other_module": "5"}, {"other_module"}),
        ({"other": "ONE"}, {"course"}),
        ({"other": "ONE", "module": "1"}, {"course"}),
    ],
)
def test_what_is_not_there_or_so_already_is_refused(conn: Connection, values: dict[str, str], fields: set[str]) -> None:
    desk, codes = _desk(conn), {"ONE": make.course(conn).code, "TWO": make.course(conn).code}
    with pytest.raises(Invalid) as caught:
        decide(conn, desk, _wish(codes["ONE"], **values | {"other": codes.get(values["other"], values["other"])}))
    assert set(caught.value.fields) == fields
    with pytest.raises(Invalid):
        decide(conn, desk, _wish("nowhere", other=codes["TWO"]))


def test_the_registrar_decides_on_a_page(house: House, browser: Any) -> None:
    one, two = house.db.write_now(make.course), house.db.write_now(make.course)
    assert browser().get("/equivalence").headers["location"].startswith("/sign-in")
    stranger = browser(house.db.write_now(make.person))
    assert [stranger.get(path).status_code for path in ("/equivalence", "/equivalence/new")] == [404, 404]
    desk = browser(house.db.write_now(make.with_role, Role.REGISTRAR, "Rita Record"))
    assert "Nothing was decided yet" in desk.get("/equivalence").text
    wrong = desk.submit("/equivalence/new", "/equivalence/new", course=one.code, why="<b>Both</b> codes.", kind="same")
    assert (wrong.status_code, "Give the code of the other course." in wrong.text, "&lt;b&gt;Both" in wrong.text) == (
        422,
        True,
        True,
    )
    values = {"course": one.code, "other": two.code, "why": "Two codes.", "kind": "same"}
    assert desk.submit("/equivalence/new", "/equivalence/new", **values).headers["location"].startswith("/equivalence")
    with statements(house.db) as count:
        page = desk.get("/equivalence").text
    assert [
        words in page for words in (f"The same as {two.code}", "Two codes.", "Rita Record", "within 2 years earns")
    ] == [True] * 4
    assert count.number <= 6
