"""What the story is played on: the house, and what must be remembered from one act to the next."""

from collections.abc import Callable
from dataclasses import field, replace
from datetime import datetime

from assessments.badges.keys import KeyRing
from fourweek.accounts.access import SignedIn, Visitor
from fourweek.accounts.models import Role
from fourweek.clock import Now
from fourweek.edge import House
from fourweek.light import dataclass
from fourweek.outbox import Send


@dataclass(frozen=True, slots=True)
class Sent:
    """An attempt that was handed in; `marks` is what a form of the next attempt shows of each text slot."""

    submission_id: str
    rubric_id: str
    attempt: int
    work: str
    marks: dict[str, str]


@dataclass(frozen=True, slots=True)
class Document:
    """An issued transcript: its number and its verification code."""

    number: str
    code: str


@dataclass(slots=True)
class Stage:
    """Ids by the names that the story uses. `hashes` are of the passwords, `seen` when each did something last."""

    house: House
    ring: KeyRing
    send: Send
    hashes: dict[str, str]
    seen: dict[str, datetime] = field(default_factory=dict)
    people: dict[str, SignedIn] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    cohorts: dict[str, str] = field(default_factory=dict)
    sent: dict[tuple[str, int], list[Sent]] = field(default_factory=dict)
    documents: dict[str, list[Document]] = field(default_factory=dict)

    def visitor(self, key: str, at: datetime) -> Visitor:
        """The person `key` as a visitor at that instant."""
        self.seen[key] = at
        return Visitor(Now(real=at, school=at), self.people[key])

    def give(self, key: str, role: Role, scope_id: str) -> None:
        """Remember a role that was granted."""
        me = self.people[key]
        self.people[key] = replace(me, grants=me.grants | {(role, scope_id)})

    def newest(self, key: str, week: int) -> Sent:
        """The last attempt of a learner at the assignment of a week."""
        return self.sent[key, week][-1]


@dataclass(frozen=True, slots=True)
class Act:
    """Something that happens at an instant, by real services."""

    at: datetime
    play: Callable[[Stage, datetime], None]
