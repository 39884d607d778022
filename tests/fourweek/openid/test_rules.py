"""What is taken from a token, who is linked to whom, and which roles follow."""

from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import Connection, select, update

from fourweek.accounts.access import GRANT, PERSON
from fourweek.accounts.models import GrantSource, Role, ScopeKind
from fourweek.accounts.openid import service
from fourweek.accounts.openid.errors import Distrusted, LinkFirst
from fourweek.accounts.openid.rules import Asked, Claims, meant, read_claims, read_roles
from fourweek.accounts.openid.service import IDENTITY
from fourweek.accounts.roles import RoleIn
from fourweek.accounts.service import EMAIL, primary_address
from fourweek.clock import real_time
from fourweek.errors import Conflict
from fourweek.settings import Settings
from tests.factories import person, visitor, with_role

SITE = "https://provider.example"


def _claims(address: str = "", said: frozenset[str] | None = None, subject: str = "a-1") -> Claims:
    return Claims(SITE, subject, "Amara Obi", address, said)


@pytest.mark.parametrize(
    ("found", "address", "said"),
    [
        ({"email": "A@b.example", "email_verified": True, "groups": ["x", 7]}, "a@b.example", {"x"}),
        ({"email": "a@b.example", "email_verified": "true", "groups": "x"}, "", {"x"}),
        ({"email": "a@b.example"}, "", set()),
        ({"email": ["a@b.example"], "email_verified": True, "groups": {"x": 1}}, "", set()),
    ],
)
def test_claims_are_read_with_care(found: dict[str, Any], address: str, said: set[str] | None) -> None:
    claims = read_claims(SITE, {"sub": "a-1", **found}, "groups")
    assert (claims.address, claims.said) == (address, said)


@pytest.mark.parametrize("subject", [None, "", 7, "x" * 256, "a\x00", "a\ud800"])
def test_a_subject_is_a_text_of_some_length(subject: object) -> None:
    with pytest.raises(ValueError, match="no subject"):
        read_claims(SITE, {"sub": subject}, "")


def test_roles_follow_from_a_claim_that_may_lie_inside_others() -> None:
    roles = read_roles({"g": "grader:cohort:01ABC", "r": "registrar"})
    claims = read_claims(SITE, {"sub": "a", "realm_access": {"roles": ["g", "other"]}}, "realm_access.roles")
    assert claims.said is not None
    assert meant(claims.said, roles) == {RoleIn(Role.GRADER, ScopeKind.COHORT, "01ABC")}


