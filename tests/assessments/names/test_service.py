"""A change of name: asked for by one, decided by another, told, and noted without a name."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from assessments.awards.office_pages import award_page
from assessments.awards.office_queries import one_form
from assessments.badges.models import CredentialIssue
from assessments.badges.queries import AWARD
from assessments.names.hushing import said_with
from assessments.names.models import NameChangeKind
from assessments.names.queries import CHANGE, names_of
from assessments.names.service import Asked, Evidence, ask, ask_for, decide, withdraw
from fourweek.accounts.access import PERSON, Visitor
from fourweek.accounts.models import Role
from fourweek.audit.service import ROW
from fourweek.database import Database, add, new_id
from fourweek.errors import Conflict, Forbidden, Invalid, NotFound
from fourweek.outbox import OUTBOX, post
from fourweek.settings import Settings
from tests import factories as make
from tests.assessments.status.factories import award
from tests.factories import START

PASSPORT = Evidence("ab" * 32, "passport.pdf")
ASKED = Asked(NameChangeKind.CHANGE, " Alice\u202e  Stream ", "Married.", suppress=False, evidence=PASSPORT)


def alice(conn: Connection) -> Visitor:
    return make.visitor(make.person(conn, "Alice Brook"))


def registrar(conn: Connection, name: str = "Regina Stone") -> Visitor:
    return make.visitor(make.with_role(conn, Role.REGISTRAR, name), START, (Role.REGISTRAR, ""))


def called(conn: Connection, visitor: Visitor) -> Any:
    return conn.execute(select(PERSON.c.legal_name).where(PERSON.c.id == visitor.me.id)).scalar_one()


def number_of(conn: Connection, visitor: Visitor) -> str:
    found: str = conn.execute(select(PERSON.c.learner_number).where(PERSON.c.id == visitor.me.id)).scalar_one()
    return found


def test_nothing_changes_before_it_is_approved(conn: Connection) -> None:
    me, office = alice(conn), registrar(conn)
    change_id = ask(conn, me, ASKED)
    assert called(conn, me) == "Alice Brook"
    decide(conn, office, change_id, approve=True, why="Seen.")
    assert called(conn, me) == "Alice Stream"
    assert [one.name for one in names_of(conn, me.me.id)] == ["Alice Brook"]
    (letter,) = conn.execute(select(OUTBOX.c.kind, OUTBOX.c.person_id, OUTBOX.c.data))
    assert (letter.kind, letter.person_id, letter.data["new"]) == ("name_changed", me.me.id, "Alice Stream")
    notes = conn.execute(select(ROW.c.act, ROW.c.reason, ROW.c.detail).where(ROW.c.subject_id == me.me.id)).all()
    assert [note.act for note in notes] == ["person.add", "person.ask_name", "person.change_name"]
    assert "Brook" not in str(notes) + str(letter.data)


def test_whoever_asked_does_not_decide(conn: Connection) -> None:
    office, other = registrar(conn), registrar(conn, "Rupert Vale")
    own = ask(conn, office, ASKED)
    with pytest.raises(Forbidden):
        decide(conn, office, own, approve=True, why="")
    theirs = ask_for(conn, office, number_of(conn, alice(conn)), ASKED)
    with pytest.raises(Forbidden):
        decide(conn, office, theirs, approve=True, why="")
    about_other = ask_for(conn, office, number_of(conn, other), ASKED)
    with pytest.raises(Forbidden):
        decide(conn, other, about_other, approve=True, why="")
    decide(conn, other, theirs, approve=True, why="")


def test_nobody_else_may(conn: Connection) -> None:
    me, stranger = alice(conn), make.visitor(make.person(conn), START, (Role.LEAD, ""))
    change_id = ask(conn, me, ASKED)
    for visitor in (me, stranger):
        with pytest.raises(NotFound):
            decide(conn, visitor, change_id, approve=True, why="")
        with pytest.raises(NotFound):
            ask_for(conn, visitor, number_of(conn, me), ASKED)
    with pytest.raises(NotFound):
        decide(conn, registrar(conn), "nothing", approve=True, why="")


def test_a_refusal_says_why_and_leaves_the_name(conn: Connection) -> None:
    me, office = alice(conn), registrar(conn)
    change_id = ask(conn, me, ASKED)
    with pytest.raises(Invalid):
        decide(conn, office, change_id, approve=False, why=" ")
    decide(conn, office, change_id, approve=False, why="The scan cannot be read.")
    assert called(conn, me) == "Alice Brook"
    assert names_of(conn, me.me.id) == ()
    assert conn.execute(select(OUTBOX.c.kind)).scalars().all() == ["name_refused"]
    ask(conn, me, ASKED)  # the next one may be asked for


def test_a_decision_is_made_once(conn: Connection) -> None:
    me, office = alice(conn), registrar(conn)
    change_id = ask(conn, me, ASKED)
    decide(conn, office, change_id, approve=True, why="")
    assert decide(conn, office, change_id, approve=True, why="") == 0
    with pytest.raises(Conflict):
        decide(conn, registrar(conn, "Rupert Vale"), change_id, approve=False, why="No.")
    assert len(conn.execute(select(OUTBOX.c.id)).all()) == 1


def test_one_waits_at_a_time_and_can_be_taken_back(conn: Connection) -> None:
    me, office = alice(conn), registrar(conn)
    change_id = ask(conn, me, ASKED)
    with pytest.raises(Conflict):
        ask(conn, me, ASKED)
    assert withdraw(conn, me)
    assert not withdraw(conn, me)
    assert conn.execute(select(CHANGE.c.approved).where(CHANGE.c.id == change_id)).scalar_one() is False
    with pytest.raises(Conflict):
        decide(conn, office, change_id, approve=True, why="")
    ask_for(conn, office, number_of(conn, me), ASKED)
    with pytest.raises(Forbidden):
        withdraw(conn, me)


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        (Asked(), {"kind", "name", "evidence"}),
        (Asked("change", "\u202e", evidence=PASSPORT), {"name"}),
        (Asked("change", "Alice 𓀀", evidence=PASSPORT), {"name"}),
        (Asked("change", "Alice Brook", evidence=PASSPORT), {"name"}),
        (Asked("change", "Alice Stream", "x" * 501, evidence=PASSPORT), {"why"}),
        (Asked("change", "Alice Stream"), {"evidence"}),
    ],
)
def test_what_is_wrong_is_said_beside_it(conn: Connection, asked: Asked, wrong: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        ask(conn, alice(conn), asked)
    assert refused.value.fields.keys() == wrong


def test_the_registrar_says_what_was_shown(conn: Connection) -> None:
    with pytest.raises(Invalid) as refused:
        ask_for(conn, registrar(conn), number_of(conn, alice(conn)), Asked("change", "Alice Stream"))
    assert refused.value.fields.keys() == {"why"}


def test_a_former_name_can_be_suppressed_afterwards(conn: Connection) -> None:
    me, office = alice(conn), registrar(conn)
    decide(conn, office, ask(conn, me, ASKED), approve=True, why="")
    later = Asked(NameChangeKind.CHANGE, "Alice Stream", "", suppress=True, evidence=PASSPORT)
    decide(conn, office, ask(conn, me, later), approve=True, why="")
    assert names_of(conn, me.me.id) == ()


def test_notices_of_others_say_the_suppressed_name_no_longer(conn: Connection) -> None:
    me, office = alice(conn), registrar(conn)
    said = {"what": "take back credit of Alice Brook for Ethics", "list": ["Alice Brook", 1], "path": "/x"}
    for key in ("one", "two"):
        post(
            conn, key, "correction_asked", office.me.id, now=START, data=said if key == "one" else {"what": "Alice B."}
        )
    asked = Asked(NameChangeKind.CHANGE, "Ada Ö. Stone", suppress=True, evidence=PASSPORT)
    decide(conn, office, ask(conn, me, asked), approve=True, why="")
    rows = {row.key: row.data for row in conn.execute(select(OUTBOX.c.key, OUTBOX.c.data))}
    assert rows["one"] == {
        "what": "take back credit of Ada Ö. Stone for Ethics",
        "list": ["Ada Ö. Stone", 1],
        "path": "/x",
    }
    assert rows["two"] == {"what": "Alice B."}
    assert "Brook" not in str(rows)


def test_a_suppressed_name_that_another_has_too_renames_nobody(conn: Connection) -> None:
    """A notice may be about the other one: it says neither the former name nor whose new one is behind it."""
    me, office = alice(conn), registrar(conn)
    make.person(conn, "Alice Brook")
    change = Asked(NameChangeKind.CHANGE, "Alice Brook Mill", why="Married.", evidence=PASSPORT)
    decide(conn, office, ask(conn, me, change), approve=True, why="")
    for key, name in (("one", "Alice Brook"), ("two", "Alice Brook Mill")):
        post(conn, key, "correction_asked", office.me.id, now=START, data={"what": f"take back credit of {name}"})
    asked = Asked(NameChangeKind.CHANGE, "Ada Stone", suppress=True, evidence=PASSPORT)
    decide(conn, office, ask(conn, me, asked), approve=True, why="")
    said = [
        conn.execute(select(OUTBOX.c.data).where(OUTBOX.c.key == key)).scalar_one()["what"] for key in ("one", "two")
    ]
    assert said == ["take back credit of a learner", "take back credit of Ada Stone"], "no part of the longer is left"


def test_a_name_within_another_stays_as_it_is() -> None:
    former = ("Ana Lee", "Ana", "王小明", "Ana Lee Park")
    for said, then in (
        ("Ana Lee, Ana’s; Ana Lee Parker", "Ana Lee Park, Ana Lee Park’s; Ana Lee Park Parker"),
        ("Ana Lee Park, Hanane, Anabel", "Ana Lee Park, Hanane, Anabel"),
        ("王小明的", "Ana Lee Park的"),
    ):
        assert said_with(said, dict.fromkeys(former, "Ana Lee Park")) == then


def test_a_suppressed_name_leaves_accounts_that_were_joined(conn: Connection) -> None:
    me, office, gone = alice(conn), registrar(conn), make.person(conn, "Alice Brook")
    conn.execute(update(PERSON).where(PERSON.c.id == gone).values(merged_into_id=me.me.id))
    decide(conn, office, ask(conn, me, replace(ASKED, suppress=True)), approve=True, why="")
    assert conn.execute(select(PERSON.c.id).where(PERSON.c.legal_name.contains("Brook"))).all() == []


def test_notices_find_names_of_any_script(conn: Connection) -> None:
    me, office = make.visitor(make.person(conn, "Олена Бойко")), registrar(conn)
    post(conn, "one", "correction_asked", office.me.id, now=START, data={"what": "Олена Бойко, модуль 1"})
    asked = Asked(NameChangeKind.CHANGE, "Олена Коваленко", suppress=True, evidence=PASSPORT)
    decide(conn, office, ask(conn, me, asked), approve=True, why="")
    assert "Бойко" not in str(conn.execute(select(OUTBOX.c.data)).all())


def test_signed_forms_with_a_suppressed_name_are_given_out_no_more(conn: Connection) -> None:
    office = registrar(conn)
    award_id = award(conn)
    person_id, number = conn.execute(select(AWARD.c.person_id, AWARD.c.number).where(AWARD.c.id == award_id)).one()
    form = CredentialIssue(
        id=new_id(),
        award_id=award_id,
        number=number,
        document=b"{}",
        document_sha256="ab" * 32,
        picture_sha256="cd" * 32,
        key_id="k",
        jwt_key_id="j",
        issued_at=START,
    )
    add(conn, form)
    assert one_form(conn, award_id, number)
    me = make.visitor(person_id, START + timedelta(days=99))
    asked = Asked(NameChangeKind.CHANGE, "Ada Stone", suppress=True, evidence=PASSPORT)
    later = make.visitor(office.me.id, me.now.real, (Role.REGISTRAR, ""))
    decide(conn, later, ask(conn, me, asked), approve=True, why="")
    with pytest.raises(NotFound):
        one_form(conn, award_id, number)


def test_a_withdrawn_badge_says_a_suppressed_name_no_longer(conn: Connection) -> None:
    office = registrar(conn)
    award_id = award(conn, withdrawn_at=START)
    person_id = conn.execute(select(AWARD.c.person_id).where(AWARD.c.id == award_id)).scalar_one()
    me = make.visitor(person_id, START + timedelta(days=99))
    later = make.visitor(office.me.id, me.now.real, (Role.REGISTRAR, ""))
    asked = Asked(NameChangeKind.CHANGE, "Ada Stone", suppress=True, evidence=PASSPORT)
    decide(conn, later, ask(conn, me, asked), approve=True, why="")
    assert award_page(conn, later, award_id, (1, 1), Settings()).award.holder == "Ada Stone"


def test_of_two_who_decide_at_once_one_does(db: Database) -> None:
    me, office, other = db.write_now(alice), db.write_now(registrar), db.write_now(registrar, "Rupert Vale")
    change_id = db.write_now(ask, me, ASKED)
    go = Barrier(2)

    def judge(who: Visitor, *, approve: bool) -> bool:
        go.wait(5)
        try:
            db.write_now(partial(decide, approve=approve, why="As I see it."), who, change_id)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(judge, office, approve=True), pool.submit(judge, other, approve=False)]
    made = [one.result() for one in both]
    assert sorted(made) == [False, True]
    assert db.read_now(called, me) == ("Alice Stream" if made[0] else "Alice Brook")
    assert len(db.read_now(lambda conn: conn.execute(select(OUTBOX.c.id)).all())) == 1


def test_one_asks_once_however_often_it_is_sent(db: Database) -> None:
    me = db.write_now(alice)

    def send(_: int) -> bool:
        try:
            db.write_now(ask, me, ASKED)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, range(4))) == [False, False, False, True]
