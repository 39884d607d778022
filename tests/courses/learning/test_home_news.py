"""What home says beside the work: places asked for and offered, the next live session, the newest announcement."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from assessments.coursework import AssessmentsCoursework
from courses.announcements.models import Announcement
from courses.announcements.notices import tell_announcements
from courses.cohorts.models import EnrolmentWay, Section
from courses.enrolment.models import Enrolment, PlaceRequest, RequestKind
from courses.learning.home_page import HomePage, home_page
from courses.live.models import LiveSession
from fourweek.clock import Now
from fourweek.database import Database, add, new_id
from fourweek.edge import House
from tests import factories as make
from tests.courses.learning.school import DAY, OPENS, School, build
from tests.courses.versions.factories import change
from tests.statements import statements

AtTime = Callable[[datetime], None]
COURSEWORK = AssessmentsCoursework()
NOON = OPENS + timedelta(hours=12)
COURSE = "Running a Reliable Service"


def _home(db: Database, person: str, at: datetime = NOON, **pages: int) -> HomePage:
    return db.read_now(home_page, make.visitor(person, at), COURSEWORK, 1, **pages)


def _ask(
    conn: Connection, cohort: str, person: str, kind: RequestKind, at: datetime = NOON - DAY, **values: Any
) -> None:
    row = PlaceRequest(id=new_id(), cohort_id=cohort, person_id=person, kind=kind, made_at=at, made_by=person, **values)
    add(conn, row)


def _cohort(conn: Connection, school: School, name: str, days: int = 7, **values: Any) -> str:
    return make.cohort(conn, school.made, (OPENS + DAY * days).date(), name=name, **values)


def _session(conn: Connection, school: School, at: datetime, **values: Any) -> str:
    given: dict[str, Any] = {
        "cohort_id": school.cohort,
        "module_number": 1,
        "title": "Clinic",
        "minutes": 60,
        "on": at.date(),
    }
    given |= {"join_url": "https://meet.example.org/clinic", "at": at.time(), "instructor": "Ines Ortiz"}
    row = LiveSession(id=new_id(), created_at=OPENS, changed_at=OPENS, **given | values)
    add(conn, row)
    return row.id


def _announce(conn: Connection, school: School, title: str, at: datetime = NOON - DAY, **values: Any) -> str:
    given: dict[str, Any] = {
        "cohort_id": school.cohort,
        "author_id": school.lena,
        "body": "Words.",
        "html": "<p>Words.</p>",
    }
    row = Announcement(id=new_id(), title=title, posted_at=at, **given | values)
    add(conn, row)
    return row.id


def test_home_says_what_was_asked_for_and_offered(db: Database) -> None:
    def fill(conn: Connection) -> School:
        school = build(conn)
        line = _cohort(conn, school, "Full one", 7, capacity=0, waitlist=True)
        for hours, person in ((3, school.dora), (2, school.carol), (1, school.bob)):
            _ask(conn, line, person, RequestKind.WAITLIST, NOON - timedelta(hours=hours))
        asked = _cohort(conn, school, "Asked one", 14, way=EnrolmentWay.APPROVAL)
        _ask(conn, asked, school.carol, RequestKind.APPROVAL)
        offered = _cohort(conn, school, "Offered one", 21, way=EnrolmentWay.INVITATION)
        _ask(conn, offered, school.carol, RequestKind.INVITATION)
        return school

    school = db.write_now(fill)
    found = [
        (one.title, one.words.split(".")[0], one.accepts, one.declines) for one in _home(db, school.carol).asked.lines
    ]
    assert found == [
        (f"Number 2 in line for {COURSE}", "Cohort Full one", False, False),
        (f"You asked for a place in {COURSE}", "Cohort Asked one", False, False),
        (f"You are invited to {COURSE}", "Cohort Offered one", True, True),
    ]
    assert _home(db, school.alice).asked.lines == ()
    assert [one.title for one in _home(db, school.bob).asked.lines] == [f"Number 3 in line for {COURSE}"]


def test_an_invitation_that_cannot_be_accepted_says_why(db: Database) -> None:
    def fill(conn: Connection) -> str:
        school = build(conn)
        _ask(conn, _cohort(conn, school, "Full", capacity=0), school.carol, RequestKind.INVITATION)
        return school.carol

    (line,) = _home(db, db.write_now(fill)).asked.lines
    assert (line.accepts, line.declines) == (False, True)
    assert line.words.endswith("All places are taken.")


def test_an_invitation_is_accepted_or_declined_on_home(
    school: School, house: House, browser: Any, at_time: AtTime
) -> None:
    def fill(conn: Connection) -> list[str]:
        cohorts = [_cohort(conn, school, name, way=EnrolmentWay.INVITATION) for name in ("First", "Second")]
        for one in cohorts:
            _ask(conn, one, school.carol, RequestKind.INVITATION)
        return cohorts

    at_time(NOON)
    first, second = house.db.write_now(fill)
    carol = browser(school.carol)
    assert "Accept and enrol" not in browser(school.dora).get("/home").text
    answer = carol.submit("/home", f"/cohorts/{first}/enrol")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cohorts/{first}")
    assert carol.submit("/home", f"/cohorts/{second}/enrol/take-back").status_code == 303
    page = carol.get("/home").text
    assert ("Places asked for and offered" in page, f'href="/cohorts/{first}"' in page) == (False, True)
    assert carol.get(f"/cohorts/{second}").status_code == 404


def test_home_names_the_next_session_of_a_course(db: Database) -> None:
    def fill(conn: Connection) -> School:
        school = build(conn)
        _session(conn, school, NOON + DAY, title="Tomorrow")
        _session(conn, school, NOON - timedelta(hours=2), title="Over")
        _session(conn, school, NOON + timedelta(hours=1), title="Cancelled", cancelled_at=NOON)
        _session(conn, school, NOON + timedelta(hours=2), title="Next")
        _session(conn, school, NOON, title="Elsewhere", cohort_id=school.other)
        return school

    school = db.write_now(fill)
    (card,) = _home(db, school.alice).courses
    assert card.news.session is not None
    said = card.news.session
    assert (said.title, said.join, said.when.until) == ("Next", "", "in 2 hours")
    near = _home(db, school.alice, NOON + timedelta(minutes=110)).courses[0].news.session
    assert near is not None
    assert near.join == "https://meet.example.org/clinic"
    assert _home(db, school.alice, NOON + 3 * DAY).courses[0].news.session is None


def test_a_session_is_said_in_both_zones(db: Database) -> None:
    def fill(conn: Connection) -> str:
        school = build(conn)
        zoned = make.cohort(conn, school.made, OPENS.date(), zone="Asia/Tokyo")
        person = make.person(conn)
        make.enrol(conn, zoned, person)
        _session(conn, school, OPENS + 7 * DAY + timedelta(hours=9), cohort_id=zoned)
        return person

    (card,) = _home(db, db.write_now(fill)).courses
    assert card.news.session is not None
    when = card.news.session.when
    assert ("09:00 (Asia/Tokyo)" in when.words, when.second) == (True, "00:00 your time (UTC)")


@pytest.mark.parametrize("place", ["section", "alone"])
def test_home_keeps_to_the_sessions_and_announcements_of_ones_section(db: Database, place: str) -> None:
    def fill(conn: Connection) -> str:
        school = build(conn)
        evening, person = new_id(), make.person(conn)
        add(conn, Section(id=evening, cohort_id=school.cohort, name="Evening"))
        enrolment = make.enrol(conn, school.cohort, person)
        if place == "section":
            change(conn, Enrolment, enrolment, section_id=evening)
        _session(conn, school, NOON + timedelta(hours=1), title="Evening only", section_id=evening)
        _session(conn, school, NOON + timedelta(hours=2), title="For all")
        _announce(conn, school, "For all", NOON - DAY)
        _announce(conn, school, "Evening only", NOON, section_id=evening)
        return person

    (card,) = _home(db, db.write_now(fill)).courses
    assert card.news.session is not None
    assert card.news.announcement is not None
    wanted = "Evening only" if place == "section" else "For all"
    assert (card.news.session.title, card.news.announcement.title) == (wanted, wanted)


def test_the_newest_announcement_stands_on_home_until_it_was_read(
    school: School, house: House, browser: Any, at_time: AtTime
) -> None:
    def fill(conn: Connection) -> str:
        _announce(conn, school, "Withdrawn", NOON, withdrawn_at=NOON)
        _announce(conn, school, "Elsewhere", NOON, cohort_id=school.other)
        _announce(conn, school, "Old news", NOON - 2 * DAY)
        return _announce(conn, school, "Good news", NOON - DAY)

    at_time(NOON)
    newest = house.db.write_now(fill)
    alice = browser(school.alice)
    direct = f'<a href="/cohorts/{school.cohort}/announcements/{newest}">Good news</a>'
    assert direct in alice.get("/home").text  # no mail has left yet
    tell_announcements(house.db, Now(NOON, NOON))
    for title, other in (("Good news", "Old news"), ("Old news", "Good news")):
        page = alice.get("/home").text
        assert f">{title}</a></bdi> by Lena Grant" in page
        assert (f">{other}</a></bdi> by" in page, "Elsewhere" in page, "Withdrawn" in page) == (False, False, False)
        link = page.split(f'">{title}</a>')[0].rsplit('href="', 1)[1]
        assert alice.get(link).headers["location"].startswith(f"/cohorts/{school.cohort}/announcements/")
    assert "New announcement" not in alice.get("/home").text


def test_who_joined_later_or_wrote_it_has_nothing_to_read(db: Database) -> None:
    def fill(conn: Connection) -> School:
        school = build(conn)
        make.enrol(conn, school.cohort, school.lena)
        _announce(conn, school, "Good news")
        return school

    school = db.write_now(fill)
    tell_announcements(db, Now(NOON, NOON))
    db.write_now(make.enrol, school.cohort, school.carol)
    assert [_home(db, one).courses[0].news.announcement is None for one in (school.carol, school.lena)] == [True, True]
    letter = _home(db, school.alice).courses[0].news.announcement
    assert letter is not None
    assert letter.href.startswith("/notices/")


def test_an_announcement_told_again_is_unread_again(db: Database) -> None:
    def fill(conn: Connection) -> School:
        school = build(conn)
        _announce(conn, school, "Told again", round=2)
        return school

    school = db.write_now(fill)
    tell_announcements(db, Now(NOON, NOON))
    letter = _home(db, school.alice).courses[0].news.announcement
    assert letter is not None
    assert letter.href.startswith("/notices/")


def test_statements_stay_the_same_however_much_there_is(db: Database) -> None:
    def fill(conn: Connection) -> School:
        school = build(conn)
        for number in range(30):
            _ask(conn, _cohort(conn, school, f"No {number}", number), school.alice, RequestKind.APPROVAL)
            cohort = make.cohort(conn, school.made, OPENS.date())
            make.enrol(conn, cohort, school.alice)
            for hour in range(3):
                _session(conn, school, NOON + timedelta(hours=hour), cohort_id=cohort)
                _announce(conn, school, f"News {hour}", cohort_id=cohort)
        _session(conn, school, NOON, cohort_id=school.other)
        return school

    school = db.write_now(fill)
    _home(db, school.alice)
    with statements(db) as many:
        page = _home(db, school.alice)
    with statements(db) as one:
        _home(db, school.dora)
    assert (many.number, one.number) == (8, 8)
    assert (len(page.asked.lines), page.asked.pager.next) == (25, "/home?asked=2")
    assert len(_home(db, school.alice, asked_number=2).asked.lines) == 5
    cards = [card for card in page.courses if card.news.session and card.news.announcement]
    assert len(cards) >= 24
