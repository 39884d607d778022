"""How often something may be checked: by one, by all, and whose right code always comes through."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from assessments.transcripts.codes import code_hash
from assessments.verify.limits import ALL_NAMES, CHECKS, FILES, GUESSING, MANY_NAMES, MISSES, NAMES, Tries
from assessments.verify.looking import Given, Kind
from assessments.verify.queries import Known, checked
from fourweek.errors import TooMany
from fourweek.limits.service import COUNT, count
from tests import factories as make
from tests.assessments.sharing.factories import NOW, document, visitor

ONE, TWO = Tries("1" * 64), Tries("2" * 64)
WRONG = Given(Kind.CODE, code_hash("0" * 16))


def check(conn: Connection, given: Given, tries: Tries = ONE, at: datetime = NOW) -> Known:
    return checked(conn, visitor(conn, at=at), given, tries)


def test_one_address_checks_so_often_in_a_minute(conn: Connection) -> None:
    for _ in range(CHECKS.most):
        check(conn, WRONG)
    with pytest.raises(TooMany) as caught:
        check(conn, WRONG)
    assert 0 < caught.value.wait <= 60
    check(conn, WRONG, TWO)
    check(conn, WRONG, at=NOW + timedelta(seconds=caught.value.wait))


def test_files_are_fewer(conn: Connection) -> None:
    file = Given(Kind.DOCUMENT, "ab" * 32)
    for _ in range(FILES.most):
        check(conn, file)
    with pytest.raises(TooMany):
        check(conn, file)
    check(conn, WRONG)


def test_while_all_guess_whoever_has_a_right_code_comes_through(conn: Connection) -> None:
    made = document(conn, make.person(conn, "Alice Brook"))
    right = Given(Kind.CODE, code_hash(made.code))
    check(conn, WRONG)
    count(conn, MISSES, "0" * 64, NOW, by=MISSES.most)
    for _ in range(3):
        assert check(conn, right, TWO).thing is not None
    with pytest.raises(TooMany, match=GUESSING[:20]):
        check(conn, right)
    assert check(conn, WRONG, TWO).thing is None
    with pytest.raises(TooMany):
        check(conn, WRONG, TWO)
    assert check(conn, right, at=NOW + timedelta(minutes=1)).thing is not None


def test_right_codes_and_files_are_no_guesses(conn: Connection) -> None:
    made = document(conn, make.person(conn, "Alice Brook"))
    for given in (Given(Kind.CODE, code_hash(made.code)), Given(Kind.DOCUMENT, "ab" * 32), Given(Kind.SLUG, "2" * 22)):
        check(conn, given)
    missed = select(COUNT.c.count).where(COUNT.c.kind == MISSES.name)
    assert conn.execute(missed).scalar_one() == 1


def test_names_are_limited_for_one_and_for_all(conn: Connection) -> None:
    code = Given(Kind.CODE, code_hash(document(conn, make.person(conn)).code))
    named = "d" * 64
    for _ in range(NAMES.most):
        check(conn, code, Tries(ONE.caller, named))
    with pytest.raises(TooMany, match=MANY_NAMES[:20]):
        check(conn, code, Tries(ONE.caller, named))
    assert check(conn, code, ONE).thing is not None
    check(conn, code, Tries(TWO.caller, named))
    check(conn, code, Tries(ONE.caller, "e" * 64))
    count(conn, ALL_NAMES, named, NOW, by=ALL_NAMES.most)
    with pytest.raises(TooMany):
        check(conn, code, Tries("3" * 64, named))
    assert check(conn, code, Tries(ONE.caller, named), at=NOW + timedelta(minutes=10)).thing is not None
