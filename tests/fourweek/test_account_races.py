"""What two people do to one account at the same moment: the second waits for the first, and sees what it did."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from time import sleep
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from fourweek.accounts.access import GRANT, SIGN_IN
from fourweek.accounts.changing import change
from fourweek.accounts.disabling import disable
from fourweek.accounts.known_devices import Device
from fourweek.accounts.models import GrantSource, Role, ScopeKind, SignInWay
from fourweek.accounts.openid import service as openid
from fourweek.accounts.openid.rules import Claims
from fourweek.accounts.operators import LastOperator
from fourweek.accounts.roles import RoleIn, end_role, give_role
from fourweek.accounts.second import service as second
from fourweek.accounts.second.challenge import challenge_of, pass_code
from fourweek.accounts.service import PASSWORD, digest, seen
from fourweek.accounts.sessions import TakesNone, end_others, hold, open_sign_in
from fourweek.accounts.signing_in import Account, let_in
from fourweek.database import Database
from fourweek.errors import SignInNeeded
from fourweek.limits.bounds import Tries
from tests import factories as make

NOW, DAY = make.START, timedelta(days=1)
PHONE = Device("Phone", "a phone's cookie")
OPERATOR = RoleIn(Role.OPERATOR)
Do = Callable[[Connection], Any]


def _one_amid_the_other(db: Database, first: Do, second: Do) -> tuple[Any, Any]:
    """What both give or raise, where the second begins once the first has done its work and not yet committed."""
    begun = Event()

    def slowly(conn: Connection) -> Any:
        done = first(conn)
        begun.set()
        sleep(0.2)
        return done

    with ThreadPoolExecutor(2) as threads:
        one = threads.submit(db.write_now, slowly)
        assert begun.wait(10)
        two = threads.submit(db.write_now, second)
        return one.exception() or one.result(), two.exception() or two.result()


def _sign_ins(db: Database, person: str) -> list[bool]:
    """For each, whether it waits for a code."""
    wanted = select(SIGN_IN.c.waiting).where(SIGN_IN.c.person_id == person)
    return db.read_now(lambda conn: list(conn.execute(wanted).scalars()))


def _by_link(person: str) -> Do:
    guest = make.visitor(at=NOW)
    return lambda conn: open_sign_in(conn, guest, person, way=SignInWay.LINK, lasts=DAY, device=PHONE)


def _by_password(person: str) -> Do:
    guest, tries = make.visitor(at=NOW), Tries("a" * 64, "n" * 64, "d" * 64, NOW)
    account = Account(person, "hash", known=True)
    return lambda conn: let_in(conn, guest, account, tries, fresh=None, lasts=DAY, device=PHONE)


def test_whoever_is_disabled_while_they_sign_in_is_not_signed_in(db: Database) -> None:
    people = [db.write_now(make.person) for _ in range(3)]
    kept = {"person_id": people[1], "hash": "hash", "changed_at": NOW}
    db.write_now(lambda conn: conn.execute(insert(PASSWORD).values(kept)))

    def leaves(person: str) -> Do:
        return lambda conn: disable(conn, None, person, "Left", NOW)

    _, link = _one_amid_the_other(db, leaves(people[0]), _by_link(people[0]))
    _, password = _one_amid_the_other(db, leaves(people[1]), _by_password(people[1]))
    before, _ = _one_amid_the_other(db, _by_link(people[2]), leaves(people[2]))
    assert (type(link), password, before.waiting) == (TakesNone, None, False)
    assert [_sign_ins(db, person) for person in people] == [[], [], []]


def test_a_sign_in_that_opens_while_a_second_factor_is_confirmed_waits_or_ends(db: Database) -> None:
    for opens_first in (False, True):
        alice = db.write_now(make.person)
        me = make.visitor(alice, NOW)
        db.write_now(second.begin, me, "sealed")

        def confirms(conn: Connection, who: Any = me) -> None:
            second.confirm(conn, who, "sealed", 1, ["a"])

        both = (_by_link(alice), confirms) if opens_first else (confirms, _by_link(alice))
        _one_amid_the_other(db, *both)
        assert _sign_ins(db, alice) == ([] if opens_first else [True])


def test_whoever_uses_a_sign_in_waits_for_who_ends_it_and_neither_holds_up_the_other(db: Database) -> None:
    """Both take hold of the person first. Otherwise each has what the other waits for, and one is sent away."""
    alice = db.write_now(make.person)
    me, guest = make.visitor(alice, NOW), make.visitor(at=NOW)
    token = db.write_now(make.sign_in, alice, NOW)

    def ends_amid(meanwhile: Do) -> tuple[Any, Any]:
        begun = Event()

        def ends(conn: Connection) -> int:
            hold(conn, alice)
            begun.set()
            sleep(0.2)
            return end_others(conn, alice, None)

        with ThreadPoolExecutor(2) as threads:
            one = threads.submit(db.write_now, ends)
            assert begun.wait(10)
            two = threads.submit(db.write_now, meanwhile)
            return one.exception() or one.result(), type(two.exception())

    assert ends_amid(lambda conn: seen(conn, frozenset({digest(token)}), NOW)) == (1, type(None))
    db.write_now(second.begin, me, "sealed")
    db.write_now(second.confirm, me, "sealed", 1, ["a"])
    waits = db.write_now(_by_link(alice)).token
    found = db.read_now(challenge_of, guest, waits)
    gives = second.FromApp(2)
    ended = ends_amid(lambda conn: pass_code(conn, guest, found, gives, lasts=DAY, device=PHONE))
    assert ended == (1, SignInNeeded)


def test_a_password_is_changed_while_the_one_before_signs_in_elsewhere(db: Database) -> None:
    """What is written of a person meanwhile, such as the letter about it, does not wait for who holds them."""
    alice, begun = db.write_now(make.person), Event()
    db.write_now(lambda conn: conn.execute(insert(PASSWORD).values(person_id=alice, hash="old", changed_at=NOW)))

    def signs_in(conn: Connection) -> Any:
        hold(conn, alice)
        begun.set()
        sleep(0.2)
        tries = Tries("a" * 64, "n" * 64, "d" * 64, NOW)
        return let_in(
            conn,
            make.visitor(at=NOW),
            Account(alice, "old", known=True),
            tries,
            fresh=None,
            lasts=DAY,
            device=PHONE,
        )

    with ThreadPoolExecutor(2) as threads:
        one = threads.submit(db.write_now, signs_in)
        assert begun.wait(10)
        two = threads.submit(db.write_now, change, make.visitor(alice, NOW), "k" * 64, "old", "new")
        outcomes = one.exception(), two.exception()
    assert outcomes == (None, None)


def test_two_operators_who_end_each_other_leave_one(db: Database) -> None:
    def ends(person: str) -> Do:
        return lambda conn: end_role(conn, None, person, OPERATOR, now=NOW)

    for second_does in (ends, lambda person: lambda conn: disable(conn, None, person, "Left", NOW)):
        olga, otto = (db.write_now(make.with_role, Role.OPERATOR, name) for name in ("Olga", "Otto"))
        done, refused = _one_amid_the_other(db, ends(otto), second_does(olga))
        assert (done, type(refused)) == (True, LastOperator)
        db.write_now(lambda conn: conn.execute(GRANT.delete()))


def test_the_last_operator_stays_one(conn: Connection) -> None:
    conn.execute(GRANT.delete())
    olga, otto = make.with_role(conn, Role.OPERATOR, "Olga"), make.with_role(conn, Role.OPERATOR, "Otto")
    disable(conn, None, otto, "Left", NOW)
    for end in (lambda: end_role(conn, None, olga, OPERATOR, now=NOW), lambda: disable(conn, None, olga, "", NOW)):
        with pytest.raises(LastOperator):
            end()
    assert end_role(conn, None, otto, OPERATOR, now=NOW)
    give_role(conn, None, otto, RoleIn(Role.REGISTRAR), now=NOW)
    assert end_role(conn, None, otto, RoleIn(Role.REGISTRAR), now=NOW)


def test_the_provider_ends_not_the_last_operator_and_lets_them_in(conn: Connection) -> None:
    conn.execute(GRANT.delete())
    olga = make.person(conn, "Olga")
    give_role(conn, None, olga, OPERATOR, GrantSource.PROVIDER, now=NOW)
    claims = Claims("https://id.example", "olga", said=frozenset())
    openid.follow(conn, olga, claims, {}, NOW)
    wanted = select(GRANT.c.role, GRANT.c.scope_kind).where(GRANT.c.person_id == olga)
    assert conn.execute(wanted).all() == [(Role.OPERATOR, ScopeKind.INSTITUTION)]
