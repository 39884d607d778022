"""Completion reports: who is in them, what they say, and that each is noted."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from assessments.credit.ledger import ENTRY
from assessments.credit.models import ReasonCode
from assessments.reports.columns import HOLDS, SHIPPED, cells, mask
from assessments.reports.pages import report_page, reports_page
from assessments.reports.queries import SENT, Asked, completions, count
from assessments.reports.service import layout_of, remove_layout, save_layout, take_out
from assessments.sharing.disclosing import disclosures_to
from fourweek.accounts.models import Role
from fourweek.audit.service import ROW
from fourweek.database import Database
from fourweek.errors import Invalid, NotFound
from fourweek.settings import ApprovalSetting, Settings
from fourweek.spreadsheets import decoded, rows_of
from tests import factories as make
from tests.assessments.credit.factories import learning, one_more, recorded, reverse_entry
from tests.assessments.reports.factories import FLORIDA, completed, licensed, registrar
from tests.factories import START
from tests.statements import statements

DAY = START.date()
PERIOD = {"first": DAY.isoformat(), "last": DAY.isoformat(), "courses": ""}
ALL, ROSTER = Asked("", DAY, DAY), Asked(FLORIDA, DAY, DAY)
BOARD = "Florida Board of Professional Engineers"
APPROVAL = ApprovalSetting(body=BOARD, number="0004321", statement="Approved.", valid_to=DAY)


def found(conn: Connection, asked: Asked = ALL, approvals: tuple[ApprovalSetting, ...] = ()) -> Any:
    return completions(conn, asked, approvals, BOARD, 1)


def test_a_completion_adds_up_what_counts(conn: Connection) -> None:
    completed(conn)
    (one,) = found(conn)
    assert (one.minutes, one.tenths, one.completed_on) == (300, 6, DAY)
    said = dict(zip(HOLDS, cells(replace(SHIPPED[0], columns=tuple(_column(key) for key in HOLDS)), one), strict=True))
    assert (said["hours"], said["ceu"], said["PDH"], said["ethics"], said["technical"]) == (
        "5.0",
        "0.6",
        "5.0",
        "1.0",
        "4.0",
    )
    assert (said["last_word"], said["completed_us"], said["place"]) == ("Brook", "11/02/2026", "Online")
    assert (said["licence"], said["provider"], said["LU"]) == ("", "", "")


def _column(key: str) -> Any:
    return replace(SHIPPED[0].columns[0], key=key)


def test_what_was_taken_back_and_what_repeats_does_not_count(conn: Connection) -> None:
    who = completed(conn)
    entry = conn.execute(select(ENTRY.c.id).where(ENTRY.c.module_number == 1)).scalar_one()
    recorded(conn, who, 3, repeat_of=entry, tenths=0, amounts=())
    reverse_entry(conn, registrar(conn), entry, ReasonCode.RECORDED_IN_ERROR.value, "Wrong.")
    (one,) = found(conn)
    assert (one.minutes, one.tenths) == (150, 3)


def test_only_completed_courses_of_the_period_and_the_codes(conn: Connection) -> None:
    who = completed(conn)
    recorded(conn, learning(conn, name="Bob Moss"), 1, at=START)  # not completed
    assert count(conn, ALL) == 1
    assert count(conn, Asked("", DAY, DAY, (who.course.code,))) == 1
    assert count(conn, Asked("", DAY, DAY, ("another",))) == 0
    later = DAY + timedelta(days=1)
    assert count(conn, Asked("", later, later)) == 0


def test_a_board_reads_only_of_those_who_agreed(conn: Connection) -> None:
    who = completed(conn)
    assert found(conn, ROSTER) == ()
    licensed(conn, who.person_id, agreed=False)
    assert found(conn, ROSTER) == ()
    licensed(conn, who.person_id, number="=0012345")
    (one,) = found(conn, ROSTER, (APPROVAL,))
    assert (one.licence, one.provider, one.course_number) == ("=0012345", "0004321", "")
    over = ApprovalSetting(body=BOARD, number="1", statement="", valid_to=date(2020, 1, 1))
    assert found(conn, ROSTER, (over,))[0].provider == ""


def test_numbers_are_masked_on_the_page_alone(conn: Connection) -> None:
    who = completed(conn)
    licensed(conn, who.person_id)
    page = report_page(conn, registrar(conn), "us-fl-roster", PERIOD, 1, Settings())
    assert (page.total, page.completed) == (1, 1)
    assert "•••345" in page.rows[0]
    assert "PE-0012345" not in str(page)
    assert (mask(""), mask("12"), mask("1234")) == ("", "•••", "•••234")


def test_taking_out_is_noted_for_everybody_in_it(conn: Connection) -> None:
    who, office = completed(conn), registrar(conn)
    licensed(conn, who.person_id)
    taken = take_out(conn, office, "us-fl-roster", PERIOD | {"to": "The board, by its portal"}, Settings())
    assert [one.licence for one in taken.completions] == ["PE-0012345"]
    note = conn.execute(select(ROW).where(ROW.c.act == SENT)).one()
    assert (note.subject_kind, note.reason, note.detail["rows"]) == ("report", "The board, by its portal", 1)
    (told,), _ = disclosures_to(conn, who.person_id, 1)
    assert (told.to, told.why) == ("The board, by its portal", "Report: Florida: electronic roster.")
    (sent,) = reports_page(conn, office, (1, 1), Settings()).sent
    assert (sent.title, sent.rows, sent.to) == ("Florida: electronic roster", 1, "The board, by its portal")


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"to": ""}, {"to"}),
        ({"to": "x" * 201}, {"to"}),
        ({"to": "B", "first": "soon"}, {"first"}),
        ({"to": "B", "last": "2020-01-01"}, {"last"}),
    ],
)
def test_what_is_wrong_is_said_and_nothing_noted(conn: Connection, values: dict[str, str], wrong: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        take_out(conn, registrar(conn), "general", PERIOD | values, Settings())
    assert refused.value.fields.keys() == wrong
    assert conn.execute(select(ROW.c.id).where(ROW.c.act == SENT)).first() is None


def test_a_layout_is_made_changed_and_removed(conn: Connection) -> None:
    office = registrar(conn)
    values = {"title": "Ours", "board": FLORIDA, "key2": "hours", "title2": " PDH ", "key1": "name"}
    layout_id = save_layout(conn, office, "", values)
    layout = layout_of(conn, layout_id)
    assert [(one.key, one.title) for one in layout.columns] == [("name", "Name"), ("hours", "PDH")]
    save_layout(conn, office, layout_id, values | {"key2": ""})
    assert len(layout_of(conn, layout_id).columns) == 1
    remove_layout(conn, office, layout_id)
    for act in (lambda: layout_of(conn, layout_id), lambda: remove_layout(conn, office, layout_id)):
        with pytest.raises(NotFound):
            act()
    for bad in ({"title": ""}, {"key1": "secret"}, {"board": "nowhere"}, {"key1": "", "key2": ""}):
        with pytest.raises(Invalid):
            save_layout(conn, office, "", values | bad)


def test_nobody_else_may(conn: Connection) -> None:
    lead = make.visitor(make.person(conn), START, (Role.LEAD, ""))
    for act in (
        lambda: reports_page(conn, lead, (1, 1), Settings()),
        lambda: report_page(conn, lead, "general", PERIOD, 1, Settings()),
        lambda: take_out(conn, lead, "general", PERIOD | {"to": "me"}, Settings()),
        lambda: save_layout(conn, lead, "", {}),
    ):
        with pytest.raises(NotFound):
            act()


def test_pages_ask_as_little_whatever_their_length(db: Database) -> None:
    def fill(conn: Connection) -> Any:
        first = completed(conn)
        for _ in range(26):
            completed(conn, one_more(conn, first))
        return registrar(conn)

    office = db.write_now(fill)
    with statements(db) as asked:
        page = db.read_now(report_page, office, "general", PERIOD, 1, Settings())
    assert (len(page.rows), page.total, asked.number) == (25, 27, 3)


def test_the_way_through_the_pages(browser: Any, db: Database) -> None:
    who = db.write_now(completed)
    db.write_now(licensed, who.person_id, number="-7")
    office = browser(db.write_now(make.with_role, Role.REGISTRAR))
    assert "/reports" in office.get("/record").text
    assert "/reports/us-fl-roster" in office.get("/reports").text
    page = f"/reports/us-fl-roster?first={DAY}&last={DAY}"
    assert "1 of 1 completion" in office.get(page).text
    assert office.get("/reports/us-fl-roster?first=x&last=y").status_code == 422
    assert office.submit(page, "/reports/us-fl-roster", to="").status_code == 422
    table = office.submit(page, "/reports/us-fl-roster", to="The board")
    assert b'"\'-7"' in table.content
    assert rows_of(decoded(table.content))[1][1][2] == "-7"
    made = office.submit("/reports/layouts/new?like=general", "/reports/layouts/new", title="Ours", key1="name")
    assert made.status_code == 303
    assert office.get(made.headers["location"]).status_code == 200
    assert browser(who.person_id).get("/reports").status_code == 404
