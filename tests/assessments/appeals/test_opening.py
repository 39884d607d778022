"""Opening an appeal, and whose it becomes to judge."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from assessments.allocation.models import Conflict as Apart
from assessments.appeals import giving, opening, rating
from assessments.appeals.desk import desk_page
from assessments.appeals.errors import NotAppealable, Weighed
from assessments.appeals.listing import list_page, told_of
from assessments.appeals.mine import mine_page
from assessments.appeals.models import Appeal, AppealLine, AppealState
from assessments.appeals.opening import Typed
from assessments.appeals.rules import Arguments
from assessments.grading import decisions
from assessments.grading.forms import Change
from assessments.grading.models import Decision, Outcome, Rating
from assessments.grading.rules import Scoring
from courses.enrolment.models import Enrolment, EnrolmentState
from fourweek.accounts.models import Role, RoleGrant
from fourweek.database import add, new_id, table
from fourweek.errors import Forbidden, Invalid, NotFound
from tests import factories as make
from tests.assessments.appeals.factories import AT_ONCE, NOW, POSTED, appealing, letters, terms, weighing
from tests.assessments.grading.factories import acts, rows


def test_others_cannot_appeal_nor_see_that_there_is_something_to(conn: Connection) -> None:
    case = appealing(conn)
    bob = make.person(conn, "Bob Stone")
    make.enrol(conn, case.made.cohort, bob)
    for visitor in (make.visitor(bob, NOW), case.gus(), case.made.grader(), case.made.lead()):
        with pytest.raises(NotFound):
            mine_page(conn, visitor, case.where, 1)
        with pytest.raises(NotFound):
            opening.open_appeal(conn, visitor, case.where, 1, case.typed())
    assert rows(conn, Appeal) == []


def test_an_appeal_is_kept_given_to_another_grader_promised_and_told(conn: Connection) -> None:
    case = appealing(conn)
    appeal = case.open(conn)
    assert (appeal.state, appeal.decision_id, appeal.given_to) == (AppealState.OPEN, case.decision, case.made.gus)
    assert appeal.promised_at is not None
    [line] = rows(conn, AppealLine, appeal_id=appeal.id)
    assert (line.criterion_id, line.argument) == (case.made.course.criteria[0][1], "It is on page 2.")
    assert letters(conn, case.made.alice) == ["appeal_received"]
    assert letters(conn, case.made.gus) == ["appeal_given"]
    assert acts(conn, "appeal") == ["appeal.open", "appeal.given"]


def test_the_same_press_twice_is_one_appeal_and_another_one_is_refused(conn: Connection) -> None:
    case = appealing(conn)
    case.open(conn)
    case.open(conn)
    with pytest.raises(NotAppealable, match="open already"):
        case.open(conn, text="And another thing.")
    assert len(rows(conn, Appeal)) == 1


def test_the_window_counts_by_when_the_request_arrived(conn: Connection) -> None:
    case = appealing(conn)
    last = POSTED.replace(hour=23, minute=59, second=59) + timedelta(days=14)
    late = last + timedelta(minutes=5)
    visitor = case.alice(late)
    with pytest.raises(NotAppealable, match="over"):
        opening.open_appeal(conn, visitor, case.where, 1, case.typed())
    page = mine_page(conn, visitor, case.where, 1)
    assert (page.form, page.closed) == (None, "The time for an appeal is over.")
    opening.open_appeal(conn, visitor, case.where, 1, case.typed(), arrived=last)
    assert case.appeal(conn).opened_at == last


@pytest.mark.parametrize("days", [None, 0])
def test_the_terms_say_how_long(conn: Connection, days: int | None) -> None:
    case = appealing(conn)
    terms(conn, case.made.cohort, appeal_days=days)
    with pytest.raises(NotAppealable, match=r"No appeals|over"):
        case.open(conn)


def test_nothing_is_appealed_before_it_counts_and_nothing_without_a_verdict(conn: Connection) -> None:
    case = appealing(conn, posted=NOW + timedelta(seconds=1))
    with pytest.raises(NotAppealable, match="no decision"):
        case.open(conn)
    bea = make.person(conn, "Bea Lake")
    made = case.made
    work = make.submission(conn, made.course, make.enrol(conn, made.cohort, bea))
    returned = Outcome.RETURNED_INCOMPLETE
    decision = make.decided(conn, made.course, work, made.greta, outcome=returned, posted_at=POSTED)
    with pytest.raises(NotAppealable, match="not judged"):
        opening.open_appeal(conn, make.visitor(bea, NOW), case.where, 1, case.typed(decision=decision))


def test_a_decision_that_was_changed_meanwhile_is_read_first_and_can_be_appealed(conn: Connection) -> None:
    case = appealing(conn)
    change = Change(case.decision, "Misread.", Scoring({"criterion-0": "exceeds", "criterion-1": "not-yet"}, {}, "No."))
    decisions.replace(conn, case.made.lead(), case.made.submission, change, post_after=AT_ONCE)
    later = NOW + timedelta(hours=1)
    with pytest.raises(NotAppealable, match="changed meanwhile"):
        case.open(conn, at=later)
    [newer] = [row for row in rows(conn, Decision) if row.supersedes_id]
    appeal = case.open(conn, at=later, decision=newer.id)
    assert (appeal.decision_id, appeal.given_to) == (newer.id, case.made.gus)  # neither greta nor lena, who changed it


@pytest.mark.parametrize(
    "arguments",
    [
        Arguments(),
        Arguments(frozenset({"criterion-1"}), {"criterion-1": "  "}),
        Arguments(frozenset({"criterion-9"}), {"criterion-9": "Not in this rubric."}),
        Arguments(frozenset({"criterion-1"}), {"criterion-1": "x" * 50_000}),
    ],
)
def test_what_does_not_hold_together_is_refused_whole(conn: Connection, arguments: Arguments) -> None:
    case = appealing(conn)
    with pytest.raises(Invalid):
        opening.open_appeal(conn, case.alice(), case.where, 1, Typed(case.decision, arguments))
    assert rows(conn, Appeal) == [] == rows(conn, AppealLine)


def test_it_may_be_taken_back_until_it_is_rated(conn: Connection) -> None:
    case = appealing(conn)
    case.open(conn)
    for _ in range(2):
        opening.take_back(conn, case.alice(), case.where, 1)
    assert case.appeal(conn).state is AppealState.TAKEN_BACK
    assert acts(conn, "appeal")[-1] == "appeal.taken_back"
    with pytest.raises(NotAppealable, match="done once"):
        case.open(conn, text="Once more.")
    other = appealing(conn)
    other.rated(conn)
    with pytest.raises(Weighed):
        opening.take_back(conn, other.alice(), other.where, 1)


def test_whoever_withdrew_reads_on_and_appeals_no_more(conn: Connection) -> None:
    case = appealing(conn)
    case.closed(conn, "not-yet")
    enrolments = table(Enrolment)
    gone = enrolments.update().where(enrolments.c.id == case.made.enrolment)
    conn.execute(gone.values(state=EnrolmentState.WITHDRAWN))
    page = mine_page(conn, case.alice(), case.where, 1)
    assert [one.text for one in page.appeals[0].thread] == ["Page 2 shows it."]
    with pytest.raises(NotAppealable, match="withdrew"):
        case.open(conn, text="Once more.")


# Who judges it


def test_whoever_has_the_fewest_open_appeals_is_chosen(conn: Connection) -> None:
    case = appealing(conn)
    third = make.with_role(conn, Role.GRADER, "Ines Vale", case.made.cohort)
    case.open(conn)
    made, given = case.made, [case.appeal(conn).given_to]
    for number in range(3):
        person = make.person(conn, f"Learner{number} Doe")
        work = make.submission(conn, made.course, make.enrol(conn, made.cohort, person))
        outcome = make.decided(conn, made.course, work, made.greta, outcome=Outcome.NOT_YET, posted_at=POSTED)
        opening.open_appeal(conn, make.visitor(person, NOW), case.where, 1, case.typed(decision=outcome))
        given.append(rows(conn, Appeal, submission_id=work)[0].given_to)
    assert given == [made.gus, made.lena, third, made.gus]


def test_no_one_who_had_a_part_gets_it_and_then_the_lead_is_told(conn: Connection) -> None:
    case = appealing(conn)
    made = case.made
    add(conn, Rating(id=new_id(), submission_id=made.submission, grader_id=made.gus, saved_at=NOW))
    apart = Apart(id=new_id(), grader_id=made.lena, person_id=made.alice, stated_by=made.lena, stated_at=NOW)
    add(conn, apart)
    appeal = case.open(conn)
    assert appeal.given_to is None
    assert letters(conn, made.lena) == ["appeal_unassigned"]
    for visitor in (made.grader(), case.gus()):
        with pytest.raises(NotFound):
            giving.take(conn, visitor, appeal.id)
        assert told_of(conn, visitor).waiting == 0
    ines = make.with_role(conn, Role.GRADER, "Ines Vale", made.cohort)
    assert told_of(conn, made.grader(ines)).waiting == 1
    giving.take(conn, made.grader(ines), appeal.id)
    giving.take(conn, made.grader(ines), appeal.id)
    assert case.appeal(conn).given_to == ines
    assert list_page(conn, made.grader(ines)).rows[0].id == appeal.id


def test_a_lead_gives_it_by_hand_to_somebody_who_had_no_part(conn: Connection) -> None:
    case = appealing(conn)
    appeal = case.open(conn)
    ines = make.with_role(conn, Role.GRADER, "Ines Vale", case.made.cohort)
    with pytest.raises(Forbidden):
        giving.give(conn, case.gus(), appeal.id, ines)
    for unfit in (case.made.greta, case.made.alice, case.made.rex, "nobody"):
        with pytest.raises(Invalid):
            giving.give(conn, case.made.lead(), appeal.id, unfit)
    giving.give(conn, case.made.lead(), appeal.id, ines)
    assert case.appeal(conn).given_to == ines
    assert letters(conn, ines) == ["appeal_given"]
    with pytest.raises(NotFound):
        desk_page(conn, case.gus(), appeal.id)


def test_a_grader_who_is_removed_meanwhile_loses_it_and_another_begins_anew(conn: Connection) -> None:
    case = appealing(conn)
    appeal = case.rated(conn)
    grants = table(RoleGrant)
    conn.execute(grants.delete().where(grants.c.person_id == case.made.gus))
    with pytest.raises(Forbidden):
        rating.save(conn, make.visitor(case.made.gus, NOW), appeal.id, weighing("meets", version=1))
    ines = make.with_role(conn, Role.GRADER, "Ines Vale", case.made.cohort)
    assert "waits for somebody else" in desk_page(conn, case.made.lead(), appeal.id).holder
    giving.take(conn, case.made.grader(ines), appeal.id)
    assert case.appeal(conn).state is AppealState.OPEN
    assert desk_page(conn, case.made.grader(ines), appeal.id).first is None
