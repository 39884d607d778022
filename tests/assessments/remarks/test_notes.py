"""Notes between graders: who reads them, who never does."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection, update

from assessments.evidence.models import Step, Submission
from assessments.grading.claims import drop, take
from assessments.grading.models import Purpose, Rating, RatingState
from assessments.grading.remarking import add_note
from assessments.remarks.models import GraderNote
from assessments.remarks.notes import LONGEST, notes_of
from fourweek.accounts.access import Visitor
from fourweek.database import add, new_id, table
from fourweek.errors import Invalid, NotFound
from tests import factories as make
from tests.assessments.grading.factories import LEASE, NOW, School, acts, claimed, rows

SUBMISSION = table(Submission)


def _reads(conn: Connection, made: School, visitor: Visitor, *, on_my_desk: bool, leads: bool = False) -> list[str]:
    found = notes_of(conn, visitor, made.submission, on_my_desk=on_my_desk, leads=leads)
    return [note.text for note in found]


def _step(conn: Connection, made: School, step: Step) -> None:
    conn.execute(update(SUBMISSION).where(SUBMISSION.c.id == made.submission).values(step=step))


def _rating(made: School, person: str, state: RatingState, purpose: Purpose) -> Rating:
    return Rating(
        id=new_id(), submission_id=made.submission, grader_id=person, state=state, purpose=purpose, saved_at=NOW
    )


def test_stranger_and_learner_write_none(conn: Connection) -> None:
    made = claimed(conn)
    for person in (make.person(conn), made.alice):
        with pytest.raises(NotFound):
            add_note(conn, make.visitor(person, NOW), made.submission, "Hello.")
    assert rows(conn, GraderNote) == []


def test_a_note_is_kept_once_and_needs_words(conn: Connection) -> None:
    made = claimed(conn)
    for _ in range(2):
        add_note(conn, made.grader(), made.submission, "Is the log\nreal? <b>")
    assert _reads(conn, made, made.grader(), on_my_desk=True) == ["Is the log\nreal? <b>"]
    for text in (" ", "x" * (LONGEST + 1)):
        with pytest.raises(Invalid) as caught:
            add_note(conn, made.grader(), made.submission, text)
        assert list(caught.value.fields) == ["note"]
    assert acts(conn, "note") == ["note.written"]


def test_whoever_takes_over_reads_them_others_do_not_yet(conn: Connection) -> None:
    made = claimed(conn)
    add_note(conn, made.grader(), made.submission, "I asked for the log.")
    gus = made.grader(made.gus)
    assert _reads(conn, made, gus, on_my_desk=False) == []
    drop(conn, made.submission)
    take(conn, gus, made.submission, LEASE)
    assert _reads(conn, made, gus, on_my_desk=True) == ["I asked for the log."]


def test_the_second_reads_only_their_own_until_they_are_done(conn: Connection) -> None:
    made = claimed(conn)
    add_note(conn, made.grader(), made.submission, "The first one's.")
    add(conn, _rating(made, made.greta, RatingState.DONE, Purpose.FIRST))
    _step(conn, made, Step.SECOND)
    gus = made.grader(made.gus)
    add_note(conn, gus, made.submission, "The second one's.")
    assert _reads(conn, made, gus, on_my_desk=True) == ["The second one's."]
    assert _reads(conn, made, made.grader(), on_my_desk=False) == ["The first one's.", "The second one's."]
    add(conn, _rating(made, made.gus, RatingState.DONE, Purpose.SECOND))
    assert _reads(conn, made, gus, on_my_desk=False) == ["The first one's.", "The second one's."]


def test_a_lead_reads_all_unless_they_are_rating_it_blind(conn: Connection) -> None:
    made = claimed(conn)
    add_note(conn, made.grader(), made.submission, "The first one's.")
    _step(conn, made, Step.SECOND)
    lena = made.lead()
    assert _reads(conn, made, lena, on_my_desk=False, leads=True) == ["The first one's."]
    assert _reads(conn, made, lena, on_my_desk=True, leads=True) == []
    add(conn, _rating(made, made.lena, RatingState.DRAFT, Purpose.SECOND))
    assert _reads(conn, made, lena, on_my_desk=False, leads=True) == []
    conn.execute(update(table(Rating)).values(purpose=Purpose.RECONCILING))
    _step(conn, made, Step.RECONCILING)
    assert _reads(conn, made, lena, on_my_desk=True, leads=True) == ["The first one's."]


def test_notes_go_on_after_the_decision(conn: Connection) -> None:
    made = claimed(conn)
    make.decided(conn, made.course, made.submission, made.greta)
    add_note(conn, made.lead(), made.submission, "Use it as an example.")
    assert _reads(conn, made, made.lead(), on_my_desk=False, leads=True) == ["Use it as an example."]
    later = replace(made.grader(made.gus))
    assert _reads(conn, made, later, on_my_desk=False) == []
