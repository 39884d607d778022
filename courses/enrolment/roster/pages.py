"""What the pages of a cohort's people show to those who run it."""

from dataclasses import field

from courses.paging import Pager
from courses.schedule.words import Said
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody with a place. `when` says since or until when in words, `extended` such as "2 granted" or "",
    `done` such as "2 of 4"."""

    enrolment_id: str
    name: str
    address: str
    state: str
    tone: str
    section: str
    when: str
    extended: str
    done: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Filters:
    """What was chosen; "" means everything. `sections` and `states` are (value, label)."""

    search: str
    state: str
    section: str
    states: tuple[tuple[str, str], ...]
    sections: tuple[tuple[str, str], ...]

    @property
    def any(self) -> bool:
        return bool(self.search or self.state or self.section)


@dataclass(frozen=True, slots=True)
class RosterPage:
    """`asking`, `waiting` and `invited` count open requests. `is_whole`: not only of sections that the visitor runs."""

    cohort_id: str
    cohort_name: str
    course_title: str
    is_whole: bool
    places: str
    asking: int
    waiting: int
    invited: int
    filters: Filters
    found: int
    people: tuple[PersonLine, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class RequestLine:
    """An open request; `position` in line from 1, 0 for other kinds."""

    id: str
    name: str
    address: str
    section: str
    message: str
    made: Said
    position: int


@dataclass(frozen=True, slots=True)
class RequestsPage:
    """One kind of open requests. `tabs` are (kind, label with its count, is it this one)."""

    cohort_id: str
    cohort_name: str
    places: str
    kind: str
    tabs: tuple[tuple[str, str, bool], ...]
    lines: tuple[RequestLine, ...]
    pager: Pager
    ticked: frozenset[str] = frozenset()
    reason: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> tuple[tuple[str | None, str], ...]:
        return tuple((f"field-{name}" if name else None, words) for name, words in self.errors.items())


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An act upon somebody's place."""

    words: str
    by: str
    at: Said
    reason: str


@dataclass(frozen=True, slots=True)
class PlacePage:
    """One person's place. `may_withdraw`: it is active; `without_password`: the person cannot sign in yet.

    `is_whole`: the visitor runs the whole cohort.
    """

    cohort_id: str
    cohort_name: str
    enrolment_id: str
    is_whole: bool
    name: str
    address: str
    learner_number: str
    state: str
    tone: str
    section: str
    facts: tuple[tuple[str, Said], ...]
    may_withdraw: bool
    without_password: bool
    history: tuple[HistoryLine, ...]
    reason: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> tuple[tuple[str | None, str], ...]:
        return tuple((f"field-{name}" if name else None, words) for name, words in self.errors.items())
