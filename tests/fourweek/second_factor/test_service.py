"""A second factor counts from its confirmation on, each code once, and every change ends the other sign-ins."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from fourweek.accounts.access import SIGN_IN
from fourweek.accounts.known_devices import Device
from fourweek.accounts.models import Role, SignIn, SignInWay
from fourweek.accounts.second import challenge, sealing, service
from fourweek.accounts.second.queries import CODE, SECRET, owes_second_factor, second_factor_of
from fourweek.accounts.second.service import FromApp
from fourweek.accounts.sessions import finish_sign_in, open_sign_in
from fourweek.audit.service import ROW
from fourweek.clock import real_time
from fourweek.database import Database, add, new_id
from fourweek.errors import Conflict, Invalid, NotFound, SignInNeeded, TooMany
from fourweek.limits.rules import Limit
from fourweek.outbox import OUTBOX
from fourweek.settings import Settings
from tests.factories import person, visitor
from tests.fourweek.second_factor.phones import Phone, set_up

BROWSER = Device("A browser", "a device")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def _sign_in(conn: Connection, person_id: str, id_: str) -> None:
    now = real_time()
    row = SignIn(id=id_, token_hash=new_id(), person_id=person_id, created_at=now, seen_at=now, ends_at=now)
    add(conn, row)


def _sign_ins(conn: Connection, person_id: str) -> set[tuple[str, bool]]:
    found = conn.execute(select(SIGN_IN.c.id, SIGN_IN.c.renew).where(SIGN_IN.c.person_id == person_id))
    return {(row.id, row.renew) for row in found}


def _acts(conn: Connection, person_id: str) -> list[str]:
    return list(conn.execute(select(ROW.c.act).where(ROW.c.subject_id == person_id).order_by(ROW.c.id)).scalars())


def _told(conn: Connection, person_id: str) -> list[str]:
    found = conn.execute(select(OUTBOX.c.data).where(OUTBOX.c.person_id == person_id, OUTBOX.c.kind == service.NOTICE))
    return [row.data["what"] for row in found]


def _waiting(conn: Connection, person_id: str) -> str:
    lasts = real_time() - real_time()
    opened = open_sign_in(conn, visitor(at=real_time()), person_id, way=SignInWay.PASSWORD, lasts=lasts, device=BROWSER)
    assert opened.waiting
    return opened.token


def _try(conn: Connection, settings: Settings, token: str, typed: str) -> Any:
    """What a code that is typed behind a cookie leads to: a new cookie or None."""
    nobody = visitor(at=real_time())
    found = challenge.try_code(conn, nobody, token, typed, settings)
    given = challenge.read_code(settings, found.factor, typed, real_time())
    lasts = real_time() - real_time()
    return given and challenge.pass_code(conn, nobody, found, given, lasts=lasts, device=BROWSER)


def test_it_counts_from_its_confirmation_on(conn: Connection, settings: Settings) -> None:
    alice = person(conn)
    me, sealed = visitor(alice, real_time()), sealing.new_secret(settings)
    service.begin(conn, me, sealed)
    assert second_factor_of(conn, alice) is None
    with pytest.raises(Conflict):
        service.confirm(conn, me, sealing.new_secret(settings), 7, ["a"])
    service.confirm(conn, me, sealed, 7, ["a", "b"])
    found = second_factor_of(conn, alice)
    assert found is not None
    assert (found.last_step, found.codes_left) == (7, 2)
    with pytest.raises(Conflict):
        service.begin(conn, me, sealing.new_secret(settings))
    assert _acts(conn, alice)[-2:] == ["second_factor.begin", "second_factor.on"]
    assert _told(conn, alice) == ["on"]


def test_a_change_ends_the_other_sign_ins_and_renews_this_one(conn: Connection, settings: Settings) -> None:
    alice = person(conn)
    _sign_in(conn, alice, "sign-in")
    _sign_in(conn, alice, "another")
    set_up(conn, settings, alice)
    assert _sign_ins(conn, alice) == {("sign-in", True)}
    _sign_in(conn, alice, "a third")
    service.turn_off(conn, visitor(alice, real_time()))
    assert _sign_ins(conn, alice) == {("sign-in", True)}
    assert second_factor_of(conn, alice) is None
    with pytest.raises(NotFound):
        service.turn_off(conn, visitor(alice, real_time()))


def test_a_code_signs_in_once(conn: Connection, settings: Settings) -> None:
    alice = person(conn)
    phone, _ = set_up(conn, settings, alice)
    first, second, code = _waiting(conn, alice), _waiting(conn, alice), phone.code()
    fresh = _try(conn, settings, first, code)
    assert fresh not in (None, first)
    with pytest.raises(SignInNeeded):
        challenge.challenge_of(conn, visitor(at=real_time()), first)
    assert _try(conn, settings, second, code) is None
    assert not service.take(conn, alice, FromApp(1), real_time())


def test_a_recovery_code_signs_in_once_and_is_told(conn: Connection, settings: Settings) -> None:
    alice = person(conn)
    _, codes = set_up(conn, settings, alice)
    bob = person(conn, "Bob")
    set_up(conn, settings, bob)
    assert _try(conn, settings, _waiting(conn, bob), codes[0]) is None
    assert _try(conn, settings, _waiting(conn, alice), codes[0].upper()) is not None
    assert _try(conn, settings, _waiting(conn, alice), codes[0]) is None
    found = second_factor_of(conn, alice)
    assert found is not None
    assert found.codes_left == len(codes) - 1
    assert _told(conn, alice) == ["on", "recovered"]


def test_tries_behind_one_password_are_few_and_recovery_codes_are_taken_still(
    conn: Connection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = person(conn)
    phone, codes = set_up(conn, settings, alice)
    token = _waiting(conn, alice)
    for _ in range(challenge.ONE_SIGN_IN.most):
        assert _try(conn, settings, token, "no code") is None
    with pytest.raises(TooMany):
        _try(conn, settings, token, phone.code())
    monkeypatch.setattr(challenge, "ONE_PERSON", Limit("code-person", 1, 86400))
    with pytest.raises(TooMany):
        _try(conn, settings, _waiting(conn, alice), phone.code())
    assert _try(conn, settings, _waiting(conn, alice), codes[1]) is not None


def test_one_waiting_sign_in_is_finished_once(conn: Connection, settings: Settings) -> None:
    alice = person(conn)
    set_up(conn, settings, alice)
    nobody = visitor(at=real_time())
    found = challenge.challenge_of(conn, nobody, _waiting(conn, alice))
    lasts = real_time() - real_time()
    finish_sign_in(conn, nobody, found.waiting, lasts=lasts, device=BROWSER)
    with pytest.raises(SignInNeeded):
        finish_sign_in(conn, nobody, found.waiting, lasts=lasts, device=BROWSER)


def test_other_codes_take_the_place_of_those_there_were(conn: Connection, settings: Settings) -> None:
    alice = person(conn)
    _, codes = set_up(conn, settings, alice)
    me = visitor(alice, real_time())
    service.replace_codes(conn, me, ["x"])
    assert _try(conn, settings, _waiting(conn, alice), codes[0]) is None
    assert _told(conn, alice) == ["on", "codes"]


def test_a_lost_one_is_taken_away_with_a_reason(conn: Connection, settings: Settings) -> None:
    alice, rita = person(conn), person(conn, "Rita")
    set_up(conn, settings, alice)
    _sign_in(conn, alice, new_id())
    with pytest.raises(Invalid):
        service.take_away(conn, rita, alice, " ", real_time())
    service.take_away(conn, rita, alice, "Came to the desk with a passport.", real_time())
    assert second_factor_of(conn, alice) is None
    assert _sign_ins(conn, alice) == set()
    assert _told(conn, alice) == ["on", "taken_away"]
    noted = conn.execute(select(ROW).where(ROW.c.act == "second_factor.take_away", ROW.c.subject_id == alice)).one()
    assert (noted.actor_id, noted.reason) == (rita, "Came to the desk with a passport.")
    with pytest.raises(NotFound):
        service.take_away(conn, rita, alice, "Once more.", real_time())


def test_only_the_roles_that_are_named_owe_one(conn: Connection, settings: Settings) -> None:
    alice = person(conn)
    registrar = visitor(alice, real_time(), (Role.REGISTRAR, "")).me
    grader = visitor(alice, real_time(), (Role.GRADER, "a cohort")).me
    asked = (Role.REGISTRAR,)
    assert owes_second_factor(conn, registrar, asked)
    assert not owes_second_factor(conn, grader, asked)
    set_up(conn, settings, alice)
    assert not owes_second_factor(conn, registrar, asked)


def test_nothing_that_can_be_read_back_is_kept(conn: Connection, settings: Settings) -> None:
    alice = person(conn)
    _, codes = set_up(conn, settings, alice)
    kept = str(conn.execute(select(CODE)).all()) + str(conn.execute(select(SECRET)).all())
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)
    assert conn.execute(select(func.count()).select_from(CODE)).scalar_one() == len(codes)
    assert isinstance(set_up(conn, settings, person(conn, "Bob"))[0], Phone)


def test_one_code_given_by_many_at_once_counts_once(db: Database, settings: Settings) -> None:
    alice = db.write_now(person)
    phone, codes = db.write_now(set_up, settings, alice)
    now = real_time()
    for typed in (phone.code(), codes[0]):
        factor = db.read_now(second_factor_of, alice)
        assert factor is not None
        given = challenge.read_code(settings, factor, typed, now)
        assert given is not None
        with ThreadPoolExecutor(4) as pool:
            taken = list(pool.map(lambda one: db.write_now(service.take, alice, one, now), [given] * 4))
        assert sorted(taken) == [False, False, False, True]
