"""When somebody was last seen, known longer than their sign-ins last."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from fourweek.accounts.access import PERSON, SignedIn, Visitor
from fourweek.accounts.known_devices import Device
from fourweek.accounts.models import SignInWay
from fourweek.accounts.service import SIGN_IN, clear_ended, digest, seen, sign_out
from fourweek.accounts.sessions import open_sign_in
from fourweek.clock import Now
from tests import factories as make

WEEK = timedelta(weeks=1)


def _seen_at(conn: Connection, person_id: str) -> datetime | None:
    found: datetime | None = conn.execute(select(PERSON.c.seen_at).where(PERSON.c.id == person_id)).scalar_one()
    return found


def _at(instant: datetime, person: SignedIn | None = None) -> Visitor:
    return Visitor(Now(real=instant, school=instant + 9 * WEEK), person)


def _sign_in(conn: Connection, person_id: str) -> str:
    device = Device("", "a browser")
    return open_sign_in(conn, _at(make.START), person_id, way=SignInWay.PASSWORD, lasts=WEEK, device=device).token


def test_signing_in_and_using_it_is_being_seen_by_the_real_clock(conn: Connection) -> None:
    alice, bob = make.person(conn), make.person(conn, "Bob Brook")
    assert _seen_at(conn, alice) is None
    token = _sign_in(conn, alice)
    assert _seen_at(conn, alice) == make.START
    later = make.START + timedelta(hours=3)
    seen(conn, frozenset({digest(token)}), later)
    assert (_seen_at(conn, alice), _seen_at(conn, bob)) == (later, None)


def test_being_seen_outlives_the_sign_in(conn: Connection) -> None:
    alice, bob = make.person(conn), make.person(conn, "Bob Brook")
    _sign_in(conn, alice)
    _sign_in(conn, bob)
    own = conn.execute(select(SIGN_IN.c.id).where(SIGN_IN.c.person_id == alice)).scalar_one()
    sign_out(conn, _at(make.START, SignedIn(alice, own, "Alice", "UTC")))
    clear_ended(conn, make.START + 2 * WEEK)
    assert conn.execute(select(SIGN_IN.c.id).where(SIGN_IN.c.person_id.in_([alice, bob]))).all() == []
    assert (_seen_at(conn, alice), _seen_at(conn, bob)) == (make.START, make.START)
