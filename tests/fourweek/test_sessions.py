"""Sign-ins: what is kept of them, how long they hold, and the new identifier when a right changes."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, insert, select, update

from fourweek.accounts.access import PERSON, SIGN_IN, SignedIn, Visit, Visitor, identify
from fourweek.accounts.disabling import disable, enable
from fourweek.accounts.known_devices import DEVICE, KNOWN_FOR, Device
from fourweek.accounts.known_devices import clear_old as forget_old_devices
from fourweek.accounts.models import SignInWay
from fourweek.accounts.renewing import KEPT, LONGEST, OVERLAP, is_lost
from fourweek.accounts.second.queries import SECRET
from fourweek.accounts.service import digest, seen, sign_out
from fourweek.accounts.sessions import (
    MOST,
    WAITS,
    Opened,
    end_others,
    finish_sign_in,
    open_sign_in,
    renew,
    renew_at_once,
    renew_sign_ins,
    waiting_sign_in,
)
from fourweek.audit.service import ROW
from fourweek.edge import sign_in_cookie
from fourweek.errors import Conflict, SignInNeeded
from fourweek.settings import Settings
from tests import factories as make

LASTS, IDLE = timedelta(days=14), timedelta(hours=12)
PHONE, LAPTOP = Device("Phone", "a phone's cookie"), Device("Laptop", "a laptop's cookie")


@pytest.fixture
def alice(conn: Connection) -> str:
    return make.person(conn)


def _open(conn: Connection, person_id: str, at: datetime = make.START, device: Device = PHONE) -> Opened:
    visitor = make.visitor(at=at)
    return open_sign_in(conn, visitor, person_id, way=SignInWay.PASSWORD, lasts=LASTS, device=device)


def _who(conn: Connection, token: str, at: datetime = make.START) -> SignedIn | None:
    return identify(conn, Visit(real=at, token_hash=digest(token)), at - IDLE).person


def _visitor(conn: Connection, token: str, at: datetime = make.START) -> Visitor:
    return identify(conn, Visit(real=at, token_hash=digest(token)), at - IDLE)


def test_an_identifier_has_256_random_bits_and_its_digest_alone_is_kept(conn: Connection, alice: str) -> None:
    one, two = _open(conn, alice).token, _open(conn, alice).token
    assert len({one, two}) == 2
    assert {len(one), len(two)} == {43}  # 32 bytes, base64url
    kept = str([conn.execute(select(table)).all() for table in (SIGN_IN, ROW, DEVICE)])
    assert not any(secret in kept for secret in (one, two, PHONE.token))
    assert digest(one) in kept


def test_the_cookie_over_tls_is_bound_to_the_host(settings: Settings) -> None:
    _, header = sign_in_cookie(settings.model_copy(update={"base_url": "https://school.example"}), "secret")
    name, *rest = header.decode().split("; ")
    assert name == "__Host-fourweek=secret"
    assert sorted(rest) == ["HttpOnly", "Max-Age=1209600", "Path=/", "SameSite=lax", "Secure"]
    assert sign_in_cookie(settings, "secret")[1].startswith(b"fourweek=secret; HttpOnly")


def test_signing_in_again_ends_what_the_browser_had(conn: Connection, alice: str) -> None:
    first = _open(conn, alice).token
    again = open_sign_in(conn, _visitor(conn, first), alice, way=SignInWay.LINK, lasts=LASTS, device=PHONE).token
    assert (_who(conn, first), _who(conn, again) is not None) == (None, True)


def test_signing_out_ends_it_for_whoever_has_the_cookie(conn: Connection, alice: str) -> None:
    token = _open(conn, alice).token
    sign_out(conn, _visitor(conn, token))
    assert _who(conn, token) is None


def test_a_sign_in_ends_without_use_and_in_any_case(conn: Connection, alice: str) -> None:
    token = _open(conn, alice).token
    second = timedelta(seconds=1)
    assert _who(conn, token, make.START + IDLE - second) is not None
    assert _who(conn, token, make.START + IDLE) is None
    mine = update(SIGN_IN).where(SIGN_IN.c.token_hash == digest(token))
    conn.execute(mine.values(seen_at=make.START + LASTS - second))
    assert _who(conn, token, make.START + LASTS - second) is not None
    assert _who(conn, token, make.START + LASTS) is None


def test_a_disabled_person_is_out_at_once_and_comes_back_by_signing_in(conn: Connection, alice: str) -> None:
    token = _open(conn, alice).token
    disable(conn, None, alice, "Left the firm", make.START)
    assert _who(conn, token) is None
    with pytest.raises(Conflict, match="disabled already"):
        disable(conn, None, alice, "", make.START)
    enable(conn, None, alice, "Came back", make.START)
    assert (_who(conn, token), _who(conn, _open(conn, alice).token) is not None) == (None, True)
    with pytest.raises(Conflict, match="not disabled"):
        enable(conn, None, alice, "", make.START)
    acts = [(row.act, row.reason) for row in conn.execute(select(ROW).where(ROW.c.subject_id == alice))]
    assert [one for one in acts if one[1]] == [("person.disable", "Left the firm"), ("person.enable", "Came back")]


def test_a_person_who_was_joined_to_another_is_not_enabled(conn: Connection, alice: str) -> None:
    kept = make.person(conn, "Alice Brook the Elder")
    gone = update(PERSON).where(PERSON.c.id == alice)
    conn.execute(gone.values(disabled_at=make.START, merged_into_id=kept))
    with pytest.raises(Conflict, match="merged into another"):
        enable(conn, None, alice, "", make.START)


def test_a_changed_right_gives_each_sign_in_a_new_identifier_once(conn: Connection, alice: str) -> None:
    before, other = _open(conn, alice).token, _open(conn, make.person(conn, "Bob Brook")).token
    renew_sign_ins(conn, alice)
    me = _who(conn, before)
    assert me is not None
    assert (me.renew, getattr(_who(conn, other), "renew", None)) == (True, False)
    after = renew(conn, me.sign_in_id, digest(before), make.START)
    assert after is not None
    assert renew(conn, me.sign_in_id, digest(before), make.START) is None  # another request was quicker
    seen(conn, frozenset({digest(after)}), make.START)
    within, over = make.START + OVERLAP - timedelta(seconds=1), make.START + OVERLAP
    assert [getattr(_who(conn, token, within), "id", None) for token in (before, after)] == [alice, alice]
    assert [getattr(_who(conn, token, over), "id", None) for token in (before, after)] == [None, alice]
    assert not getattr(_who(conn, after), "renew", None)


def _renewed(conn: Connection, token: str, at: datetime) -> str | None:
    """The new identifier that a page brings to whoever asks for it with this one."""
    me = _who(conn, token, at)
    assert me is not None
    return renew(conn, me.sign_in_id, digest(token), at) if me.renew else None


def test_whose_new_identifier_was_lost_on_its_way_stays_signed_in(conn: Connection, alice: str) -> None:
    """Each answer is lost but the last; a second tab within a minute takes nothing from the first."""
    before, second = _open(conn, alice).token, timedelta(seconds=1)
    renew_sign_ins(conn, alice)
    at, lost = make.START, []
    while at < make.START + LONGEST:
        given = _renewed(conn, before, at)
        assert given is not None
        assert _renewed(conn, before, at + OVERLAP - second) is None
        lost.append(given)
        at += timedelta(minutes=8)
    *gone, last = lost
    assert [_who(conn, token, at) for token in gone] == [None] * len(gone)
    seen(conn, frozenset({digest(last)}), at)
    assert [getattr(_who(conn, token, at + OVERLAP), "renew", None) for token in (before, last)] == [None, False]


def test_a_lost_one_is_made_up_for_an_hour_at_most_and_only_while_it_is_asked_for(conn: Connection, alice: str) -> None:
    before = _open(conn, alice).token
    renew_sign_ins(conn, alice)
    assert _renewed(conn, before, make.START)
    assert _who(conn, before, make.START + KEPT) is None
    for minutes in range(8, 60, 8):
        assert _renewed(conn, before, make.START + timedelta(minutes=minutes))
    assert _renewed(conn, before, make.START + timedelta(minutes=64)) is None
    assert _who(conn, before, make.START + timedelta(minutes=66)) is None


def test_what_was_seen_is_never_taken_for_lost() -> None:
    """At whatever second the new one was seen, and whenever after that the one before comes along."""
    start = make.START
    for used in range(0, int(KEPT.total_seconds()), 7):
        seen_at = start + timedelta(seconds=used)
        until = min(start + KEPT, seen_at + OVERLAP)
        late = [seen_at + timedelta(seconds=later) for later in range(0, 120, 5)]
        assert not any(is_lost(seen_at, until, at) for at in late), used
    fits = [is_lost(start, start + KEPT, start + timedelta(seconds=n)) for n in (0, 59, 60, 539, 540, 600)]
    assert fits == [False, False, True, True, False, False]


def test_another_password_leaves_nothing_to_an_identifier_of_before(conn: Connection, alice: str) -> None:
    before = _open(conn, alice).token
    renew_sign_ins(conn, alice)
    after = _renewed(conn, before, make.START)
    assert after is not None
    renew_at_once(conn, _visitor(conn, after))  # what changing a password does
    assert [_who(conn, token) for token in (before, after)] == [None, None]


def test_a_new_identifier_at_once_leaves_nothing_to_the_one_before(conn: Connection, alice: str) -> None:
    before = _open(conn, alice).token
    after = renew_at_once(conn, _visitor(conn, before))
    assert (_who(conn, before), getattr(_who(conn, after), "id", None)) == (None, alice)


def test_all_others_end_and_nobody_elses(conn: Connection, alice: str) -> None:
    mine, phone, bobs = _open(conn, alice).token, _open(conn, alice).token, _open(conn, make.person(conn, "Bob")).token
    me = _who(conn, mine)
    assert me is not None
    assert end_others(conn, alice, me.sign_in_id) == 1
    assert [_who(conn, token) is not None for token in (mine, phone, bobs)] == [True, False, True]
    assert end_others(conn, alice, None) == 1


def test_a_person_has_so_many_sign_ins_at_most(conn: Connection, alice: str) -> None:
    tokens = [_open(conn, alice, make.START + timedelta(seconds=n)).token for n in range(MOST + 2)]
    at = make.START + timedelta(minutes=1)
    assert [_who(conn, token, at) is not None for token in tokens[:4]] == [False, False, True, True]


def test_whoever_has_the_password_alone_signs_nobody_out(conn: Connection, alice: str) -> None:
    """However many sign-ins wait for a code, those that are open stay; and once codes come they have room too."""
    first = _open(conn, alice).token
    conn.execute(insert(SECRET).values(person_id=alice, sealed="x", made_at=make.START, confirmed_at=make.START))
    later = make.START + timedelta(minutes=1)
    waiting = [_open(conn, alice, later + timedelta(seconds=n)).token for n in range(MOST + 2)]
    assert _who(conn, first, later) is not None
    for token in waiting[2:]:
        visitor = make.visitor(at=later)
        finish_sign_in(conn, visitor, waiting_sign_in(conn, visitor, token), lasts=LASTS, device=PHONE)
    assert len(conn.execute(select(SIGN_IN.c.id).where(SIGN_IN.c.person_id == alice)).all()) == MOST


def test_while_the_code_is_waited_for_nobody_is_signed_in(conn: Connection, alice: str) -> None:
    conn.execute(insert(SECRET).values(person_id=alice, sealed="x", made_at=make.START, confirmed_at=make.START))
    opened, guest = _open(conn, alice), make.visitor(at=make.START)
    assert (opened.waiting, _who(conn, opened.token)) == (True, None)
    assert conn.execute(select(DEVICE).where(DEVICE.c.person_id == alice)).all() == []
    late = make.visitor(at=make.START + WAITS)
    for visitor, token in ((late, opened.token), (guest, "another"), (guest, None)):
        with pytest.raises(SignInNeeded):
            waiting_sign_in(conn, visitor, token)
    waiting = waiting_sign_in(conn, guest, opened.token)
    token = finish_sign_in(conn, guest, waiting, lasts=LASTS, device=PHONE)
    assert (_who(conn, opened.token), getattr(_who(conn, token), "id", None)) == (None, alice)
    with pytest.raises(SignInNeeded):
        finish_sign_in(conn, guest, waiting, lasts=LASTS, device=PHONE)


def test_a_browser_is_known_for_each_who_signed_in_there_until_a_year_after(conn: Connection, alice: str) -> None:
    bob = make.person(conn, "Bob Brook")
    later = make.START + timedelta(days=1)
    for person, at, device in ((alice, make.START, PHONE), (bob, make.START, PHONE), (alice, later, PHONE)):
        _open(conn, person, at, device)
    _open(conn, alice, make.START, LAPTOP)
    known = select(DEVICE.c.person_id, DEVICE.c.name, DEVICE.c.seen_at).where(DEVICE.c.person_id.in_([alice, bob]))
    assert set(map(tuple, conn.execute(known))) == {
        (alice, "Phone", later),
        (bob, "Phone", make.START),
        (alice, "Laptop", make.START),
    }
    forget_old_devices(conn, make.START + KNOWN_FOR)
    assert list(map(tuple, conn.execute(known))) == [(alice, "Phone", later)]
