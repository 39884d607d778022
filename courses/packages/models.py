"""What a course package says, once read: frozen values, no database."""

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import date
from enum import StrEnum

from courses.catalogue.models import LessonKind
from courses.packages.lines import TomlLines
from fourweek.light import dataclass


class Severity(StrEnum):
    """An error forbids publishing; a warning is shown and may be accepted."""

    ERROR = "error"
    WARNING = "warning"


class ActivityKind(StrEnum):
    LESSON = "lesson"
    EXERCISE = "exercise"
    ASSIGNMENT = "assignment"
    ASSESSMENT = "assessment"
    LIVE = "live"
    READING = "reading"
    MONITORED_READING = "monitored-reading"
    BREAK = "break"
    MEAL = "meal"
    REGISTRATION = "registration"
    PROMOTION = "promotion"
    OTHER = "other"


class CreditEvent(StrEnum):
    """What credit is rounded once for: the whole course, or each of its modules."""

    COURSE = "course"
    MODULES = "modules"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; `line` counts from 1, None where the whole file is meant."""

    file: str
    line: int | None
    message: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.severity}: {self.message}"


def has_errors(problems: list[Problem]) -> bool:
    """Whether anything here forbids publishing."""
    return any(problem.severity is Severity.ERROR for problem in problems)


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the table of contents; `level` is 2 to 6, `anchor` the id without #."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """A Markdown file rendered and sanitised; `text` is its plain text, for search and word counts."""

    file: str
    html: str
    text: str
    toc: tuple[Heading, ...]
    file_paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """A figure or download; `path` is relative to the source, `sha256` in lower-case hex."""

    path: str
    media_type: str
    size: int
    sha256: str
    read: Callable[[], bytes] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ParsedAuthor:
    name: str
    background: str


@dataclass(frozen=True, slots=True)
class ParsedAlignment:
    """A skill of a framework from outside, by the framework's key and the skill's code; "" where nothing is said."""

    framework: str
    code: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class ParsedCompetency:
    """`align` are the outside skills it is an instance of; None where the package says nothing of them."""

    key: str
    title: str
    description: str
    align: tuple[ParsedAlignment, ...] | None = None


@dataclass(frozen=True, slots=True)
class ParsedAchievement:
    """What the badge says; `criteria` as written (Markdown), `criteria_html` rendered.

    `icon` and `picture` are not understood here: `assessments` reads them. `path` is where the table stands in the
    `file`, for `lines`. The badge holds for `valid_months`, 0 for ever.
    """

    name: str
    description: str
    criteria: str
    criteria_html: str
    icon: str
    picture: ParsedFile | None
    valid_months: int
    file: str
    path: tuple[str | int, ...]
    lines: TomlLines


@dataclass(frozen=True, slots=True)
class ParsedPilot:
    """How long `learners` people took in a trial: the median of their minutes, and when it was."""

    learners: int
    median_minutes: int
    on: date


@dataclass(frozen=True, slots=True)
class ParsedActivity:
    """The truth for credit: whole minutes. `category` is "" for that of the course."""

    title: str
    kind: ActivityKind
    minutes: int
    countable: bool
    category: str = ""
    pilot: ParsedPilot | None = None


@dataclass(frozen=True, slots=True)
class ParsedCredit:
    """What the course gives. `types` beside the CEU are not understood here: `assessments` checks them.

    `path` is where the table stands in the `file`, for `lines`.
    """

    category: str
    basis: str
    event: CreditEvent
    types: tuple[str, ...]
    path: tuple[str | int, ...]
    lines: TomlLines
    file: str


@dataclass(frozen=True, slots=True)
class ParsedLesson:
    """A page of a module; `minutes` is an estimate for planning and feeds no credit."""

    slug: str
    title: str
    kind: LessonKind
    minutes: int | None
    html: str
    text: str
    toc: tuple[Heading, ...]
    file: str


@dataclass(frozen=True, slots=True)
class RawAssignment:
    """An assignment's table, not understood here: `assessments` parses it.

    `path` is where the table stands in the document, for `lines`; `page` is its rendered instructions,
    None where they could not be read; `competencies` are the keys that the course declares.
    """

    table: Mapping[str, object]
    path: tuple[str | int, ...]
    file: str
    lines: TomlLines
    module_number: int
    number: int
    page: ParsedPage | None
    competencies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParsedModule:
    """A week; `files` are those that its lessons and assignments refer to, released with it."""

    number: int
    title: str
    summary: str
    activities: tuple[ParsedActivity, ...]
    lessons: tuple[ParsedLesson, ...]
    assignments: tuple[RawAssignment, ...]
    files: tuple[ParsedFile, ...]

    @property
    def counted_minutes(self) -> int:
        return sum(activity.minutes for activity in self.activities if activity.countable)

    def counted_by_category(self, category: str) -> dict[str, int]:
        """The counted minutes of each category; an activity that names none is of the given one."""
        found: dict[str, int] = {}
        for activity in self.activities:
            if activity.countable:
                own = activity.category or category
                found[own] = found.get(own, 0) + activity.minutes
        return found


@dataclass(frozen=True, slots=True)
class ParsedCourse:
    """A whole package; `description_files` are public with the course page, `attribution_html` is inline.

    `partner` and `price` are shown as they are written, "" where nothing is said.

    `package_sha256` is one digest of the manifest and every page and file used: the same content, the same digest.
    """

    code: str
    title: str
    summary: str
    language: str
    version: str
    licence: str
    partner: str
    price: str
    attribution: str
    attribution_html: str
    skills: tuple[str, ...]
    authors: tuple[ParsedAuthor, ...]
    description_html: str
    description_text: str
    description_files: tuple[ParsedFile, ...]
    achievement: ParsedAchievement
    credit: ParsedCredit
    competencies: tuple[ParsedCompetency, ...]
    modules: tuple[ParsedModule, ...]
    package_sha256: str

    @property
    def counted_minutes(self) -> int:
        return sum(module.counted_minutes for module in self.modules)
