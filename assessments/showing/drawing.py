"""Derived copies are drawn by a child process, few at a time, outside of the loop and of every transaction."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import structlog

from assessments.cleaning.kinds import Clean
from assessments.showing import limits
from assessments.showing.derived import Copy, Derived
from assessments.showing.kinds import Way
from fourweek.errors import Busy
from fourweek.keeping import Bounded
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.storage import Store

log = structlog.get_logger(__name__)
AT_ONCE, WAIT = 2, 15.0
"""Children of one process at once, and seconds that one waits for its turn."""
_DRAWERS: Mapping[Way | Clean, str] = {
    Way.PDF: "showing.pdf_pages",
    Way.PICTURE: "showing.pictures",
    Way.MARKDOWN: "showing.markdown",
    Clean.PICTURE: "cleaning.pictures",
    Clean.PDF: "cleaning.pdfs",
    Clean.OFFICE: "cleaning.office",
    Clean.FILM: "cleaning.films",
    Clean.MP3: "cleaning.mp3s",
    Clean.WAV: "cleaning.wavs",
    Clean.OGG: "cleaning.oggs",
    Clean.WEBM: "cleaning.webms",
    Clean.ARCHIVE: "cleaning.archives",
}
_PASSED_ON = ("SYSTEMROOT", "LD_LIBRARY_PATH")
# What a process could not draw, so that it is not tried again and again; another start of it tries once more.
_hopeless: Bounded[tuple[str, str], bool] = Bounded(1000)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A derived copy, and what its child said of it."""

    copy: Copy
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be drawn: of which file, in which way, and which page of it; `names` must not be in names of files."""

    sha256: str
    way: Way | Clean
    page: int = 1
    names: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        without = f"-{sha256(self.said_names).hexdigest()[:16]}" if self.names else ""
        return f"{self.way}-{self.page}{without}"

    @property
    def said_names(self) -> bytes:
        """As the child reads them."""
        return "\n".join(" ".join(name.split()) for name in self.names).encode()


async def drawn(derived: Derived, store: Store, wanted: Wanted) -> Drawn | None:
    """The copy, which is drawn where it is not there yet; None for what cannot be shown. Raises Busy, NotFound."""
    found = await anyio.to_thread.run_sync(_found, derived, wanted)
    if found is not None or _hopeless.get((wanted.sha256, wanted.name)):
        return found
    try:
        with anyio.fail_after(WAIT):
            return await anyio.to_thread.run_sync(draw_now, derived, store, wanted, limiter=_turns())
    except TimeoutError:
        raise Busy(_("Too many files are being made ready to be shown just now.")) from None


@cache
def _turns() -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(AT_ONCE)


def _found(derived: Derived, wanted: Wanted) -> Drawn | None:
    copy, about = derived.find(wanted.sha256, wanted.name), derived.find(wanted.sha256, f"{wanted.name}-about")
    if copy is None or about is None:
        return None
    try:
        return Drawn(copy, json.loads(about.read()))
    except FileNotFoundError:
        return None


def draw_now(derived: Derived, store: Store, wanted: Wanted) -> Drawn | None:
    """`drawn` for a thread that may block: a worker's, say. Raises NotFound for bytes that are not there."""
    if found := _found(derived, wanted):  # somebody else asked for it while this waited for its turn
        return found
    with store.borrow(wanted.sha256) as source, derived.room() as room:
        target = room / "drawn"
        said = said_by_child(_DRAWERS[wanted.way], source, target, wanted.page, wanted.said_names)
        if said is None:
            _hopeless.put((wanted.sha256, wanted.name), True)
            return None
        copy = derived.take(wanted.sha256, wanted.name, target, said["ending"])
    derived.keep(wanted.sha256, f"{wanted.name}-about", json.dumps(said).encode(), "json")
    return Drawn(copy, said)


def said_by_child(drawer: str, source: Path, target: Path, page: int = 1, names: bytes = b"") -> dict[str, Any] | None:
    """Let a child of its own draw `source` into `target`; what it said of it, None for what it could not draw. Slow."""
    module = [sys.executable, "-I", "-m", "assessments.showing.child", drawer]
    surroundings = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    try:
        child = subprocess.run(  # noqa: S603 our own program; the file's name is one of ours
            [*module, str(source), str(target), str(page)],
            env=surroundings,
            cwd=target.parent,
            input=names,
            capture_output=True,
            timeout=limits.SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        log.warning("file cannot be shown", drawer=drawer, file=source.name, reason="it took too long")
        return None
    if child.returncode:
        reason = child.stderr[-300:].decode(errors="replace").strip() or f"ended with {child.returncode}"
        log.warning("file cannot be shown", drawer=drawer, file=source.name, reason=reason)
        return None
    said: dict[str, Any] = json.loads(child.stdout)
    return said
