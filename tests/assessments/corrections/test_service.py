"""A correction is proposed by one registrar, decided by another, and written once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from assessments.corrections.changes import Change, Typed, checked
from assessments.corrections.deciding import decide
from assessments.corrections.models import ProposedAct
from assessments.corrections.queries import PROPOSAL, standing, target
from assessments.corrections.service import propose
from assessments.credit.chain import EntryKind
from assessments.credit.ledger import ENTRY, credited_of_many, first_broken_ledger
from assessments.credit.models import ReasonCode
from courses.catalogue.models import CourseVersion
from fourweek.accounts.access import PERSON
from fourweek.accounts.models import Role
from fourweek.audit.service import ROW
from fourweek.database import Database, table
from fourweek.errors import Conflict, Forbidden, Invalid, NotFound, SignInNeeded
from fourweek.language.stored import say
from fourweek.outbox import OUTBOX
from tests import factories as make
from tests.assessments.corrections.factories import Desk, desk, figures
from tests.assessments.credit.factories import LATER, Learning, recorded, reverse_entry

TAKE_BACK = Change(ProposedAct.TAKE_BACK, ReasonCode.INTEGRITY, "It was not their own work.")
EARNED = [("earned", 150, tenths, 5) for tenths in (3, 2, 3, 2)]


def correct(minutes: int, day: date) -> Change:
    parts = (("ethics", 30), ("technical", minutes - 30))
    return Change(ProposedAct.CORRECT, ReasonCode.RECORDED_IN_ERROR, "The lab was shorter.", parts, day)


def entry(conn: Connection, entry_id: str) -> Any:
    return conn.execute(select(ENTRY).where(ENTRY.c.id == entry_id)).one()


def test_only_the_registrar_proposes(conn: Connection) -> None:
    at = desk(conn)
    with pytest.raises(SignInNeeded):
        propose(conn, make.visitor(), at.entries[0], TAKE_BACK)
    for grants in ((), ((Role.LEAD, ""),), ((Role.REGISTRAR, at.who.cohort_id),)):
        with pytest.raises(NotFound):
            propose(conn, make.visitor(at.who.person_id, LATER, *grants), at.entries[0], TAKE_BACK)
    with pytest.raises(NotFound):
        propose(conn, at.rita, "nowhere", TAKE_BACK)


def test_a_proposal_changes_nothing_and_is_made_once(conn: Connection) -> None:
    at = desk(conn)
    proposal = propose(conn, at.rita, at.entries[0], TAKE_BACK)
    assert figures(conn, at.who.enrolment_id) == EARNED
    with pytest.raises(Conflict, match="proposed already"):
        propose(conn, at.rolf, at.entries[0], TAKE_BACK)
    told = conn.execute(select(OUTBOX.c.person_id, OUTBOX.c.kind)).all()
    assert [tuple(row) for row in told] == [(at.rolf.me.id, "correction_asked")]
    noted = conn.execute(select(ROW).where(ROW.c.act == "credit.propose")).one()
    assert (noted.subject_id, noted.actor_id, noted.reason) == (proposal, at.rita.me.id, TAKE_BACK.words)


def test_whoever_proposed_does_not_approve(conn: Connection) -> None:
    at = desk(conn)
    proposal = propose(conn, at.rita, at.entries[0], TAKE_BACK)
    with pytest.raises(Forbidden, match="does not approve it"):
        decide(conn, at.rita, proposal, approve=True, why="")
    for stranger in (make.visitor(at.who.person_id, LATER), make.visitor(at.who.grader_id, LATER, (Role.LEAD, ""))):
        with pytest.raises(NotFound):
            decide(conn, stranger, proposal, approve=True, why="")
    assert figures(conn, at.who.enrolment_id) == EARNED
    decide(conn, at.rita, proposal, approve=False, why="I had the wrong module open.")
    assert figures(conn, at.who.enrolment_id) == EARNED


def test_nobody_decides_about_their_own_credit(conn: Connection) -> None:
    at = desk(conn)
    own = make.visitor(at.who.person_id, LATER, (Role.REGISTRAR, ""))
    with pytest.raises(Forbidden, match="their own"):
        propose(conn, own, at.entries[0], TAKE_BACK)
    proposal = propose(conn, at.rita, at.entries[0], TAKE_BACK)
    for approve in (True, False):
        with pytest.raises(Forbidden, match="their own"):
            decide(conn, own, proposal, approve=approve, why="Mine.")
    conn.execute(update(PERSON).where(PERSON.c.id == at.rita.me.id).values(merged_into_id=at.rolf.me.id))
    with pytest.raises(Forbidden, match="does not approve it"):
        decide(conn, at.rolf, proposal, approve=True, why="I am Rita too.")
    assert figures(conn, at.who.enrolment_id) == EARNED


def test_a_rejection_needs_words_and_is_final(conn: Connection) -> None:
    at = desk(conn)
    proposal = propose(conn, at.rita, at.entries[0], TAKE_BACK)
    for words in ("  ", "x" * 501):
        with pytest.raises(Invalid):
            decide(conn, at.rolf, proposal, approve=False, why=words)
    decide(conn, at.rolf, proposal, approve=False, why="The decision stands.")
    with pytest.raises(Conflict, match="decided already"):
        decide(conn, at.rolf, proposal, approve=True, why="")
    row = conn.execute(select(PROPOSAL)).one()
    assert (row.approved, row.decided_by, row.decided_why) == (False, at.rolf.me.id, "The decision stands.")
    propose(conn, at.rita, at.entries[0], TAKE_BACK)


def test_taking_back_brings_the_course_to_its_rounded_hours(conn: Connection) -> None:
    """Without its first module the course has 450 minutes, which are 0.8 and not 0.2 + 0.3 + 0.2."""
    at = desk(conn)
    proposal = propose(conn, at.rita, at.entries[0], TAKE_BACK)
    decide(conn, at.rolf, proposal, approve=True, why="")
    added = figures(conn, at.who.enrolment_id)[4:]
    assert added == [("reversal", -150, -3, -5), ("reversal", -150, -2, -5), ("correction", 150, 3, 5)]
    rows = list(conn.execute(select(ENTRY).where(ENTRY.c.cause_id == proposal).order_by(ENTRY.c.seq)))
    assert [row.reverses_id for row in rows] == [at.entries[0], at.entries[3], None]
    assert [row.reason_code for row in rows] == [ReasonCode.INTEGRITY, ReasonCode.INTEGRITY, None]
    assert credited_of_many(conn, [at.who.enrolment_id]) == {at.who.enrolment_id: frozenset({2, 3, 4})}
    assert first_broken_ledger(conn) is None


def test_both_are_named_and_the_learner_is_told(conn: Connection) -> None:
    at = desk(conn)
    proposal = propose(conn, at.rita, at.entries[3], correct(120, date(2026, 11, 20)))
    decide(conn, at.rolf, proposal, approve=True, why="")
    acts = list(conn.execute(select(ROW).where(ROW.c.act.in_(["credit.reverse", "credit.correct"])).order_by(ROW.c.id)))
    assert [(row.act, row.actor_id, row.detail["proposed_by"]) for row in acts] == [
        ("credit.reverse", at.rolf.me.id, at.rita.me.id),
        ("credit.correct", at.rolf.me.id, at.rita.me.id),
    ]
    letter = conn.execute(select(OUTBOX).where(OUTBOX.c.kind == "credit_changed")).one()
    assert letter.person_id == at.who.person_id
    before = "150 minutes, 0.2 CEU, 2.5 PDH (Ethics: 30 minutes, Technical: 120 minutes)"
    assert say(letter.data["before"]).startswith(before)
    after = "120 minutes, 0.2 CEU, 2.0 PDH (Ethics: 30 minutes, Technical: 90 minutes)"
    assert say(letter.data["now"]).startswith(after)
    assert say(letter.data["course"]) == "570 minutes, 1.0 CEU, 9.5 PDH"
    assert (letter.data["proposed_by"], letter.data["approved_by"]) == ("Rita Record", "Test Person")


def test_a_correction_keeps_what_it_does_not_change(conn: Connection) -> None:
    at = desk(conn)
    old = entry(conn, at.entries[3])
    decide(conn, at.rolf, propose(conn, at.rita, old.id, correct(120, date(2026, 11, 20))), approve=True, why="Right.")
    new = conn.execute(select(ENTRY).where(ENTRY.c.kind == EntryKind.CORRECTION)).one()
    assert new.parts == [{"category": "ethics", "minutes": 30}, {"category": "technical", "minutes": 90}]
    assert (new.completed_on, new.completed_at.time()) == (date(2026, 11, 20), old.completed_at.time())
    assert (new.minutes_before, new.minutes, new.tenths) == (450, 120, 2)
    same = ("module_id", "module_number", "course_code", "rule_id", "credit_type", "zone", "group_key", "category")
    assert [new._mapping[name] for name in same] == [old._mapping[name] for name in same]
    whole = target(conn, new.id)
    assert whole is not None
    assert [row.id for row in standing(conn, whole)] == [*at.entries[:3], new.id]


def test_what_was_corrected_can_be_corrected_again_and_taken_back(conn: Connection) -> None:
    at = desk(conn)
    for minutes in (120, 200):
        latest = conn.execute(
            select(ENTRY.c.id).where(ENTRY.c.module_number == 2).order_by(ENTRY.c.seq.desc())
        ).scalar()
        proposal = propose(conn, at.rita, str(latest), correct(minutes, date(2026, 11, 20)))
        decide(conn, at.rolf, proposal, approve=True, why="")
    rows = figures(conn, at.who.enrolment_id)
    assert (sum(row[1] for row in rows), sum(row[2] for row in rows)) == (650, 11)
    with pytest.raises(Conflict, match="taken back already"):
        propose(conn, at.rita, at.entries[1], TAKE_BACK)
    assert first_broken_ledger(conn) is None


def change(conn: Connection, at: Desk, entry_id: str, what: Change) -> str:
    """Proposed and approved; returns the entry that is written last, or taken back."""
    decide(conn, at.rolf, propose(conn, at.rita, entry_id, what), approve=True, why="")
    module = entry(conn, entry_id).module_id, entry(conn, entry_id).enrolment_id
    of = select(ENTRY.c.id).where(ENTRY.c.module_id == module[0], ENTRY.c.enrolment_id == module[1])
    return str(conn.execute(of.order_by(ENTRY.c.seq.desc())).scalars().first())


def all_of(category: str) -> Change:
    day = date(2026, 11, 20)
    return Change(ProposedAct.CORRECT, ReasonCode.RECORDED_IN_ERROR, "Wrongly divided.", ((category, 150),), day)


def another_go(conn: Connection, at: Desk) -> Learning:
    cohort = make.cohort(conn, at.who.course, zone="UTC")
    return replace(at.who, cohort_id=cohort, enrolment_id=make.enrol(conn, cohort, at.who.person_id))


def test_a_course_taken_in_two_goes_is_corrected_as_one(conn: Connection) -> None:
    """The first go has 0.3 of it, so that the other three modules come to 0.7 and not to 0.8."""
    at = desk(conn)
    for entry_id in at.entries[1:]:
        reverse_entry(conn, at.rita, entry_id, "integrity", "Only the first was done.")
    again = another_go(conn, at)
    last = [recorded(conn, again, week, tenths=tenths) for week, tenths in ((2, 2), (3, 3), (4, 2))][-1]
    change(conn, at, last, all_of("ethics"))
    assert figures(conn, again.enrolment_id)[3:] == [("reversal", -150, -2, -5), ("correction", 150, 2, 5)]


def test_a_repeat_whose_original_was_taken_back_is_credited_by_a_correction(conn: Connection) -> None:
    at = desk(conn)
    versions = table(CourseVersion)
    conn.execute(update(versions).where(versions.c.id == at.who.course.version_id).values(credit_types=["PDH"]))
    again = another_go(conn, at)
    repeat = recorded(conn, again, 1, tenths=0, amounts=(), repeat_of=at.entries[0])
    repeat = change(conn, at, repeat, all_of("ethics"))
    assert entry(conn, repeat).repeat_of_id == at.entries[0]
    change(conn, at, at.entries[0], TAKE_BACK)
    freed = entry(conn, change(conn, at, repeat, all_of("ethics")))
    assert (freed.repeat_of_id, freed.amounts[0]["steps"]) == (None, 5)
    rows = figures(conn, at.who.enrolment_id) + figures(conn, again.enrolment_id)
    assert (sum(row[2] for row in rows), sum(row[3] for row in rows)) == (10, 20)


def test_a_type_that_asks_for_a_share_of_a_category_goes_and_comes_with_it(conn: Connection) -> None:
    """Three of four modules about safety are enough for HSW, two are not."""
    at = desk(conn)
    versions = table(CourseVersion)
    conn.execute(update(versions).where(versions.c.id == at.who.course.version_id).values(credit_types=["HSW"]))
    found = []
    for number in (1, 2, 3, 4):
        change(conn, at, latest(conn, number), all_of("health-safety-welfare"))
        found.append(hsw(conn, at))
    assert found == [0, 0, 40, 40]
    for place in (0, 1):
        change(conn, at, latest(conn, place + 1), all_of("technical"))
        found.append(hsw(conn, at))
    assert found[4:] == [40, 0]
    change(conn, at, latest(conn, 2), all_of("health-safety-welfare"))
    assert hsw(conn, at) == 40
    assert sum(row[2] for row in figures(conn, at.who.enrolment_id)) == 10


def hsw(conn: Connection, at: Desk) -> int:
    rows = conn.execute(select(ENTRY.c.amounts).where(ENTRY.c.enrolment_id == at.who.enrolment_id)).scalars()
    return sum(one["steps"] for amounts in rows for one in amounts if one["type"] == "HSW")


def latest(conn: Connection, number: int) -> str:
    return str(
        conn.execute(select(ENTRY.c.id).where(ENTRY.c.module_number == number).order_by(ENTRY.c.seq.desc())).scalar()
    )


def test_a_proposal_about_a_line_that_is_gone_can_only_be_rejected(conn: Connection) -> None:
    """Taking the first entry back wrote the last one anew, so a proposal about that one has nothing left to change."""
    at = desk(conn)
    last, first = (propose(conn, at.rita, at.entries[place], TAKE_BACK) for place in (3, 0))
    decide(conn, at.rolf, first, approve=True, why="")
    with pytest.raises(Conflict, match="taken back meanwhile"):
        decide(conn, at.rolf, last, approve=True, why="")
    decide(conn, at.rolf, last, approve=False, why="It does not stand any more.")


def test_two_who_approve_at_once_write_once(db: Database) -> None:
    at: Desk = db.write_now(desk)
    proposal = db.write_now(propose, at.rita, at.entries[1], TAKE_BACK)

    def approve(_: int) -> bool:
        try:
            db.write_now(decide, at.rolf, proposal, approve=True, why="")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(approve, range(8))) == 1
    assert db.read_now(figures, at.who.enrolment_id)[4:] == [("reversal", -150, -2, -5)]


Typing = Callable[..., Typed]


@pytest.fixture
def typed() -> Typing:
    def make_typed(**changes: Any) -> Typed:
        right: dict[str, Any] = {
            "act": "correct",
            "code": "recorded_in_error",
            "words": " The lab was shorter. ",
            "parts": (("technical", "90"), ("laws-rules:US-FL", "30"), ("", "")),
            "completed_on": "2026-11-20",
        }
        return Typed(**(right | changes))

    return make_typed


def test_what_is_typed_right_is_a_change(typed: Typing) -> None:
    change = checked(typed(), date(2026, 12, 1))
    assert change.parts == (("technical", 90), ("laws-rules:US-FL", 30))
    assert (change.words, change.completed_on) == ("The lab was shorter.", date(2026, 11, 20))
    bare = checked(typed(act="take_back", parts=(("x y", "-1"),), completed_on=""), date(2026, 12, 1))
    assert (bare.parts, bare.completed_on) == ((), None)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"act": "forget"}, {"act"}),
        ({"code": "merged"}, {"code"}),
        ({"words": ""}, {"words"}),
        ({"words": "x" * 501}, {"words"}),
        ({"parts": ()}, {"parts"}),
        ({"parts": (("technical", "0"),)}, {"parts"}),
        ({"parts": (("technical", "1.5"),)}, {"parts"}),
        ({"parts": (("technical", "٣٠"),)}, {"parts"}),
        ({"parts": (("Tech nical", "30"),)}, {"parts"}),
        ({"parts": (("ethics", "30"), ("ethics", "60"))}, {"parts"}),
        ({"completed_on": "2026-12-02"}, {"completed_on"}),
        ({"completed_on": "yesterday"}, {"completed_on"}),
        ({"completed_on": "0026-11-20"}, {"completed_on"}),
    ],
)
def test_what_is_typed_wrong_is_said_beside_its_field(typed: Typing, changes: Any, fields: set[str]) -> None:
    with pytest.raises(Invalid) as caught:
        checked(typed(**changes), date(2026, 12, 1))
    assert set(caught.value.fields) == fields
