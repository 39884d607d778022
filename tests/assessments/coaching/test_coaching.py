"""After the last attempt: asking to talk, the lead's lists, closing with further attempts, and what they change."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from assessments.assignments.models import Assignment
from assessments.coaching.asking import ask
from assessments.coaching.errors import Closed, NotAtEnd
from assessments.coaching.granted import COACHING
from assessments.coaching.pages import list_page
from assessments.coaching.service import Closing, begin, close
from assessments.evidence.queries import work_of_many
from assessments.grading.models import Outcome
from courses.paging import PER_PAGE
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.database import Database, table
from fourweek.edge import House
from fourweek.errors import Invalid, NotFound
from fourweek.outbox import OUTBOX
from tests import factories as make
from tests.assessments.coaching.conftest import Ended
from tests.assessments.evidence.school import NOON, at_once
from tests.statements import statements
from tests.visits import forms

WISH = "How do I say what the <objective> is for?"
ENOUGH = Closing("We went through the second part together.", "2", "The second part was never asked for clearly.")


def _talks(db: Database) -> list[Any]:
    return db.read_now(lambda conn: list(conn.execute(select(COACHING)).all()))


def _letters(db: Database, kind: str) -> list[Any]:
    return db.read_now(lambda conn: list(conn.execute(select(OUTBOX).where(OUTBOX.c.kind == kind)).all()))


def _asked(db: Database, ended: Ended, wish: str = WISH) -> str:
    db.write_now(ask, ended.school.visitor(), ended.school.where, wish)
    return str(_talks(db)[0].id)


def test_the_lists_are_for_leads_of_the_cohort_alone(ended: Ended, db: Database, browser: Any) -> None:
    talk = _asked(db, ended)
    assert browser().get("/coaching").status_code == 303
    for person in (ended.school.alice, ended.school.bob, ended.school.greta):
        for path in ("/coaching", f"/coaching/{talk}"):
            assert browser(person).get(path).status_code == 404
    nora = browser(ended.nora)
    assert "Alice Brook" not in nora.get("/coaching").text + nora.get("/coaching?part=ended").text
    assert nora.get(f"/coaching/{talk}").status_code == 404
    for visitor in (make.visitor(ended.nora, NOON, (Role.LEAD, "elsewhere")), ended.school.visitor()):
        with pytest.raises(NotFound):
            db.write_now(close, visitor, talk, ENOUGH)
        with pytest.raises(NotFound):
            db.write_now(begin, visitor, ended.school.enrolment, "note-1")


def test_nobody_who_leads_talks_with_themselves(ended: Ended, db: Database) -> None:
    talk = _asked(db, ended)
    with pytest.raises(NotFound):
        db.write_now(close, ended.lead(ended.school.alice), talk, ENOUGH)


def test_the_page_shows_what_comes_next_instead_of_a_wall(ended: Ended, db: Database, browser: Any) -> None:
    alice = browser(ended.school.alice)
    page = alice.get(ended.school.at).text
    assert "What comes next" in page
    assert "The only attempt is used. What comes next is said below." in page
    assert "Begin the next attempt" not in page
    empty = alice.submit(ended.school.at, ended.ask_at, wish="  ")
    assert (empty.status_code, "Write a sentence" in empty.text) == (422, True)
    sent = alice.submit(ended.school.at, ended.ask_at, wish=WISH)
    assert (sent.status_code, sent.headers["location"]) == (303, ended.school.at)
    page = alice.get(ended.school.at).text
    assert "How do I say what the &lt;objective&gt; is for?" in page
    assert ended.ask_at not in page
    (row,) = _talks(db)
    assert (row.wish, row.opened_by, row.closed_at) == (WISH, ended.school.alice, None)
    letters = _letters(db, "coaching_asked")
    assert {one.person_id for one in letters} == {ended.lena, ended.otto}
    assert {one.data["path"] for one in letters} == {f"/coaching/{row.id}"}


def test_asking_is_refused_while_attempts_are_left_and_to_strangers(ended: Ended, db: Database, browser: Any) -> None:
    db.write_now(lambda conn: conn.execute(update(table(Assignment)).values(max_attempts=2)).rowcount)
    with pytest.raises(NotAtEnd):
        db.write_now(ask, ended.school.visitor(), ended.school.where, WISH)
    with pytest.raises(NotFound):
        db.write_now(ask, make.visitor(ended.school.bob, NOON), ended.school.where, WISH)
    with pytest.raises(NotAtEnd):
        db.write_now(begin, ended.lead(ended.lena), ended.school.enrolment, "note-1")
    assert _talks(db) == []


@pytest.mark.parametrize("outcome", [None, Outcome.DEMONSTRATED, Outcome.RETURNED_INCOMPLETE])
def test_only_a_posted_not_yet_leads_there(house: House, db: Database, ended: Ended, outcome: Outcome | None) -> None:
    """What waits, is demonstrated or used no attempt ends nothing."""
    bob = db.write_now(lambda conn: make.enrol(conn, ended.school.cohort, ended.school.bob))

    def fill(conn: Any) -> None:
        sent = make.submission(conn, ended.school.made, bob, at=NOON - timedelta(hours=3))
        if outcome:
            make.decided(conn, ended.school.made, sent, ended.school.greta, outcome=outcome, posted_at=NOON)

    db.write_now(fill)
    page = db.read_now(list_page, ended.lead(ended.lena), "ended", 1)
    assert [row.learner for row in page.rows] == ["Alice Brook"]


def test_asked_twenty_times_at_once_it_is_opened_once(ended: Ended, db: Database) -> None:
    at_once(lambda: db.write_now(ask, ended.school.visitor(), ended.school.where, WISH))
    assert len(_talks(db)) == 1
    assert len(_letters(db, "coaching_asked")) == 2


def test_a_lead_begins_and_closes_a_talk_and_further_attempts_count_everywhere(
    ended: Ended, db: Database, browser: Any
) -> None:
    lena, alice = browser(ended.lena), browser(ended.school.alice)
    assert "Alice Brook" in lena.get("/coaching?part=ended").text
    begun = lena.submit("/coaching?part=ended", "/coaching")
    talk = begun.headers["location"]
    assert "Alice Brook" in lena.get("/coaching").text
    assert "Alice Brook" not in lena.get("/coaching?part=ended").text
    short = lena.submit(talk, talk, answer="", extra="2", reason="")
    assert (short.status_code, "Write what came of it" in short.text) == (422, True)
    done = lena.submit(talk, talk, answer=ENOUGH.answer, extra="2", reason=ENOUGH.reason)
    assert (done.status_code, done.headers["location"]) == (303, "/coaching")
    assert "Alice Brook" not in lena.get("/coaching").text

    page = alice.get(ended.school.at).text
    for words in ("1 of 3 used", ENOUGH.answer, "2 further attempts were granted.", "Begin the next attempt"):
        assert words in page, words
    assert ENOUGH.reason not in page
    versions = {ended.school.enrolment: ended.school.made.version_id}
    works = db.read_now(work_of_many, versions, NOON + timedelta(hours=1))[ended.school.enrolment]
    assert next(work for work in works if work.key == "note-1").attempts_left == 2
    ended.school.next_attempt(db, NOON + timedelta(hours=1))
    (letter,) = _letters(db, "coaching_answered")
    assert (letter.person_id, letter.data["path"]) == (ended.school.alice, ended.school.at)
    wanted = select(table(AuditRow)).where(table(AuditRow).c.act == "coaching.close")
    (row,) = db.read_now(lambda conn: conn.execute(wanted).all())
    assert (row.actor_id, row.reason, row.detail["extra_attempts"]) == (ended.lena, ENOUGH.reason, 2)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (Closing(" ", "0", ""), "answer"),
        (Closing("x" * 5000, "0", ""), "answer"),
        (Closing("Yes.", "4", "Why not."), "extra"),
        (Closing("Yes.", "-1", "Why not."), "extra"),
        (Closing("Yes.", "", ""), "extra"),
        (Closing("Yes.", "1", " "), "reason"),
    ],
)
def test_what_cannot_be_closed_like_that_is_said_beside_its_field(
    ended: Ended, db: Database, typed: Closing, field: str
) -> None:
    talk = _asked(db, ended)
    with pytest.raises(Invalid) as refused:
        db.write_now(close, ended.lead(ended.lena), talk, typed)
    assert list(refused.value.fields) == [field]
    assert _talks(db)[0].closed_at is None


def test_of_two_leads_at_once_one_closes_it(ended: Ended, db: Database, browser: Any) -> None:
    talk = _asked(db, ended)

    def try_it() -> str:
        try:
            db.write_now(close, ended.lead(ended.lena), talk, ENOUGH)
        except Closed:
            return "too late"
        return "closed"

    assert sorted(at_once(try_it, 10)) == ["closed"] + ["too late"] * 9
    assert [row.extra_attempts for row in _talks(db)] == [2]
    assert len(_letters(db, "coaching_answered")) == 1
    otto = browser(ended.otto)
    page = otto.get(f"/coaching/{talk}").text
    assert "Further attempts granted: 2." in page
    assert f'action="/coaching/{talk}"' not in page


def test_the_second_lead_keeps_what_was_typed(ended: Ended, db: Database, browser: Any) -> None:
    talk = _asked(db, ended)
    otto = browser(ended.otto)
    form = forms(otto.get(f"/coaching/{talk}").text)[f"/coaching/{talk}"]
    db.write_now(close, ended.lead(ended.lena), talk, ENOUGH)
    late = otto.post(f"/coaching/{talk}", data=form | {"answer": "Otto's own words.", "extra": "0"})
    assert late.status_code == 409
    for words in ("Otto&#39;s own words.", ENOUGH.answer, "Somebody closed this a moment ago"):
        assert words in late.text, words


def test_closed_without_an_attempt_one_may_ask_again(ended: Ended, db: Database, browser: Any) -> None:
    talk = _asked(db, ended)
    db.write_now(close, ended.lead(ended.lena), talk, Closing("Read the second lesson again.", "0", ""))
    page = browser(ended.school.alice).get(ended.school.at).text
    for words in ("Read the second lesson again.", "No further attempt was granted.", "Ask again."):
        assert words in page, words
    assert db.read_now(list_page, ended.lead(ended.lena), "ended", 1).rows == ()
    later = make.visitor(ended.school.alice, NOON + timedelta(hours=1))
    db.write_now(ask, later, ended.school.where, "Once more.")
    assert len(_talks(db)) == 2


def test_granted_attempts_used_up_lead_there_again(ended: Ended, db: Database) -> None:
    talk = _asked(db, ended)
    db.write_now(close, ended.lead(ended.lena), talk, Closing("Try again.", "1", "A bad week."))

    def fill(conn: Any) -> None:
        sent = make.submission(conn, ended.school.made, ended.school.enrolment, attempt=2, at=NOON)
        after = NOON + timedelta(hours=1)
        make.decided(conn, ended.school.made, sent, ended.school.greta, outcome=Outcome.NOT_YET, posted_at=after)

    db.write_now(fill)
    then = make.visitor(ended.lena, NOON + timedelta(hours=2), (Role.LEAD, ended.school.cohort))
    assert [row.learner for row in db.read_now(list_page, then, "ended", 1).rows] == ["Alice Brook"]


def test_lists_are_paged_and_their_statements_do_not_grow(ended: Ended, house: House, browser: Any) -> None:
    lena = browser(ended.lena)

    def count(path: str) -> int:
        with statements(house.db) as counted:
            assert lena.get(path).status_code == 200
        return counted.number

    count("/coaching")
    few = count("/coaching?part=ended")

    def fill(conn: Any) -> None:
        for number in range(PER_PAGE + 5):
            person = make.person(conn, f"Learner {number:02}")
            enrolment = make.enrol(conn, ended.school.cohort, person)
            sent = make.submission(conn, ended.school.made, enrolment, at=NOON - timedelta(hours=3))
            at = NOON - timedelta(minutes=50)
            make.decided(conn, ended.school.made, sent, ended.school.greta, outcome=Outcome.NOT_YET, posted_at=at)

    house.db.write_now(fill)
    assert count("/coaching?part=ended") == few <= 6
    first, second = (lena.get(f"/coaching?part=ended&page={page}").text for page in (1, 2))
    assert first.count("Begin a talk with") == PER_PAGE
    assert second.count("Begin a talk with") == 6


def test_come_back_again_in_the_same_cohort_changes_nothing_for_others(ended: Ended, db: Database) -> None:
    """A second assignment of Alice's is a row of its own."""
    talk = _asked(db, ended)
    db.write_now(close, ended.lead(ended.lena), talk, ENOUGH)
    other = db.read_now(work_of_many, {ended.school.enrolment: ended.school.made.version_id}, NOON)
    left = {work.key: work.attempts_left for work in other[ended.school.enrolment]}
    assert left == {"note-1": 2, "note-2": 1, "note-3": 1, "note-4": 1}
