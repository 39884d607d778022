"""What goes at the end of its period, what stays, and what is left of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from assessments.assignments.models import Requirement, RequirementKind
from assessments.coaching.models import Coaching
from assessments.evidence.models import Evidence, SubmissionMember, SubmissionState
from assessments.evidence.stored import STORED
from assessments.grading.models import Outcome
from assessments.retention.models import LegalHold
from assessments.retention.purge import AT_ONCE, PAUSE, Purge, purge
from assessments.retention.queries import old_attempts
from assessments.retention.rules import Keeps
from courses.enrolment.models import Enrolment, EnrolmentState
from courses.schedule.terms import Pacing
from fourweek.clock import Now
from fourweek.database import Database, add, new_id, table
from fourweek.storage.rows import named
from tests import factories as make
from tests.assessments.evidence.school import at_once
from tests.assessments.retention import school
from tests.assessments.retention.school import DAYS, IN, NOW, OVER, SHA, Past, acts, content, purged
from tests.statements import statements

ENROLMENT, REQUIREMENT = table(Enrolment), table(Requirement)


@pytest.fixture
def past(conn: Connection) -> Past:
    return school.build(conn)


def rows(conn: Connection, submission_id: str) -> list[Any]:
    wanted = select(school.EVIDENCE).where(school.EVIDENCE.c.submission_id == submission_id)
    return list(conn.execute(wanted.order_by(school.EVIDENCE.c.kind.desc())))


def test_content_goes_and_its_row_stays_as_a_tombstone(conn: Connection, past: Past) -> None:
    before = rows(conn, past.attempt)
    assert purged(conn, past.attempt) == 1
    after = rows(conn, past.attempt)
    gone = {"text": "", "url": "", "purged_at": OVER}
    assert [row._asdict() for row in after] == [row._asdict() | gone for row in before]
    assert {row.file_name for row in after} == {"", "shot.png"}
    assert {row.sha256 for row in after} == {"0" * 64, SHA}


def test_the_store_is_told_by_the_row_alone(conn: Connection, past: Past) -> None:
    assert named(conn, STORED, [SHA]) == {SHA}
    other = school.handed_in(conn, past.made, past.enrolment, week=2)
    purged(conn, past.attempt, other)
    assert named(conn, STORED, [SHA]) == {SHA}  # the other attempt waits, and has the same file
    make.decided(conn, past.made, other, past.greta, posted_at=IN)
    purged(conn, other)
    assert named(conn, STORED, [SHA]) == set()


def test_it_happens_once_and_is_noted_by_counts_alone(conn: Connection, past: Past) -> None:
    assert [purged(conn, past.attempt) for _ in range(3)] == [1, 0, 0]
    [act] = acts(conn, "evidence.purged")
    size = sum(row.size for row in rows(conn, past.attempt))
    assert (act.subject_id, act.actor_id, act.detail) == (past.attempt, None, {"pieces": 2, "files": 1, "bytes": size})
    assert acts(conn, "evidence.purged")[0].at == OVER


def test_nothing_goes_on_its_last_day(conn: Connection, past: Past) -> None:
    last = IN + timedelta(days=DAYS)
    assert purged(conn, past.attempt, at=last.replace(hour=23, minute=59)) == 0
    assert purged(conn, past.attempt, at=last.replace(hour=0) + timedelta(days=1)) == 1


@pytest.mark.parametrize("state", [SubmissionState.DRAFT, SubmissionState.WITHDRAWN])
def test_drafts_and_what_was_taken_back_go_too(conn: Connection, past: Past, state: SubmissionState) -> None:
    made = school.draft(conn, past, state=state)
    assert (purged(conn, made), content(conn, made), len(rows(conn, made))) == (1, [], 2)


def test_what_was_taken_back_is_kept_as_long_as_its_receipt_said(conn: Connection, past: Past) -> None:
    made = school.draft(conn, past, state=SubmissionState.WITHDRAWN)
    later = {"saved_at": IN - timedelta(days=40), "withdrawn_at": IN + timedelta(days=2)}
    conn.execute(update(school.SUBMISSION).where(school.SUBMISSION.c.id == made).values(later))
    assert purged(conn, made, at=IN + timedelta(days=DAYS + 2)) == 0
    assert purged(conn, made, at=IN + timedelta(days=DAYS + 3)) == 1


def test_an_attempt_that_waits_stays(conn: Connection, past: Past) -> None:
    waits = school.handed_in(conn, past.made, past.enrolment, week=2)
    assert (purged(conn, waits), len(content(conn, waits))) == (0, 2)


def test_an_attempt_stays_until_its_newest_decision_is_posted(conn: Connection, past: Past) -> None:
    unposted = school.handed_in(conn, past.made, past.enrolment, week=2)
    make.decided(conn, past.made, unposted, past.greta, outcome=Outcome.NOT_YET, posted_at=None)
    soon = school.handed_in(conn, past.made, past.enrolment, week=3)
    make.decided(conn, past.made, soon, past.greta, posted_at=OVER + timedelta(minutes=1))
    assert purged(conn, unposted, soon) == 0
    assert purged(conn, soon, at=OVER + timedelta(minutes=1)) == 1


def test_a_decision_that_is_changed_and_not_yet_posted_keeps_it(conn: Connection, past: Past) -> None:
    make.decided(conn, past.made, past.attempt, past.greta, outcome=Outcome.NOT_YET, posted_at=None)
    assert purged(conn, past.attempt) == 0


def test_an_open_coaching_keeps_what_it_is_about(conn: Connection, past: Past) -> None:
    other = school.handed_in(conn, past.made, past.enrolment, week=2)
    make.decided(conn, past.made, other, past.greta, posted_at=IN)
    talk = Coaching(
        id=new_id(), enrolment_id=past.enrolment, assignment_key="note-1", opened_at=IN, opened_by=past.alice
    )
    add(conn, talk)
    assert (purged(conn, past.attempt), purged(conn, other)) == (0, 1)
    conn.execute(table(Coaching).update().values(closed_at=OVER, closed_by=past.greta))
    assert purged(conn, past.attempt) == 1


def test_a_course_that_goes_on_keeps_it(conn: Connection) -> None:
    own = school.build(conn, pacing=Pacing.ENROLMENT)
    later = school.build(conn, start_date=make.MONDAY + timedelta(days=50))
    assert purged(conn, own.attempt, later.attempt) == 0
    left = {"state": EnrolmentState.WITHDRAWN, "withdrawn_at": OVER}
    conn.execute(update(ENROLMENT).where(ENROLMENT.c.id == own.enrolment).values(left))
    done = {"state": EnrolmentState.COMPLETED, "completed_at": OVER}
    conn.execute(update(ENROLMENT).where(ENROLMENT.c.id == later.enrolment).values(done))
    assert purged(conn, own.attempt, later.attempt) == 2


@pytest.mark.parametrize("on", ["person", "cohort", "another member"])
def test_a_hold_keeps_it_until_it_is_lifted(conn: Connection, past: Past, on: str) -> None:
    bob = make.person(conn, "Bob Beck")
    add(conn, SubmissionMember(submission_id=past.attempt, person_id=bob))
    whom = {"person": {"person_id": past.alice}, "cohort": {"cohort_id": past.cohort}}
    school.held(conn, past, **whom.get(on, {"person_id": bob}))
    stranger = school.build(conn)
    assert (purged(conn, past.attempt, stranger.attempt), len(content(conn, past.attempt))) == (1, 2)
    conn.execute(table(LegalHold).update().values(lifted_at=OVER, lifted_by=past.rita))
    assert purged(conn, past.attempt) == 1


def test_of_a_knowledge_check_nothing_goes(conn: Connection, past: Past) -> None:
    check = Requirement(
        id=new_id(),
        assignment_id=past.made.assignments[1],
        position=2,
        key="quiz",
        title="Quiz",
        kind=RequirementKind.CHECK,
    )
    add(conn, check)
    passed = Evidence(
        id=new_id(),
        submission_id="",
        requirement_id=check.id,
        position=0,
        kind=RequirementKind.CHECK,
        text="8 of 10 right.",
        saved_at=IN,
    )
    made = make.submission(conn, past.made, past.enrolment, week=2, more=[passed])
    make.decided(conn, past.made, made, past.greta, posted_at=IN)
    assert (purged(conn, made), content(conn, made)) == (1, [("check", "8 of 10 right.")])
    assert old_attempts(conn, OVER, DAYS, made[:-1], 5) == []


def test_why_something_stays_is_told(conn: Connection, past: Past) -> None:
    waits = school.handed_in(conn, past.made, past.enrolment, week=2)
    found = {one.id: one.keeps for one in old_attempts(conn, OVER, DAYS, "", 1000)}
    assert (found[past.attempt], found[waits]) == (None, Keeps.WAITS)
    assert past.attempt not in {one.id for one in old_attempts(conn, IN, DAYS, "", 1000)}


# The scan.


def many(conn: Connection, past: Past, count: int) -> list[str]:
    made = []
    for _ in range(count):
        enrolment = make.enrol(conn, past.cohort, make.person(conn))
        made.append(school.handed_in(conn, past.made, enrolment))
        make.decided(conn, past.made, made[-1], past.greta, posted_at=IN)
    return made


def test_the_scan_takes_all_in_pieces_and_then_rests(db: Database) -> None:
    past = db.write_now(school.build)
    ids = [past.attempt, *db.write_now(many, past, AT_ONCE + 5)]
    scan = Purge(db, DAYS)
    assert scan.run(NOW) == len(ids)
    assert [db.read_now(content, one) for one in ids] == [[] for _ in ids]
    late = db.write_now(many, past, 1)[0]
    assert (scan.run(NOW), len(db.read_now(content, late))) == (0, 2)
    later = Now(NOW.real, NOW.school + PAUSE)
    assert (scan.run(later), scan.run(later)) == (1, 0)


def test_the_scan_asks_no_more_the_more_there_is(db: Database) -> None:
    past = db.write_now(school.build)
    for more in (0, AT_ONCE - 1):
        db.write_now(many, past, more)
        with statements(db) as count:
            Purge(db, DAYS).run(NOW)
        assert count.number <= 8, count.texts


def test_two_workers_at_once_take_each_attempt_once(db: Database) -> None:
    past = db.write_now(school.build)
    ids = [past.attempt, *db.write_now(many, past, 3 * AT_ONCE)]
    took = at_once(lambda: Purge(db, DAYS).run(NOW), 4)
    assert sum(took) + Purge(db, DAYS).run(NOW) == len(ids)
    noted = [row.subject_id for row in db.read_now(acts, "evidence.purged")]
    assert sorted(noted) == sorted(ids)


def test_a_worker_that_is_killed_leaves_whole_pieces(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    past = db.write_now(school.build)
    ids = [past.attempt, *db.write_now(many, past, AT_ONCE + 5)]
    scan, write = Purge(db, DAYS), db.write_now
    monkeypatch.setattr(db, "write_now", killed_after(write, 1))
    with pytest.raises(KeyboardInterrupt):
        scan.run(NOW)
    monkeypatch.undo()
    left = [len(db.read_now(content, one)) for one in ids]
    assert (set(left), left.count(0), len(db.read_now(acts, "evidence.purged"))) == ({0, 2}, AT_ONCE, AT_ONCE)
    assert Purge(db, DAYS).run(NOW) == len(ids) - AT_ONCE
    assert len(db.read_now(acts, "evidence.purged")) == len(ids)


def killed_after(write: Any, times: int) -> Any:
    """`write`, so many times; then the process dies in the middle of a transaction."""
    calls = iter(range(times + 1))

    def write_or_die(fn: Any, *args: Any) -> Any:
        if next(calls) < times:
            return write(fn, *args)
        return write(dying(fn), *args)

    return write_or_die


def dying(fn: Any) -> Any:
    def act(conn: Connection, *args: Any) -> None:
        fn(conn, *args)
        raise KeyboardInterrupt

    return act


def test_what_somebody_works_on_is_left_for_another_time(db: Database) -> None:
    if db.embedded:
        pytest.skip("SQLite has one writer")
    past = db.write_now(school.build)
    with db.writer.begin() as conn:
        make_busy = select(school.SUBMISSION.c.id).where(school.SUBMISSION.c.id == past.attempt).with_for_update()
        conn.execute(make_busy)
        assert db.write_now(purge, NOW, DAYS, [past.attempt]) == 0
    assert db.write_now(purge, NOW, DAYS, [past.attempt]) == 1
