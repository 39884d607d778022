"""Nobody learns from us whether an address has an account: same answer, statements and work for both."""

import statistics
from collections.abc import Callable
from time import perf_counter
from typing import Any

import pytest

from fourweek.accounts.service import add_person
from fourweek.clock import real_time
from fourweek.edge import House
from tests.statements import statements
from tests.visits import Browser, forms

KNOWN, UNKNOWN, WRONG = "alice@example.org", "nobdy@example.org", "a wrong password here"
SENT = {
    "/sign-in": {"password": WRONG},
    "/forgotten": {},
    "/sign-up": {"name": "Ada Lovelace", "zone": "UTC"},
}


@pytest.fixture
def school(house: House) -> House:
    """With an account for KNOWN, and taking in people who make one."""
    house.settings = house.settings.model_copy(update={"sign_up": True})
    hashed = house.passwords.hash("a calm evening by the lake")
    now = real_time()
    house.db.write_now(add_person, address=KNOWN, legal_name="Alice Brook", password_hash=hashed, zone="UTC", now=now)
    return house


@pytest.fixture
def ask(school: House, browser: Callable[[], Browser]) -> Any:
    return lambda guest, path, address: guest.submit(path, path, address=address, **SENT[path])


@pytest.mark.parametrize("path", SENT)
def test_known_and_unknown_get_the_same(
    school: House, browser: Any, ask: Any, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[bool] = []
    check = school.passwords.check

    def counted(typed: str, kept: str | None) -> tuple[bool, str | None]:
        checked.append(kept is not None)
        return check(typed, kept)

    monkeypatch.setattr(school.passwords, "check", counted)
    seen = []
    for address in (KNOWN, UNKNOWN):
        guest = browser()
        token = forms(guest.get(path).text)[path]["form_token"]
        with statements(school.db) as count:
            answer = ask(guest, path, address)
        headers = {name: len(value) for name, value in answer.headers.items() if name != "date"}
        body = answer.text.replace(address, "").replace(token, "")
        seen.append((answer.status_code, len(answer.content), body, headers, count.texts))
    assert seen[0] == seen[1]
    assert checked == ([True, False] if path == "/sign-in" else [])


@pytest.mark.slow
@pytest.mark.parametrize("path", SENT)
def test_known_and_unknown_take_the_same_time(school: House, browser: Any, ask: Any, path: str) -> None:
    """Medians of many tries, turn by turn, differ by 15 ms at most; the limits are out of the way."""
    took: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    for turn in range(60):
        for address, times in took.items():
            if turn % 4 == 0:
                school.db.write_now(lambda conn: conn.exec_driver_sql("DELETE FROM attempt_count"))
            guest = browser()
            guest.get(path)
            began = perf_counter()
            ask(guest, path, address)
            times.append(perf_counter() - began)
    known, unknown = (statistics.median(took[address]) * 1000 for address in (KNOWN, UNKNOWN))
    print(f"\n{path}: known {known:.1f} ms, unknown {unknown:.1f} ms")
    assert abs(known - unknown) <= 15
