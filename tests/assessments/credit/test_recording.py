"""What an entry holds beside its CEU: other types from minutes, parts by category, repeats that earn nothing."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

import assessments.credit
from assessments.credit.chain import EntryKind, canonical_bytes
from assessments.credit.ledger import ENTRY, chained, first_broken_ledger
from assessments.credit.rulebook import Book, rules_in
from assessments.credit.rules import Mode
from assessments.credit.service import record_due_credit
from assessments.equivalence.models import Equivalence
from courses.catalogue.models import Activity, CourseVersion
from courses.cohorts.models import Cohort
from fourweek.accounts.models import Role
from fourweek.clock import Now
from fourweek.database import Database, add, new_id, table
from tests import factories as make
from tests.assessments.credit.factories import (
    DAY,
    LATER,
    NOW,
    Learning,
    demonstrate,
    demonstrate_all,
    learning,
    reverse_entry,
)

ACTIVITY = table(Activity)
FOLDER = Path(assessments.credit.__file__).parent / "rules"
MONTH = timedelta(days=30)


def giving(conn: Connection, types: Sequence[str], *, minutes: int = 150, separate: bool = False) -> Learning:
    """Somebody in a course that gives these types beside the CEU."""
    who = learning(conn, minutes=minutes)
    _change(conn, CourseVersion, who.course.version_id, credit_types=list(types), separate_events=separate)
    return who


def divided(conn: Connection, who: Learning, *parts: tuple[str, int]) -> None:
    """Every module's time as activities of these categories."""
    for module_id in who.course.modules:
        conn.execute(ACTIVITY.delete().where(ACTIVITY.c.module_id == module_id))
        for place, (category, minutes) in enumerate(parts):
            row = Activity(
                id=new_id(),
                module_id=module_id,
                position=place,
                title="Work",
                kind="exercise",
                minutes=minutes,
                countable=True,
                category=category,
            )
            add(conn, row)


def again(conn: Connection, who: Learning, course: make.MadeCourse | None = None) -> Learning:
    """The same person in another cohort, of the same course or another one."""
    course = course or who.course
    cohort_id = make.cohort(conn, course, zone="UTC")
    return replace(who, course=course, cohort_id=cohort_id, enrolment_id=make.enrol(conn, cohort_id, who.person_id))


def lines(db: Database, who: Learning) -> list[Any]:
    wanted = select(ENTRY).where(ENTRY.c.enrolment_id == who.enrolment_id).order_by(ENTRY.c.seq)
    return list(db.read_now(lambda conn: conn.execute(wanted).all()))


def steps(rows: Sequence[Any], key: str) -> list[int]:
    return [one["steps"] for row in rows for one in row.amounts if one["type"] == key]


def test_other_types_come_from_minutes_line_by_line(db: Database) -> None:
    who = db.write_now(lambda conn: giving(conn, ("PDH", "PDH-NC", "NURSING"), minutes=155))
    db.write_now(demonstrate_all, who)
    record_due_credit(db, NOW)
    rows = lines(db, who)
    assert [row.tenths for row in rows] == [3, 2, 3, 2]
    assert steps(rows, "PDH") == [5, 5, 5, 5]
    assert steps(rows, "PDH-NC") == [8, 8, 7, 8]
    assert steps(rows, "NURSING") == [25, 26, 26, 26]
    assert [one["rule"] for one in rows[0].amounts] == ["pdh-half-hour-2018", "pdh-nc-third-2014", "nursing-tenth-2013"]
    assert db.read_now(first_broken_ledger) is None


def test_1050_minutes_are_17_and_a_half_pdh_and_1_8_ceu(db: Database) -> None:
    who = db.write_now(lambda conn: giving(conn, ("PDH",), minutes=350))
    for week in (1, 2, 3):
        db.write_now(demonstrate, who, week)
    record_due_credit(db, NOW)
    rows = lines(db, who)
    assert (sum(row.tenths for row in rows), sum(steps(rows, "PDH"))) == (18, 35)


