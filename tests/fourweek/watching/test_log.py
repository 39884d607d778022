"""What the log holds: a line a request that helps, and nothing that opens or shows anything."""

import json
from collections.abc import Callable, Iterator
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
import structlog
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError

from fourweek import logs, middleware, outbox
from fourweek.accounts.models import EmailAddress
from fourweek.app import ROUTERS
from fourweek.database import Database, add
from fourweek.edge import House
from fourweek.middleware import Told
from tests import factories
from tests.assessments.evidence.school import PNG, School
from tests.visits import Browser

PATHS = [route.path for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]


Written = Callable[[], str]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Written]:
    """Gives what the log has said, as machines read it."""
    before = structlog.get_config()
    logs.configure()
    for module in (middleware, outbox):
        monkeypatch.setattr(module, "log", structlog.get_logger("test"))
    yield lambda: capsys.readouterr().err
    structlog.configure(**before)


def _lines(said: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.splitlines()]


@pytest.mark.parametrize("path", sorted({path for path in PATHS if "{token}" in path}))
def test_what_opens_something_is_in_no_line(path: str) -> None:
    told = Told(PATHS)
    for ending in ("", "/", "/more", "%0a"):
        asked = path.replace("{token}", "marker-1").replace("{kind}", "x") + ending
        for mistyped in (asked, asked.upper(), f"/{asked}", asked.replace("/", "//")):
            assert "marker" not in told(mistyped).lower()


def test_other_paths_are_told_as_they_are() -> None:
    told = Told(PATHS)
    for path in ("/courses/C1", "/", "/shared", "/calendar", "/x/shared/abc"):
        assert told(path) == path


def test_a_story_with_secrets_leaves_none_in_the_log(
    browser: Callable[..., Browser], school: School, house: House, written: Written
) -> None:
    """One signs in, hands in words and a file, opens links and asks with a query; letters leave."""
    guest, alice = browser(), browser(school.alice)
    guest.submit("/sign-in", "/sign-in", address="marker-address@example.org", password="marker-password-1")
    for path in ("/set-password/marker-link", "/calendar/marker-feed.ics", "/verify?code=marker-code"):
        guest.get(path, headers={"x-forwarded-for": "marker-network", "authorization": "Bearer marker-bearer"})
    name = ("marker-name.png", PNG + b"marker-bytes", "image/png")
    typed = {"text-report": "marker-evidence"}
    kept = alice.submit(school.at, f"{school.at}/draft", files=[("files-proof", name)], **typed)
    assert kept.status_code == 303
    alice.get("/home?next=marker-query")
    _letters(house, school)
    said = written()
    lines = _lines(said)
    assert len([line for line in lines if line["event"] == "request"]) >= 7
    assert {line.get("person") for line in lines} >= {school.alice}
    assert "marker" not in said
    for cookie in (*guest.cookies.values(), *alice.cookies.values()):
        assert cookie not in said


def _letters(house: House, school: School) -> None:
    """One leaves; one is refused by the server, with words that repeat its address."""
    for key, act in (("one", lambda _letter: None), ("two", _refuse)):
        house.db.write_now(outbox.post, key, "receipt", school.alice, now=factories.START, data={"x": "marker-letter"})
        outbox.deliver(house.db, act, factories.START)


def _refuse(_letter: object) -> None:
    raise SMTPRecipientsRefused({"marker-address@example.org": (550, b"marker-reason")})


def test_a_request_has_one_number_in_its_answer_its_page_and_all_its_lines(
    app: FastAPI, house: House, monkeypatch: pytest.MonkeyPatch, written: Written
) -> None:
    async def fail(*_given: object) -> None:
        raise RuntimeError("nobody foresaw this")

    guest = Browser(app)
    fine = guest.get("/sign-in", headers={"x-request-id": "of-the-sender"})
    monkeypatch.setattr(house.db, "read", fail)
    broken = guest.get("/courses")
    numbers = [answer.headers["x-request-id"] for answer in (fine, broken)]
    assert len(set(numbers)) == 2
    assert "of-the-sender" not in numbers
    assert (numbers[1] in broken.text, broken.status_code) == (True, 500)
    lines = _lines(written())
    assert [line["request"] for line in lines] == [numbers[0], numbers[1], numbers[1]]
    assert "nobody foresaw this" in lines[1]["exception"]


def test_a_trace_never_holds_what_a_row_holds(db: Database, written: Written) -> None:
    address = "-".join(("marker", "address"))  # which the trace's own lines of code do not hold
    try:
        db.write_now(add, EmailAddress(address=address, person_id=address))
    except DBAPIError:
        structlog.get_logger("test").exception("unforeseen")
    said = written()
    assert "IntegrityError" in said
    assert address not in said
