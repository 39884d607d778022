"""Two accounts of one person become one: both chains whole, every hour once, nobody signs in to the one that goes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from assessments.badges.queries import AWARD
from assessments.credit.ledger import ENTRY, LEDGER, credited_of_many, first_broken_ledger
from assessments.credit.models import ReasonCode
from assessments.credit.queries import _piece
from assessments.credit.service import record_credit
from assessments.holds.models import HoldCause
from assessments.holds.queries import open_holds
from assessments.holds.service import held, place
from assessments.identity_checks.models import CheckMethod, IdentityCheck
from assessments.identity_checks.queries import newest_check
from assessments.merging import moving, transfer
from assessments.merging.service import decide, propose
from courses.enrolment.access import ENROLMENT
from fourweek.accounts.access import PERSON, SIGN_IN
from fourweek.accounts.known_devices import Device
from fourweek.accounts.models import Role, SignInWay
from fourweek.accounts.service import EMAIL, PASSWORD, grant
from fourweek.accounts.sessions import open_sign_in
from fourweek.accounts.signing_in import account_of
from fourweek.audit.service import ROW
from fourweek.database import Database, add, new_id
from fourweek.errors import Conflict, Forbidden, Invalid, NotFound
from fourweek.migrations.tables import metadata
from fourweek.outbox import OUTBOX
from tests import factories as make
from tests.assessments.badges.factories import an_award
from tests.assessments.corrections.factories import LINES, keeper
from tests.assessments.credit.factories import DAY, LATER, NOW, Learning, demonstrate, learning, one_more, recorded
from tests.assessments.sharing.factories import renamed

WHY = "Both came with the same passport."


def number_of(conn: Connection, person_id: str) -> str:
    return str(conn.execute(select(PERSON.c.learner_number).where(PERSON.c.id == person_id)).scalar_one())


class Case:
    """`gone` and `kept` are learners of two courses; `rita` proposes, `rolf` approves."""

    def __init__(self, conn: Connection, *, same_course: bool = False) -> None:
        self.conn = conn
        self.kept = learning(conn, name="Alice Brook")
        self.gone = one_more(conn, self.kept, "Alice Broock") if same_course else learning(conn, name="Alice Broock")
        self.rita, self.rolf = keeper(conn, "Rita Record"), keeper(conn, "Rolf Rolls")

    def numbers(self) -> tuple[str, str]:
        return number_of(self.conn, self.kept.person_id), number_of(self.conn, self.gone.person_id)

    def credit(self, who: Learning, weeks: int = 4) -> list[str]:
        return [recorded(self.conn, who, week, tenths=tenths) for week, tenths in LINES[:weeks]]

    def propose(self) -> str:
        return propose(self.conn, self.rita, *self.numbers(), WHY)

    def merge(self) -> str:
        merge_id = self.propose()
        decide(self.conn, self.rolf, merge_id, approve=True, why="")
        return merge_id

    def ledger(self, who: Learning) -> list[tuple[str, int, int, int]]:
        wanted = select(ENTRY).join(LEDGER).where(LEDGER.c.person_id == who.person_id).order_by(ENTRY.c.seq)
        return [(row.kind.value, row.module_number, row.minutes, row.tenths) for row in self.conn.execute(wanted)]


def test_entries_are_taken_back_and_transferred_in_order(conn: Connection) -> None:
    case = Case(conn)
    ids, _ = case.credit(case.gone), case.credit(case.kept, 1)
    merge_id = case.merge()
    earned = [("earned", week, 150, tenths) for week, tenths in LINES]
    taken = [("reversal", week, -150, -tenths) for week, tenths in LINES]
    assert case.ledger(case.gone) == [*earned, *taken]
    assert case.ledger(case.kept) == [earned[0], *[("transferred", week, 150, tenths) for week, tenths in LINES]]
    taken_back = list(conn.execute(select(ENTRY).where(ENTRY.c.reverses_id.is_not(None)).order_by(ENTRY.c.seq)))
    assert [row.reverses_id for row in taken_back] == ids
    assert {(row.reason_code, row.cause_id) for row in taken_back} == {(ReasonCode.MERGED, merge_id)}
    assert credited_of_many(conn, [case.gone.enrolment_id])[case.gone.enrolment_id] == {1, 2, 3, 4}
    assert first_broken_ledger(conn) is None


def test_an_hour_that_stood_in_both_counts_once(conn: Connection) -> None:
    """Both did the first week of the same course; the other three bring its 0.3 to the 1.0 that 600 minutes are."""
    case = Case(conn, same_course=True)
    case.credit(case.gone)
    stood = recorded(conn, case.kept, 1, tenths=3)
    case.merge()
    added = [row for row in case.ledger(case.kept) if row[0] == "transferred"]
    assert [(row[1], row[3]) for row in added] == [(1, 0), (2, 2), (3, 3), (4, 2)]
    repeats = list(conn.execute(select(ENTRY).where(ENTRY.c.repeat_of_id.is_not(None))))
    assert [(row.repeat_of_id, row.amounts) for row in repeats] == [(stood, [])]
    assert credited_of_many(conn, [case.gone.enrolment_id])[case.gone.enrolment_id] == {1, 2, 3, 4}
    assert sum(row[3] for row in case.ledger(case.gone)) == 0
    assert first_broken_ledger(conn) is None


def test_a_course_that_each_account_has_a_part_of_is_worth_its_hours(conn: Connection) -> None:
    """Apart, 150 minutes are 0.3 and 450 are 0.8; together they are 600 and 1.0."""
    case = Case(conn, same_course=True)
    for week, tenths in ((2, 3), (3, 2), (4, 3)):
        recorded(conn, case.gone, week, tenths=tenths)
    recorded(conn, case.kept, 1, tenths=3)
    case.merge()
    assert [row[3] for row in case.ledger(case.kept)] == [3, 3, 2, 2]


def test_an_hour_of_long_ago_counts_beside_a_new_one(conn: Connection) -> None:
    case = Case(conn, same_course=True)
    recorded(conn, case.gone, 1, at=make.START - timedelta(days=3 * 366))
    recorded(conn, case.kept, 1)
    case.merge()
    assert [row[0] for row in case.ledger(case.kept)] == ["earned", "transferred"]


def test_a_repeat_stays_one_and_names_the_entry_that_stands(conn: Connection) -> None:
    case = Case(conn)
    first = recorded(conn, case.gone, 1)
    recorded(conn, case.gone, 2, tenths=0, amounts=(), repeat_of=first)
    case.merge()
    rows = list(conn.execute(select(ENTRY).where(ENTRY.c.kind == "transferred").order_by(ENTRY.c.seq)))
    assert [(row.repeat_of_id, row.tenths) for row in rows] == [(None, 3), (rows[0].id, 0)]


def test_nobody_merges_alone_or_without_being_the_registrar(conn: Connection) -> None:
    case = Case(conn)
    for grants in ((), ((Role.LEAD, ""),), ((Role.REGISTRAR, case.kept.cohort_id),)):
        with pytest.raises(NotFound):
            propose(conn, make.visitor(case.kept.person_id, LATER, *grants), *case.numbers(), WHY)
    merge_id = case.propose()
    with pytest.raises(Forbidden):
        decide(conn, case.rita, merge_id, approve=True, why="")
    for own in (case.kept, case.gone):
        with pytest.raises(Forbidden):
            decide(conn, make.visitor(own.person_id, LATER, (Role.REGISTRAR, "")), merge_id, approve=True, why="")
    with pytest.raises(NotFound):
        decide(conn, make.visitor(case.kept.person_id, LATER), merge_id, approve=False, why="Mine.")
    with pytest.raises(Conflict, match="proposed already"):
        case.propose()
    with pytest.raises(Invalid):
        decide(conn, case.rolf, merge_id, approve=False, why=" ")
    decide(conn, case.rita, merge_id, approve=False, why="Two people after all.")
    with pytest.raises(Conflict, match="decided already"):
        decide(conn, case.rolf, merge_id, approve=True, why="")
    assert conn.execute(select(PERSON.c.merged_into_id).where(PERSON.c.merged_into_id.is_not(None))).first() is None


def test_no_account_is_merged_twice_into_itself_or_into_one_that_went(conn: Connection) -> None:
    case = Case(conn)
    kept, gone = case.numbers()
    third = number_of(conn, make.person(conn, "Alice Third"))
    for pair in ((kept, kept), (kept, "L-nobody")):
        with pytest.raises(Invalid) as caught:
            propose(conn, case.rita, *pair, WHY)
        assert set(caught.value.fields) == {"gone"}
    backwards = propose(conn, case.rita, gone, kept, WHY)
    case.merge()
    with pytest.raises(Conflict, match="itself merged"):
        decide(conn, case.rolf, backwards, approve=True, why="")
    for pair in ((third, gone), (gone, third)):
        with pytest.raises(Invalid):
            propose(conn, case.rita, *pair, WHY)
    decide(conn, case.rolf, backwards, approve=False, why="Done the other way.")
    later = propose(conn, case.rita, third, kept, WHY)
    decide(conn, case.rolf, later, approve=True, why="")
    into = conn.execute(select(PERSON.c.merged_into_id).where(PERSON.c.merged_into_id.is_not(None))).scalars()
    assert set(into) == {conn.execute(select(PERSON.c.id).where(PERSON.c.learner_number == third)).scalar_one()}


def test_an_erased_account_is_joined_to_nobody(conn: Connection) -> None:
    """What the worker has still to remove would live on under the other one's name."""
    case = Case(conn)
    waits = case.propose()
    erased = {"erased_at": LATER, "disabled_at": LATER}
    conn.execute(PERSON.update().where(PERSON.c.id == case.gone.person_id).values(erased))
    with pytest.raises(Conflict, match="erased"):
        decide(conn, case.rolf, waits, approve=True, why="")
    decide(conn, case.rolf, waits, approve=False, why="They were erased.")
    with pytest.raises(Invalid):
        case.propose()


