"""What roles are given for. The core knows no course, cohort or section: it asks whoever `app.py` says."""

from collections.abc import Collection, Mapping
from typing import Protocol

from sqlalchemy import Connection

from fourweek.accounts.models import Role, ScopeKind
from fourweek.light import dataclass

_ALL = frozenset(ScopeKind)
GIVEN_FOR: dict[Role, frozenset[ScopeKind]] = {
    Role.OPERATOR: frozenset({ScopeKind.INSTITUTION}),
    Role.REGISTRAR: frozenset({ScopeKind.INSTITUTION}),
    Role.AUTHOR: frozenset({ScopeKind.INSTITUTION, ScopeKind.COURSE}),
    Role.LEAD: _ALL,
    Role.GRADER: _ALL,
    Role.INSTRUCTOR: _ALL,
}
"""For which kinds of scope each role may be given. A learner is one by enrolment."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A course, cohort or section, in words that tell it from others of its kind."""

    id: str
    kind: ScopeKind
    words: str


class Scopes(Protocol):
    """What must be known of courses, cohorts and sections; each call is one statement at most for a kind."""

    def cohorts_of(self, conn: Connection, courses: Collection[str]) -> Mapping[str, Collection[str]]:
        """{course id: ids of all its cohorts}."""

    def cohorts_with(self, conn: Connection, sections: Collection[str]) -> Mapping[str, str]:
        """{section id: id of its cohort}."""

    def named(self, conn: Connection, ids: Collection[str]) -> Mapping[str, Scope]:
        """Those of the ids that are a course, a cohort or a section, by id."""

    def found(self, conn: Connection, kind: ScopeKind, typed: str, limit: int) -> list[Scope]:
        """Those of a kind that what was typed names, by id, code or part of a name; at most `limit`."""


class _Nothing:
    """Where nobody was named there is nothing a role could be given for beside the institution."""

    def cohorts_of(self, _conn: Connection, _courses: Collection[str]) -> Mapping[str, Collection[str]]:
        return {}

    def cohorts_with(self, _conn: Connection, _sections: Collection[str]) -> Mapping[str, str]:
        return {}

    def named(self, _conn: Connection, _ids: Collection[str]) -> Mapping[str, Scope]:
        return {}

    def found(self, _conn: Connection, _kind: ScopeKind, _typed: str, _limit: int) -> list[Scope]:
        return []


_asked: list[Scopes] = [_Nothing()]


def scopes() -> Scopes:
    """Whom the core asks."""
    return _asked[-1]


def ask_about_scopes(known: Scopes) -> None:
    """Name whom the core asks, once in a process."""
    _asked[:] = [known]
