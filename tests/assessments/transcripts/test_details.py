"""What documents say beside the ledger's lines, and where it comes from."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from assessments.identity_checks.models import CheckMethod, IdentityCheck
from assessments.names.models import NameChange, NameChangeKind
from assessments.transcripts import service
from assessments.transcripts.parts import LineStatus, TranscriptLine
from assessments.transcripts.pieces import IdentityEvidence, Instructor, LineCredit, LinePart, OutcomeMet
from assessments.transcripts.record import record_of
from assessments.transcripts.scope import Options, Scope
from assessments.transcripts.service import Draft, Wanted
from courses.cohorts.models import DeliveryMode
from courses.cohorts.queries import COHORT
from fourweek.clock import Now
from fourweek.database import add, new_id
from fourweek.errors import Conflict, Invalid
from tests import factories as make
from tests.assessments.credit.factories import DAY, LATER, Learning, demonstrate, learning, recorded
from tests.assessments.licences.factories import licence
from tests.assessments.stated.factories import stated
from tests.assessments.transcripts.issued import SETTINGS

NOW = Now(real=LATER, school=LATER)


@pytest.fixture
def who(conn: Connection) -> Learning:
    return learning(conn)


def draft(conn: Connection, who: Learning, **chosen: Any) -> Draft:
    return service.draft(conn, make.visitor(who.person_id, LATER), Wanted(**chosen), SETTINGS)


def only(conn: Connection, who: Learning, **chosen: Any) -> TranscriptLine:
    (line,) = draft(conn, who, **chosen).record.lines
    return line


def test_a_line_says_what_the_entry_froze(conn: Connection, who: Learning) -> None:
    entry = recorded(conn, who, 1)
    line = only(conn, who)
    assert (line.entry, line.counted_minutes, line.ceu) == (entry, 150, "0.3")
    assert line.parts == (
        LinePart(category="ethics", counted_minutes=30, contact_hours="0.5"),
        LinePart(category="technical", counted_minutes=120, contact_hours="2.0"),
    )
    assert line.credits == (
        LineCredit(credit_type="PDH", rule_id="pdh-half-hour-2018", steps=5, step="1/2", amount="2.5"),
    )


def test_a_repeat_carries_no_credit_and_says_so(conn: Connection, who: Learning) -> None:
    first = recorded(conn, who, 1)
    recorded(conn, who, 2, tenths=0, amounts=(), repeat_of=first)
    again = record_of(conn, who.person_id, "https://x").lines[1]
    assert (again.status, again.ceu, again.credits, again.counted_minutes) == (LineStatus.REPEAT, "0.0", (), 150)


def test_a_line_says_how_where_and_by_whom_it_was_taught(conn: Connection, who: Learning) -> None:
    recorded(conn, who, 1)
    taught: dict[str, Any] = {
        "mode": DeliveryMode.IN_PERSON,
        "place": "12 Quay Street",
        "instructors": [{"name": "Rosa Fuentes", "background": "P.E."}, {"name": "Tom Okafor"}],
    }
    conn.execute(update(COHORT).where(COHORT.c.id == who.cohort_id).values(**taught))
    line = only(conn, who)
    assert (line.mode, line.place, line.began_on) == ("in_person", "12 Quay Street", make.MONDAY)
    assert line.instructors == (Instructor(name="Rosa Fuentes", credential="P.E."), Instructor(name="Tom Okafor"))


def test_a_cohort_that_was_moved_past_the_completion_says_no_first_day(conn: Connection, who: Learning) -> None:
    recorded(conn, who, 1)
    conn.execute(update(COHORT).where(COHORT.c.id == who.cohort_id).values(start_date=date(2030, 1, 7)))
    assert only(conn, who).began_on is None


def test_outcomes_are_competencies_that_posted_decisions_found(conn: Connection, who: Learning) -> None:
    recorded(conn, who, 1)
    assert only(conn, who).outcomes == ()
    demonstrate(conn, who, 1)
    demonstrate(conn, who, 2)
    (outcome,) = only(conn, who).outcomes
    assert isinstance(outcome, OutcomeMet)
    assert outcome.title
    before = service.draft(conn, make.visitor(who.person_id, make.START), Wanted(), SETTINGS)
    assert before.record.lines[0].outcomes == ()


def test_the_newest_identity_check_counts(conn: Connection, who: Learning) -> None:
    recorded(conn, who, 1)
    assert only(conn, who).identity is None
    for day, passed in ((1, True), (3, False), (2, True)):
        check = IdentityCheck(
            id=new_id(),
            person_id=who.person_id,
            method=CheckMethod.DOCUMENT_BY_VIDEO,
            checked_on=date(2026, 9, day),
            passed=passed,
            recorded_by=who.grader_id,
            recorded_at=LATER,
        )
        add(conn, check)
    assert only(conn, who).identity == IdentityEvidence(
        method="identity document seen by video", checked_on=date(2026, 9, 3), result="not confirmed"
    )


def _renamed(conn: Connection, who: Learning, *, suppress: bool) -> None:
    change = NameChange(
        id=new_id(),
        person_id=who.person_id,
        kind=NameChangeKind.CHANGE,
        former="Alice Hill",
        name="Alice Brook",
        suppress=suppress,
        asked_by=who.person_id,
        asked_at=LATER,
        decided_by=who.grader_id,
        decided_at=LATER,
        approved=True,
    )
    add(conn, change)


def test_the_name_of_then_is_said_unless_left_out(conn: Connection, who: Learning) -> None:
    recorded(conn, who, 1)
    recorded(conn, who, 2, at=LATER + DAY)
    _renamed(conn, who, suppress=False)
    assert [line.earned_as for line in draft(conn, who).record.lines] == ["Alice Hill", ""]
    assert [line.earned_as for line in draft(conn, who, options=Options(names=False)).record.lines] == ["", ""]


def test_a_suppressed_name_is_said_nowhere(conn: Connection, who: Learning) -> None:
    recorded(conn, who, 1)
    _renamed(conn, who, suppress=True)
    frozen = draft(conn, who)
    assert frozen.record.lines[0].earned_as == ""
    assert "Hill" not in repr(frozen)


def test_licences_are_named_by_choice_and_only_ones_own(conn: Connection, who: Learning) -> None:
    recorded(conn, who, 1)
    mine = licence(conn, who.person_id)
    checked = licence(conn, who.person_id, number="0099", checked_on=date(2026, 5, 1))
    theirs = licence(conn, make.person(conn, "Carol Dunn"), number="1")
    assert draft(conn, who).record.learner.licences == ()
    chosen = draft(conn, who, options=Options(licences=(mine, checked, theirs))).record.learner.licences
    assert [(one.number, one.source) for one in chosen] == [("0071482", "stated"), ("0099", "checked")]


def test_credit_from_elsewhere_is_shown_by_choice_within_the_period(conn: Connection, who: Learning) -> None:
    recorded(conn, who, 1)
    stated(conn, who.person_id, completed_on=date(2026, 6, 1))
    stated(conn, who.person_id, title="Too late", completed_on=date(2027, 1, 1))
    assert draft(conn, who).stated == ()
    scope = Scope(since=date(2026, 1, 1), until=date(2026, 12, 31))
    frozen = draft(conn, who, scope=scope, options=Options(stated=True))
    assert [(one.title, one.minutes) for one in frozen.stated] == [("Bridge inspection refresher", 90)]
    open_end = draft(conn, who, scope=Scope(until=date.max), options=Options(stated=True))
    assert len(open_end.stated) == 2
    assert sum(line.counted_minutes for line in frozen.record.lines) == 150


def test_a_scope_takes_lines_by_course_day_and_entry(conn: Connection, who: Learning) -> None:
    entries = [recorded(conn, who, week) for week in (1, 2, 3)]
    second = (make.START + 2 * DAY).date()

    def modules(scope: Scope) -> list[int]:
        return [line.module_number for line in draft(conn, who, scope=scope).record.lines]

    assert modules(Scope(courses=(who.course.code,))) == [1, 2, 3]
    assert modules(Scope(since=second)) == [2, 3]
    assert modules(Scope(until=second)) == [1, 2]
    assert modules(Scope(since=second, until=second)) == [2]
    assert modules(Scope(module=entries[2])) == [3]


def test_nothing_in_the_scope_is_said_beside_the_choice_and_an_empty_record_at_all(
    conn: Connection, who: Learning
) -> None:
    with pytest.raises(Conflict):
        draft(conn, who)
    recorded(conn, who, 1)
    with pytest.raises(Invalid) as caught:
        draft(conn, who, scope=Scope(since=LATER.date() + timedelta(days=900)))
    assert caught.value.fields == {"what": "There is no credit in what you chose."}


def test_two_documents_that_say_the_same_are_one_and_choices_make_another(conn: Connection, who: Learning) -> None:
    recorded(conn, who, 1)
    plain = draft(conn, who).content_sha256
    assert draft(conn, who).content_sha256 == plain
    for chosen in (
        {"scope": Scope(courses=(who.course.code,))},
        {"options": Options(stated=True)},
        {"options": Options(names=False)},
    ):
        assert draft(conn, who, **chosen).content_sha256 != plain
