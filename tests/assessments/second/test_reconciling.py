"""Two ratings that differ are settled by a lead who gave neither."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from assessments.deciding.models import DecisionRule
from assessments.deciding.rules import Rule
from assessments.evidence.models import Step, Submission, SubmissionState
from assessments.grading.errors import Clashed
from assessments.grading.models import Decision, DecisionLine, Outcome, Posting, Purpose, Rating, RatingState, Way
from assessments.grading.settling import Result
from assessments.second.models import SecondRating
from assessments.second.reconciling import reconcile, save_typed, two_ratings
from assessments.terms.models import GradingTerms, Review
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.database import Database, add, new_id, table
from fourweek.edge import House
from fourweek.errors import Conflict, Forbidden, Invalid, NotFound
from tests import factories as make
from tests.assessments.grading.factories import LEASE, NOW, School, rows
from tests.assessments.grading.pages import HX
from tests.assessments.second.factories import apart, rate, twice
from tests.statements import statements
from tests.visits import forms

AT_ONCE = timedelta()


def _settle(
    conn: Connection, made: School, visitor: Visitor | None = None, /, *levels: str, posted: bool = False, **more: Any
) -> Result:
    typed = made.typed(*(levels or ("meets", "not-yet")), **more)
    after = AT_ONCE if posted else None
    return reconcile(conn, visitor or made.lead(), made.submission, typed, lasts=LEASE, post_after=after)


def _second_lead(conn: Connection, made: School) -> Visitor:
    person = make.with_role(conn, Role.LEAD, "Lou Marsh", made.cohort)
    return make.visitor(person, NOW, (Role.LEAD, made.cohort))


def test_only_leads_who_rated_neither_read_both_and_settle(conn: Connection) -> None:
    made = apart(conn)
    rater_who_leads = make.visitor(made.gus, NOW, (Role.LEAD, made.cohort))
    for visitor, error in (
        (make.visitor(made.alice, NOW), NotFound),
        (made.grader(), Forbidden),
        (made.registrar(), Forbidden),
        (rater_who_leads, Forbidden),
    ):
        with pytest.raises(error):
            two_ratings(conn, visitor, made.submission)
        with pytest.raises(error):
            _settle(conn, made, visitor)
    assert rows(conn, Decision) == []
    everywhere = make.visitor(make.with_role(conn, Role.LEAD, "Ines Vale"), NOW, (Role.LEAD, ""))
    assert two_ratings(conn, everywhere, made.submission).open
    assert _settle(conn, made, everywhere).outcome is Outcome.NOT_YET


def test_before_both_are_done_nobody_reads_either(conn: Connection) -> None:
    made = twice(conn)
    for _ in range(2):
        with pytest.raises(NotFound):
            two_ratings(conn, made.lead(), made.submission)
        with pytest.raises(NotFound):
            _settle(conn, made)
        if not rows(conn, Rating):
            rate(conn, made, made.greta)


def test_nothing_is_chosen_where_they_differ(conn: Connection) -> None:
    made = apart(conn)
    page = two_ratings(conn, made.lead(), made.submission)
    same, differs = page.pairs
    assert (page.apart, page.open, page.form_shown) == (1, True, True)
    assert (same.level, same.first.comment, same.second.comment) == ("meets", "Well cut.", "")
    assert (differs.level, differs.first.below, differs.second.below) == ("", False, True)
    assert (differs.first.comment, differs.second.comment) == ("All there.", "The log ends early.")
    assert page.comments == ("Clear work.", "Not all.")
    assert dict(page.screen.scoring.levels) == {"criterion-0": "meets"}
    assert dict(page.screen.scoring.comments) == {"criterion-0": "Well cut."}
    assert page.screen.scoring.comment == ""


def test_the_lead_decides(conn: Connection) -> None:
    made = apart(conn)
    comments = {"criterion-1": "It does end early."}
    assert _settle(conn, made, posted=True, comments=comments, comment="Add the log.") == Result(Outcome.NOT_YET)
    (decision,) = rows(conn, Decision)
    (own,) = rows(conn, Rating, grader_id=made.lena)
    assert (own.purpose, own.state, own.done_at) == (Purpose.RECONCILING, RatingState.DONE, NOW)
    assert (decision.way, decision.decided_by, decision.rating_id) == (Way.RECONCILED, made.lena, own.id)
    assert (decision.comment, {row.comment for row in rows(conn, DecisionLine)}) == (
        "Add the log.",
        {"", "It does end early."},
    )
    (second,) = rows(conn, SecondRating)
    assert (second.agreed, second.closed_at, second.reconciled_by) == (False, NOW, made.lena)
    assert rows(conn, Submission, id=made.submission)[0].state is SubmissionState.DECIDED
    assert len(rows(conn, Posting)) == 1
    page = two_ratings(conn, made.lead(), made.submission)
    assert (page.open, page.graders) == (False, ("Greta Grant", "Gus Hill"))
    assert [row.act for row in rows(conn, AuditRow)][-2:] == ["decision.made", "decision.posted"]


def test_what_a_lead_settled_needs_no_other_look(conn: Connection) -> None:
    made = apart(conn)
    conn.execute(table(GradingTerms).update().values(review=Review.ALL))
    _settle(conn, made, posted=True)
    assert len(rows(conn, Posting)) == 1


def test_two_that_stand_close_but_come_to_other_outcomes_are_settled_by_the_rule_that_holds(conn: Connection) -> None:
    made = twice(conn, second_percent=100, tolerance=1)
    rule = Rule(weights={"criterion-0": 1, "criterion-1": 1}, mark=50)
    row = DecisionRule(
        id=new_id(),
        course_id=made.course.course_id,
        assignment_key="note-1",
        number=1,
        kind=rule.kind,
        terms=rule.terms,
        holds_from=NOW - timedelta(days=400),
    )
    add(conn, row)
    rate(conn, made, made.greta, "not-yet", "meets")
    assert rate(conn, made, made.gus, "not-yet", "exceeds") == Result(None, Step.RECONCILING)
    assert _settle(conn, made, None, "not-yet", "exceeds").outcome is Outcome.DEMONSTRATED
    (decision,) = rows(conn, Decision)
    assert (decision.rule_id, decision.way) == (row.id, Way.RECONCILED)


@pytest.mark.parametrize(
    ("levels", "comment", "field"),
    [
        (("meets",), "Fine.", "level-criterion-1"),
        (("meets", "perfect"), "Fine.", "level-criterion-1"),
        (("meets", "not-yet"), " ", "comment"),
        (("meets", "meets"), "x" * 50_000, "comment"),
    ],
)
def test_what_is_missing_is_said(conn: Connection, levels: tuple[str, ...], comment: str, field: str) -> None:
    made = apart(conn)
    with pytest.raises(Invalid) as caught:
        _settle(conn, made, None, *levels, comment=comment)
    assert set(caught.value.fields) == {field}
    assert (rows(conn, Decision), rows(conn, SecondRating)[0].closed_at) == ([], None)


def test_a_form_of_another_submission_is_refused(conn: Connection) -> None:
    made = apart(conn)
    for wrong in ({"submission": new_id()}, {"attempt": 2}, {"rubric": made.course.rubrics[1]}):
        with pytest.raises(Clashed, match="another submission"):
            _settle(conn, made, **wrong)


def test_settled_once_whoever_presses_again(conn: Connection) -> None:
    made = apart(conn)
    for _ in range(2):
        assert _settle(conn, made).outcome is Outcome.NOT_YET
    with pytest.raises(Clashed, match="settled meanwhile"):
        _settle(conn, made, None, "meets", "meets")
    with pytest.raises(Clashed, match="settled meanwhile"):
        _settle(conn, made, _second_lead(conn, made))
    assert len(rows(conn, Decision)) == 1


def test_where_two_agreed_there_is_nothing_to_settle(conn: Connection) -> None:
    made = twice(conn)
    for person in (made.greta, made.gus):
        rate(conn, made, person)
    with pytest.raises(Conflict, match="decided meanwhile"):
        _settle(conn, made)
    assert not two_ratings(conn, made.lead(), made.submission).open


def test_two_leads_at_once_one_settles(db: Database) -> None:
    made: School = db.write_now(apart)
    other = db.write_now(_second_lead, made)

    def press(pair: tuple[Visitor, str]) -> bool:
        try:
            db.write_now(_settle, made, pair[0], "meets", pair[1])
        except Clashed:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(press, [(made.lead(), "meets"), (other, "not-yet")] * 2))
    assert answers.count(True) in (1, 2)
    assert answers[0] is not answers[1]
    assert [len(db.read_now(rows, model)) for model in (Decision, SecondRating)] == [1, 1]
    assert len(db.read_now(rows, Rating, purpose=Purpose.RECONCILING)) == 1


def test_the_page_takes_few_statements(db: Database) -> None:
    made: School = db.write_now(apart)
    with statements(db) as count:
        db.read_now(two_ratings, made.lead(), made.submission)
    assert count.number <= 12


def test_what_a_lead_typed_is_kept_and_given_back_until_it_is_settled(conn: Connection) -> None:
    made = apart(conn)
    other = _second_lead(conn, made)
    typed = made.typed("meets", "exceeds", comments={"criterion-1": "Half-way"}, comment="")
    assert save_typed(conn, made.lead(), made.submission, typed, LEASE).version == 1
    page = two_ratings(conn, made.lead(), made.submission).screen
    assert (page.scoring.level("criterion-1"), page.scoring.comment_on("criterion-1")) == ("exceeds", "Half-way")
    assert (page.version, page.saved) == (1, "Saved 09:00 (UTC)")
    assert two_ratings(conn, other, made.submission).screen.scoring.level("criterion-1") == ""
    assert (rows(conn, Decision), rows(conn, Rating, grader_id=made.lena)[0].state) == ([], RatingState.DRAFT)
    with pytest.raises(Clashed, match="Another page saved"):
        save_typed(conn, made.lead(), made.submission, typed, LEASE)
    with pytest.raises(Clashed, match="Another page saved"):
        _settle(conn, made)
    rater_who_leads = make.visitor(made.gus, NOW, (Role.LEAD, made.cohort))
    for visitor, error in ((rater_who_leads, Forbidden), (made.grader(), Forbidden)):
        with pytest.raises(error):
            save_typed(conn, visitor, made.submission, typed, LEASE)
    long = made.typed("meets", comment="x" * 50_000, version=1)
    with pytest.raises(Invalid):
        save_typed(conn, made.lead(), made.submission, long, LEASE)
    assert _settle(conn, made, version=1).outcome is Outcome.NOT_YET
    with pytest.raises(Clashed, match="settled meanwhile"):
        save_typed(conn, other, made.submission, typed, LEASE)


def test_the_form_of_whoever_settles_saves_itself(browser: Any, house: House) -> None:
    made = house.db.write_now(apart)
    lena, here = browser(made.lena), f"/grading/{made.submission}/ratings"
    form = forms(lena.get(here).text)[here]
    typed = form | {"level-criterion-1": "exceeds", "comment": "Still writing"}
    answer = lena.post(f"{here}/draft", data=typed | {"act": "decide-post"}, headers=HX)
    assert (answer.status_code, 'value="1"' in answer.text, "saved" in answer.headers["hx-trigger"]) == (
        200,
        True,
        True,
    )
    again = lena.post(f"{here}/draft", data=typed, headers=HX)
    assert (again.status_code, again.headers["hx-retarget"]) == (409, "#rating-trouble")
    page = lena.get(here).text
    given_back = forms(page)[here]
    assert (given_back["comment"].strip(), given_back["level-criterion-1"]) == ("Still writing", "exceeds")
    assert "Saved " in page
    assert lena.submit(here, here, act="decide").status_code == 303
