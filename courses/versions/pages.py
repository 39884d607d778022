"""What the pages of a cohort's version show."""

from courses.paging import Pager
from courses.schedule.words import Said
from courses.versions.rules import ModuleChange
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version that is newer than the cohort's."""

    id: str
    version: str
    is_minor: bool
    published: Said
    summary: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MovePreview:
    """What a major version changes. `counts` are (what, how many learners), `people` one page of those concerned."""

    id: str
    version: str
    changes: tuple[ModuleChange, ...]
    learners: int
    counts: tuple[tuple[str, str], ...]
    people: tuple[PersonLine, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class CohortVersionPage:
    """The version a cohort is on, those that are newer, and the one that was asked to be looked at."""

    cohort_id: str
    cohort_name: str
    course_title: str
    version_id: str
    version: str
    newer: tuple[VersionLine, ...]
    preview: MovePreview | None = None
    error: str = ""
