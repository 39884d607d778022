"""The whole way to a provider of its own process and back, and everything on it that may be wrong."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import anyio
import httpx2
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import select

from fourweek.accounts.access import GRANT, SIGN_IN
from fourweek.accounts.models import GrantSource, Role, SignInWay
from fourweek.accounts.openid import provider
from fourweek.accounts.openid.errors import Distrusted
from fourweek.accounts.openid.rules import Asked
from fourweek.accounts.openid.service import IDENTITY
from fourweek.accounts.service import EMAIL, add_person, grant
from fourweek.app import create_app
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.house import open_house
from fourweek.settings import Settings
from tests.fourweek.openid.a_provider import CLIENT, SECRET
from tests.visits import Browser

BACK = "http://testserver/sign-in/provider/back"
AMARA = {"sub": "amara-1", "claims": {"name": "Amara Obi", "email": "Amara@example.org", "email_verified": True}}


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of a provider that runs."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.fourweek.openid.a_provider", str(port)]
    environment = {**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet) as process:
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def _wait_for(port: int) -> None:
    for _ in range(600):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("the provider did not start")


def _values(site: str) -> dict[str, Any]:
    return {
        "oidc_issuer": site,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SecretStr(SECRET),
        "oidc_name": "Harbour University",
        "oidc_role_claim": "realm.roles",
        "oidc_roles": {"staff-grading": "grader", "staff-records": "registrar"},
        "oidc_sign_up": True,
    }


@pytest.fixture
def school(settings: Settings, db: Database, site: str) -> FastAPI:
    """A school whose people sign in with the provider; new ones get an account."""
    return create_app(house=open_house(settings.model_copy(update=_values(site)), db))


@pytest.fixture
def visit(school: FastAPI) -> Iterator[Callable[[], Browser]]:
    opened: list[Browser] = []

    def open_browser() -> Browser:
        opened.append(Browser(school))
        return opened[-1]

    yield open_browser
    for one in opened:
        one.close()


def _be(site: str, who: dict[str, Any], **more: Any) -> None:
    httpx2.put(f"{site}/next", json={**who, **more}).raise_for_status()


def _there(sent: httpx2.Response) -> str:
    """Where the page that sends a browser on sends it to."""
    return unescape(re.findall(r'http-equiv="refresh" content="0; url=([^"]+)"', sent.text)[0])


def _back(sent: httpx2.Response) -> str:
    """The way of the browser to the provider; the path at which it comes back."""
    parts = urlsplit(httpx2.get(_there(sent)).headers["location"])
    return f"{parts.path}?{parts.query}"


def _code(asked: Asked) -> str:
    return str(re.findall("code=([^&]+)", httpx2.get(asked.address).headers["location"])[0])


def _start(browser: Browser, to: str = "/courses") -> str:
    sent = browser.submit(f"/sign-in?next={to}", "/sign-in/provider")
    assert sent.headers["content-security-policy"].count("form-action 'self'") == 1
    return _back(sent)


def _grants(db: Database) -> set[tuple[Role, GrantSource]]:
    rows = db.read_now(lambda conn: conn.execute(select(GRANT.c.role, GRANT.c.source)).all())
    return {(row.role, row.source) for row in rows}


def test_somebody_new_comes_with_roles_that_follow_the_claims(
    site: str, visit: Callable[[], Browser], db: Database
) -> None:
    amara = visit()
    _be(site, AMARA, token={"realm": {"roles": ["staff-grading", "staff-records", "other"]}})
    there = _start(amara)
    answer = amara.get(there)
    assert (answer.status_code, answer.headers["location"]) == (303, "/courses")
    assert amara.get("/home").status_code == 200
    assert _grants(db) == {(Role.GRADER, GrantSource.PROVIDER), (Role.REGISTRAR, GrantSource.PROVIDER)}
    assert db.read_now(lambda conn: conn.execute(select(EMAIL.c.address)).scalars().all()) == ["amara@example.org"]
    ways = db.read_now(lambda conn: conn.execute(select(SIGN_IN.c.way)).scalars().all())
    assert ways == [SignInWay.PROVIDER]

    for again in (amara, visit()):  # what a state was good for is used up
        assert again.get(there).status_code == 400

    person_id = db.read_now(lambda conn: conn.execute(select(IDENTITY.c.person_id)).scalar_one())
    db.write_now(grant, person_id, Role.LEAD, now=real_time())
    _be(site, AMARA, token={"realm": {"roles": ["staff-grading"]}}, claims={"name": "Another Name"})
    second = visit()
    assert second.get(_start(second)).status_code == 303
    assert _grants(db) == {(Role.GRADER, GrantSource.PROVIDER), (Role.LEAD, GrantSource.HAND)}
    _be(site, AMARA)
    assert second.get(_start(second)).status_code == 303
    assert _grants(db) == {(Role.LEAD, GrantSource.HAND)}  # a claim that is not sent gives nothing
    assert db.read_now(lambda conn: conn.execute(select(IDENTITY.c.person_id)).scalars().all()) == [person_id]


WRONG: list[dict[str, Any]] = [
    {"token": {"nonce": "another"}},
    {"token": {"aud": "another"}},
    {"token": {"aud": [CLIENT, "another"]}},
    {"token": {"iss": "https://another.example"}},
    {"token": {"exp": 1_000_000_000}},
    {"token": {"sub": ""}},
    {"stranger": True},
    {"alg": "HS256"},
    {"alg": "none"},
]


def test_nobody_is_let_in_by_a_token_with_anything_wrong(site: str, tmp_path: Path) -> None:
    anyio.run(_try_every_wrong_token, site, Settings(home=tmp_path, **_values(site)))


async def _try_every_wrong_token(site: str, settings: Settings) -> None:
    for one in WRONG:
        _be(site, AMARA, **one)
        asked = await provider.ask(settings, BACK, real_time())
        code = _code(asked)
        with pytest.raises(Distrusted):
            await provider.redeem(settings, BACK, code, verifier=asked.verifier, nonce=asked.nonce, now=real_time())


def test_an_answer_is_for_one_browser_and_its_state(site: str, visit: Callable[[], Browser], db: Database) -> None:
    guest = visit()
    _be(site, AMARA, token={"nonce": "another"})
    answer = guest.get(_start(guest))
    assert (answer.status_code, "did not go through" in answer.text) == (400, True)
    _be(site, AMARA)
    there = _start(guest)
    assert visit().get(there).status_code == 400  # another browser
    assert guest.get(there.replace("state=", "state=x")).status_code == 400
    assert guest.get("/sign-in/provider/back?error=access_denied").status_code == 400
    assert guest.head(there).status_code == 400
    assert guest.get("/home").status_code == 303
    assert db.read_now(lambda conn: conn.execute(select(IDENTITY.c.id)).all()) == []
    assert guest.get(there).status_code == 303  # none of that used up what is right


def test_a_code_is_worth_something_once_and_to_its_verifier_alone(site: str, tmp_path: Path) -> None:
    anyio.run(_redeem_again_and_again, site, Settings(home=tmp_path, **_values(site)))


async def _redeem_again_and_again(site: str, settings: Settings) -> None:
    now = real_time()
    _be(site, AMARA)
    provider.forget()
    asked = await provider.ask(settings, BACK, now)
    assert "code_challenge_method=S256" in asked.address
    assert asked.verifier not in asked.address
    code = _code(asked)
    with pytest.raises(Distrusted):
        await provider.redeem(settings, BACK, code, verifier="x" * 43, nonce=asked.nonce, now=now)
    claims = await provider.redeem(settings, BACK, code, verifier=asked.verifier, nonce=asked.nonce, now=now)
    assert (claims.subject, claims.address, claims.name) == ("amara-1", "amara@example.org", "Amara Obi")
    with pytest.raises(Distrusted):
        await provider.redeem(settings, BACK, code, verifier=asked.verifier, nonce=asked.nonce, now=now)


def test_somebody_here_links_it_and_ends_the_link(site: str, visit: Callable[[], Browser], db: Database) -> None:
    greta = db.write_now(
        add_person, address="amara@example.org", legal_name="Greta", password_hash="x", zone="UTC", now=real_time()
    )
    db.write_now(grant, greta, Role.GRADER, now=real_time())
    guest, signed_in = visit(), visit()
    _be(site, AMARA)
    refused = guest.get(_start(guest))  # the same verified address, and a role: not by itself
    assert (refused.status_code, "does not yet" in refused.text) == (400, True)
    signed_in.sign_in_as(greta)
    there = _back(signed_in.submit("/account/provider", "/account/provider/link"))
    assert signed_in.get(there).headers["location"] == "/account/provider"
    assert guest.get(_start(guest)).status_code == 303
    found = db.read_now(lambda conn: conn.execute(select(IDENTITY)).one())
    assert found.person_id == greta
    act = f"/account/provider/{found.id}/unlink"
    assert signed_in.submit("/account/provider", act).status_code == 303
    before = signed_in.cookies["fourweek"]
    assert guest.get("/home").status_code == 303  # their other sign-ins ended
    assert signed_in.get("/account/provider").status_code == 200
    assert signed_in.cookies["fourweek"] != before  # and this one has a new identifier
    assert db.read_now(lambda conn: conn.execute(select(IDENTITY.c.id)).all()) == []


def test_a_provider_that_is_away_is_said_so(settings: Settings, db: Database, app: FastAPI) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
    values = {"oidc_issuer": nobody, "oidc_client_id": CLIENT}
    with Browser(create_app(house=open_house(settings.model_copy(update=values), db))) as guest:
        answer = guest.submit("/sign-in", "/sign-in/provider")
        assert (answer.status_code, "retry-after" in answer.headers) == (503, True)
        assert "does not answer" in answer.text
    with Browser(app) as guest:  # and where none is set there is nothing
        assert "/sign-in/provider" not in guest.get("/sign-in").text
        assert guest.get("/sign-in/provider/back?state=x&code=y").status_code == 404