def test_minutes_divide_by_category_and_the_whole_is_rounded_once(db: Database) -> None:
    who = db.write_now(lambda conn: giving(conn, ("PDH",), minutes=150))
    db.write_now(divided, who, ("ethics", 25), ("", 90), ("laws-rules:US-FL", 15), ("ethics", 20))
    db.write_now(demonstrate, who, 1)
    record_due_credit(db, NOW)
    (row,) = lines(db, who)
    assert row.parts == [
        {"category": "ethics", "minutes": 45},
        {"category": "laws-rules:US-FL", "minutes": 15},
        {"category": "technical", "minutes": 90},
    ]
    assert (row.minutes, row.tenths, row.category, steps([row], "PDH")) == (150, 3, "technical", [5])


def test_a_type_with_a_share_is_earned_by_the_whole_event_or_not_at_all(db: Database) -> None:
    enough, less = (db.write_now(lambda conn: giving(conn, ("LU", "HSW"), minutes=120)) for _ in range(2))
    db.write_now(divided, enough, ("health-safety-welfare", 90), ("", 30))
    db.write_now(divided, less, ("health-safety-welfare", 89), ("", 31))
    for who in (enough, less):
        db.write_now(demonstrate, who, 1)
    record_due_credit(db, NOW)
    assert [(one["type"], one["steps"]) for one in lines(db, enough)[0].amounts] == [("LU", 8), ("HSW", 8)]
    assert [(one["type"], one["steps"]) for one in lines(db, less)[0].amounts] == [("LU", 8)]


def test_modules_that_are_events_of_their_own_are_rounded_by_themselves(db: Database) -> None:
    who = db.write_now(lambda conn: giving(conn, ("PDH",), minutes=155, separate=True))
    db.write_now(demonstrate_all, who)
    record_due_credit(db, NOW)
    rows = lines(db, who)
    assert [(row.minutes_before, row.tenths) for row in rows] == [(0, 3)] * 4
    assert steps(rows, "PDH") == [5, 5, 5, 5]


def test_an_event_keeps_the_mode_that_it_was_begun_with(db: Database) -> None:
    begun, new = db.write_now(giving, ()), db.write_now(giving, ())
    db.write_now(demonstrate, begun, 1)
    record_due_credit(db, NOW)
    for who, weeks in ((begun, (2, 3, 4)), (new, (1, 2, 3, 4))):
        for week in weeks:
            db.write_now(demonstrate, who, week)
    record_due_credit(db, NOW, Book(Mode.FLOOR))
    assert {row.rule_id for row in lines(db, begun)} == {"ceu-nearest-2018"}
    assert {row.rule_id for row in lines(db, new)} == {"ceu-floor-2018"}
    assert [row.tenths for row in (*lines(db, begun), *lines(db, new))] == [3, 2, 3, 2, 2, 3, 2, 3]


def test_a_changed_rule_leaves_what_is_recorded_equal_to_the_byte(db: Database, tmp_path: Path) -> None:
    """The rule of a begun course ends and a new one comes: the course goes on by the old one, the next by the new."""
    begun, new = db.write_now(giving, ("PDH",)), db.write_now(giving, ("PDH",))
    db.write_now(demonstrate, begun, 1)
    record_due_credit(db, NOW)
    before = [canonical_bytes(row.previous, chained(row).fields) for row in lines(db, begun)]
    for name in ("ceu-nearest-2018", "pdh-half-hour-2018"):
        old = (FOLDER / f"{name}.toml").read_text("utf-8")
        ended = old.replace("effective_from", "effective_until = 2026-01-01\neffective_from")
        (tmp_path / f"{name}.toml").write_text(ended)
        text = old.replace(f'"{name}"', '"new-' + name + '"').replace("minimum_minutes = 30", "minimum_minutes = 300")
        (tmp_path / f"new-{name}.toml").write_text(text.replace("2018-01-01", "2026-01-01"))
    book = Book(rules=rules_in(tmp_path))
    for who, week in ((begun, 2), (new, 1), (new, 2)):
        db.write_now(demonstrate, who, week)
    record_due_credit(db, NOW, book)
    assert [canonical_bytes(row.previous, chained(row).fields) for row in lines(db, begun)][:1] == before
    assert [(row.rule_id, row.tenths, steps([row], "PDH")) for row in (*lines(db, begun), *lines(db, new))] == [
        ("ceu-nearest-2018", 3, [5]),
        ("ceu-nearest-2018", 2, [5]),
        ("new-ceu-nearest-2018", 0, [0]),
        ("new-ceu-nearest-2018", 5, [10]),
    ]
    assert db.read_now(first_broken_ledger) is None


