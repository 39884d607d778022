"""A token reads what it was made for in its owner's name, as long as both hold."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from fourweek.accounts.access import PERSON, Visitor
from fourweek.accounts.disabling import disable, enable
from fourweek.accounts.models import Role
from fourweek.accounts.second.queries import owes_second_factor
from fourweek.accounts.service import digest
from fourweek.app import ROUTERS
from fourweek.audit.service import ROW
from fourweek.clock import real_time
from fourweek.database import table
from fourweek.errors import Conflict, Invalid, NotFound
from fourweek.outbox import OUTBOX
from fourweek.tokens import service
from fourweek.tokens.access import TOKEN, ScopeMissing, TokenRefused, bearer, note_use, owner_of
from fourweek.tokens.models import ApiToken
from fourweek.tokens.scopes import WORDS, TokenScope, scope_of
from fourweek.tokens.service import Wish
from tests.factories import person, visitor, with_role

READS = Wish("A spreadsheet", (TokenScope.BADGES, TokenScope.CREDIT), 90)


def _made(conn: Connection, person_id: str, wish: Wish = READS) -> str:
    token = service.new_token()
    service.make(conn, visitor(person_id, real_time()), wish, token)
    return token


def _owner(conn: Connection, token: str, at: datetime | None = None) -> Visitor:
    return owner_of(conn, digest(token), TokenScope.BADGES, at or real_time(), demo=False)


def _id(conn: Connection, token: str) -> str:
    return str(conn.execute(select(TOKEN.c.id).where(TOKEN.c.token_hash == digest(token))).scalar_one())


def test_its_owner_is_who_asks_with_the_roles_of_this_moment(conn: Connection) -> None:
    greta = with_role(conn, Role.GRADER, scope_id="a cohort")
    found = _owner(conn, _made(conn, greta)).me
    assert (found.id, found.sign_in_id, found.grants) == (greta, "", frozenset({(Role.GRADER, "a cohort")}))
    assert owes_second_factor(conn, found, (Role.GRADER,))


def test_it_opens_nothing_once_it_or_its_owner_has_ended(conn: Connection) -> None:
    alice = person(conn)
    token = _made(conn, alice)
    with pytest.raises(TokenRefused):
        _owner(conn, token + "x")
    with pytest.raises(TokenRefused):
        _owner(conn, token, real_time() + timedelta(days=90))
    conn.execute(update(PERSON).where(PERSON.c.id == alice).values(disabled_at=real_time()))
    with pytest.raises(TokenRefused):
        _owner(conn, token)
    conn.execute(update(PERSON).where(PERSON.c.id == alice).values(disabled_at=None))
    assert _owner(conn, token).me.id == alice
    service.revoke(conn, visitor(alice, real_time()), _id(conn, token))
    with pytest.raises(TokenRefused):
        _owner(conn, token)


def test_it_comes_not_back_with_an_account_that_was_disabled(conn: Connection) -> None:
    alice = person(conn)
    token = _made(conn, alice)
    disable(conn, None, alice, "Was taken over", real_time())
    enable(conn, None, alice, "Is hers again", real_time())
    with pytest.raises(TokenRefused):
        _owner(conn, token)


def test_it_opens_only_what_it_was_made_for(conn: Connection) -> None:
    token = _made(conn, person(conn))
    with pytest.raises(ScopeMissing) as refused:
        owner_of(conn, digest(token), TokenScope.COURSES, real_time(), demo=False)
    assert refused.value.headers["www-authenticate"].endswith('error="insufficient_scope", scope="courses:read"')


def test_it_is_kept_as_its_digest_audited_and_told(conn: Connection) -> None:
    alice = person(conn)
    token = _made(conn, alice)
    assert token.startswith("fw_")
    kept = conn.execute(select(table(ApiToken)).where(TOKEN.c.person_id == alice)).one()
    assert token not in str(kept)
    assert (kept.hint, kept.token_hash) == (token[-4:], digest(token))
    noted = conn.execute(select(ROW).where(ROW.c.subject_id == kept.id)).one()
    assert (noted.act, noted.actor_id) == ("token.make", alice)
    assert noted.detail == {"scopes": ["badges:read", "credit:read"], "days": 90}
    told = conn.execute(select(OUTBOX.c.kind).where(OUTBOX.c.person_id == alice)).scalars().all()
    assert told == [service.NOTICE]


@pytest.mark.parametrize(
    ("wish", "wrong"),
    [
        (Wish("", (TokenScope.BADGES,), 30), {"name"}),
        (Wish("x" * 101, (TokenScope.BADGES,), 30), {"name"}),
        (Wish("x", (), 30), {"scopes"}),
        (Wish("x", (TokenScope.BADGES,), None), {"days"}),
        (Wish("x", (TokenScope.BADGES,), 366), {"days"}),
    ],
)
def test_a_wish_that_says_too_little_is_refused(conn: Connection, wish: Wish, wrong: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        _made(conn, person(conn), wish)
    assert set(refused.value.fields) == wrong


def test_nobody_ends_or_sees_another_s_and_nobody_has_very_many(
    conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob = person(conn), person(conn, "Bob")
    token = _made(conn, alice)
    with pytest.raises(NotFound):
        service.revoke(conn, visitor(bob, real_time()), _id(conn, token))
    assert service.my_tokens(conn, visitor(bob, real_time()), 1) == ()
    monkeypatch.setattr(service, "MOST", 1)
    with pytest.raises(Conflict):
        _made(conn, alice)
    assert service.revoke_all(conn, alice, None, real_time()) == 1
    _made(conn, alice)
    assert [one.revoked_at is None for one in service.my_tokens(conn, visitor(alice, real_time()), 1)] == [True, False]


def test_its_use_is_noted_every_five_minutes(conn: Connection) -> None:
    token, now = _made(conn, person(conn)), real_time()
    used = []
    for minutes in (0, 4, 5):
        note_use(conn, digest(token), now + timedelta(minutes=minutes))
        used.append(conn.execute(select(TOKEN.c.used_at).where(TOKEN.c.token_hash == digest(token))).scalar_one())
    assert used == [now, now, now + timedelta(minutes=5)]


@pytest.mark.parametrize(
    ("header", "token"),
    [(None, None), ("Bearer abc", "abc"), ("bearer  abc ", "abc"), ("Basic abc", ""), ("Bearer", ""), ("", "")],
)
def test_a_header_of_another_kind_is_no_token(header: str | None, token: str | None) -> None:
    assert bearer(header) == token


def test_every_scope_has_words_a_route_and_stands_in_the_document() -> None:
    asked = {scope_of(route.endpoint) for router in ROUTERS for route in router.routes if hasattr(route, "endpoint")}
    assert asked - {None} == set(TokenScope) == set(WORDS)
    text = (Path(__file__).parents[3] / "docs" / "api.md").read_text("utf-8")
    assert [scope for scope in TokenScope if f"| `{scope.value}` |" not in text] == []


def _headers(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_it_is_made_on_the_page_used_and_revoked(browser: Any, house: Any) -> None:
    alice_id = house.db.write_now(person)
    alice, program = browser(alice_id), browser()
    page, listed = "/account/tokens", "/api/v1/me/courses"
    assert alice.submit(page, page, name="", days="30").status_code == 422
    made = alice.submit(page, page, name="My sheet", scopes="courses:read", days="30")
    token = made.text.split('<code class="digest">')[1].split("<")[0]
    answer = program.get(listed, headers=_headers(token))
    assert (answer.status_code, answer.json()["total"], answer.headers["cache-control"]) == (200, 0, "no-store")
    assert "access-control-allow-origin" not in answer.headers
    shown = alice.get(page).text
    assert token not in shown
    assert "Never" not in shown

    lacks = program.get("/api/v1/me/badges", headers=_headers(token))
    assert (lacks.status_code, lacks.headers["content-type"]) == (403, "application/problem+json")
    other = alice.get(listed, headers=_headers("fw_nothing"))
    assert (other.status_code, "invalid_token" in other.headers["www-authenticate"]) == (401, True)
    assert program.get(listed).headers["www-authenticate"] == 'Bearer realm="fourweek"'
    assert program.get("/account/tokens", headers=_headers(token)).status_code == 303

    act = shown.split('action="/account/tokens/')[1].split('"')[0]
    assert alice.submit(page, f"/account/tokens/{act}").status_code == 303
    assert program.get(listed, headers=_headers(token)).status_code == 401
