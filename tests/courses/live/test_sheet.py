"""Attendance from a CSV: looked at first, taken whole or not at all, safe to send again."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, select

from courses.live.attendance.service import Sheet, fingerprint, sheet_lines, take_sheet
from courses.live.attendance.sheet import read_sheet, sheet_of
from courses.live.models import Attendance, Presence, Source
from fourweek.accounts.access import PERSON
from fourweek.audit.models import AuditRow
from fourweek.database import Database
from fourweek.errors import Invalid
from fourweek.outbox import EMAIL
from fourweek.spreadsheets import NotATable
from tests import factories as make
from tests.courses.live.school import DAY, STARTS, School, attended, session
from tests.statements import statements
from tests.visits import forms

Rows = Callable[[Any], list[Any]]


@pytest.fixture
def clinic(db: Database, school: School) -> str:
    return db.write_now(session, school)


@pytest.fixture
def numbers(db: Database, school: School) -> dict[str, str]:
    """Learner number and address of Alice and Bob."""
    wanted = select(PERSON.c.id, PERSON.c.learner_number, EMAIL.c.address).join(EMAIL, EMAIL.c.person_id == PERSON.c.id)
    found = {row.id: row for row in db.read_now(lambda conn: conn.execute(wanted).all())}
    return {"alice": found[school.alice].learner_number, "bob": found[school.bob].address}


def test_sheet_is_shown_and_then_taken(
    school: School, clinic: str, numbers: dict[str, str], browser: Any, rows: Rows
) -> None:
    teacher, address = browser(school.ines), school.staff(f"/{clinic}/attendance/sheet")
    text = f"Learner;Presence;Reason\n{numbers['alice']};Present;\n{numbers['bob'].upper()};made up;Sent notes\n"
    shown = teacher.submit(address, address, sheet=text, act="preview")
    assert (shown.status_code, rows(Attendance)) == (200, [])
    assert ("This is what it comes to: 2 to record" in shown.text, "Bob Brook" in shown.text) == (True, True)
    answer = teacher.post(address, data=forms(shown.text)[address] | {"act": "take"})
    assert (answer.status_code, answer.headers["location"]) == (303, school.staff(f"/{clinic}/attendance"))
    found = {row.enrolment_id: (row.presence, row.source, row.reason) for row in rows(Attendance)}
    assert found == {
        school.places["alice"]: (Presence.PRESENT, Source.CSV, ""),
        school.places["bob"]: (Presence.MADE_UP, Source.CSV, "Sent notes"),
    }
    again = teacher.submit(address, address, sheet=text, act="preview")
    assert "This is what it comes to: 0 to record" in again.text
    assert teacher.post(address, data=forms(again.text)[address] | {"act": "take"}).status_code == 303
    assert [one.act for one in rows(AuditRow)].count("attendance.record") == 1


def test_sheet_comes_as_a_file_too(
    school: School, clinic: str, numbers: dict[str, str], browser: Any, rows: Rows
) -> None:
    teacher, address = browser(school.ines), school.staff(f"/{clinic}/attendance/sheet")
    data = f"learner,presence\r\n{numbers['alice']},absent\r\n".encode("utf-8-sig")
    shown = teacher.submit(address, address, files={"file": ("a.csv", data, "text/csv")}, act="preview")
    assert teacher.post(address, data=forms(shown.text)[address] | {"act": "take"}).status_code == 303
    assert [row.presence for row in rows(Attendance)] == [Presence.ABSENT]
    wrong = teacher.submit(address, address, files={"file": ("a.csv", "é".encode("latin-1"), "text/csv")})
    assert (wrong.status_code, "The file is not in UTF-8." in wrong.text) == (422, True)
    assert "Choose a file, or type the rows." in teacher.submit(address, address).text


def test_one_wrong_row_keeps_everything_out(
    school: School, clinic: str, numbers: dict[str, str], browser: Any, db: Database, rows: Rows
) -> None:
    db.write_now(attended, school, clinic, "bob", Presence.ABSENT)
    alice, bob = numbers["alice"], numbers["bob"]
    text = (
        f"learner,presence\n{alice},present\n{alice},absent\nL-0000,present\n{bob},present\n"
        "=cmd|' /C calc'!A0,present\n,present\nx@example.org,perhaps\n"
    )
    teacher, address = browser(school.ines), school.staff(f"/{clinic}/attendance/sheet")
    shown = teacher.submit(address, address, sheet=text, act="preview")
    assert shown.status_code == 422
    for words in (
        "This person stands in line 2 already.",
        "Nobody in this session has this number or address.",
        "“Absent” is recorded. Say why that changes.",
        "The learner number or e-mail address is missing.",
        "“perhaps” is not “present”, “absent” or “made up”.",
        "6 rows cannot be taken.",
    ):
        assert words in shown.text, words
    taken = teacher.post(address, data=forms(shown.text)[address] | {"act": "take", "seen": "made up"})
    assert taken.status_code == 422
    assert [row.presence for row in rows(Attendance)] == [Presence.ABSENT]


def test_reason_of_the_form_stands_for_rows_without_one(
    school: School, clinic: str, numbers: dict[str, str], db: Database, rows: Rows
) -> None:
    db.write_now(attended, school, clinic, "alice", Presence.ABSENT)
    typed = Sheet(f"learner,presence\n{numbers['alice']},present\n", "The list was wrong.")
    lines = db.read_now(sheet_lines, clinic, typed)
    seen = Sheet(typed.text, typed.reason, fingerprint(lines))
    teacher = school.teacher(STARTS + DAY)
    assert db.write_now(take_sheet, teacher, school.cohort, clinic, seen) == 1
    (audit,) = [one for one in rows(AuditRow) if one.act == "attendance.correct"]
    assert audit.reason == "The list was wrong."
    with pytest.raises(Invalid):  # what was seen is not what it comes to any more
        db.write_now(take_sheet, teacher, school.cohort, clinic, seen)


def test_list_can_be_downloaded_filled_in_and_sent_back(
    school: School, clinic: str, browser: Any, db: Database, rows: Rows
) -> None:
    db.write_now(attended, school, clinic, "bob", Presence.ABSENT)
    teacher = browser(school.ines)
    answer = teacher.get(school.staff(f"/{clinic}/attendance/sheet.csv"))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert (answer.headers["cache-control"], "attendance.csv" in answer.headers["content-disposition"]) == (
        "no-store",
        True,
    )
    text = answer.content.decode("utf-8-sig")
    found = [(row.presence, row.wrong) for row in read_sheet(text)]
    assert found == [(None, ""), (Presence.ABSENT, "")]
    lines = db.read_now(sheet_lines, clinic, Sheet(text))
    assert [(line.change, line.wrong) for line in lines] == [(None, ""), (None, "")]


def test_names_cannot_become_formulas() -> None:
    data = sheet_of([("L-1", '=HYPERLINK("http://x")', Presence.MADE_UP, "+1")]).decode("utf-8-sig")
    assert '"\'=HYPERLINK(""http://x"")"' in data
    (row,) = read_sheet(data)
    assert (row.learner, row.presence, row.reason) == ("L-1", Presence.MADE_UP, "+1")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("learner,presence\n", "There is no row below the headings."),
        ("name,there\nAlice,yes\n", "The first row must hold the headings"),
        ("learner,presence\n" + "L-1,present\n" * 1001, "There are 1001 rows; at most 1000 are taken at once."),
        ('learner,presence\n"L-1,present\n', "A quotation mark"),
    ],
)
def test_what_is_no_sheet_is_said(text: str, says: str) -> None:
    with pytest.raises(NotATable, match=says):
        read_sheet(text)


def test_sheet_of_many_rows_takes_constant_statements(school: School, clinic: str, db: Database) -> None:
    counts = []
    for number in (2, 60):
        people = [db.write_now(make.person, f"Person {number} {place:02}") for place in range(number)]
        for person in people:
            db.write_now(make.enrol, school.cohort, person)
        wanted = select(PERSON.c.learner_number).where(PERSON.c.id.in_(people))
        learners = db.read_now(_scalars, wanted)
        typed = Sheet("learner,presence\n" + "".join(f"{one},present\n" for one in learners))
        seen = Sheet(typed.text, "", fingerprint(db.read_now(sheet_lines, clinic, typed)))
        with statements(db) as count:
            assert db.write_now(take_sheet, school.teacher(), school.cohort, clinic, seen) == number
        counts.append(count.number)
    assert counts[0] == counts[1]
    assert counts[0] <= 8


def _scalars(conn: Connection, wanted: Any) -> list[str]:
    return list(conn.execute(wanted).scalars())
