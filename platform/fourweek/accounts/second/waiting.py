"""What somebody may do whose role asks for a second factor, before they have set one up."""

from collections.abc import Callable
from typing import Any, TypeVar

from fourweek.accounts.access import Visitor
from fourweek.accounts.declaring import access_of
from fourweek.errors import SecondFactorNeeded

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


def also_before(endpoint: Endpoint) -> Endpoint:
    """Mark a route that leads to a second factor, or out of here."""
    endpoint.before_second_factor = True  # type: ignore[attr-defined]
    return endpoint


def before_second_factor(visitor: Visitor, endpoint: object) -> Visitor:
    """Who such a visitor is at an endpoint: themselves on the way to a second factor, a guest where guests may come.

    Raises SecondFactorNeeded anywhere else.
    """
    if getattr(endpoint, "before_second_factor", False):
        return visitor
    declared = access_of(endpoint)
    if declared is None or not declared.for_guests:
        raise SecondFactorNeeded
    return Visitor(now=visitor.now)
