"""Earners are told before a badge ends, once for each step, until a newer badge renews it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, update

from assessments.awards.ending import STEPS, step_due
from assessments.awards.reminding import remind_of_ends
from assessments.badges.ends import holds_until
from assessments.badges.queries import AWARD
from courses.cohorts.models import EnrolmentWay
from courses.enrolment.access import ENROLMENT
from courses.enrolment.models import EnrolmentState
from fourweek.clock import Now
from fourweek.database import Database, table
from fourweek.edge import House
from fourweek.jobs.resting import Resting
from fourweek.language.stored import say
from fourweek.mail import compose
from fourweek.outbox import Letter, OutboxMessage
from fourweek.pages import Pages
from fourweek.settings import Settings
from tests import factories as make
from tests.assessments.badges.factories import an_award
from tests.assessments.credit.factories import LATER, Learning, learning
from tests.letters import text_of
from tests.statements import statements

DAY = timedelta(days=1)
ENDS = datetime(2029, 5, 31, 23, 59, 59, tzinfo=UTC)
OUTBOX = table(OutboxMessage)


def at(instant: datetime) -> Now:
    return Now(real=LATER, school=instant)


def ending(conn: Connection, /, **changes: Any) -> tuple[Learning, str]:
    who = learning(conn, weeks=1)
    return who, an_award(conn, who, valid_until=ENDS, **changes)


def letters(conn: Connection) -> list[Any]:
    return list(conn.execute(OUTBOX.select().where(OUTBOX.c.kind == "badge_ends").order_by(OUTBOX.c.id)).all())


@pytest.mark.parametrize(
    ("left", "step"),
    [(91, None), (90, 90), (31, 90), (30, 30), (1, 30), (0, 0), (-7, 0), (-8, None)],
)
def test_the_most_urgent_step_is_due_by_days_of_the_wall_calendar(left: int, step: int | None) -> None:
    here = ZoneInfo("America/St_Johns")
    until = holds_until(datetime(2026, 3, 8, 5, tzinfo=UTC), 36, here)
    assert until is not None
    midday = until.astimezone(here).replace(hour=12, minute=0) - left * DAY
    for now in (midday.replace(hour=0), midday, midday.replace(hour=23, minute=59)):
        assert step_due(datetime(2026, 3, 8, 5, tzinfo=UTC), until, here, now) == step


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(-400, 30))
def test_no_step_falls_into_the_first_half_of_a_badges_life(months: int, away: int) -> None:
    here, made = ZoneInfo("Europe/Helsinki"), datetime(2026, 1, 31, 10, tzinfo=UTC)
    until = holds_until(made, months, here)
    assert until is not None
    step = step_due(made, until, here, until.astimezone(here) + away * DAY)
    assert step is None or (step in STEPS and step >= -away and until - made > 2 * step * DAY)


def test_an_earner_is_told_three_times_and_never_twice(db: Database) -> None:
    who, award_id = db.write_now(ending)
    told = []
    for day in (92, 91, 90, 89, 31, 30, 29, 1, 0, -1, -7, -8):
        now = at(ENDS - day * DAY)
        told += [day] * remind_of_ends(db, now)
        assert remind_of_ends(db, now) == 0
    assert told == [90, 30, 0]
    found = db.read_now(letters)
    assert [row.key for row in found] == [f"badge_ends:{award_id}:{step}" for step in (90, 30, 0)]
    assert {row.person_id for row in found} == {who.person_id}
    assert [row.data["left"] for row in found] == [90, 30, 0]


def test_a_worker_that_was_stopped_writes_the_newest_letter_alone(db: Database) -> None:
    db.write_now(ending)
    assert remind_of_ends(db, at(ENDS - 12 * DAY)) == 1
    assert remind_of_ends(db, at(ENDS + 3 * DAY)) == 1
    assert [row.data["left"] for row in db.read_now(letters)] == [12, -3]


@pytest.mark.parametrize("how", ["renewed", "revoked", "withdrawn", "for ever"])
def test_what_is_renewed_or_no_longer_holds_is_not_told_of(db: Database, how: str) -> None:
    def fill(conn: Connection) -> None:
        who, award_id = ending(conn)
        changes: dict[str, Any] = {"revoked": {"revoked_at": LATER}, "withdrawn": {"withdrawn_at": LATER}}.get(how, {})
        if how == "renewed":
            again = replace(learning(conn, weeks=1, name="Again"), person_id=who.person_id)
            an_award(conn, again, renews_id=award_id)
        if how == "for ever":
            changes = {"valid_until": None}
        if changes:
            conn.execute(update(AWARD).where(AWARD.c.id == award_id).values(changes))

    db.write_now(fill)
    assert remind_of_ends(db, at(ENDS - 30 * DAY)) == 0
    assert db.read_now(letters) == []


def test_a_renewal_that_was_revoked_renews_nothing(db: Database) -> None:
    def fill(conn: Connection) -> None:
        who, award_id = ending(conn)
        again = replace(learning(conn, weeks=1, name="Again"), person_id=who.person_id)
        an_award(conn, again, renews_id=award_id, revoked_at=LATER)

    db.write_now(fill)
    assert remind_of_ends(db, at(ENDS - 30 * DAY)) == 1


def test_the_letter_names_the_next_cohort_that_takes_people(db: Database) -> None:
    def fill(conn: Connection) -> Learning:
        who, _ = ending(conn)
        make.cohort(conn, who.course, date(2029, 9, 3), name="Autumn 2029")
        make.cohort(conn, who.course, date(2029, 6, 4), name="Invited", way=EnrolmentWay.INVITATION)
        make.cohort(conn, who.course, date(2029, 1, 8), name="Begun")
        earlier = make.cohort(conn, who.course, date(2029, 8, 6), name="Has a place in it")
        place = make.enrol(conn, earlier, who.person_id)
        conn.execute(update(ENROLMENT).where(ENROLMENT.c.id == place).values(state=EnrolmentState.COMPLETED))
        return who

    who = db.write_now(fill)
    remind_of_ends(db, at(ENDS - 30 * DAY))
    data = db.read_now(letters)[0].data
    assert not data["taking"]
    assert (data["cohort"], say(data["starts"])) == ("Autumn 2029", "starts on Monday 3 September 2029")
    assert data["course"] == f"/courses/{who.course.code}"


@pytest.mark.parametrize(
    ("left", "subject"),
    [
        (90, "In 90 days a badge of yours ends: A"),
        (1, "Tomorrow a badge of yours ends: A"),
        (0, "A badge of yours ends today: A"),
        (-2, "A badge of yours has ended: A"),
    ],
)
def test_the_letter_says_when_and_how_to_renew(left: int, subject: str) -> None:
    data = {"achievement": "A", "left": left, "last": "Thursday 31 May 2029", "path": "/badges/x/mine"}
    data |= {"course": "/courses/pump", "series": "", "cohort": "", "starts": "", "taking": False}
    letter = Letter(message_id="m", at=LATER, to="a@example.org", kind="badge_ends", data=data)
    message = compose(letter, Settings(base_url="https://school.example"), Pages((), str).env)
    assert message["Subject"] == subject
    text = text_of(message)
    assert ("held until" in text) is (left < 0)
    assert "https://school.example/courses/pump" in text
    assert "\n\n\n" not in text
    taking = replace(letter, data={**data, "taking": True})
    text = text_of(compose(taking, Settings(base_url="https://school.example"), Pages((), str).env))
    assert "You are taking its course again." in text
    assert "/courses/pump" not in text


def test_who_takes_the_course_again_is_told_so(db: Database) -> None:
    def fill(conn: Connection) -> None:
        who, _ = ending(conn)
        make.enrol(conn, make.cohort(conn, who.course, date(2029, 5, 7)), who.person_id)

    db.write_now(fill)
    remind_of_ends(db, at(ENDS - 30 * DAY))
    assert db.read_now(letters)[0].data["taking"]


def test_a_worker_rests_between_two_looks_and_a_look_is_one_statement(db: Database) -> None:
    db.write_now(ending)
    scan = Resting(db, remind_of_ends)
    with statements(db) as count:
        assert scan.run(at(ENDS - 200 * DAY)) == 0
        assert scan.run(at(ENDS - 200 * DAY + timedelta(minutes=9))) == 0
    assert count.number == 1
    assert scan.run(at(ENDS - 30 * DAY)) == 1


def test_my_list_says_until_when_a_badge_holds_and_what_renewed_it(house: House, browser: Any) -> None:
    def fill(conn: Connection) -> tuple[str, str]:
        who, award_id = ending(conn, awarded_at=LATER)
        again = replace(learning(conn, weeks=1, name="Again"), person_id=who.person_id)
        newer = an_award(conn, again, renews_id=award_id, awarded_at=datetime(2029, 3, 2, tzinfo=UTC))
        return who.person_id, newer

    person, newer = house.db.write_now(fill)
    slug = house.db.read_now(lambda conn: conn.execute(select(AWARD.c.slug).where(AWARD.c.id == newer)).scalar_one())
    page = " ".join(browser(person).get("/badges").text.split())
    assert "Holds until the end of Thursday 31 May 2029." in page
    assert f'Renewed by <a href="/badges/{slug}/mine">the badge of Friday 2 March 2029</a>' in page
    assert page.count("until the end of") == 1
