"""What stands beside the CEU in an entry: written, read, taken back, and never mended where it was tampered with."""

import pytest
from sqlalchemy import Connection, select

from assessments.credit.amounts import (
    UNREADABLE,
    Amount,
    Part,
    joined_parts,
    negated,
    read_amounts,
    read_parts,
    stored_amounts,
    stored_parts,
)
from assessments.credit.ledger import ENTRY, append, chained, first_broken_ledger, hold_ledger, parts_of
from tests.assessments.credit.factories import learning, recorded

AMOUNTS = (Amount("PDH", "pdh-half-hour-2018", 5), Amount("LU", "lu-2018", 10))
PARTS = (Part("ethics", 30), Part("technical", 120))


def test_what_is_stored_reads_back() -> None:
    assert read_amounts(stored_amounts(AMOUNTS)) == AMOUNTS
    assert read_parts(stored_parts(PARTS)) == PARTS


@pytest.mark.parametrize(
    "stored",
    [
        [{"type": "PDH", "rule": "x", "steps": 3.0}],
        [{"type": "PDH", "rule": "x", "steps": True}],
        [{"type": "PDH", "rule": "x"}],
        [{"type": "PDH", "rule": "x", "steps": 3, "more": 1}],
        ["PDH"],
        {"type": "PDH", "rule": "x", "steps": 3},
        None,
        7,
    ],
)
def test_what_we_did_not_write_is_unreadable_and_never_an_amount(stored: object) -> None:
    assert read_amounts(stored) == (Amount(UNREADABLE, "", 0),)
    assert read_parts(stored) == (Part(UNREADABLE, 0),)


def test_parts_are_joined_by_category_in_one_order() -> None:
    assert joined_parts([("technical", 90), ("ethics", 30), ("technical", 30), ("management", 0)]) == PARTS
    assert joined_parts([]) == ()


def test_taking_back_makes_every_figure_negative() -> None:
    amounts, parts = negated(AMOUNTS, PARTS)
    assert [one.steps for one in amounts] == [-5, -10]
    assert [one.minutes for one in parts] == [-30, -120]


def test_an_entry_with_amounts_and_parts_is_kept_and_follows(conn: Connection) -> None:
    who = learning(conn)
    first = recorded(conn, who, 1)
    recorded(conn, who, 2, repeat_of=first, tenths=0, amounts=())
    rows = conn.execute(select(ENTRY).order_by(ENTRY.c.seq)).all()
    assert [(row.format, row.amounts, row.repeat_of_id) for row in rows] == [
        (2, [{"type": "PDH", "rule": "pdh-half-hour-2018", "steps": 5}], None),
        (2, [], first),
    ]
    assert parts_of(rows[0]) == PARTS
    assert chained(rows[0]).fields.amounts == AMOUNTS[:1]
    assert first_broken_ledger(conn) is None


def test_parts_that_are_not_the_whole_are_refused(conn: Connection) -> None:
    who = learning(conn)
    recorded(conn, who, 1)
    ledger = hold_ledger(conn, who.person_id)
    entry = chained(conn.execute(select(ENTRY)).one()).fields
    values = {name: getattr(entry, name) for name in entry.__dataclass_fields__}
    again = type(entry)(**values | {"sequence": 2, "entry_id": "x", "counted_minutes": 151})
    with pytest.raises(ValueError, match="add up"):
        append(conn, ledger, again, who.course.modules[1])
