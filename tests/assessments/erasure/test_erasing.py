"""Somebody with everything is erased: of what they were called and what they wrote nothing is left but what must."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from assessments.credit.ledger import first_broken_ledger
from assessments.erasure import columns
from assessments.erasure.pieces import ERASED, PIECES
from assessments.erasure.queries import SERVING, WAITING, against, newest_request, whose
from assessments.erasure.service import ask, ask_for, decide, erase_piece, finish, withdraw
from assessments.names.service import Asked
from assessments.names.service import ask_for as ask_name_for
from assessments.retention.disposing import dispose_of_erased
from assessments.retention.service import hold_person
from fourweek.accounts.access import PERSON
from fourweek.accounts.models import Role
from fourweek.accounts.service import EMAIL, grant
from fourweek.audit.checking import first_broken_link
from fourweek.audit.service import chain
from fourweek.clock import Now
from fourweek.errors import Conflict, Forbidden, Invalid, NotFound
from fourweek.migrations.tables import metadata
from fourweek.outbox import OUTBOX
from fourweek.settings import Settings
from tests import factories as make
from tests.assessments.erasure.factories import AT, DECIDED, FIRST, NAME, WORD, Case, everything, holding, keeper, texts

SETTINGS = Settings()
DAY = timedelta(days=1)
SOON = Now(AT + DAY, AT + DAY)
LATER = Now(AT + 1200 * DAY, AT + 1200 * DAY)


def _approved(conn: Connection, case: Case) -> str:
    me = make.visitor(case.who.person_id, SOON.real)
    request_id = ask(conn, me, confirmed=True)
    decide(conn, keeper(conn), request_id, SETTINGS, approve=True)
    return request_id


def _work(conn: Connection, request_id: str, now: Now) -> None:
    for piece in PIECES:
        erase_piece(conn, now, request_id, piece, SETTINGS)
    finish(conn, now, request_id, SETTINGS)


def _sent(conn: Connection) -> None:
    conn.execute(OUTBOX.update().values(try_at=None))


def test_every_column_that_points_to_a_person_is_thought_of() -> None:
    """A new one: say in `columns.py` what erasure does to it."""
    every = {
        f"{one.name}.{column.name}"
        for one in metadata.tables.values()
        for column in one.columns
        for key in column.foreign_keys
        if key.column.table.name == "person"
    }
    lists = (columns.ENTRANCE, columns.DELETED, columns.AT_LAST, columns.EMPTIED, columns.STAYING, columns.ACTORS)
    named = [name for names in lists for name in names]
    assert sorted(named) == sorted(every)


@pytest.mark.parametrize("credit", [False, True])
def test_nothing_is_left_but_what_must_be(conn: Connection, credit: bool) -> None:  # noqa: FBT001
    case = everything(conn, credit=credit)
    before = holding(conn, FIRST, WORD)
    assert len(before) > 50
    request_id = _approved(conn, case)
    _work(conn, request_id, SOON)
    works = {name for name in before if name.split(".")[0] in WORKS} if credit else set()
    documents = {"transcript.snapshot"} if credit else set()
    assert holding(conn, WORD) == works | {"email_address.address"}  # until the letter has left
    _sent(conn)
    _work(conn, request_id, SOON)
    said = texts(conn)
    assert (said.holding(WORD), said.holding(FIRST), said.holding("kept words")) == (works, documents, OTHERS)
    assert (_finished(conn, case), _gone(conn, case)) == (not credit, True)
    _work(conn, request_id, LATER)
    said = texts(conn)
    assert (said.holding(WORD), said.holding(FIRST), _finished(conn, case)) == (set(), documents, True)
    if credit:
        assert dispose_of_erased(conn, DECIDED + 3000 * DAY, SETTINGS.record_kept_years) == 1
        assert holding(conn, FIRST) == set()
    _whole(conn)


WORKS = {
    *("evidence", "decision", "decision_line", "rating", "rating_line", "grader_note", "appeal_line", "appeal_message"),
    *("completeness_check", "decision_review"),
}
"""What was handed in and said of it, which credit rests on for as long as evidence is kept."""
OTHERS = {"reply.body", "reply.html"}


def _finished(conn: Connection, case: Case) -> bool:
    found = newest_request(conn, case.who.person_id)
    return found is not None and found.finished_at is not None


def _gone(conn: Connection, case: Case) -> bool:
    """A numbered row without a name."""
    row = conn.execute(select(PERSON).where(PERSON.c.id == case.who.person_id)).one()
    return (row.legal_name, row.display_name, row.erased_at) == (ERASED, ERASED, DECIDED)


def _whole(conn: Connection) -> None:
    chain(conn)
    assert first_broken_link(conn) is None
    assert first_broken_ledger(conn) is None


def test_who_decides_and_what_stands_against_it(conn: Connection) -> None:
    """Never oneself, nor whoever entered it; a hold, work that waits and a role come first."""
    case = everything(conn, credit=False)
    me, rita, rolf = make.visitor(case.who.person_id, SOON.real), keeper(conn), keeper(conn, "Rolf Rolls")
    number = conn.execute(select(PERSON.c.learner_number).where(PERSON.c.id == case.who.person_id)).scalar_one()
    with pytest.raises(NotFound):
        ask_for(conn, me, number, "A letter.")
    with pytest.raises(Invalid):
        ask(conn, me, confirmed=False)
    request_id = ask_for(conn, rita, number, "A letter came, signed.")
    assert ask(conn, me, confirmed=True) == request_id
    with pytest.raises(NotFound):
        decide(conn, me, request_id, SETTINGS, approve=True)
    with pytest.raises(Forbidden):
        decide(conn, rita, request_id, SETTINGS, approve=True)
    with pytest.raises(Invalid):
        decide(conn, rolf, request_id, SETTINGS, approve=False, why=" ")
    make.submission(conn, case.who.course, case.who.enrolment_id, attempt=3)
    grant(conn, case.who.person_id, Role.GRADER, scope_id=case.who.cohort_id, now=AT)
    with pytest.raises(Conflict) as refused:
        decide(conn, rolf, request_id, SETTINGS, approve=True)
    assert str(refused.value) == f"{WAITING} {SERVING}"
    assert against(conn, whose(conn, me.me.id, SOON, SETTINGS)) == [WAITING, SERVING]
    assert (withdraw(conn, me), withdraw(conn, me)) == (True, False)
    assert holding(conn, FIRST) > {"person.legal_name"}


def test_a_hold_placed_later_stops_what_is_left(conn: Connection) -> None:
    case = everything(conn, credit=True)
    address = conn.execute(select(EMAIL.c.address).where(EMAIL.c.person_id == case.who.person_id)).scalars().first()
    request_id = _approved(conn, case)
    hold_person(conn, keeper(conn), str(address), "A letter from a court.")
    _work(conn, request_id, LATER)
    assert "evidence.text" in holding(conn, WORD)
    assert not _finished(conn, case)


def test_killed_after_any_piece_it_goes_on(conn: Connection) -> None:
    """Each piece may be the last one done before a kill, and all of them come again; counts do not grow."""
    case = everything(conn, credit=False)
    request_id = _approved(conn, case)
    _sent(conn)
    for last in range(1, len(PIECES), 2):
        for piece in list(PIECES)[:last]:
            erase_piece(conn, SOON, request_id, piece, SETTINGS)
    _work(conn, request_id, SOON)
    done = newest_request(conn, case.who.person_id)
    assert done is not None
    _work(conn, request_id, SOON)
    again = newest_request(conn, case.who.person_id)
    assert (again == done, holding(conn, FIRST, WORD), _finished(conn, case)) == (True, set(), True)
    assert done.erased.keys() == PIECES.keys() - {"ways in", "pages and links"}


def test_an_account_that_was_merged_into_theirs_goes_too(conn: Connection) -> None:
    case = everything(conn, credit=False)
    older = make.person(conn, "Quendoline Marsh")
    conn.execute(PERSON.update().where(PERSON.c.id == older).values(merged_into_id=case.who.person_id))
    request_id = _approved(conn, case)
    _sent(conn)
    _work(conn, request_id, SOON)
    assert holding(conn, FIRST) == set()


def test_somebody_elses_name_stays_in_notices(conn: Connection) -> None:
    """A notice that says "Quendoline Xylander" may be about the other one of that name, or about her aunt."""
    case = everything(conn, credit=False)
    make.person(conn, f"{NAME}-Oake")
    request_id = _approved(conn, case)
    _sent(conn)
    _work(conn, request_id, SOON)
    assert holding(conn, NAME) == {"outbox_message.data", "person.legal_name", "person.display_name"}
    wanted = select(PERSON.c.learner_number).where(PERSON.c.id == case.who.person_id)
    number = str(conn.execute(wanted).scalar_one())
    rita, asked = keeper(conn), Asked(kind="change", name="Ann Other", why="She came back.")
    with pytest.raises(Conflict):
        ask_name_for(conn, rita, number, asked)
