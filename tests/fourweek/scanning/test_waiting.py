"""How contents wait for the scanner, and what is written of its answers."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select

from assessments.scanning.service import AT_ONCE
from fourweek.scanning import waiting
from fourweek.scanning.asking import Answer
from fourweek.scanning.gate import VERDICT, stays
from fourweek.scanning.models import ScanState
from fourweek.scans import SENT_FILES

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
ONE, TWO = "1" * 64, "2" * 64
AWAY = Answer(None, "Nobody listens.")
DAY = timedelta(days=1)


def _known(conn: Connection) -> dict[str, str]:
    return {row.sha256: row.state for row in conn.execute(select(VERDICT))}


def test_pauses_grow_up_to_an_hour() -> None:
    minutes = [waiting.pause(tries) // timedelta(minutes=1) for tries in (0, 1, 2, 5, 6, 1000)]
    assert minutes == [1, 2, 4, 32, 60, 60]


def test_what_got_no_answer_is_tried_again_later(conn: Connection) -> None:
    assert waiting.wait(conn, [ONE, TWO], NOW) == 2
    assert waiting.wait(conn, [ONE], NOW + DAY) == 0
    assert waiting.due(conn, NOW, AT_ONCE) == [ONE, TWO]
    assert not waiting.keep_answer(conn, ONE, AWAY, NOW)
    assert waiting.due(conn, NOW, AT_ONCE) == [TWO]
    assert waiting.due(conn, NOW + timedelta(minutes=1), AT_ONCE) == [TWO, ONE]
    assert waiting.waiting(conn) == waiting.Waiting(2, NOW)
    assert waiting.waiting(conn).seconds(NOW + DAY) == 86400


def test_an_answer_stands_once_it_is_there(conn: Connection) -> None:
    waiting.wait(conn, [ONE, TWO], NOW)
    assert waiting.keep_answer(conn, ONE, Answer(ScanState.HELD, "Found."), NOW)
    assert not waiting.keep_answer(conn, ONE, Answer(ScanState.HELD, "Found."), NOW)
    assert not waiting.keep_answer(conn, ONE, Answer(ScanState.CLEAN, ""), NOW)
    assert not waiting.keep_answer(conn, TWO, Answer(ScanState.CLEAN, ""), NOW)
    assert _known(conn) == {ONE: "held", TWO: "clean"}
    assert waiting.due(conn, NOW + DAY, AT_ONCE) == []


def test_without_a_scanner_nothing_waits_and_what_is_held_stays(conn: Connection) -> None:
    waiting.wait(conn, [ONE, TWO], NOW)
    waiting.keep_answer(conn, ONE, Answer(ScanState.HELD, "Found."), NOW)
    assert waiting.forget_waiting(conn) == 1
    assert _known(conn) == {ONE: "held"}


def test_clean_is_forgotten_but_not_what_came_within_a_day_waits_or_is_held(
    conn: Connection,
) -> None:
    waiting.wait(conn, [ONE, TWO, "3" * 64], NOW)
    waiting.keep_answer(conn, ONE, Answer(ScanState.HELD, "Found."), NOW)
    waiting.keep_answer(conn, TWO, Answer(ScanState.CLEAN, ""), NOW)
    assert waiting.forget_unnamed(conn, SENT_FILES, NOW + DAY) == 0
    assert waiting.forget_unnamed(conn, SENT_FILES, NOW + DAY + timedelta(seconds=1)) == 1
    assert _known(conn) == {ONE: "held", "3" * 64: "pending"}


def test_who_gets_what() -> None:
    states = (None, ScanState.CLEAN, ScanState.PENDING, ScanState.HELD)
    assert [bool(stays(one, mine=True)) for one in states] == [False, False, False, True]
    assert [bool(stays(one, mine=False)) for one in states] == [False, False, True, True]