@pytest.mark.parametrize(
    "wrong",
    [
        {"oidc_issuer": "http://provider.example", "oidc_client_id": "x"},
        {"oidc_issuer": "http://localhost.evil.example", "oidc_client_id": "x"},
        {"oidc_issuer": SITE},
        {"oidc_issuer": SITE, "oidc_client_id": "x", "oidc_role_claim": "g", "oidc_roles": {"x": "king"}},
        {"oidc_issuer": SITE, "oidc_client_id": "x", "oidc_role_claim": "g", "oidc_roles": {"x": "grader:cohort"}},
        {"oidc_issuer": SITE, "oidc_client_id": "x", "oidc_roles": {"x": "grader"}},
    ],
)
def test_settings_that_cannot_be_right_stop_the_start(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings(**wrong)


def _arrive(conn: Connection, claims: Claims, *, sign_up: bool = False) -> str:
    return service.arrive(conn, visitor(at=real_time()), claims, {"g": RoleIn(Role.GRADER)}, sign_up=sign_up)


def test_the_same_verified_address_links_only_whom_nothing_of_worth_is_open_to(conn: Connection) -> None:
    alice, greta = person(conn), with_role(conn, Role.GRADER)
    address = primary_address(conn, alice) or ""
    assert _arrive(conn, _claims(address)) == alice
    assert _arrive(conn, _claims("another@example.org")) == alice  # the identity counts from now on
    with pytest.raises(LinkFirst):
        _arrive(conn, _claims(primary_address(conn, greta) or "", subject="g-1"))
    bob = person(conn, "Bob")
    conn.execute(update(EMAIL).where(EMAIL.c.person_id == bob).values(verified_at=None))
    for sign_up in (False, True):
        with pytest.raises(LinkFirst):
            _arrive(conn, _claims(primary_address(conn, bob) or "", subject="b-1"), sign_up=sign_up)


def test_another_subject_with_the_same_address_is_somebody_else(conn: Connection) -> None:
    """Providers give an address on to the next who is called so: the account stays with whom it was linked to."""
    address = primary_address(conn, alice := person(conn)) or ""
    assert _arrive(conn, _claims(address)) == alice
    for sign_up in (False, True):
        with pytest.raises(LinkFirst):
            _arrive(conn, _claims(address, subject="a-2"), sign_up=sign_up)


def test_whoever_was_quicker_has_the_identity_and_its_roles(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two link it at once: the slower one had seen it free."""
    alice, bob, roles = person(conn), person(conn, "Bob"), {"g": RoleIn(Role.GRADER)}
    service.link(conn, visitor(alice, real_time()), _claims(), {}, alice)
    seen = service._KNOWN
    monkeypatch.setattr(service, "_KNOWN", seen.where(IDENTITY.c.person_id == bob))
    with pytest.raises(Conflict):
        service.link(conn, visitor(bob, real_time()), _claims(said=frozenset({"g"})), roles, bob)
    assert not conn.execute(select(GRANT.c.id).where(GRANT.c.person_id == bob)).all()


@pytest.mark.parametrize("name", ["x" * 201, "A\x00b", "A\ud800b"])
def test_a_name_that_no_account_can_have_is_said_so(name: str, conn: Connection) -> None:
    claims = read_claims(SITE, {"sub": "a", "name": name, "email": "new@example.org", "email_verified": True}, "")
    try:
        made = _arrive(conn, claims, sign_up=True)
    except Distrusted:
        return
    kept = conn.execute(select(PERSON.c.legal_name).where(PERSON.c.id == made)).scalar_one()
    assert (len(kept) <= 200, kept.isprintable()) == (True, True)


def test_nobody_new_gets_an_account_unless_that_is_set(conn: Connection) -> None:
    with pytest.raises(LinkFirst):
        _arrive(conn, _claims("new@example.org"))
    with pytest.raises(Distrusted):
        _arrive(conn, _claims(""), sign_up=True)
    made = _arrive(conn, _claims("new@example.org"), sign_up=True)
    assert primary_address(conn, made) == "new@example.org"


def test_who_is_disabled_stays_outside(conn: Connection) -> None:
    alice = _arrive(conn, _claims("new@example.org"), sign_up=True)
    conn.execute(update(PERSON).where(PERSON.c.id == alice).values(disabled_at=real_time()))
    with pytest.raises(Distrusted):
        _arrive(conn, _claims("new@example.org"), sign_up=True)


def test_what_was_given_by_hand_is_never_taken_by_the_provider(conn: Connection) -> None:
    greta = with_role(conn, Role.GRADER)
    me = visitor(greta, real_time())
    roles = {"g": RoleIn(Role.GRADER), "l": RoleIn(Role.LEAD), "x": RoleIn(Role.GRADER, ScopeKind.COHORT, "none")}
    service.link(conn, me, _claims(said=frozenset({"g", "l", "x"})), roles, greta)
    held = select(GRANT.c.role, GRANT.c.source).where(GRANT.c.person_id == greta)
    given = {(Role.GRADER, GrantSource.HAND), (Role.LEAD, GrantSource.PROVIDER)}
    assert {tuple(row) for row in conn.execute(held)} == given  # one for a cohort that is not there is passed over
    service.follow(conn, greta, _claims(said=frozenset()), roles, real_time())
    assert {tuple(row) for row in conn.execute(held)} == {(Role.GRADER, GrantSource.HAND)}


def test_an_identity_has_one_owner_who_asked_for_it(conn: Connection) -> None:
    alice, bob = person(conn), person(conn, "Bob")
    service.link(conn, visitor(alice, real_time()), _claims(), {}, alice)
    with pytest.raises(Conflict):
        service.link(conn, visitor(bob, real_time()), _claims(), {}, bob)
    with pytest.raises(Conflict):
        service.link(conn, visitor(bob, real_time()), _claims(subject="b-1"), {}, alice)
    mine = service.my_identities(conn, visitor(alice, real_time()))[0]
    with pytest.raises(Conflict):  # without a password nobody could come back
        service.unlink(conn, visitor(alice, real_time()), mine.id)


def test_a_request_is_taken_up_once_in_time_and_by_its_browser(conn: Connection) -> None:
    now = real_time()
    asked = Asked("https://x", "state", "nonce", "verifier")
    service.begin(conn, visitor(at=now), asked, "browser", "/home", link=False)
    assert service.take_up(conn, visitor(at=now), "state", "another") is None
    assert service.take_up(conn, visitor(at=now), "state", None) is None
    assert service.take_up(conn, visitor(at=now + service.LASTS), "state", "browser") is None
    assert service.clear_ended(conn, now) == 0
    found = service.take_up(conn, visitor(at=now), "state", "browser")
    assert found == service.Waited("nonce", "verifier", "/home", None)
    assert service.take_up(conn, visitor(at=now), "state", "browser") is None
    service.begin(conn, visitor(at=now), asked, "browser", "/home", link=False)
    assert service.clear_ended(conn, now + service.LASTS) == 1
