"""What the public pages of the catalogue show."""

from courses.catalogue.filters import Filters
from courses.coursework import PublicAssignment
from courses.paging import Pager
from courses.schedule.words import Said
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class CourseLine:
    """One course of the list; `time` says weeks and counted time in words.

    `starts` is when the next cohort that takes people starts, None with `has_start` where everybody starts at once.
    """

    code: str
    title: str
    summary: str
    time: str
    partner: str
    price: str
    has_start: bool
    starts: Said | None


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """`chosen` are (what is looked for, the address without it), the options (value, label)."""

    filters: Filters
    chosen: tuple[tuple[str, str], ...]
    courses: tuple[CourseLine, ...]
    found: int
    skills: tuple[tuple[str, str], ...]
    partners: tuple[tuple[str, str], ...]
    starts: tuple[tuple[str, str], ...]
    sorts: tuple[tuple[str, str], ...]
    pager: Pager

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """(id of the field, what is wrong with what was typed there)."""
        return tuple((f"field-{name}", words) for name, words in self.filters.errors.items())


@dataclass(frozen=True, slots=True)
class Week:
    """What is public of a module from the start: never its lessons, nor their titles."""

    number: int
    title: str
    summary: str
    time: str
    assignments: tuple[PublicAssignment, ...]


@dataclass(frozen=True, slots=True)
class Badge:
    """What the course's badge will say; `criteria_html` was sanitised at publish.

    `holds` is such as "3 years", "" for a badge that does not end.
    """

    name: str
    description: str
    criteria_html: str
    holds: str


@dataclass(frozen=True, slots=True)
class CohortLine:
    """A cohort one may enrol in. `enrolled`: one has a place. Otherwise `action` is what can be done for one,
    `obstacle` says why nothing can, and `standing` what was done so far, such as "You are on the waiting list"."""

    id: str
    name: str
    starts: Said
    has_started: bool
    ends: Said | None
    delivery: str
    instructor: str
    places: str
    window: str
    enrolled: bool
    obstacle: str
    action: str
    standing: str


@dataclass(frozen=True, slots=True)
class Credit:
    """What the course gives and how its time is known, in words.

    `subjects` are such as "Ethics 1 hour"; `pilots` are (activity, what its trial showed).
    """

    types: tuple[str, ...]
    event: str
    subjects: tuple[str, ...]
    basis: str
    pilots: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CoursePage:
    """`series` are (code, title), `instructors` of the cohorts to come and `authors` (name, background)."""

    code: str
    title: str
    summary: str
    description_html: str
    language: str
    licence: str
    attribution_html: str
    version: str
    partner: str
    price: str
    skills: tuple[str, ...]
    series: tuple[tuple[str, str], ...]
    instructors: tuple[tuple[str, str], ...]
    authors: tuple[tuple[str, str], ...]
    badge: Badge
    weeks: tuple[Week, ...]
    time: str
    credit: Credit
    signed_in: bool
    cohorts: tuple[CohortLine, ...]
    pager: Pager
