"""What a version consists of, without bodies. A version is frozen, so its outline is read once and kept.

An outline holds lesson titles: whoever shows one has asked `courses.learning.access` first, module by module.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Integer, Row, String, bindparam, cast, literal, null, select, union_all

from courses.catalogue.models import Activity, Lesson, LessonKind
from courses.cohorts.queries import MODULE
from courses.progress.queries import Stop
from fourweek.database import table
from fourweek.keeping import Bounded
from fourweek.light import dataclass

ACTIVITY, LESSON = table(Activity), table(Lesson)


@dataclass(frozen=True, slots=True)
class LessonLine:
    """A lesson's line in a list; `minutes` is an estimate, None where none was given."""

    id: str
    slug: str
    title: str
    minutes: int | None


@dataclass(frozen=True, slots=True)
class ActivityLine:
    title: str
    kind: str
    minutes: int
    countable: bool


@dataclass(frozen=True, slots=True)
class ModuleOutline:
    """A module; number, title and summary are public, the rest is not before its release."""

    number: int
    title: str
    summary: str
    counted_minutes: int
    lessons: tuple[LessonLine, ...]
    references: tuple[LessonLine, ...]
    activities: tuple[ActivityLine, ...]

    def lesson(self, slug: str) -> LessonLine | None:
        """The lesson or reference page with this slug."""
        return next((line for line in (*self.lessons, *self.references) if line.slug == slug), None)

    def first_unread(self, reads: frozenset[str]) -> LessonLine | None:
        """Where somebody who has read these lessons goes on."""
        return next((line for line in self.lessons if line.id not in reads), None)

    def count_read(self, reads: frozenset[str]) -> int:
        return sum(line.id in reads for line in self.lessons)


Outline = tuple[ModuleOutline, ...]


def stopped_in(
    modules: Iterable[ModuleOutline], read: frozenset[str], stop: Stop | None
) -> tuple[int, str, str] | None:
    """(module number, title, address below the module) of the lesson in which reading stopped.

    None once it was read to its end, and where it is in none of these modules: the reader may open all of them.
    """
    if stop is None or stop.lesson_id in read:
        return None
    for module in modules:
        line = next((one for one in (*module.lessons, *module.references) if one.id == stop.lesson_id), None)
        if line:
            return module.number, line.title, f"lessons/{line.slug}" + (f"#{stop.heading}" if stop.heading else "")
    return None


NO_NUMBER = cast(null(), Integer)
_MODULES = select(
    MODULE.c.version_id,
    MODULE.c.number,
    literal(0, Integer).label("part"),
    literal(0, Integer).label("position"),
    MODULE.c.title,
    MODULE.c.summary.label("words"),
    literal("", String).label("kind"),
    MODULE.c.counted_minutes.label("minutes"),
    NO_NUMBER.label("countable"),
    null().label("id"),
).where(MODULE.c.version_id.in_(bindparam("versions", expanding=True)))
_LESSONS = (
    select(
        MODULE.c.version_id,
        MODULE.c.number,
        literal(1, Integer),
        LESSON.c.position,
        LESSON.c.title,
        LESSON.c.slug,
        cast(LESSON.c.kind, String),
        LESSON.c.minutes,
        NO_NUMBER,
        LESSON.c.id,
    )
    .join(LESSON, LESSON.c.module_id == MODULE.c.id)
    .where(MODULE.c.version_id.in_(bindparam("versions", expanding=True)))
)
_ACTIVITIES = (
    select(
        MODULE.c.version_id,
        MODULE.c.number,
        literal(2, Integer),
        ACTIVITY.c.position,
        ACTIVITY.c.title,
        literal("", String),
        ACTIVITY.c.kind,
        ACTIVITY.c.minutes,
        cast(ACTIVITY.c.countable, Integer),
        null(),
    )
    .join(ACTIVITY, ACTIVITY.c.module_id == MODULE.c.id)
    .where(MODULE.c.version_id.in_(bindparam("versions", expanding=True)))
)
VERSIONS_KEPT = 64
_PARTS = union_all(_MODULES, _LESSONS, _ACTIVITIES).order_by("version_id", "number", "part", "position")

_kept: Bounded[str, Outline] = Bounded(VERSIONS_KEPT)


def outline(conn: Connection, version_id: str) -> Outline:
    """The outline of one version; at most one statement, none once it is kept."""
    return outlines(conn, {version_id})[version_id]


def outlines(conn: Connection, version_ids: Iterable[str]) -> dict[str, Outline]:
    """The outlines of several versions; at most one statement."""
    wanted = set(version_ids)
    known = {version: kept for version in wanted if (kept := _kept.get(version)) is not None}
    missing = wanted - known.keys()
    if not missing:
        return known
    rows: dict[str, list[Row[Any]]] = {version: [] for version in missing}
    for row in conn.execute(_PARTS, {"versions": sorted(missing)}):
        rows[row.version_id].append(row)
    return known | {version: _kept.put(version, _outline(found)) for version, found in rows.items()}


def _outline(rows: list[Row[Any]]) -> Outline:
    parts: dict[tuple[int, int], list[Row[Any]]] = {}
    for row in rows:
        parts.setdefault((row.number, row.part), []).append(row)
    return tuple(
        _module(row, parts.get((row.number, 1), []), parts.get((row.number, 2), [])) for row in rows if row.part == 0
    )


def _module(module: Row[Any], pages: list[Row[Any]], activities: list[Row[Any]]) -> ModuleOutline:
    return ModuleOutline(
        number=module.number,
        title=module.title,
        summary=module.words,
        counted_minutes=module.minutes,
        lessons=_lines(pages, LessonKind.LESSON),
        references=_lines(pages, LessonKind.REFERENCE),
        activities=tuple(ActivityLine(row.title, row.kind, row.minutes, bool(row.countable)) for row in activities),
    )


def _lines(pages: list[Row[Any]], kind: LessonKind) -> tuple[LessonLine, ...]:
    return tuple(LessonLine(row.id, row.words, row.title, row.minutes) for row in pages if row.kind == kind.value)