def test_a_reversal_takes_back_every_amount_and_the_next_line_makes_up(db: Database) -> None:
    who = db.write_now(lambda conn: giving(conn, ("PDH",), minutes=155))
    for week in (1, 2):
        db.write_now(demonstrate, who, week)
    record_due_credit(db, NOW)
    registrar = make.visitor(db.write_now(make.with_role, Role.REGISTRAR), LATER, (Role.REGISTRAR, ""))
    db.write_now(reverse_entry, registrar, lines(db, who)[0].id, "integrity", "Not their own work.")
    back = lines(db, who)[-1]
    assert (back.kind, back.amounts[0]["steps"], back.parts) == (
        EntryKind.REVERSAL,
        -5,
        [{"category": "technical", "minutes": -155}],
    )
    db.write_now(demonstrate, who, 3)
    record_due_credit(db, NOW)
    rows = lines(db, who)
    assert (sum(row.minutes for row in rows), sum(steps(rows, "PDH")), sum(row.tenths for row in rows)) == (310, 10, 5)


def test_an_equivalent_module_inside_the_window_earns_nothing_and_says_of_what(db: Database) -> None:
    who = db.write_now(lambda conn: giving(conn, ("PDH",)))
    db.write_now(demonstrate, who, 1)
    record_due_credit(db, NOW)
    (first,) = lines(db, who)
    assert (first.group_key, first.repeat_of_id) == (f"{who.course.code}/1", None)
    second = db.write_now(again, who)
    later = make.START + 23 * MONTH
    for week in (1, 2):
        db.write_now(demonstrate, second, week, later + week * DAY)
    record_due_credit(db, Now(real=later + MONTH, school=later + MONTH))
    repeat, new = lines(db, second)
    assert (repeat.tenths, repeat.amounts, repeat.repeat_of_id, repeat.minutes) == (0, [], first.id, 150)
    assert (new.tenths, steps([new], "PDH"), new.minutes_before, new.repeat_of_id) == (2, [5], 150, None)
    assert db.read_now(first_broken_ledger) is None


def test_a_course_taken_in_two_goes_adds_up_to_its_hours(db: Database) -> None:
    """Module 1 in one cohort, the rest in another, where module 1 comes last and is a repeat."""
    who = db.write_now(lambda conn: giving(conn, ("PDH",), minutes=155))
    db.write_now(demonstrate, who, 1)
    record_due_credit(db, NOW)
    second = db.write_now(again, who)
    for week, day in ((2, 3), (3, 4), (4, 5), (1, 6)):
        db.write_now(demonstrate, second, week, make.START + day * DAY)
    record_due_credit(db, NOW)
    rows = [*lines(db, who), *lines(db, second)]
    assert [(row.module_number, row.minutes_before, row.tenths) for row in rows] == [
        (1, 0, 3),
        (2, 155, 2),
        (3, 310, 3),
        (4, 465, 2),
        (1, 620, 0),
    ]
    assert steps(rows, "PDH") == [5, 5, 5, 5]