def test_what_is_the_persons_moves_and_nobody_signs_in_to_what_is_left(conn: Connection) -> None:
    case = Case(conn)
    gone, kept = case.gone.person_id, case.kept.person_id
    add(conn, table_row(gone))
    phone = Device("Phone", "a phone")
    open_sign_in(conn, make.visitor(at=LATER), gone, way=SignInWay.PASSWORD, lasts=DAY, device=phone)
    mine = conn.execute(select(EMAIL.c.address).where(EMAIL.c.person_id == gone)).scalar_one()
    case.merge()
    rows = conn.execute(select(EMAIL.c.address, EMAIL.c.is_primary).where(EMAIL.c.person_id == kept)).all()
    assert ({row.address for row in rows} >= {mine}, sum(row.is_primary for row in rows)) == (True, 1)
    left = select(ENROLMENT.c.person_id).where(ENROLMENT.c.id == case.gone.enrolment_id)
    assert conn.execute(left).scalar_one() == kept
    assert conn.execute(select(SIGN_IN).where(SIGN_IN.c.person_id == gone)).first() is None
    assert conn.execute(select(PASSWORD).where(PASSWORD.c.person_id == gone)).first() is None
    assert account_of(conn, mine, phone).hash is None  # kept has no password in this test
    closed = conn.execute(select(PERSON.c.disabled_at, PERSON.c.merged_into_id).where(PERSON.c.id == gone)).one()
    assert tuple(closed) == (LATER, kept)
    letter = conn.execute(select(OUTBOX).where(OUTBOX.c.kind == "accounts_merged")).one()
    assert (letter.person_id, letter.data["kept"], letter.data["gone"]) == (kept, *case.numbers())
    noted = conn.execute(select(ROW).where(ROW.c.act == "person.merge")).one()
    assert (noted.actor_id, noted.detail["proposed_by"]) == (case.rolf.me.id, case.rita.me.id)


