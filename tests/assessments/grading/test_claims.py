"""Leases on submissions: who gets one, how it ends, and what happens when many want the same."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Connection, update

from assessments.allocation.models import Conflict as Conflict_
from assessments.allocation.order import PRIME, place_of, shuffle_of
from assessments.evidence.models import Step, Submission, SubmissionState
from assessments.grading.claims import break_claim, claim, claim_next, release
from assessments.grading.errors import NoGraderAnyMore
from assessments.grading.models import Claim, Rating
from assessments.grading.queue import Part, queue_page
from assessments.grading.ratings import save
from courses.enrolment.models import Enrolment, EnrolmentState
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.database import Database, add, new_id, table
from fourweek.errors import Conflict, Forbidden, Invalid, NotFound, SignInNeeded
from tests import factories as make
from tests.assessments.grading.factories import (
    DAY,
    LEASE,
    NOW,
    School,
    claimed,
    conflict,
    given,
    lots,
    promised,
    rated,
    rows,
    school,
    set_columns,
    waiting,
)

LATER = NOW + LEASE + timedelta(seconds=1)


def test_nobody_but_graders_of_the_cohort_may_claim(conn: Connection) -> None:
    made = school(conn)
    other = make.cohort(conn, made.course)
    with pytest.raises(SignInNeeded):
        claim(conn, make.visitor(at=NOW), made.submission, LEASE)
    strangers = (
        make.visitor(make.person(conn), NOW),
        make.visitor(made.alice, NOW),
        make.visitor(made.greta, NOW, (Role.GRADER, other)),
        make.visitor(made.greta, NOW, (Role.AUTHOR, "")),
    )
    for stranger in strangers:
        with pytest.raises(NotFound):
            claim(conn, stranger, made.submission, LEASE)
    with pytest.raises(Forbidden):
        claim(conn, made.registrar(), made.submission, LEASE)
    assert rows(conn, Claim) == []


def test_nobody_grades_their_own_work(conn: Connection) -> None:
    made = school(conn)
    own = make.visitor(made.alice, NOW, (Role.GRADER, made.cohort), (Role.LEAD, ""))
    with pytest.raises(NotFound):
        claim(conn, own, made.submission, LEASE)
    assert claim_next(conn, own, LEASE) is None


def test_a_draft_cannot_be_seen(conn: Connection) -> None:
    made = claimed(conn)
    draft = Submission(
        id=new_id(),
        enrolment_id=made.enrolment,
        assignment_id=made.course.assignments[1],
        rubric_id=made.course.rubrics[1],
        attempt=1,
        state=SubmissionState.DRAFT,
        started_at=NOW,
        saved_at=NOW,
    )
    add(conn, draft)
    with pytest.raises(NotFound):
        claim(conn, made.grader(), draft.id, LEASE)
    assert claim_next(conn, made.grader(), LEASE) is None


def test_claim_lasts_and_is_noted(conn: Connection) -> None:
    made = claimed(conn)
    (row,) = rows(conn, Claim)
    assert (row.submission_id, row.grader_id, row.until) == (made.submission, made.greta, NOW + LEASE)
    (act,) = rows(conn, AuditRow, act="claim.taken")
    assert (act.actor_id, act.subject_id, act.at) == (made.greta, made.submission, NOW)


def test_second_grader_is_told_who_has_it(conn: Connection) -> None:
    made = claimed(conn)
    with pytest.raises(Conflict, match=r"Greta Grant has this submission until 09:45 \(UTC\)\."):
        claim(conn, made.grader(made.gus), made.submission, LEASE)
    assert rows(conn, Claim)[0].grader_id == made.greta


def test_lapsed_claim_is_taken_over_and_the_draft_stays(conn: Connection) -> None:
    made = claimed(conn)
    save(conn, made.grader(), made.submission, made.typed("meets"), LEASE)
    claim(conn, made.grader(made.gus, LATER), made.submission, LEASE)
    assert rows(conn, Claim)[0].grader_id == made.gus
    assert [row.grader_id for row in rows(conn, Rating)] == [made.greta]


def test_claiming_again_extends_ones_own(conn: Connection) -> None:
    made = claimed(conn)
    later = NOW + timedelta(minutes=10)
    claim(conn, made.grader(at=later), made.submission, LEASE)
    assert rows(conn, Claim)[0].until == later + LEASE


def test_what_is_decided_cannot_be_claimed(conn: Connection) -> None:
    made = school(conn)
    make.decided(conn, made.course, made.submission, made.gus)
    with pytest.raises(Conflict, match="decided meanwhile"):
        claim(conn, made.grader(), made.submission, LEASE)


def test_release_gives_back_ones_own_only(conn: Connection) -> None:
    made = claimed(conn)
    release(conn, made.grader(made.gus), made.submission)
    assert len(rows(conn, Claim)) == 1
    release(conn, made.grader(), made.submission)
    assert rows(conn, Claim) == []
    assert [act.actor_id for act in rows(conn, AuditRow, act="claim.released")] == [made.greta]


def test_break_is_for_leads_with_a_reason(conn: Connection) -> None:
    made = claimed(conn)
    with pytest.raises(Forbidden):
        break_claim(conn, made.grader(made.gus), made.submission, "I want it")
    with pytest.raises(Invalid):
        break_claim(conn, made.lead(), made.submission, "  ")
    break_claim(conn, made.lead(), made.submission, "Greta is ill.")
    assert rows(conn, Claim) == []
    (act,) = rows(conn, AuditRow, act="claim.broken")
    assert (act.reason, act.detail, act.actor_id) == ("Greta is ill.", {"grader": made.greta}, made.lena)
    with pytest.raises(Conflict):
        break_claim(conn, made.lead(), made.submission, "Again.")


def test_next_is_what_is_promised_first_and_free(conn: Connection) -> None:
    made = claimed(conn)
    first, second, third = waiting(conn, made, 3)
    promised(conn, {first: NOW + 2 * DAY, second: NOW - DAY})
    assert claim_next(conn, made.grader(made.gus), LEASE) == second
    assert claim_next(conn, made.grader(made.gus), LEASE) == first
    assert claim_next(conn, made.grader(made.gus), LEASE) == third
    assert claim_next(conn, made.grader(made.gus), LEASE) is None
    assert claim_next(conn, made.grader(made.gus, LATER), LEASE) is not None


def test_each_grader_has_an_order_of_their_own_which_stays(conn: Connection) -> None:
    made = school(conn)
    ids = [made.submission, *waiting(conn, made, 11)]
    drawn = {one: pow(7, number, PRIME) for number, one in enumerate(ids)}  # far apart, in no line
    lots(conn, drawn)
    listed = {
        person: [row.id for row in queue_page(conn, made.grader(person), Part.FREE).rows]
        for person in (made.greta, made.gus)
    }
    for person, found in listed.items():
        assert found == sorted(ids, key=lambda one: place_of(drawn[one], shuffle_of(person)))
        assert found == [row.id for row in queue_page(conn, made.grader(person), Part.FREE).rows]
    assert claim_next(conn, made.grader(made.gus), LEASE) == listed[made.gus][0]
    assert (listed[made.greta] == listed[made.gus]) is (shuffle_of(made.greta) == shuffle_of(made.gus))


def test_next_leaves_alone_what_is_given_to_somebody_else(conn: Connection) -> None:
    made = school(conn)
    (other,) = waiting(conn, made, 1)
    given(conn, {made.submission: made.greta, other: made.gus})
    assert claim_next(conn, made.grader(), LEASE) == made.submission
    assert claim_next(conn, made.grader(), LEASE) is None
    with pytest.raises(Conflict, match="given to Gus Hill"):
        claim(conn, made.grader(), other, LEASE)
    claim(conn, made.lead(), other, LEASE)


def test_nobody_judges_those_they_are_in_conflict_with(conn: Connection) -> None:
    made = school(conn)
    (other,) = waiting(conn, made, 1)
    stated = conflict(conn, made.greta, made.alice)
    page = queue_page(conn, made.grader(), Part.FREE)
    assert ([row.id for row in page.rows], page.counts[Part.FREE]) == ([other], 1)
    with pytest.raises(NotFound):
        claim(conn, made.grader(), made.submission, LEASE)
    assert [claim_next(conn, made.grader(), LEASE) for _ in range(2)] == [other, None]
    target = table(Conflict_)
    conn.execute(update(target).where(target.c.id == stated).values(ended_at=NOW))
    assert claim_next(conn, made.grader(), LEASE) == made.submission


def test_who_rated_first_never_gets_it_as_second(conn: Connection) -> None:
    made = school(conn)
    second_step(conn, made, made.greta)
    for person, part in ((made.greta, Part.SECOND), (made.greta, Part.OTHERS)):
        assert queue_page(conn, made.grader(person), part).rows == ()
    with pytest.raises(Conflict, match="Your rating is done"):
        claim(conn, made.grader(), made.submission, LEASE)
    assert claim_next(conn, made.grader(), LEASE) is None
    listed = queue_page(conn, made.grader(made.gus), Part.SECOND)
    assert ([row.id for row in listed.rows], listed.counts[Part.FREE]) == ([made.submission], 0)
    assert claim_next(conn, made.grader(made.gus), LEASE) == made.submission


def test_what_differs_waits_for_a_lead_who_gave_neither_rating(conn: Connection) -> None:
    made = school(conn)
    second_step(conn, made, made.greta, step=Step.RECONCILING)
    for visitor in (made.grader(made.gus), make.visitor(made.greta, NOW, (Role.LEAD, made.cohort))):
        assert queue_page(conn, visitor, Part.RECONCILING).counts[Part.RECONCILING] == 0
    assert [row.id for row in queue_page(conn, made.lead(), Part.RECONCILING).rows] == [made.submission]
    assert claim_next(conn, made.lead(), LEASE) is None


def test_a_grader_whose_role_ended_is_told_so_and_saves_nothing(conn: Connection) -> None:
    made = claimed(conn)
    gone = make.visitor(made.greta, NOW)
    with pytest.raises(NoGraderAnyMore, match="Your role in this cohort ended"):
        save(conn, gone, made.submission, made.typed("meets"), LEASE)
    with pytest.raises(NotFound):
        save(conn, make.visitor(made.gus, NOW), made.submission, made.typed("meets"), LEASE)
    assert rows(conn, Rating) == []


def second_step(conn: Connection, made: School, rater: str, step: Step = Step.SECOND) -> None:
    """One grader's rating of alice's submission is done, and it waits for what comes next."""
    rated(conn, made.submission, rater)
    set_columns(conn, "step", {made.submission: step})


def test_next_keeps_to_the_choice_and_to_the_cohorts_served(conn: Connection) -> None:
    made = school(conn)
    other = make.cohort(conn, made.course, name="Winter")
    elsewhere = make.submission(
        conn, made.course, make.enrol(conn, other, make.person(conn)), at=make.START - timedelta(days=1)
    )
    second_week = make.submission(conn, made.course, made.enrolment, week=2, at=make.START + timedelta(hours=1))
    everywhere = make.visitor(made.gus, NOW, (Role.GRADER, ""))
    assert claim_next(conn, everywhere, LEASE, assignment=f"{made.course.course_id}/note-2") == second_week
    assert claim_next(conn, everywhere, LEASE, cohort_id=made.cohort) == made.submission
    assert claim_next(conn, made.grader(), LEASE, cohort_id=other) is None
    assert claim_next(conn, made.grader(), LEASE) is None
    assert claim_next(conn, everywhere, LEASE) == elsewhere


def test_next_passes_over_who_withdrew(conn: Connection) -> None:
    made = school(conn)
    conn.execute(update(table(Enrolment)).values(state=EnrolmentState.WITHDRAWN))
    assert claim_next(conn, made.grader(), LEASE) is None


def test_next_is_not_for_learners(conn: Connection) -> None:
    made = school(conn)
    with pytest.raises(NotFound):
        claim_next(conn, make.visitor(made.alice, NOW), LEASE)


def test_hundred_graders_at_once_never_get_the_same(db: Database) -> None:
    made = db.write_now(school)
    ids = {made.submission, *db.write_now(waiting, made, 59)}
    people = [made.grader(), made.grader(made.gus)]

    def take_one(number: int) -> str | None:
        return db.write_now(claim_next, people[number % 2], LEASE)

    with ThreadPoolExecutor(100) as pool:
        taken = Counter(pool.map(take_one, range(100)))
    assert taken.pop(None) == 40
    assert taken == Counter(ids)


def test_two_graders_on_one_submission_one_gets_it(db: Database) -> None:
    made: School = db.write_now(school)
    people = [made.grader(), made.grader(made.gus)] * 10

    def try_claim(visitor: Visitor) -> str | None:
        try:
            db.write_now(claim, visitor, made.submission, LEASE)
        except Conflict:
            return None
        return visitor.me.id

    with ThreadPoolExecutor(20) as pool:
        won = Counter(pool.map(try_claim, people))
    (holder,) = [row.grader_id for row in db.read_now(rows, Claim)]
    assert won == {holder: 10, None: 10}
