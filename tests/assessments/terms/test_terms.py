"""The grading terms of a cohort: read, kept, refused; what two leads keep at once; promises that come earlier."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, select

from assessments.evidence.models import Submission
from assessments.grading.models import Outcome
from assessments.terms.forms import LABELS, TermsForm, known_form, read_terms
from assessments.terms.models import Allocation, GradingTerms, Review
from assessments.terms.queries import terms_of
from assessments.terms.service import TermsMoved, keep_terms, terms_page
from fourweek.accounts.models import Role
from fourweek.database import Database, add, table
from fourweek.errors import Forbidden, NotFound, SignInNeeded
from tests import factories as make
from tests.assessments.grading.factories import DAY, NOW, School, acts, promised, rows, school, waiting
from tests.visits import Browser

DEFAULTS = known_form(GradingTerms(cohort_id=""))


def typed(revision: int = 0, **values: str) -> TermsForm:
    return TermsForm(dict(DEFAULTS.values) | values, revision)


def test_terms_are_for_those_who_run_the_cohort(conn: Connection) -> None:
    made = school(conn)
    for visitor, error in (
        (make.visitor(at=NOW), SignInNeeded),
        (make.visitor(made.alice, NOW), NotFound),
        (make.visitor(make.person(conn), NOW, (Role.LEAD, make.cohort(conn, made.course))), NotFound),
        (made.grader(), Forbidden),
        (made.registrar(), Forbidden),
    ):
        with pytest.raises(error):
            terms_page(conn, visitor, made.cohort)
        with pytest.raises(error):
            keep_terms(conn, visitor, made.cohort, typed(promise_days="2"))
    assert rows(conn, GradingTerms) == []


def test_terms_are_kept_with_who_changed_what(conn: Connection) -> None:
    made = school(conn)
    form = typed(allocation="in_turn", review="not_yet", second_percent="20", appeal_days="", anonymous="1")
    keep_terms(conn, made.lead(), made.cohort, form)
    kept = terms_of(conn, made.cohort)
    assert (kept.allocation, kept.review, kept.second_percent) == (Allocation.IN_TURN, Review.NOT_YET, 20)
    assert (kept.appeal_days, kept.anonymous, kept.revision, kept.changed_by) == (None, True, 1, made.lena)
    keep_terms(conn, made.lead(), made.cohort, replace(form, revision=0))
    assert acts(conn, "grading_terms") == ["grading_terms.change"]
    page = terms_page(conn, made.lead(), made.cohort)
    assert (page.typed, page.waiting) == (TermsForm(form.values, 1), 1)
    assert page.changed is not None
    assert (page.changed.name, page.changed.at.words[:25]) == ("Lena Moor", "Wednesday 4 November 2026")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("promise_days", "0"),
        ("promise_days", "soon"),
        ("promise_days", "5.5"),
        ("warn_days", ""),
        ("warn_days", "5"),
        ("warn_days", "-1"),
        ("second_percent", "101"),
        ("second_first", "99999999999999999999"),
        ("tolerance", "6"),
        ("appeal_days", "0"),
        ("allocation", "by magic"),
        ("review", ""),
    ],
)
def test_nonsense_is_named_beside_its_field(field: str, value: str) -> None:
    values, errors = read_terms(TermsForm(dict(DEFAULTS.values) | {field: value}, 0))
    assert (values, list(errors)) == (None, [field])


def test_terms_as_they_are_read_are_kept_as_they_are() -> None:
    values, errors = read_terms(DEFAULTS)
    assert errors == {}
    assert values is not None
    assert set(values) == set(LABELS)
    assert known_form(GradingTerms(cohort_id="", **values)) == DEFAULTS


def test_terms_of_somebody_else_are_shown_and_not_overwritten(conn: Connection) -> None:
    made = school(conn)
    keep_terms(conn, made.lead(), made.cohort, typed(tolerance="1"))
    late = typed(tolerance="2")
    with pytest.raises(TermsMoved):
        keep_terms(conn, made.lead(), made.cohort, late)
    page = terms_page(conn, made.lead(), made.cohort, late)
    assert page.newer is not None
    assert page.newer.differs == ((LABELS["tolerance"], "2", "1"),)
    assert (page.typed.value("tolerance"), page.typed.revision) == ("2", 1)
    keep_terms(conn, made.lead(), made.cohort, page.typed)
    assert terms_of(conn, made.cohort).tolerance == 2


def test_two_leads_at_once_one_keeps_and_one_is_shown(db: Database) -> None:
    made: School = db.write_now(school)
    start = threading.Barrier(2)

    def keep(tolerance: str) -> str:
        start.wait()
        try:
            db.write_now(keep_terms, made.lead(), made.cohort, typed(tolerance=tolerance))
        except TermsMoved:
            return "shown"
        return "kept"

    with ThreadPoolExecutor(2) as pool:
        assert Counter(pool.map(keep, ("1", "2"))) == {"kept": 1, "shown": 1}
    assert db.read_now(terms_of, made.cohort).revision == 1


def _promises(conn: Connection) -> dict[str, datetime | None]:
    target = table(Submission)
    return {row.id: row.promised_at for row in conn.execute(select(target.c.id, target.c.promised_at))}


def test_what_was_promised_stays_unless_the_new_promise_is_earlier(conn: Connection) -> None:
    made = school(conn)
    told, untold = waiting(conn, made, 2)
    soon = datetime(2026, 11, 3, 12, tzinfo=UTC)  # kept or not, it was told
    promised(conn, {made.submission: NOW + 30 * DAY, told: soon, untold: None})
    assert keep_terms(conn, made.lead(), made.cohort, typed(promise_days="2")) == 2
    end = datetime(2026, 11, 5, 23, 59, tzinfo=UTC)  # two days from Monday are over on Wednesday, when they change
    assert _promises(conn) == {made.submission: end, told: soon, untold: end}
    assert keep_terms(conn, made.lead(), made.cohort, typed(1, promise_days="9")) == 0
    assert keep_terms(conn, made.lead(), made.cohort, typed(2, promise_days="")) == 0
    assert _promises(conn) == {made.submission: end, told: soon, untold: end}


def test_a_new_promise_counts_the_days_that_were_used_before_a_return(conn: Connection) -> None:
    made = school(conn)
    posted = make.START + 2 * DAY
    make.decided(conn, made.course, made.submission, made.greta, outcome=Outcome.RETURNED_INCOMPLETE, posted_at=posted)
    again = make.submission(conn, made.course, made.enrolment, at=make.START + 7 * DAY, attempt=2)
    lead = made.lead(at=NOW + 5 * DAY)
    assert keep_terms(conn, lead, made.cohort, typed(promise_days="3")) == 1
    assert _promises(conn)[again] == datetime(2026, 11, 10, 23, 59, tzinfo=UTC)


def test_defaults_that_stand_in_a_row_are_changed_in_it(conn: Connection) -> None:
    made = school(conn)
    add(conn, GradingTerms(cohort_id=made.cohort, turn=7))
    keep_terms(conn, made.lead(), made.cohort, typed(warn_days="2"))
    (row,) = rows(conn, GradingTerms)
    assert (row.turn, row.warn_days, row.revision) == (7, 2, 1)


def test_the_page_of_terms(browser: Any, house: Any) -> None:
    made: School = house.db.write_now(school)
    here = f"/staff/cohorts/{made.cohort}/grading"
    assert (browser(made.greta).get(here).status_code, browser(made.alice).get(here).status_code) == (403, 404)
    lena: Browser = browser(made.lena)
    assert here in lena.get(f"/staff/cohorts/{made.cohort}").text
    answer = lena.submit(here, here, promise_days="3", warn_days="7")
    assert (answer.status_code, "Write fewer days than are promised" in answer.text) == (422, True)
    assert lena.submit(here, here, promise_days="3").status_code == 303
    assert house.db.read_now(terms_of, made.cohort).promise_days == 3
    old = dict(DEFAULTS.values) | {"revision": "0", "promise_days": "4"}
    moved = lena.submit(here, here, **old)
    assert (moved.status_code, "The terms were changed meanwhile" in moved.text) == (409, True)
    assert house.db.read_now(terms_of, made.cohort).promise_days == 3