def test_after_the_window_it_earns_again_and_so_after_the_first_was_taken_back(db: Database) -> None:
    who, other = db.write_now(giving, ()), db.write_now(giving, ())
    for one in (who, other):
        db.write_now(demonstrate, one, 1)
    record_due_credit(db, NOW)
    registrar = make.visitor(db.write_now(make.with_role, Role.REGISTRAR), LATER, (Role.REGISTRAR, ""))
    db.write_now(reverse_entry, registrar, lines(db, other)[0].id, "integrity", "Not their own work.")
    late, soon = db.write_now(again, who), db.write_now(again, other)
    two_years = (make.START + DAY).replace(year=make.START.year + 2)
    db.write_now(demonstrate, late, 1, two_years)
    db.write_now(demonstrate, soon, 1, LATER)
    record_due_credit(db, Now(real=two_years + DAY, school=two_years + DAY))
    assert [(row.tenths, row.repeat_of_id) for row in (*lines(db, late), *lines(db, soon))] == [(3, None)] * 2


def _change(conn: Connection, model: type[Any], row_id: str, **values: object) -> None:
    rows = table(model)
    conn.execute(update(rows).where(rows.c.id == row_id).values(values))


def _decide(conn: Connection, course: make.MadeCourse, group: str, *, major: int = 1) -> None:
    row = Equivalence(
        id=new_id(),
        course_id=course.course_id,
        from_major=major,
        group_name=group,
        why="The same learning.",
        decided_by=make.person(conn),
        decided_at=LATER,
    )
    add(conn, row)


@pytest.mark.parametrize("cross_listed", ["new", "old"])
def test_cross_listed_courses_share_a_group_whichever_was_taken_first(db: Database, cross_listed: str) -> None:
    who = db.write_now(giving, ())
    db.write_now(demonstrate, who, 1)
    record_due_credit(db, NOW)
    other = db.write_now(lambda conn: again(conn, who, make.course(conn)))
    joining, joined = (other, who) if cross_listed == "new" else (who, other)
    db.write_now(_decide, joining.course, joined.course.code)
    db.write_now(demonstrate, other, 1)
    record_due_credit(db, NOW)
    assert [(row.tenths, row.repeat_of_id) for row in lines(db, other)] == [(0, lines(db, who)[0].id)]


def test_a_materially_revised_version_is_no_repeat(db: Database) -> None:
    who = db.write_now(giving, ())
    db.write_now(demonstrate, who, 1)
    record_due_credit(db, NOW)
    db.write_now(lambda conn: _decide(conn, who.course, f"{who.course.code}-2", major=2))
    db.write_now(lambda conn: _change(conn, CourseVersion, who.course.version_id, major=2))
    second = db.write_now(again, who)
    db.write_now(demonstrate, second, 1)
    record_due_credit(db, NOW)
    (row,) = lines(db, second)
    assert (row.tenths, row.repeat_of_id, row.group_key) == (3, None, f"{who.course.code}-2/1")


def test_equivalent_modules_completed_at_once_earn_once(db: Database) -> None:
    """The ledger is held, so of two cohorts one is first and the other its repeat, whatever races."""
    who = db.write_now(giving, ())
    second = db.write_now(again, who)
    for one in (who, second):
        db.write_now(demonstrate, one, 1)
    with ThreadPoolExecutor(8) as pool:
        added = sum(pool.map(lambda _: record_due_credit(db, NOW), range(8)))
    rows = [*lines(db, who), *lines(db, second)]
    assert (added, sorted(row.tenths for row in rows)) == (2, [0, 3])
    assert db.read_now(first_broken_ledger) is None


def test_credit_waits_for_an_identity_check_and_is_looked_for_once(db: Database) -> None:
    who = db.write_now(giving, ())
    db.write_now(lambda conn: _change(conn, Cohort, who.cohort_id, identity_check=True))
    db.write_now(demonstrate, who, 1)
    assert [record_due_credit(db, NOW), record_due_credit(db, NOW)] == [0, 0]
    assert lines(db, who) == []
