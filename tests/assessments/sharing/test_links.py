"""Links to a document: whose they are, how long they hold, what they note; and what its learner chooses."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from assessments.sharing.choosing import choose
from assessments.sharing.documents import own_document
from assessments.sharing.links import LINK, MOST_OPEN, VISIT, end_link, links_of, make_link
from assessments.sharing.opening import OPENINGS, opened
from assessments.sharing.pages import say_use
from assessments.sharing.tokens import new_token, token_hash
from fourweek.audit.service import ROW
from fourweek.database import Database
from fourweek.errors import Conflict, Invalid, NotFound, TooMany
from tests import factories as make
from tests.assessments.sharing.factories import NOW, MadeDocument, document, renamed, visitor

HERE = "c" * 64
WEEK = ("The board", "7")


@pytest.fixture
def alices(conn: Connection) -> MadeDocument:
    return document(conn, make.person(conn, "Alice Brook"))


def shared(conn: Connection, found: MadeDocument, said: tuple[str, str] = WEEK) -> str:
    token = token_hash(new_token())
    make_link(conn, visitor(conn, found.person_id), found.number, token, said)
    return token


def acts(conn: Connection, found: MadeDocument) -> list[str]:
    of_it = select(ROW.c.act).where(ROW.c.subject_id == found.id).order_by(ROW.c.id)
    return list(conn.execute(of_it).scalars())


def test_a_stranger_neither_sees_nor_shares_nor_ends(conn: Connection, alices: MadeDocument) -> None:
    shared(conn, alices)
    (link_id,) = conn.execute(select(LINK.c.id)).scalars()
    carol = visitor(conn, make.person(conn, "Carol Dunn"))
    own = document(conn, carol.me.id)
    for refused in (
        lambda: own_document(conn, carol, alices.number),
        lambda: make_link(conn, carol, alices.number, "0" * 64, WEEK),
        lambda: end_link(conn, carol, alices.number, link_id),
        lambda: end_link(conn, carol, own.number, link_id),
        lambda: choose(conn, carol, alices.number, name_shown=True, lines_shown=True),
    ):
        with pytest.raises(NotFound):
            refused()


def test_a_link_holds_until_its_last_instant(conn: Connection, alices: MadeDocument) -> None:
    token = shared(conn, alices)
    end = NOW + timedelta(days=7)
    for at, there in ((NOW, True), (end - timedelta(seconds=1), True), (end, False), (end + timedelta(1), False)):
        found = opened(conn, visitor(conn, at=at), token, HERE, "page")
        assert (found is not None) is there
        if found:
            assert (found.document.number, found.ends_at) == (alices.number, end)
    assert opened(conn, visitor(conn), "0" * 64, HERE, "page") is None


def test_an_ended_link_gives_nothing_at_once_and_stays_in_the_list(conn: Connection, alices: MadeDocument) -> None:
    token = shared(conn, alices)
    alice = visitor(conn, alices.person_id)
    (link,), _ = links_of(conn, alices.id, 1)
    for _ in range(2):
        end_link(conn, alice, alices.number, link.id)
    assert opened(conn, visitor(conn), token, HERE, "page") is None
    ((ended,), total) = links_of(conn, alices.id, 1)
    assert (ended.is_open(NOW), ended.note, total) == (False, "The board", 1)
    assert acts(conn, alices) == ["transcript.share", "transcript.unshare"]
    with pytest.raises(NotFound):
        end_link(conn, alice, alices.number, "nothing")


def test_what_others_open_is_counted_and_what_its_learner_opens_is_not(conn: Connection, alices: MadeDocument) -> None:
    token = shared(conn, alices)
    guest, bob = visitor(conn), visitor(conn, make.person(conn, "Bob Marsh"))
    alice = visitor(conn, alices.person_id)
    for who, what in ((guest, "page"), (bob, "page"), (guest, "pdf"), (alice, "page"), (guest, ""), (guest, "exe")):
        assert opened(conn, who, token, HERE, what) is not None
    ((link,), _) = links_of(conn, alices.id, 1)
    assert (link.opened, link.taken, link.last) == (2, 1, NOW)
    assert conn.execute(select(VISIT.c.what).order_by(VISIT.c.id)).scalars().all() == ["page", "page", "pdf"]


def test_a_token_is_kept_nowhere(conn: Connection, alices: MadeDocument) -> None:
    token = new_token()
    make_link(conn, visitor(conn, alices.person_id), alices.number, token_hash(token), WEEK)
    rows: list[Any] = [*conn.execute(select(LINK)).all(), *conn.execute(select(ROW)).all()]
    assert len(token) == 32
    assert token not in repr(rows)
    assert new_token() != token


def test_tries_are_limited_whether_or_not_there_is_such_a_link(conn: Connection, alices: MadeDocument) -> None:
    token = shared(conn, alices)
    for _ in range(OPENINGS.most):
        opened(conn, visitor(conn), "0" * 64, HERE, "page")
    with pytest.raises(TooMany):
        opened(conn, visitor(conn), token, HERE, "page")
    assert opened(conn, visitor(conn), token, "d" * 64, "page") is not None
    assert opened(conn, visitor(conn, at=NOW + timedelta(minutes=1)), token, HERE, "page") is not None


@pytest.mark.parametrize(("note", "days"), [("x" * 201, "7"), ("", "0"), ("", "367"), ("", "7.5"), ("", "²")])
def test_a_form_that_cannot_be_taken_makes_no_link(
    conn: Connection, alices: MadeDocument, note: str, days: str
) -> None:
    with pytest.raises(Invalid) as caught:
        shared(conn, alices, (note, days))
    assert set(caught.value.fields) == ({"note"} if note else {"days"})
    assert conn.execute(select(LINK.c.id)).first() is None


def test_there_is_an_end_to_open_links(conn: Connection, alices: MadeDocument) -> None:
    for _ in range(MOST_OPEN):
        shared(conn, alices)
    with pytest.raises(Conflict):
        shared(conn, alices)
    (link, *_), total = links_of(conn, alices.id, 1)
    assert total == MOST_OPEN
    end_link(conn, visitor(conn, alices.person_id), alices.number, link.id)
    shared(conn, alices)


def test_links_made_at_once_stay_within_the_end(db: Database) -> None:
    alice = db.write_now(make.person, "Alice Brook")
    made = db.write_now(document, alice)
    for _ in range(MOST_OPEN - 2):
        db.write_now(shared, made)

    def one_more(_n: int) -> bool:
        try:
            db.write_now(shared, made)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(one_more, range(6))) == 2


def test_a_suppressed_name_ends_what_shows_it(conn: Connection, alices: MadeDocument) -> None:
    token = shared(conn, alices)
    renamed(conn, alices.person_id, NOW - timedelta(days=1), suppress=False)
    assert opened(conn, visitor(conn), token, HERE, "page") is not None
    renamed(conn, alices.person_id, NOW - timedelta(days=1), suppress=True)
    assert opened(conn, visitor(conn), token, HERE, "page") is None
    with pytest.raises(Conflict):
        shared(conn, alices)
    later = document(conn, alices.person_id, at=NOW)
    assert opened(conn, visitor(conn), shared(conn, later), HERE, "page") is not None


def test_a_choice_is_kept_noted_and_taken_back(conn: Connection, alices: MadeDocument) -> None:
    alice = visitor(conn, alices.person_id)
    for name, lines, changed in ((False, False, False), (True, False, True), (True, False, False), (False, True, True)):
        assert choose(conn, alice, alices.number, name_shown=name, lines_shown=lines) is changed
        found = own_document(conn, alice, alices.number)
        assert (found.name_shown, found.lines_shown) == (name, lines)
    assert acts(conn, alices) == ["transcript.choose"] * 2


@pytest.mark.parametrize(
    ("opened_", "taken", "words"),
    [
        (0, 0, "Not opened yet"),
        (1, 0, "Opened once"),
        (3, 1, "Opened 3 times, 1 file taken"),
        (2, 4, "Opened 2 times, 4 files taken"),
    ],
)
def test_use_is_said_in_words(opened_: int, taken: int, words: str) -> None:
    assert say_use(opened_, taken) == words
