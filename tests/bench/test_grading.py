"""What the bench measures of grading is there, and asks no more statements for a longer queue."""

from typing import Any

from assessments.agreement.service import report_agreement
from fourweek.clock import Now, real_time
from fourweek.edge import House
from tests.bench.grading import QUEUE, SAVE, SCREEN, WEEKS, Hall, count, post_all
from tests.statements import statements


def test_hall_is_what_its_findings_say(house: House) -> None:
    hall = Hall(house, 8)
    house.db.write_now(hall.fill)
    assert hall.waiting == (WEEKS - 1) * 8
    found: dict[str, Any] = count(hall)
    assert found.keys() == {QUEUE.format(hall.waiting), SCREEN, SAVE}
    assert all(asked <= 12 for asked in found.values())
    with statements(house.db) as one:
        post_all(hall, 8)
    assert one.number <= 12, "the statements of a piece, however many are in it"
    now = real_time()
    with statements(house.db) as asked:
        assert report_agreement(house.db, Now(now, now)) == 1
    assert asked.number <= 6
