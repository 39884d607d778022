"""What a program may be allowed to do in a person's name, all in one place, and how a route asks for it."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from fourweek.language import N_

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class TokenScope(StrEnum):
    """Reading alone: nothing is ever changed by a token. None of them is worth more than its owner's own rights."""

    BADGES = "badges:read"
    CREDIT = "credit:read"
    COURSES = "courses:read"
    COHORTS = "cohorts:read"


WORDS = {
    TokenScope.BADGES: N_("My badges"),
    TokenScope.CREDIT: N_("My credit, line by line"),
    TokenScope.COURSES: N_("My courses and their dates"),
    TokenScope.COHORTS: N_("The cohorts that I serve, with how many learners they have"),
}


def by_token(scope: TokenScope) -> Callable[[Endpoint], Endpoint]:
    """Let a route be asked with a token that has the scope, beside a sign-in."""

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.token_scope = scope  # type: ignore[attr-defined]
        return endpoint

    return mark


def scope_of(endpoint: object) -> TokenScope | None:
    """The scope that an endpoint asks tokens for; None where no token is looked at."""
    found = getattr(endpoint, "token_scope", None)
    return found if isinstance(found, TokenScope) else None
