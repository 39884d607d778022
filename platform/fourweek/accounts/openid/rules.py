"""What a provider says of somebody, and which roles follow from it. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from fourweek.accounts.models import Role, ScopeKind
from fourweek.accounts.roles import RoleIn
from fourweek.light import dataclass

LONGEST: Final = 255
"""Characters of a subject (OpenID Connect Core, 2) and of anything else that is taken from a claim."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to the provider: where the browser goes, and what is kept of it until it is back."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Claims:
    """Somebody as the provider knows them. `address` is there only where the provider has verified it.

    `said` are the values of the claim that roles follow from, none where it was not sent; None where none is set.
    """

    issuer: str
    subject: str
    name: str = ""
    address: str = ""
    said: frozenset[str] | None = None


def read_claims(issuer: str, found: Mapping[str, Any], role_claim: str) -> Claims:
    """The part of a checked ID token that counts here. Raises ValueError for one without a usable subject."""
    subject = found.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST or not subject.isprintable():
        raise ValueError("no subject")
    verified = found.get("email_verified") is True
    return Claims(
        issuer=issuer,
        subject=subject,
        name=_text(found.get("name")),
        address=_text(found.get("email")).lower() if verified else "",
        said=_values(found, role_claim) if role_claim else None,
    )


def read_roles(said: Mapping[str, str]) -> dict[str, RoleIn]:
    """The setting: value of the claim → role, as `grader` or `grader:cohort:<id>`. Raises ValueError."""
    return {value: _role(words) for value, words in said.items()}


def meant(said: frozenset[str], roles: Mapping[str, RoleIn]) -> frozenset[RoleIn]:
    """The roles that follow from what the provider says."""
    return frozenset(role for value, role in roles.items() if value in said)


def _role(words: str) -> RoleIn:
    name, _, scope = words.partition(":")
    kind, _, scope_id = scope.partition(":")
    if scope and not scope_id:
        raise ValueError(f"{words}: a scope is written as cohort:ID, section:ID or course:ID")
    return RoleIn(Role(name), ScopeKind(kind) if scope else ScopeKind.INSTITUTION, scope_id)


def _text(value: object) -> str:
    """What no database keeps is as good as nothing."""
    text = value.strip() if isinstance(value, str) else ""
    return text if text.isprintable() and len(text) <= LONGEST else ""


def _values(found: Mapping[str, Any], claim: str) -> frozenset[str]:
    """Texts of a claim, which may lie inside others (`realm_access.roles`) and be one text or a list of them.

    Providers leave out a claim that would be empty: whoever has it no more is not to keep what it gave.
    """
    value: Any = found.get(claim)
    if value is None and "." in claim:
        value = found
        for part in claim.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
    listed = value if isinstance(value, list) else [value]
    return frozenset(one for one in listed if isinstance(one, str))
