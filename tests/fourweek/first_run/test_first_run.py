"""The first account of a school, made in the browser with the code of the server's log."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from fourweek.accounts.access import GRANT, PERSON, Visitor
from fourweek.accounts.known_devices import Device
from fourweek.accounts.models import Role
from fourweek.app import create_app
from fourweek.audit.service import ROW
from fourweek.clock import now_at
from fourweek.database import Database
from fourweek.edge import House
from fourweek.first_run.opening import FILE, SIGNS, invite, is_code
from fourweek.first_run.service import Founder, TooLate, begin
from tests import factories as make
from tests.logs import heard
from tests.visits import Browser, forms

PASSWORD = "a calm evening by the sea"
ROBIN = {
    "name": "Robin Reed",
    "address": "robin@example.org",
    "password": PASSWORD,
    "password_again": PASSWORD,
}
Visit = Callable[[], Browser]


@pytest.fixture
def code(house: House) -> str:
    return invite(house.settings.home)


@pytest.fixture
def visit(code: str, house: House) -> Iterator[Visit]:
    """Browsers at a server that was started while there was nobody."""
    app, opened = create_app(house=house), []

    def open_browser() -> Browser:
        opened.append(Browser(app))
        return opened[-1]

    yield open_browser
    for one in opened:
        one.close()


def _people(db: Database) -> int:
    return int(db.read_now(lambda conn: conn.execute(select(func.count()).select_from(PERSON)).scalar_one()))


def test_every_page_leads_to_the_first_run_and_what_machines_ask_does_not(visit: Visit) -> None:
    guest = visit()
    for path in ("/", "/courses", "/sign-in", "/home", "/verify", "/not-there"):
        answer = guest.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/first-run"), path
    assert guest.get("/healthz").status_code == 200
    assert guest.get("/language?to=es").headers["location"] == "/"
    assert guest.get("/institution/logo").headers.get("location") != "/first-run"
    assert guest.get("/first-run").status_code == 200


def test_the_first_account_runs_the_school_and_then_the_page_is_gone(visit: Visit, code: str, house: House) -> None:
    robin, other = visit(), visit()
    typed = code.lower().replace("-", " ")
    done = robin.submit("/first-run", "/first-run", code=typed, **ROBIN)
    assert (done.status_code, done.headers["location"]) == (303, "/institution")
    roles = house.db.read_now(lambda conn: set(conn.execute(select(GRANT.c.role)).scalars()))
    assert roles == {Role.OPERATOR, Role.AUTHOR}
    acts = house.db.read_now(lambda conn: set(conn.execute(select(ROW.c.act)).scalars()))
    assert {"person.add", "role.grant", "school.begin"} <= acts
    assert not (house.settings.home / FILE).exists()
    assert [robin.get(path).status_code for path in ("/institution", "/people", "/authoring")] == [200] * 3
    assert other.get("/first-run").status_code == 404
    assert other.post("/first-run").status_code in (404, 422)
    assert other.get("/courses").status_code == 200


def test_a_wrong_code_and_a_wrong_form_make_nobody_and_keep_what_was_typed(visit: Visit, house: House) -> None:
    guest = visit()
    wrong = guest.submit("/first-run", "/first-run", code="AAAA-BBBB-CCCC", **ROBIN)
    assert wrong.status_code == 422
    assert 'value="Robin Reed"' in wrong.text
    assert PASSWORD not in wrong.text
    assert _people(house.db) == 0


def test_a_form_that_lacks_something_says_what(visit: Visit, code: str, house: House) -> None:
    guest = visit()
    for field, typed in (("name", ""), ("address", "robin"), ("password", "short"), ("password_again", "other")):
        answer = guest.submit("/first-run", "/first-run", code=code, **{**ROBIN, field: typed})
        assert (answer.status_code, f'id="field-{field}-error"' in answer.text) == (422, True), field
    assert _people(house.db) == 0


def test_strangers_with_wrong_codes_keep_nobody_from_the_right_one(visit: Visit, code: str, house: House) -> None:
    guest = visit()
    form = {**forms(guest.get("/first-run").text)["/first-run"], "code": "AAAA-BBBB-CCCC"}
    assert {guest.post("/first-run", data=form).status_code for _ in range(120)} == {422}
    assert guest.submit("/first-run", "/first-run", code=code, **ROBIN).status_code == 303
    assert _people(house.db) == 1


def test_a_code_is_too_long_to_be_guessed(house: House) -> None:
    """Nothing else keeps strangers from trying, since whatever does would keep the owner from it too."""
    signs = invite(house.settings.home).replace("-", "")
    assert len(SIGNS) ** len(signs) >= 2**60
    assert set(signs) <= set(SIGNS)


def test_a_file_that_was_cut_short_gives_no_code_that_anybody_can_work_out(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"")
    assert invite(tmp_path) == invite(tmp_path)
    assert (tmp_path / FILE).stat().st_size == 32


def test_a_code_that_cannot_be_taken_away_undoes_nothing(visit: Visit, code: str, house: House) -> None:
    key = house.settings.home / FILE
    robin, other = visit(), visit()
    form = forms(robin.get("/first-run").text)["/first-run"]
    key.unlink()
    (key / "in the way").mkdir(parents=True)
    with heard("fourweek.first_run.opening") as logs:
        done = robin.post("/first-run", data={**form, "code": code, **ROBIN})
    assert (done.status_code, done.headers["location"]) == (303, "/institution")
    assert [line["event"] for line in logs if line["log_level"] == "warning"] == ["first_run_key_stays"]
    assert other.get("/first-run").status_code == 404


def test_another_process_learns_that_somebody_was_quicker(visit: Visit, house: House) -> None:
    guest = visit()
    assert guest.get("/courses").status_code == 303
    house.db.write_now(make.person)
    assert guest.get("/courses").status_code == 200
    assert guest.get("/first-run").status_code == 404


def test_of_two_at_once_one_wins(db: Database) -> None:
    both = Barrier(2)

    def found(name: str) -> Any:
        founder = Founder(name, f"{name.lower()}@example.org", "UTC")
        both.wait(10)
        visitor = Visitor(now=now_at(make.START, 0))
        device = Device("Phone", name)
        return db.write_now(begin, visitor, founder, "hash", lasts=timedelta(days=1), device=device)

    with ThreadPoolExecutor(2) as threads:
        tried = [threads.submit(found, name) for name in ("Alice", "Bob")]
        errors = [one.exception() for one in tried]
    assert [type(one) for one in errors if one] == [TooLate]
    assert _people(db) == 1


def test_a_server_that_asked_nobody_in_has_no_first_run(app: FastAPI, browser: Any) -> None:
    guest = browser()
    assert guest.get("/courses").status_code == 200
    assert guest.get("/first-run").status_code == 404


def test_the_code_stays_and_belongs_to_its_owner(house: House) -> None:
    home = house.settings.home
    code = invite(home)
    assert invite(home) == code
    assert (home / FILE).stat().st_mode & 0o777 == 0o600
    assert is_code(f" {code.lower()} ", code)
    assert not is_code("", code)
    assert not is_code("-", "")
    assert not is_code(code[:-1] + ("A" if code[-1] != "A" else "B"), code)
