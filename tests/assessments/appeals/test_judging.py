"""Judging an appeal blind, weighing the first reasoning, closing it; the thread, and the figures."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from assessments.appeals import closing, opening, rating, thread
from assessments.appeals.desk import desk_page
from assessments.appeals.errors import AtRest, NotAppealable, StillBlind, Weighed
from assessments.appeals.listing import list_page
from assessments.appeals.mine import mine_page
from assessments.appeals.models import AppealMessage, AppealState
from assessments.appeals.opening import Typed
from assessments.appeals.rules import MOST_A_DAY, Arguments
from assessments.appeals.views import MinePage
from assessments.evidence.access import Where
from assessments.evidence.pages import assignment_page
from assessments.grading import decisions, postings
from assessments.grading.errors import Clashed
from assessments.grading.forms import Change
from assessments.grading.models import Decision, DecisionLine, Outcome, Purpose, Rating, RatingState, Way
from assessments.grading.rules import Scoring
from assessments.grading.screen import screen
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.clock import Now
from fourweek.errors import Invalid, NotFound
from fourweek.outbox import OutboxMessage
from tests import factories as make
from tests.assessments.appeals.factories import AT_ONCE, NOW, UNDO, appealing, letters, terms, weighing
from tests.assessments.grading.factories import rows

# Rating blind


def test_those_who_decided_and_strangers_do_not_open_it(conn: Connection) -> None:
    case = appealing(conn)
    appeal = case.open(conn)
    elsewhere = make.visitor(make.person(conn, "Zed"), NOW, (Role.GRADER, "elsewhere"))
    for visitor in (case.made.grader(), case.alice(), elsewhere, case.made.registrar()):
        with pytest.raises(NotFound):
            desk_page(conn, visitor, appeal.id)
        with pytest.raises(NotFound):
            rating.save(conn, visitor, appeal.id, weighing("meets"))
    with pytest.raises(NotFound):
        desk_page(conn, case.gus(), "nothing\0here")


def test_the_grader_sees_what_is_appealed_and_nothing_of_the_first_reasoning(conn: Connection) -> None:
    case = appealing(conn)
    appeal = case.open(conn)
    page = desk_page(conn, case.gus(), appeal.id)
    assert [one.key for one in page.criteria] == ["criterion-1"]
    assert (page.rates, page.closes, page.first, page.scoring) == (True, False, None, Scoring())
    with pytest.raises(StillBlind):
        screen(conn, case.gus(), case.made.submission)
    lead = desk_page(conn, case.made.lead(), appeal.id)
    assert (lead.rates, lead.closes, lead.first) == (False, False, None)
    rating.done(conn, case.gus(), appeal.id, weighing("meets"))
    assert screen(conn, case.gus(), case.made.submission).decision is not None


def test_a_draft_is_kept_version_by_version_and_two_tabs_are_told_apart(conn: Connection) -> None:
    case = appealing(conn)
    appeal = case.open(conn)
    assert rating.save(conn, case.gus(), appeal.id, weighing("not-yet")).version == 1
    with pytest.raises(Clashed) as clash:
        rating.save(conn, case.gus(), appeal.id, weighing("meets"))
    assert clash.value.over == 1
    assert rating.save(conn, case.gus(), appeal.id, weighing("meets", over=1)).version == 2
    [kept] = rows(conn, Rating)
    assert (kept.purpose, kept.state, kept.grader_id) == (Purpose.APPEAL, RatingState.DRAFT, case.made.gus)
    for bad in (weighing("superb", version=2), weighing("", version=2)):
        with pytest.raises(Invalid):
            rating.done(conn, case.gus(), appeal.id, bad)
    typed = weighing("meets", version=2, decision=case.decision, answer="So it is.")
    with pytest.raises(AtRest):
        closing.close(conn, case.gus(), appeal.id, typed, AT_ONCE)


def test_done_is_done_once_and_a_draft_after_it_is_refused(conn: Connection) -> None:
    case = appealing(conn)
    appeal = case.rated(conn)
    rating.done(conn, case.gus(), appeal.id, weighing("exceeds", version=1))
    with pytest.raises(Clashed, match="does not change"):
        rating.save(conn, case.gus(), appeal.id, weighing("exceeds", version=1))
    [kept] = rows(conn, Rating)
    assert (kept.state, kept.version, case.appeal(conn).state) == (RatingState.DONE, 1, AppealState.RATED)
    page = desk_page(conn, case.gus(), appeal.id)
    assert page.first is not None
    assert (page.first.lines[0].level, page.first.lines[0].own_level) == ("Not-yet", "Meets")


def test_taken_back_while_it_is_rated(conn: Connection) -> None:
    case = appealing(conn)
    appeal = case.open(conn)
    opening.take_back(conn, case.alice(), case.where, 1)
    with pytest.raises(Clashed, match="took this appeal back"):
        rating.save(conn, case.gus(), appeal.id, weighing("meets"))


# Closing


def test_upheld_is_a_new_decision_that_supersedes_the_first(conn: Connection) -> None:
    case = appealing(conn)
    appeal = case.closed(conn, after=UNDO)
    assert (appeal.state, appeal.closed_by) == (AppealState.UPHELD, case.made.gus)
    [new] = rows(conn, Decision, supersedes_id=case.decision)
    assert (new.id, new.way, new.outcome) == (appeal.outcome_id, Way.APPEALED, Outcome.DEMONSTRATED)
    assert (new.comment, new.reason) == ("Page 2 shows it.", "After an appeal: raised on “Criterion 1”.")
    by_criterion = {line.criterion_id: line for line in rows(conn, DecisionLine, decision_id=new.id)}
    first, second = (by_criterion[one] for one in case.made.course.criteria[0])
    assert (first.comment, second.comment, second.met) == ("Seen.", "Seen on page 2.", True)
    assert letters(conn, case.made.alice) == ["appeal_received", "decision_changed"]


def test_nothing_is_told_before_the_new_decision_counts(conn: Connection) -> None:
    case = appealing(conn)
    case.rated(conn)
    rated = [page(conn, case.alice(), case.where) for page in (_mine, assignment_page)]
    typed = weighing("meets", version=1, decision=case.decision, answer="Page 2 shows it.")
    closing.close(conn, case.gus(), case.appeal(conn).id, typed, UNDO)
    assert [page(conn, case.alice(), case.where) for page in (_mine, assignment_page)] == rated
    for act in (opening.take_back, _appeal_again):
        with pytest.raises((Weighed, NotAppealable), match=r"judged this appeal|open already"):
            act(conn, case.alice(), case.where, 1)
    [after] = mine_page(conn, case.alice(NOW + UNDO), case.where, 1).appeals
    assert (after.words, after.thread[0].text) == ("Upheld: the decision was changed", "Page 2 shows it.")
    postings.undo(conn, case.made.lead(), case.made.submission)
    [undone] = mine_page(conn, case.alice(NOW + UNDO), case.where, 1).appeals
    assert (undone.words, undone.thread) == ("Being decided", ())


def _mine(conn: Connection, visitor: Visitor, where: Where) -> MinePage:
    return mine_page(conn, visitor, where, 1)


def _appeal_again(conn: Connection, visitor: Visitor, where: Where, number: int) -> None:
    arguments = Arguments(frozenset({"criterion-1"}), {"criterion-1": "Once more."})
    opening.open_appeal(conn, visitor, where, number, Typed("", arguments))


def test_unchanged_brings_the_answer_and_no_decision(conn: Connection) -> None:
    case = appealing(conn, met=(True, True))
    appeal = case.closed(conn, "not-yet")
    assert (appeal.state, appeal.outcome_id) == (AppealState.UNCHANGED, None)
    assert len(rows(conn, Decision)) == 1
    assert letters(conn, case.made.alice) == ["appeal_received", "appeal_decided"]
    [view] = mine_page(conn, case.alice(), case.where, 1).appeals
    assert (view.words, view.thread[0].text) == ("The decision stands", "Page 2 shows it.")


def test_adjusting_needs_a_reason_and_keeps_what_was_said_blind(conn: Connection) -> None:
    case = appealing(conn)
    appeal = case.rated(conn, "not-yet")
    typed = weighing("meets", version=1, decision=case.decision, answer="Page 2 shows it.")
    with pytest.raises(Invalid) as missing:
        closing.close(conn, case.gus(), appeal.id, typed, AT_ONCE)
    assert list(missing.value.fields) == ["reason"]
    why = "The first comment shows where to look."
    adjusted = weighing("meets", version=1, decision=case.decision, answer="Page 2 shows it.", reason=why)
    assert closing.close(conn, case.gus(), appeal.id, adjusted, AT_ONCE).state is AppealState.UPHELD
    [row] = rows(conn, AuditRow, act="appeal.adjusted")
    assert (row.reason, row.detail) == (why, {"levels": {"criterion-1": ["not-yet", "meets"]}})
    page = desk_page(conn, case.made.lead(), appeal.id)
    assert page.first is not None
    assert (page.first.adjusted, page.first.lines[0].own_level) == (why, "Meets")


def test_closing_twice_closes_once_and_needs_an_answer(conn: Connection) -> None:
    case = appealing(conn)
    appeal = case.rated(conn)
    for answer in ("", "x" * 50_000):
        typed = weighing("meets", version=1, decision=case.decision, answer=answer)
        with pytest.raises(Invalid) as bad:
            closing.close(conn, case.gus(), appeal.id, typed, AT_ONCE)
        assert list(bad.value.fields) == ["answer"]
    typed = weighing("meets", version=1, decision=case.decision, answer="So it is.")
    for _ in range(2):
        assert closing.close(conn, case.gus(), appeal.id, typed, AT_ONCE).state is AppealState.UPHELD
    assert len(rows(conn, Decision)) == 2
    assert len(rows(conn, AppealMessage)) == 1


def test_a_decision_that_is_changed_while_it_is_appealed_is_shown_anew_and_never_lowered(conn: Connection) -> None:
    case = appealing(conn)
    appeal = case.rated(conn)
    better = Scoring({"criterion-0": "meets", "criterion-1": "exceeds"}, {}, "Better than I thought.")
    decisions.replace(conn, case.made.lead(), case.made.submission, Change(case.decision, "Misread.", better))
    typed = weighing("meets", version=1, decision=case.decision, answer="So it is.")
    with pytest.raises(Clashed, match="changed meanwhile"):
        closing.close(conn, case.gus(), appeal.id, typed, AT_ONCE)
    page = desk_page(conn, case.gus(), appeal.id)
    assert page.first is not None
    assert page.first.changed
    typed = weighing("meets", version=1, decision=page.first.decision_id, answer="It was raised already.")
    assert closing.close(conn, case.gus(), appeal.id, typed, AT_ONCE).state is AppealState.UNCHANGED


def test_the_new_decision_can_be_appealed_and_goes_to_somebody_else_again(conn: Connection) -> None:
    case = appealing(conn, met=(False, False))
    first = case.closed(conn)
    later = NOW + timedelta(hours=1)
    second = case.open(conn, "criterion-0", at=later, decision=first.outcome_id)
    assert second.given_to == case.made.lena
    assert [one.words for one in mine_page(conn, case.alice(later), case.where, 1).appeals][1].startswith("Upheld")


# The thread


def test_both_sides_write_while_it_is_open_and_read_ever_after(conn: Connection) -> None:
    case = appealing(conn)
    appeal = case.open(conn)
    thread.say_as_learner(conn, case.alice(), case.where, 1, appeal.id, " <b>Look</b> at page 2. ")
    thread.say_as_staff(conn, case.gus(), appeal.id, "I will.")
    thread.say_as_staff(conn, case.made.lead(), appeal.id, "So will I.")
    with pytest.raises(NotFound):
        thread.say_as_staff(conn, case.made.grader(), appeal.id, "Me too.")
    mine = mine_page(conn, case.alice(), case.where, 1).appeals[0].thread
    assert [(one.by, one.text) for one in mine] == [
        ("You", "<b>Look</b> at page 2."),
        ("Gus Hill", "I will."),
        ("Lena Moor", "So will I."),
    ]
    rating.done(conn, case.gus(), appeal.id, weighing("not-yet"))
    typed = weighing("not-yet", version=1, decision=case.decision, answer="No.")
    closing.close(conn, case.gus(), appeal.id, typed, AT_ONCE)
    with pytest.raises(AtRest):
        thread.say_as_learner(conn, case.alice(), case.where, 1, appeal.id, "But!")
    with pytest.raises(AtRest):
        thread.say_as_staff(conn, case.gus(), appeal.id, "But!")
    long_after = NOW + timedelta(days=900)
    assert len(mine_page(conn, case.alice(long_after), case.where, 1).appeals[0].thread) == 4
    assert len(desk_page(conn, case.gus(long_after), appeal.id).thread) == 4
    assert len(desk_page(conn, case.made.lead(long_after), appeal.id).thread) == 4


def test_a_thread_takes_so_many_messages_a_day(conn: Connection) -> None:
    case = appealing(conn)
    appeal = case.open(conn)
    for number in range(MOST_A_DAY):
        thread.say_as_learner(conn, case.alice(), case.where, 1, appeal.id, f"Message {number}.")
    with pytest.raises(Invalid, match="within a day"):
        thread.say_as_learner(conn, case.alice(), case.where, 1, appeal.id, "One more.")
    next_day = case.alice(NOW + timedelta(days=1))
    thread.say_as_learner(conn, next_day, case.where, 1, appeal.id, "One more.")
    assert letters(conn, case.made.gus).count("appeal_message") == 2


def test_names_are_kept_apart_where_the_cohort_is_anonymous(conn: Connection) -> None:
    case = appealing(conn)
    terms(conn, case.made.cohort, anonymous=True)
    appeal = case.open(conn)
    thread.say_as_learner(conn, case.alice(), case.where, 1, appeal.id, "Hello.")
    thread.say_as_staff(conn, case.gus(), appeal.id, "Hello.")
    thread.say_as_staff(conn, case.made.lead(), appeal.id, "Hello.")
    mine = mine_page(conn, case.alice(), case.where, 1).appeals[0].thread
    assert [one.by for one in mine] == ["You", "A grader", "A lead"]
    page = desk_page(conn, case.gus(), appeal.id)
    assert page.thread[0].by == page.found.pseudonym
    assert page.found.pseudonym in list_page(conn, case.gus()).rows[0].title
    names = "Alice", "Brook"
    assert not any(name in str(row.data) for row in rows(conn, OutboxMessage) for name in names)


# Figures


def test_leads_read_how_many_are_open_upheld_and_unchanged(conn: Connection) -> None:
    case = appealing(conn)
    case.closed(conn)
    case.open(conn, "criterion-0", at=NOW, decision=case.appeal(conn).outcome_id)
    closed = list_page(conn, case.made.lead(), "closed")
    assert (closed.figures, len(closed.rows)) == ((("Open", 1), ("Upheld", 1), ("Unchanged", 0)), 1)
    own = list_page(conn, case.gus(), "closed")
    assert (own.figures, [row.words for row in own.rows]) == ((), ["Upheld"])
    assert [part for part, _, _ in own.parts] == ["mine", "free", "closed"]


def test_two_clocks(conn: Connection) -> None:
    """What is of the school is dated by the school's clock, what is of the machine by the machine's."""
    case = appealing(conn)
    real = NOW - timedelta(days=100)
    alice, gus = case.alice(), case.gus()
    apart = Now(real=real, school=NOW)
    opening.open_appeal(conn, type(alice)(now=apart, person=alice.person), case.where, 1, case.typed())
    appeal = case.appeal(conn)
    rating.done(conn, type(gus)(now=apart, person=gus.person), appeal.id, weighing("meets"))
    [rated] = rows(conn, Rating)
    assert (appeal.opened_at, rated.done_at) == (NOW, real)
