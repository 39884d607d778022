"""Who may come to a route: declared beside it, in a few words that add up.

A declaration decides nothing: what somebody may touch is decided where it is fetched. It says beforehand what the
outcome will be, so that a page of the documentation can list it and a test can compare every route with the truth. Only
whether somebody has to be signed in is asked by it, at the edge.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

from fourweek.accounts.access import Permission
from fourweek.light import dataclass

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class Who(Enum):
    """People a route is for who need no role for it; the values are the words of the documentation."""

    EVERYBODY = "everybody"
    BY_ADDRESS = "whoever has its address"
    SIGNED_IN = "everybody who is signed in"
    OFFERED = "everybody who is signed in and to whom it is offered"
    OWNER = "whose it is"
    ENROLLED = "the learners of the cohort"


class Reach(Enum):
    """For what a permission must be held. What is wider holds too: a role for a course is one for its cohorts.

    HERE is what the address or the form names: a cohort, a course, or the institution. SECTION is enough where it is
    about one learner or their work, PART where it is the same for all sections.
    """

    HERE = "there"
    SECTION = "for the learner's section"
    PART = "for a section there"
    COURSE = "for its course"
    ANYWHERE = "anywhere"
    EVERYWHERE = "for the institution"


@dataclass(frozen=True, slots=True)
class Right:
    permission: Permission
    reach: Reach


@dataclass(frozen=True, slots=True)
class Access:
    """A route's declared access, and the decorator that declares it. `own | allowed(…)` is for either of them."""

    who: frozenset[Who] = frozenset()
    rights: frozenset[Right] = frozenset()

    def __or__(self, other: "Access") -> "Access":
        return Access(self.who | other.who, self.rights | other.rights)

    def __call__(self, endpoint: Endpoint) -> Endpoint:
        endpoint.access = self  # type: ignore[attr-defined]
        return endpoint

    @property
    def for_guests(self) -> bool:
        """Whether one may come without signing in."""
        return not self.who.isdisjoint({Who.EVERYBODY, Who.BY_ADDRESS})


def access_of(endpoint: object) -> Access | None:
    """What was declared beside an endpoint; None where nothing was."""
    found = getattr(endpoint, "access", None)
    return found if isinstance(found, Access) else None


def _held(reach: Reach, permissions: tuple[Permission, ...]) -> Access:
    return Access(rights=frozenset(Right(permission, reach) for permission in permissions))


def allowed(*permissions: Permission) -> Access:
    """Whoever has one of these permissions for what the address names: its cohort, its course or the institution."""
    return _held(Reach.HERE, permissions)


def allowed_in_section(*permissions: Permission) -> Access:
    """The same for what is about one learner: one of these permissions for their section is enough."""
    return _held(Reach.SECTION, permissions)


def allowed_in_part(*permissions: Permission) -> Access:
    """The same for what all sections share, and for lists of which one sees one's own sections."""
    return _held(Reach.PART, permissions)


def allowed_for_course(*permissions: Permission) -> Access:
    """Whoever has one of these permissions for the course, and not for the cohort alone."""
    return _held(Reach.COURSE, permissions)


def allowed_anywhere(*permissions: Permission) -> Access:
    """Whoever has one of these permissions for anything; they see what they have it for."""
    return _held(Reach.ANYWHERE, permissions)


def allowed_everywhere(*permissions: Permission) -> Access:
    """Whoever has one of these permissions for the whole institution."""
    return _held(Reach.EVERYWHERE, permissions)


public = Access(frozenset({Who.EVERYBODY}))
by_address = Access(frozenset({Who.BY_ADDRESS}))
"""The address holds a secret, and whoever was given it may come."""
signed_in = Access(frozenset({Who.SIGNED_IN}))
"""For pages without an object in their address: what one sees there is one's own."""
offered = Access(frozenset({Who.OFFERED}))
"""For what is handed to whoever fits, such as a cohort that takes learners."""
own = Access(frozenset({Who.OWNER}))
enrolled = Access(frozenset({Who.ENROLLED}))
member = enrolled | allowed_in_part(
    Permission.GRADE, Permission.RUN_COHORT, Permission.PUBLISH_COURSE, Permission.TEACH
)
"""The learners of the cohort and those who serve it (`courses.learning.access.SERVES`)."""
