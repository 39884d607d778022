"""Letters about announcements: one per person and round, whatever the worker suffers."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, update

from courses.announcements import notices
from courses.announcements.models import Announcement
from courses.announcements.notices import PIECE, tell_announcements
from courses.announcements.queries import ANNOUNCEMENT
from courses.enrolment.access import ENROLMENT
from courses.enrolment.models import EnrolmentState
from fourweek.accounts.access import PERSON
from fourweek.clock import Now
from fourweek.database import add, new_id
from fourweek.edge import House
from fourweek.mail import compose
from fourweek.outbox import OUTBOX, Letter
from fourweek.pages import Pages
from tests import factories as make
from tests.courses.announcements.conftest import Hall
from tests.letters import text_of
from tests.statements import statements

NOW = Now(make.START, make.START)


def _post(hall: Hall, title: str = "News") -> str:
    row = Announcement(
        id=new_id(),
        cohort_id=hall.school.cohort,
        title=title,
        body="Bring *paper*.",
        html="<p>Bring <em>paper</em>.</p>",
        author_id=hall.ivan,
        posted_at=make.START,
    )
    hall.db.write_now(add, row)
    return row.id


def _join(hall: Hall, count: int) -> None:
    def fill(conn: Connection) -> None:
        for _ in range(count):
            make.enrol(conn, hall.school.cohort, make.person(conn))

    hall.db.write_now(fill)


def test_every_active_learner_is_told_once(hall: Hall) -> None:
    _post(hall)
    assert [tell_announcements(hall.db, NOW) for _ in range(2)] == [2, 0]
    assert hall.letters() == sorted([(hall.school.alice, "News"), (hall.erin, "News")])


def test_who_left_finished_or_is_disabled_and_the_author_are_not_told(hall: Hall) -> None:
    def change(conn: Connection) -> None:
        make.enrol(conn, hall.school.cohort, hall.ivan)
        mine = ENROLMENT.c.person_id == hall.school.alice
        conn.execute(update(ENROLMENT).where(mine).values(state=EnrolmentState.COMPLETED))
        conn.execute(update(PERSON).where(PERSON.c.id == hall.erin).values(disabled_at=make.BEFORE))

    hall.db.write_now(change)
    _post(hall)
    assert (tell_announcements(hall.db, NOW), hall.letters()) == (0, [])


def test_large_class_is_told_in_pieces_and_an_idle_tick_reads_once(hall: Hall) -> None:
    _join(hall, PIECE)
    _post(hall)
    assert tell_announcements(hall.db, NOW) == PIECE + 2
    with statements(hall.db) as count:
        assert tell_announcements(hall.db, NOW) == 0
    assert count.number == 1


def test_killed_in_the_middle_goes_on_without_a_second_letter(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "PIECE", 3)
    monkeypatch.setattr(notices, "_CONCERNED", notices._CONCERNED.limit(3))
    _join(hall, 5)
    news = _post(hall)
    assert hall.db.write_now(notices._tell_piece, news, 1, "", NOW)[0] == 3
    assert tell_announcements(hall.db, NOW) == 4
    assert len(hall.letters()) == 7


def test_told_again_in_the_middle_reaches_everybody_in_the_new_round(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "PIECE", 1)
    monkeypatch.setattr(notices, "_CONCERNED", notices._CONCERNED.limit(1))
    news = _post(hall)
    new, after = hall.db.write_now(notices._tell_piece, news, 1, "", NOW)
    hall.db.write_now(lambda conn: conn.execute(update(ANNOUNCEMENT).values(round=2, title="Changed")))
    assert (new, hall.db.write_now(notices._tell_piece, news, 1, after or "", NOW)) == (1, (0, None))
    assert tell_announcements(hall.db, NOW) == 2
    assert [title for _, title in hall.letters()].count("Changed") == 2


def test_two_workers_at_once_tell_once(hall: Hall) -> None:
    _join(hall, 20)
    _post(hall)
    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(tell_announcements, hall.db, NOW) for _ in range(2)]
    assert (sum(one.result() for one in done), len(hall.letters())) == (22, 22)


def test_letter_reads_well(hall: Hall, house: House) -> None:
    _post(hall, "Session moved")
    tell_announcements(hall.db, NOW)
    data = _data(hall)
    letter = Letter("m", make.START, "a@example.org", "announcement", data)
    message = compose(letter, house.settings, Pages((), str).env)
    assert message["Subject"] == "Session moved: Running a Reliable Service"
    body = text_of(message)
    assert body.startswith('Ivan Teach writes to the cohort "Autumn" of Running a Reliable Service:\n\nBring *paper*.')
    assert f"http://testserver{data['path']}" in body
    assert data["path"].startswith(hall.at)


def _data(hall: Hall) -> dict[str, Any]:
    found = hall.db.read_now(lambda conn: conn.execute(OUTBOX.select()).first())
    assert found is not None
    return dict(found.data)
