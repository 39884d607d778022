"""What the bench measures of large schools is there, and costs statements that do not grow with its size."""

from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from courses.cohorts.grid.queries import PER_PAGE
from courses.learning.notices import PIECE
from fourweek.clock import real_time
from fourweek.edge import House
from fourweek.outbox import OUTBOX
from tests.bench import sizes
from tests.bench.contest import Failed
from tests.bench.crowd import Crowd, local_times, resolve, tell_all, to_instants
from tests.bench.sizes import CLASS, COURSES, MODULES, TAKEN, TRADES, Sizes
from tests.statements import statements


@pytest.fixture
def large(house: House) -> Sizes:
    return house.db.write_now(sizes.fill, 0, real_time())


def test_large_pages_ask_few_statements(house: House, large: Sizes, browser: Any) -> None:
    grid = f"/staff/cohorts/{large.cohort_id}/dates"
    asked = [
        (None, "/courses", 3),
        (large.busy, "/home", 7),
        (large.lead, grid, 6),
        (large.lead, f"{grid}?differs=1", 6),
    ]
    found = []
    for person, path, _ in asked:
        one = browser(person)
        one.get(path)  # the first visit notes that the sign-in is in use
        with statements(house.db) as count:
            assert one.get(path).status_code == 200
        found.append((person, path, count.number))
    assert found == asked


def test_large_pages_show_what_their_names_say(large: Sizes, browser: Any) -> None:
    lead = browser(large.lead)
    assert f"Page 1 of {COURSES // 25}" in browser().get("/courses").text
    home = browser(large.busy).get("/home").text
    assert sum(f"{trade} in practice" in home for trade in TRADES) == TAKEN
    assert lead.get(f"/staff/cohorts/{large.cohort_id}/dates").text.count("Learner Number") >= PER_PAGE
    rows = lead.get(f"/staff/cohorts/{large.cohort_id}/dates.csv").text.splitlines()
    assert len(rows) == 1 + CLASS * MODULES


def test_notices_of_a_release_cost_statements_by_the_piece(house: House) -> None:
    crowd = Crowd(house, begun=2, to_come=1, size=2 * PIECE)
    crowd.fill()
    with statements(house.db) as telling:
        tell_all(crowd)
    assert house.db.read_now(_kinds) == [("module_opened", 4 * PIECE)]
    with statements(house.db) as waiting:
        assert crowd.tell() == 0
    crowd.sent()
    with statements(house.db) as idle:
        assert crowd.tell() == 0
    nothing_new = 2 + 3 + 3  # clock, what waits; what classmates share; everybody
    assert (waiting.number, idle.number) == (nothing_new, nothing_new)
    pieces = 4  # those in which something is told: keys, work, choices and letters; the course's modules and lessons
    assert telling.number == nothing_new + pieces * 4 + 2
    with pytest.raises(Failed):
        tell_all(crowd)


def test_dates_of_a_crowd_ask_one_statement(house: House) -> None:
    crowd, now = Crowd(house, begun=1, to_come=1, size=60), real_time()
    crowd.fill()
    with statements(house.db) as count:
        everybody = crowd.everybody()
        resolve(everybody, now)
    assert (count.number, len(everybody)) == (1, 120)
    local = local_times(everybody, now)
    assert len(local) == 120 * MODULES * 3
    assert [at.replace(tzinfo=here) for at, here in local[:3]] == list(_dates(everybody[0], now))
    to_instants(local)


def _dates(place: Any, now: Any) -> Any:
    first = place.all_dates(now)[0]
    return first.opens_at, first.due_at, first.late_until


def _kinds(conn: Connection) -> list[tuple[str, int]]:
    return [tuple(row) for row in conn.execute(select(OUTBOX.c.kind, func.count()).group_by(OUTBOX.c.kind))]