def test_a_role_in_the_office_does_not_end_in_silence_by_a_merge(conn: Connection) -> None:
    case = Case(conn)
    for role in (Role.REGISTRAR, Role.GRADER):
        grant(conn, case.gone.person_id, role, now=LATER)
    case.merge()
    told = conn.execute(select(OUTBOX.c.person_id, OUTBOX.c.data).where(OUTBOX.c.kind == "appointed")).all()
    assert [(one.person_id, one.data["name"], one.data["given"]) for one in told] == [
        (case.rita.me.id, "Alice Broock", False)
    ]


def test_a_suppressed_name_comes_not_back_by_a_merge(conn: Connection) -> None:
    case = Case(conn)
    renamed(conn, case.kept.person_id, LATER - DAY, suppress=True)
    award_id = an_award(conn, case.gone)
    case.merge()
    names = conn.execute(select(PERSON.c.legal_name, PERSON.c.display_name).where(PERSON.c.id == case.gone.person_id))
    assert tuple(names.one()) == ("Alice Brook", "Alice Brook")
    assert conn.execute(select(AWARD.c.snapshot).where(AWARD.c.id == award_id)).scalar_one()["holder"] == "Alice Brook"


def table_row(person_id: str) -> Any:
    from fourweek.accounts.models import PasswordHash  # noqa: PLC0415

    return PasswordHash(person_id=person_id, hash="x", changed_at=LATER)


def test_checks_and_holds_count_for_the_account_that_is_kept(conn: Connection) -> None:
    case = Case(conn)
    check: dict[str, Any] = {"method": CheckMethod.EMPLOYER, "checked_on": LATER.date(), "passed": True}
    check |= {"recorded_by": case.rita.me.id, "recorded_at": LATER}
    add(conn, IdentityCheck(id=new_id(), person_id=case.gone.person_id, **check))
    place(conn, case.gone.person_id, None, cause=HoldCause.REGISTRAR, why="x", at=LATER, where="all courses")
    waits = case.kept.person_id, case.kept.enrolment_id
    place(conn, *waits, cause=HoldCause.IDENTITY, why="x", at=LATER, where="one course")
    case.merge()
    assert [row.cause for row in open_holds(conn, case.kept.person_id)] == [HoldCause.REGISTRAR]
    newest = newest_check(conn, case.kept.person_id)
    assert (newest is not None and newest.passed, newest and newest.recorder) == (True, "Rolf Rolls")
    assert held(conn, case.kept.person_id, case.kept.enrolment_id)


