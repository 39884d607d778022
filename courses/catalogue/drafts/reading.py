"""Reading an uploaded package outside of any transaction, once per digest, language and process."""

import shutil
from contextlib import suppress
from dataclasses import field
from pathlib import Path

import anyio
import anyio.to_thread
from fastapi import Request

from courses.coursework import CheckPreview, Coursework, PreparedWork, PublicAssignment, coursework
from courses.packages import ParsedCourse, Problem, has_errors, read_package
from courses.packages.archives import MANIFEST, ArchiveRefusedError, open_archive
from courses.packages.manifest import load_toml
from fourweek.edge import house
from fourweek.keeping import Bounded
from fourweek.language import _, spoken
from fourweek.light import dataclass
from fourweek.storage import LocalStore, Store

MOST_KEPT = 8
READERS = anyio.CapacityLimiter(2)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a package says and everything that is wrong with it. `course` is None where it cannot be read at all."""

    course: ParsedCourse | None
    problems: tuple[Problem, ...]
    work: PreparedWork | None = None

    @property
    def assignments(self) -> tuple[PublicAssignment, ...]:
        return self.work.public if self.work else ()

    def checks(self, assignment_key: str) -> tuple[CheckPreview, ...]:
        """The knowledge checks of an assignment, with their answers."""
        return tuple(one for one in self.work.checks if one.assignment_key == assignment_key) if self.work else ()

    @property
    def publishable(self) -> bool:
        return self.course is not None and not has_errors(list(self.problems))


@dataclass(slots=True)
class Readings:
    """The last few packages read, by digest and by the language that says what is wrong with them.

    `folder` holds a name that ends in .zip for each of them.
    """

    store: Store
    coursework: Coursework
    folder: Path
    _kept: Bounded[tuple[str, str], Reading] = field(default_factory=lambda: Bounded(MOST_KEPT))

    async def read_aside(self, sha256: str) -> Reading:
        """`read` in a thread, two at a time."""
        return await anyio.to_thread.run_sync(self.read, sha256, limiter=READERS)

    def read(self, sha256: str) -> Reading:
        """Read a package that is in the store, or remember it."""
        here = (sha256, spoken())
        return self._kept.get(here) or self._kept.put(here, self._read(sha256))

    def _read(self, sha256: str) -> Reading:
        course, problems = read_package(self._named(sha256))
        if course is None:
            return Reading(None, tuple(problems))
        work = self.coursework.prepare(course)
        return Reading(course, (*problems, *work.problems), work)

    def _named(self, sha256: str) -> Path:
        """A path by which the package can be opened as a zip, now and when its files are kept: a link, or a copy."""
        target = self.folder / sha256 / "package.zip"
        if target.exists():
            return target
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileExistsError):
            if isinstance(self.store, LocalStore):
                target.symlink_to(self.store.place(sha256).resolve())
            else:
                self._copy(sha256, target)
        return target

    def _copy(self, sha256: str, target: Path) -> None:
        spooled = self.store.new_spool()
        with self.store.open(sha256) as source, spooled.open("xb") as copy:
            shutil.copyfileobj(source, copy)
        spooled.rename(target)


def opening_problems(path: Path, name: str) -> tuple[Problem, ...]:
    """Why the zip at `path`, called `name` by its sender, cannot be opened at all; empty where it can."""
    try:
        table, document = load_toml(MANIFEST, open_archive(path).read(MANIFEST))
    except ArchiveRefusedError as refused:
        return tuple(Problem(name, None, reason) for reason in refused.reasons)
    except OSError as error:
        return (Problem(name, None, _("This cannot be read: {error}", error=error)),)
    return () if table is not None else tuple(document.problems)


def readings(request: Request) -> Readings:
    """This process's readings."""
    state = request.app.state
    if not hasattr(state, "package_readings"):
        ours = house(request)
        state.package_readings = Readings(ours.store, coursework(request), ours.settings.home / "packages")
    found: Readings = state.package_readings
    return found
