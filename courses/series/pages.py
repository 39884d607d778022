"""What the pages of series show."""

from collections.abc import Mapping
from dataclasses import field

from courses.coursework import SeriesBadge
from courses.paging import Pager
from courses.series.forms import LONGEST_SUMMARY, SeriesForm
from courses.typed_markdown import LONGEST_TITLE, say_hint
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class SeriesLine:
    """One series of a list; `courses` such as "4 courses"."""

    code: str
    title: str
    summary: str
    courses: str
    is_public: bool


@dataclass(frozen=True, slots=True)
class SeriesListPage:
    series: tuple[SeriesLine, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class PartLine:
    """A course of a series at its place; `time` says weeks and counted time, `done` that the visitor completed it."""

    number: int
    code: str
    title: str
    summary: str
    time: str
    done: bool


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """A series as anybody sees it. `progress` says in words what the signed-in visitor has done, "" for guests; `badge`
    is what the series gives, if it does."""

    code: str
    title: str
    summary: str
    html: str
    courses: tuple[PartLine, ...]
    time: str
    progress: str
    is_public: bool
    badge: SeriesBadge | None


@dataclass(frozen=True, slots=True)
class SeriesFormPage:
    """A series being written. `code` is None while it is new, `others` are (code, title) of courses to add."""

    code: str | None
    typed: SeriesForm
    is_public: bool
    courses: tuple[PartLine, ...]
    others: tuple[tuple[str, str], ...]
    errors: Mapping[str, str]
    preview: str
    hint: str = field(default_factory=say_hint)
    longest_title: int = LONGEST_TITLE
    longest_summary: int = LONGEST_SUMMARY

    @property
    def summary(self) -> tuple[tuple[str | None, str], ...]:
        return tuple((f"field-{field}" if field else None, words) for field, words in self.errors.items())