def test_two_places_in_one_cohort_stay_two(conn: Connection) -> None:
    case = Case(conn, same_course=True)
    case.merge()
    wanted = select(ENROLMENT.c.person_id).where(ENROLMENT.c.cohort_id == case.kept.cohort_id)
    assert set(conn.execute(wanted).scalars()) == {case.kept.person_id, case.gone.person_id}


def test_credit_that_was_due_during_a_merge_goes_to_the_right_ledger(conn: Connection) -> None:
    case = Case(conn)
    demonstrate(conn, case.gone, 1)
    (due,) = _piece(conn, "", NOW.school)
    case.merge()
    assert record_credit(conn, due, NOW) == 0
    (due,) = _piece(conn, "", NOW.school)
    assert record_credit(conn, due, NOW) == 1
    assert [row[0] for row in case.ledger(case.kept)] == ["earned"]


def test_credit_of_a_place_that_stayed_goes_to_the_one_ledger_and_counts_once(conn: Connection) -> None:
    case = Case(conn, same_course=True)
    recorded(conn, case.kept, 1)
    case.merge()
    for week in (1, 2):
        demonstrate(conn, case.gone, week)
    (due,) = _piece(conn, "", NOW.school)
    assert record_credit(conn, due, NOW) == 2
    assert case.ledger(case.gone) == []
    assert case.ledger(case.kept) == [("earned", 1, 150, 3), ("earned", 1, 150, 0), ("earned", 2, 150, 2)]


def test_two_merges_of_the_same_pair_at_once_end_in_one(db: Database) -> None:
    """Each way round was proposed; both are approved at the same moment, and nobody waits for the other for ever."""

    def proposed(conn: Connection) -> tuple[Any, tuple[str, str]]:
        case = Case(conn)
        case.credit(case.gone, 2)
        case.credit(case.kept, 2)
        kept, gone = case.numbers()
        return case.rolf, (propose(conn, case.rita, kept, gone, WHY), propose(conn, case.rita, gone, kept, WHY))

    rolf, both = db.write_now(proposed)

    def approve(merge_id: str) -> bool:
        try:
            db.write_now(decide, rolf, merge_id, approve=True, why="")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(approve, both)) == [False, True]
    assert db.read_now(first_broken_ledger) is None


def test_an_account_with_an_open_appeal_is_not_merged(conn: Connection) -> None:
    assert transfer.plan(conn, "nobody", "nobody") == ()
    case = Case(conn)
    handed_in = make.submission(conn, case.gone.course, case.gone.enrolment_id)
    decided = make.decided(conn, case.gone.course, handed_in, case.gone.grader_id, posted_at=make.START)
    appeal = metadata.tables["appeal"]
    values: dict[str, Any] = {column.name: None for column in appeal.columns if column.nullable}
    values |= {"id": new_id(), "decision_id": decided, "opened_by": case.gone.person_id, "opened_at": LATER}
    values |= {key: handed_in for key in ("submission_id",) if key in appeal.c}
    conn.execute(appeal.insert().values(values))
    with pytest.raises(Invalid, match="appeal"):
        case.propose()


ACTS = {"asked_by", "decided_by", "recorded_by", "proposed_by", "by", "made_by", "published_by", "checked_by"}
ACTS |= {"entered_by", "created_by", "stated_by", "changed_by", "added_by", "placed_by", "lifted_by", "answered_by"}
ACTS |= {"closed_by", "hidden_by", "withdrawn_by", "revoked_by", "opened_by", "granted_by", "given_to", "given_by"}
ACTS |= {
    "settled_by",
    "reconciled_by",
    "reviewed_by",
    "posted_by",
    "ended_by",
    "actor_id",
    "lead_id",
    "owner_id",
    "grader_id",
}
STAYS = {"person_merge.kept_id", "person_merge.gone_id"}
STAYS |= {f"{name}.author_id" for name in ("announcement", "appeal_message", "grader_note")}
STAYS |= {"erasure_request.person_id"}  # whoever wished it is asked again about the account that is kept


def test_every_column_that_names_a_person_is_thought_of() -> None:
    """A new one: say in assessments/merging/moving.py what becomes of it, and in docs/guides/registrars.md."""
    every = {
        f"{found.name}.{column.name}"
        for found in metadata.sorted_tables
        for column in found.columns
        if any(key.target_fullname == "person.id" for key in column.foreign_keys)
    }
    handled = {*moving.MOVED, *moving.COPIED, *moving.ENDED, *moving.LEDGER}
    assert handled <= every
    assert {name for name in every - handled - STAYS if name.split(".")[1] not in ACTS} == set()
