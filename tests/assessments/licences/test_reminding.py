"""Letters before a renewal window closes, once each, on the school's clock and the licence's own days."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from assessments.licences.queries import LICENCE
from assessments.licences.reminding import remind_of_windows
from assessments.licences.standing import step_due
from fourweek.clock import Now
from fourweek.database import Database
from fourweek.jobs.resting import Resting
from fourweek.language.stored import say
from fourweek.mail import compose
from fourweek.outbox import OUTBOX, Letter
from fourweek.pages import Pages
from fourweek.settings import Settings
from tests import factories as make
from tests.assessments.licences.factories import licence
from tests.assessments.stated.factories import stated
from tests.letters import text_of
from tests.statements import statements

DAY = timedelta(days=1)
MIDNIGHT = datetime(2027, 3, 1, 5, tzinfo=UTC)
"""The end of 28 February 2027 in New York."""


def at(school: datetime) -> Now:
    return Now(real=make.START, school=school)


def letters(db: Database) -> list[Any]:
    wanted = select(OUTBOX).where(OUTBOX.c.kind == "licence_ends").order_by(OUTBOX.c.id)
    return list(db.read_now(lambda conn: conn.execute(wanted).all()))


def test_a_letter_for_each_step_says_what_is_missing(db: Database) -> None:
    def seed(conn: Connection) -> tuple[str, str]:
        alice, bob = make.person(conn), make.person(conn, "Bob Other")
        for category in ("technical", "ethics", "laws-rules:US-FL"):
            stated(conn, bob, category=category, minutes=480)
        licence(conn, alice, remind=False)
        licence(conn, alice, removed_at=make.BEFORE)
        return licence(conn, alice), licence(conn, bob, obligation={"stated": True})

    first, second = db.write_now(seed)
    days = [91, 90, 60, 30, 30, 7, 1, 0, -1]
    assert [remind_of_windows(db, at(MIDNIGHT - day * DAY - DAY / 2)) for day in days] == [0, 2, 0, 2, 0, 2, 0, 0, 0]
    found = letters(db)
    assert [row.key for row in found[:2]] == [f"licence_ends:{one}:2027-02-28:90" for one in (first, second)]
    assert (say(found[0].data["missing"][0]), found[1].data["missing"]) == ("18.0 CE hours in all", [])
    assert found[4].data["left"] == 7


def test_a_renewed_licence_is_written_of_for_its_next_window(db: Database) -> None:
    made = db.write_now(lambda conn: licence(conn, make.person(conn)))
    remind_of_windows(db, at(MIDNIGHT - 5 * DAY))
    db.write_now(lambda conn: conn.execute(update(LICENCE).values(ends_on=date(2029, 2, 28))))
    assert remind_of_windows(db, at(MIDNIGHT - 4 * DAY)) == 0
    assert remind_of_windows(db, at(datetime(2029, 2, 1, 12, tzinfo=UTC))) == 1
    assert [row.key for row in letters(db)] == [
        f"licence_ends:{made}:2027-02-28:7",
        f"licence_ends:{made}:2029-02-28:30",
    ]


def test_the_scan_asks_as_much_for_many_as_for_one_and_rests(db: Database) -> None:
    def many(conn: Connection) -> None:
        for number in range(12):
            licence(conn, make.person(conn, f"Paula{number} Pages"))

    db.write_now(many)
    scan, now = Resting(db, remind_of_windows), at(MIDNIGHT - 30 * DAY)
    with statements(db) as count:
        assert scan.run(now) == 12
    assert count.number <= 8
    assert scan.run(now) == 0


def test_the_steps() -> None:
    last = date(2027, 2, 28)
    days = [91, 90, 31, 30, 8, 7, 0, -1]
    assert [step_due(last, last - day * DAY) for day in days] == [None, 90, 90, 30, 30, 7, 7, None]


def test_the_letter_in_words() -> None:
    data = {"licence": "Professional engineer, Florida", "left": 30, "last": "Sunday 28 February 2027"}
    for missing, words in ((["7.5 PDH in all", "1.0 hours: Ethics"], "- 1.0 hours: Ethics"), ([], "it is complete")):
        said = data | {"missing": missing, "path": "/licences/x"}
        letter = Letter(message_id="m", at=make.START, to="a@example.org", kind="licence_ends", data=said)
        message = compose(letter, Settings(base_url="https://school.example"), Pages((), str).env)
        text = text_of(message)
        assert message["Subject"] == "In 30 days a renewal window closes: Professional engineer, Florida"
        assert (words in text, "your board decides" in text, "\n\n\n" in text) == (True, True, False)
