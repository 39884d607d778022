"""Learners see how far they are with a series' badge: on its page, and on their badges."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection

from assessments.badges.queries import AWARD
from assessments.stacking.awarding import award_series_badges
from assessments.stacking.models import StackKind
from assessments.stacking.rules import Progress
from assessments.stacking.words import say_progress, say_rule
from fourweek.clock import Now, real_time
from fourweek.edge import House
from tests import factories as make
from tests.assessments.stacking.factories import MadeSeries, badge, rule, series
from tests.statements import statements


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (Progress(0, 3), "0 of 3 met"),
        (Progress(2, 3), "2 of 3 met"),
        (Progress(2, 3, date(2027, 5, 4)), "2 of 3 met; the third until Tuesday 4 May 2027"),
        (Progress(1, 3, date(2027, 5, 4)), "1 of 3 met; the other 2 until Tuesday 4 May 2027"),
        (Progress(3, 3, date(2027, 5, 4)), "3 of 3 met"),
        (Progress(11, 12, date(2027, 5, 4)), "11 of 12 met; the last one until Tuesday 4 May 2027"),
    ],
)
def test_progress_in_words(how: Progress, words: str) -> None:
    assert say_progress(how) == words


def test_rules_in_words() -> None:
    assert say_rule(StackKind.ALL, 2, 0, ["A", "B"]) == "All of these courses: A and B."
    assert say_rule(StackKind.SOME, 2, 1, ["A", "B", "C"]) == "2 of these courses within a month: A, B and C."


def _given(conn: Connection, /, **changes: Any) -> tuple[MadeSeries, str]:
    made = series(conn)
    rule(conn, made, **changes)
    return made, make.person(conn)


def test_guests_read_the_rule_and_learners_their_progress(house: House, browser: Any) -> None:
    made, alice = house.db.write_now(_given, months=1200)
    page = browser().get("/series/steps").text
    assert ("Walks in steps" in page, "All of these courses within 1200 months" in page) == (True, True)
    assert "of 3 met" not in page
    visitor = browser(alice)
    assert "0 of 3 met" in visitor.get("/series/steps").text
    assert "Series you have begun" not in visitor.get("/badges").text
    for place in (0, 1):
        house.db.write_now(badge, made, place, alice)
    for address in ("/series/steps", "/badges"):
        assert "2 of 3 met; the third until Saturday 2 November 2126" in visitor.get(address).text


def test_whoever_has_the_badge_is_led_to_it(house: House, browser: Any) -> None:
    made, alice = house.db.write_now(_given, needed=1)
    house.db.write_now(badge, made, 0, alice)
    now = real_time()
    assert award_series_badges(house.db, house.settings, Now(real=now, school=now)) == 1
    visitor = browser(alice)
    page = visitor.get("/series/steps").text
    assert ("You earned it" in page, "of 1 met" in page) == (True, False)
    page = visitor.get("/badges").text
    assert ("Walks in steps" in page, "Series you have begun" in page) == (True, False)
    house.db.write_now(lambda conn: conn.execute(AWARD.update().values(revoked_at=now)))
    page = visitor.get("/series/steps").text
    assert ("You earned it" in page, "of 1 met" in page) == (False, False)


def test_ended_rules_and_no_rules_say_nothing(house: House, browser: Any) -> None:
    house.db.write_now(series)
    assert "The badge of this series" not in browser().get("/series/steps").text


def test_pages_cost_the_same_for_many_series(house: House, browser: Any) -> None:
    def fill(conn: Connection) -> str:
        alice = make.person(conn)
        for number in range(6):
            made = series(conn, 2, f"steps-{number}")
            rule(conn, made)
            badge(conn, made, 0, alice)
        return alice

    visitor = browser(house.db.write_now(fill))
    visitor.get("/badges")
    for address, most in (("/badges", 8), ("/series/steps-1", 8)):
        with statements(house.db) as count:
            page = visitor.get(address).text
        assert count.number <= most
    assert page.count("1 of 2 met") == 1
