"""Whoever meets a series' rule gets its badge once, made of the badges that met it, whatever happens in between."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from assessments.badges.keys import load_keys
from assessments.badges.queries import AWARD, ISSUE, achievement_shown
from assessments.badges.service import award_due_badges
from assessments.badges.snapshot import read_snapshot
from assessments.stacking.awarding import PAUSE, SeriesBadges, award, award_series_badges
from assessments.stacking.queries import live_rules, near
from courses.series.queries import SERIES
from fourweek.audit.service import ROW
from fourweek.clock import Now
from fourweek.database import Database
from fourweek.edge import House
from fourweek.mail import compose
from fourweek.outbox import OUTBOX, Letter
from fourweek.pages import Pages
from fourweek.settings import Settings
from tests import factories as make
from tests.assessments.stacking.factories import NOW, TODAY, MadeSeries, at_day, badge, rule, series
from tests.letters import text_of
from tests.statements import statements

SETTINGS = Settings(institution="Test Institute", base_url="https://learn.example")


def _given(conn: Connection, rules: Any = rule, **changes: Any) -> tuple[MadeSeries, str]:
    made = series(conn)
    rules(conn, made, **changes)
    return made, make.person(conn)


def _awards(conn: Connection) -> list[Any]:
    return list(conn.execute(select(AWARD).where(AWARD.c.series_id.is_not(None)).order_by(AWARD.c.id)).all())


def _sweep(conn: Connection, now: Now = NOW) -> int:
    """What the scan does, in one transaction."""
    found = [(one, person) for one in live_rules(conn) for person in near(conn, one, "", now.school)]
    return sum(award(conn, one, person, SETTINGS, now) for one, person in found)


def test_the_last_course_completes_the_series(conn: Connection) -> None:
    made, alice = _given(conn)
    badge(conn, made, 0, alice, 3)
    badge(conn, made, 2, alice, 9)
    assert _sweep(conn) == 0
    last = badge(conn, made, 1, alice, 20)
    assert [_sweep(conn), _sweep(conn)] == [1, 0]
    (row,) = _awards(conn)
    its_enrolment = conn.execute(select(AWARD.c.enrolment_id).where(AWARD.c.id == last)).scalar_one()
    assert (row.person_id, row.series_id, row.achievement_id) == (alice, made.id, made.achievement_id)
    assert (row.enrolment_id, row.awarded_at, row.valid_until, row.number) == (its_enrolment, at_day(20), None, 1)
    act = conn.execute(select(ROW).where(ROW.c.act == "award.make")).one()
    assert (act.subject_id, act.detail["series"], len(act.detail["parts"])) == (row.id, "steps", 3)


def test_the_badge_names_its_parts_and_adds_up_their_hours(conn: Connection) -> None:
    made, alice = _given(conn)
    for place in (2, 0, 1):
        badge(conn, made, place, alice, place, slug=f"slug-{place}", base_url="https://old.example" if place else "")
    _sweep(conn)
    (row,) = _awards(conn)
    said = read_snapshot(row.snapshot)
    assert (said.minutes, said.ceu_tenths, said.evidence, said.holder) == (360, 6, (), "Alice Brook")
    assert [(part.name, part.course, part.address) for part in said.parts] == [
        ("Took step 1", "Step 1", "https://learn.example/badges/slug-0"),
        ("Took step 2", "Step 2", "https://old.example/badges/slug-1"),
        ("Took step 3", "Step 3", "https://old.example/badges/slug-2"),
    ]
    shown = achievement_shown(conn, made.achievement_id)
    assert said.achievement == shown
    assert shown is not None
    assert (shown.series_code, shown.series_title, shown.course_code, shown.rubric) == ("steps", "Steps", "", ())


def test_some_of_the_courses_within_a_period(conn: Connection) -> None:
    made, alice = _given(conn, needed=2, months=1)
    badge(conn, made, 0, alice, -40)
    badge(conn, made, 1, alice, 0)
    assert _sweep(conn) == 0
    badge(conn, made, 2, alice, 30)
    assert _sweep(conn) == 1
    assert [part.course for part in read_snapshot(_awards(conn)[0].snapshot).parts] == ["Step 2", "Step 3"]


def test_badges_that_were_taken_away_do_not_count(conn: Connection) -> None:
    made, alice = _given(conn, needed=2)
    badge(conn, made, 0, alice, 1, revoked_at=TODAY)
    badge(conn, made, 1, alice, 2, withdrawn_at=TODAY)
    badge(conn, made, 2, alice, 3)
    assert _sweep(conn) == 0


def test_a_new_rule_gives_nothing_again_to_those_who_have_the_badge(conn: Connection) -> None:
    made, alice = _given(conn, needed=1)
    badge(conn, made, 0, alice, 1)
    assert _sweep(conn) == 1
    rule(conn, made, needed=1, number=2)
    assert _sweep(conn) == 0


def test_a_badge_that_is_over_is_renewed_by_a_new_rule(conn: Connection) -> None:
    made, alice = _given(conn, needed=1, valid_months=1)
    badge(conn, made, 0, alice, 1)
    assert _sweep(conn) == 1
    (first,) = _awards(conn)
    assert first.valid_until is not None
    rule(conn, made, needed=1, number=2, since=first.valid_until)
    later = first.valid_until + timedelta(seconds=1)
    assert [_sweep(conn, Now(real=at, school=at)) for at in (first.valid_until, later)] == [0, 1]
    assert [(one.renews_id, one.awarded_at) for one in _awards(conn)] == [
        (None, at_day(1)),
        (first.id, first.valid_until),
    ]


def test_a_series_badge_that_was_revoked_is_not_given_again(conn: Connection) -> None:
    made, alice = _given(conn, needed=1)
    badge(conn, made, 0, alice, 1)
    _sweep(conn)
    conn.execute(update(AWARD).where(AWARD.c.series_id == made.id).values(revoked_at=TODAY))
    rule(conn, made, needed=1, number=2)
    assert _sweep(conn) == 0


def test_an_ended_rule_and_a_series_that_is_not_public_award_nothing(conn: Connection) -> None:
    made, alice = _given(conn, needed=1)
    badge(conn, made, 0, alice, 1)
    stale = live_rules(conn)[0]
    conn.execute(update(SERIES).where(SERIES.c.id == made.id).values(published_at=None))
    assert live_rules(conn) == ()
    conn.execute(update(SERIES).where(SERIES.c.id == made.id).values(published_at=TODAY))
    rule(conn, made, needed=3, number=2)
    assert [one.number for one in live_rules(conn)] == [2]
    assert award(conn, stale, alice, SETTINGS, NOW) is False


def _meet(conn: Connection, people: int = 1) -> MadeSeries:
    made = series(conn, count=2)
    rule(conn, made)
    for _ in range(people):
        alice = make.person(conn)
        for place in (0, 1):
            badge(conn, made, place, alice, place)
    return made


def test_many_at_once_award_one(db: Database) -> None:
    db.write_now(_meet)
    with ThreadPoolExecutor(6) as threads:
        done = list(threads.map(lambda _: award_series_badges(db, SETTINGS, NOW), range(6)))
    assert (sum(done), len(db.read_now(_awards))) == (1, 1)


def test_a_quiet_tick_asks_little_and_misses_nothing(db: Database) -> None:
    made = db.write_now(_meet, people=3)
    scan = SeriesBadges(db, SETTINGS)
    assert [scan.run(NOW), scan.run(NOW)] == [3, 0]
    with statements(db) as count:
        assert scan.run(NOW) == 0
    assert count.number <= 3
    bob = db.write_now(make.person)
    reinstated = db.write_now(badge, made, 0, bob, 1, revoked_at=TODAY)
    db.write_now(badge, made, 1, bob, 2)
    assert scan.run(NOW) == 0
    db.write_now(lambda conn: conn.execute(update(AWARD).where(AWARD.c.id == reinstated).values(revoked_at=None)))
    later = TODAY + PAUSE
    assert [scan.run(NOW), scan.run(Now(real=later, school=later))] == [0, 1]
    db.write_now(rule, made, needed=1, number=2)
    db.write_now(lambda conn: badge(conn, made, 0, make.person(conn), 1))
    assert scan.run(NOW) == 1


def test_the_badge_of_a_series_is_signed_and_shown(house: House, browser: Any) -> None:
    made = house.db.write_now(_meet)
    assert award_series_badges(house.db, house.settings, NOW) == 1
    keys = load_keys(house.settings)
    assert award_due_badges(house.db, house.store, keys, house.settings, NOW) == 3
    (row,) = house.db.read_now(_awards)
    document = house.db.read_now(
        lambda conn: conn.execute(select(ISSUE.c.document).where(ISSUE.c.award_id == row.id)).scalar_one()
    )
    said = json.loads(document)
    assert (said["name"], said["credentialSubject"]["creditsEarned"]) == ("Walks in steps", 0.4)
    assert [one["name"] for one in said["evidence"]] == ["Badge: Took step 1", "Badge: Took step 2"]
    told = house.db.read_now(lambda conn: conn.execute(select(OUTBOX).where(OUTBOX.c.key == f"awarded:{row.id}")).one())
    env = Pages((), str).env
    letter = text_of(compose(Letter(told.id, TODAY, "alice@example.org", told.kind, told.data), house.settings, env))
    assert "that of the whole series. Your badge “Walks in steps” is signed." in letter
    page = browser().get(f"/badges/{row.slug}").text
    for words in ("Walks in steps", "Took step 1", "Took step 2", "What it is made of", "Steps"):
        assert words in page
    assert "Every level of every criterion" not in page
    given = browser().get(f"/api/v1/badges/{row.slug}").json()
    assert [part["name"] for part in given["parts"]] == ["Took step 1", "Took step 2"]
    assert browser().get(f"/api/v1/achievements/{made.achievement_id}").json()["series"] == "Steps"
    page = browser().get(f"/achievements/{made.achievement_id}").text
    assert ('href="/series/steps"' in page, "Walks well." in page, "Credit" in page) == (True, True, False)
