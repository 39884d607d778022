"""Handing in: once, frozen, with a receipt that names everything."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from assessments.assignments.queries import ASSIGNMENT
from assessments.evidence.access import my_desk
from assessments.evidence.errors import HandedIn, NotTaken
from assessments.evidence.forms import piece
from assessments.evidence.rules import INTEGRITY
from assessments.evidence.service import hand_in, lateness, new_receipt
from assessments.grading.models import Outcome
from fourweek.audit.models import AuditRow
from fourweek.clock import real_time
from fourweek.database import Database, table
from fourweek.edge import House
from fourweek.errors import NotFound, SignInNeeded
from fourweek.mail import compose
from fourweek.outbox import OUTBOX, Letter
from fourweek.pages import Pages
from tests import factories as make
from tests.assessments.evidence.school import (
    DUE,
    FILE,
    GOOD,
    LATE_END,
    NOON,
    PNG,
    SUBMISSION,
    School,
    at_once,
    attempts,
    build,
    decide,
    evidence,
    fields,
    set_clock,
    typed,
)
from tests.letters import text_of
from tests.statements import statements


def test_hand_in_through_the_page_gives_a_receipt(school: School, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    form = fields(alice, school, **{"text-report": GOOD, "integrity": "1"})
    answer = alice.post(school.at + "/submit", data=form, files=[("files-proof", ("shot.png", PNG, "image/png"))])
    (sent,) = attempts(db)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/receipts/{sent.receipt}")
    assert (sent.state.value, sent.attempt, sent.late, sent.integrity) == ("submitted", 1, False, INTEGRITY)
    assert sent.late_rule == "Due Sunday 8 November 2026, 23:59 (UTC). The cohort's weekly rule."
    page = alice.get(answer.headers["location"]).text
    for row in evidence(db):
        assert row.sha256 in page
    for words in (sent.receipt, "shot.png", "108 bytes", "Note 1", "(UTC)", INTEGRITY, "In time"):
        assert words in page, words
    assert "Waiting for a grader" in alice.get(school.at).text


def test_receipt_is_its_owners_alone(school: School, db: Database, browser: Any) -> None:
    receipt = school.hand_in(db, typed()).receipt
    assert browser(school.alice).get(f"/receipts/{receipt}").status_code == 200
    for person in (school.bob, school.greta):
        assert browser(person).get(f"/receipts/{receipt}").status_code == 404
    assert browser().get(f"/receipts/{receipt}").status_code == 303
    assert browser(school.alice).get("/receipts/R-NONE").status_code == 404


def test_hand_in_lists_what_is_missing_and_keeps_the_page(school: School, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    answer = alice.post(school.at + "/submit", data=fields(alice, school, **{"text-report": "Two words"}))
    assert answer.status_code == 422
    for words in (
        "Report: 2 words, at least 3 are asked for.",
        "The statement about your own work is not agreed to yet.",
        "Two words</textarea>",
    ):
        assert words in answer.text, words
    (draft,) = attempts(db)
    assert (draft.state.value, draft.receipt, [row.text for row in evidence(db)]) == ("draft", None, ["Two words"])


def test_hand_in_of_nothing_begins_nothing(school: School, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    answer = alice.post(school.at + "/submit", data=fields(alice, school, integrity="1"))
    assert answer.status_code == 422
    assert "Report: no text yet." in answer.text
    assert attempts(db) == []


def test_hand_in_with_a_refused_file_waits(school: School, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    form = fields(alice, school, **{"text-report": GOOD, "integrity": "1"})
    answer = alice.post(school.at + "/submit", data=form, files=[("files-proof", ("a.png", b"no", "image/png"))])
    assert answer.status_code == 422
    assert "does not fit its name" in answer.text
    assert [row.state.value for row in attempts(db)] == ["draft"]


def test_hand_in_over_a_newer_draft_waits(db: Database) -> None:
    school = db.write_now(build)
    school.save(db, typed("From another window."))
    handed = school.hand_in(db, typed())
    assert (handed.receipt, handed.others) == ("", {"report": "From another window."})
    assert [row.text for row in evidence(db)] == ["From another window."]


def test_double_click_gives_one_submission_and_one_receipt(school: School, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    form = fields(alice, school, **{"text-report": GOOD, "integrity": "1"})
    send = [("files-proof", ("shot.png", PNG, "image/png"))]
    answers = [alice.post(school.at + "/submit", data=form, files=send) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert len(attempts(db)) == 1
    assert len(evidence(db)) == 2


def test_other_content_after_handing_in_is_a_conflict_that_shows_it(school: School, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    form = fields(alice, school, **{"text-report": GOOD, "integrity": "1"})
    alice.post(school.at + "/submit", data=form)
    answer = alice.post(school.at + "/submit", data=form | {"text-report": "A second thought, too late."})
    assert answer.status_code == 409
    assert "A second thought, too late.</textarea>" in answer.text
    assert [row.text for row in evidence(db)] == [GOOD]
    for address in ("/draft", "/draft/report"):
        late = alice.post(school.at + address, data=form | {"text-report": "More."}, headers={"hx-request": "true"})
        assert late.status_code == 409
        assert "It was handed in on" in late.text
    assert [row.text for row in evidence(db)] == [GOOD]


def test_twenty_at_once_make_one_submission(db: Database) -> None:
    school = db.write_now(build)
    receipts = {handed.receipt for handed in at_once(lambda: school.hand_in(db, typed(files=(FILE,))))}
    (sent,) = attempts(db)
    assert (receipts, len(evidence(db))) == ({sent.receipt}, 2)
    assert len(_mail(db)) == 1
    assert [row.act for row in _acts(db)] == ["submission.hand_in"]


def _mail(db: Database) -> list[Any]:
    return db.read_now(lambda conn: list(conn.execute(select(OUTBOX)).all()))


def _acts(db: Database) -> list[Any]:
    rows = table(AuditRow)
    return db.read_now(lambda conn: list(conn.execute(select(rows).where(rows.c.subject_kind == "submission")).all()))


def test_hand_in_is_audited_and_mailed_with_digests_but_no_text(db: Database, house: House) -> None:
    school = db.write_now(build)
    receipt = school.hand_in(db, typed(files=(FILE,))).receipt
    (act,) = _acts(db)
    assert (act.actor_id, act.at, act.detail["receipt"]) == (school.alice, NOON, receipt)
    (mail,) = _mail(db)
    assert (mail.kind, mail.person_id) == ("receipt", school.alice)
    letter = compose(
        Letter(mail.id, real_time(), "a@example.org", mail.kind, mail.data), house.settings, Pages((), str).env
    )
    assert letter["Subject"] == f"Received: Note 1, receipt {receipt}"
    body = text_of(letter)
    for words in (piece(GOOD).sha256, "shot.png (108 bytes)", "ab" * 32, f"http://testserver/receipts/{receipt}"):
        assert words in body, words
    assert GOOD not in body
    assert "cohort's weekly rule" in body


@pytest.mark.parametrize(
    ("at", "late"),
    [
        (DUE + timedelta(seconds=59), False),
        (DUE + timedelta(seconds=60), True),
        (LATE_END + timedelta(seconds=59), True),
    ],
)
def test_late_is_decided_once_by_the_rule(db: Database, at: Any, late: bool) -> None:  # noqa: FBT001
    school = db.write_now(build)
    assert school.hand_in(db, typed(), at).receipt
    (sent,) = attempts(db)
    assert (sent.late, sent.submitted_at) == (late, at)


def test_hand_in_after_the_end_keeps_the_draft_and_says_so(db: Database) -> None:
    school = db.write_now(build)
    school.save(db, typed("First words here."))
    handed = school.hand_in(db, typed("Last words here.", "First words here."), LATE_END + timedelta(minutes=1))
    assert (handed.receipt, [one.key for one in handed.missing]) == ("", [""])
    assert [row.text for row in evidence(db)] == ["Last words here."]
    assert [row.state.value for row in attempts(db)] == ["draft"]


def test_hand_in_after_the_end_through_the_page(school: School, house: House, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    alice.post(school.at + "/draft", data=fields(alice, school, **{"text-report": GOOD}))
    form = fields(alice, school, integrity="1")
    set_clock(house.db, LATE_END + timedelta(minutes=2))
    answer = alice.post(school.at + "/submit", data=form)
    assert answer.status_code == 422
    assert "The time for handing this in is over. The draft is kept." in answer.text


def test_hand_in_with_no_draft_after_the_end_is_not_taken(db: Database) -> None:
    school = db.write_now(build)
    with pytest.raises(NotTaken):
        school.hand_in(db, typed(), LATE_END + timedelta(minutes=1))
    assert attempts(db) == []


def _post(db: Database, school: School, outcome: Outcome) -> None:
    newest = attempts(db)[-1]
    db.write_now(lambda conn: decide(conn, school, newest.id, outcome, NOON))


def test_attempts_run_out_but_a_return_uses_none(db: Database) -> None:
    school = db.write_now(lambda conn: build(conn, close_days=30))
    db.write_now(_limit, school.made.assignments[0], 2)
    for outcome in (Outcome.RETURNED_INCOMPLETE, Outcome.NOT_YET, Outcome.NOT_YET):
        number = len(attempts(db)) + 1
        if number > 1:
            school.next_attempt(db)
        assert school.hand_in(db, typed(seen=GOOD if number > 1 else "", attempt=number)).receipt
        _post(db, school, outcome)
    with pytest.raises(NotTaken):
        school.next_attempt(db)
    assert [(row.attempt, row.state.value) for row in attempts(db)] == [(1, "decided"), (2, "decided"), (3, "decided")]
    assert len({row.receipt for row in attempts(db)}) == 3


def _limit(conn: Any, assignment_id: str, most: int) -> None:
    conn.execute(ASSIGNMENT.update().where(ASSIGNMENT.c.id == assignment_id).values(max_attempts=most))


def test_rubric_stays_pinned_by_the_first_attempt(db: Database) -> None:
    school = db.write_now(build)
    school.save(db, typed())
    pinned = school.made.rubrics[1]
    assert pinned != school.made.rubrics[0]
    db.write_now(lambda conn: conn.execute(SUBMISSION.update().values(rubric_id=pinned)))
    school.hand_in(db, typed(seen=GOOD))
    _post(db, school, Outcome.NOT_YET)
    school.next_attempt(db)
    assert [row.rubric_id for row in attempts(db)] == [pinned] * 2


@pytest.mark.parametrize("saved", [False, True])
def test_hand_in_takes_few_statements(school: School, db: Database, house: House, browser: Any, *, saved: bool) -> None:
    alice = browser(school.alice)
    if saved:
        alice.post(school.at + "/draft", data=fields(alice, school, **{"text-report": "Begun."}))
    form = fields(alice, school, **{"text-report": GOOD, "integrity": "1"})
    with statements(house.db) as count:
        answer = alice.post(school.at + "/submit", data=form, files=[("files-proof", ("shot.png", PNG, "image/png"))])
    assert (answer.status_code, attempts(db)[0].state.value, len(evidence(db))) == (303, "submitted", 2)
    # Two count that files come and three find slots and room before the body is taken; the rest is one transaction.
    assert count.number == 14


def test_files_are_copied_to_the_next_attempt_as_rows(db: Database) -> None:
    school = db.write_now(build)
    school.hand_in(db, typed(files=(FILE,)))
    _post(db, school, Outcome.NOT_YET)
    school.next_attempt(db)
    files = [(row.file_name, row.sha256) for row in evidence(db) if row.file_name]
    assert files == [("shot.png", "ab" * 32)] * 2


def test_stranger_cannot_hand_in(db: Database) -> None:
    school = db.write_now(build)
    for visitor, error in ((make.visitor(school.bob, NOON), NotFound), (make.visitor(None, NOON), SignInNeeded)):
        with pytest.raises(error):
            db.write_now(hand_in, visitor, school.where, typed(), new_receipt())
    assert attempts(db) == []


def test_form_of_an_unknown_attempt_is_not_taken(db: Database) -> None:
    school = db.write_now(build)
    school.hand_in(db, typed())
    for attempt in (0, 2, 7):
        with pytest.raises((NotTaken, HandedIn)):
            school.hand_in(db, typed(attempt=attempt))
    assert len(attempts(db)) == 1


def test_only_a_first_attempt_can_be_late(db: Database) -> None:
    school = db.write_now(build)
    school.hand_in(db, typed())
    desk = db.read_now(my_desk, school.visitor(DUE + timedelta(hours=1)), school.where)
    assert lateness(desk, 1)[0]
    assert lateness(desk, 2) == (False, "A further attempt; only the first one can be late.")
