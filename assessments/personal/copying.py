"""The copy of everything about a person: one zip, written while it is sent, and never held in memory."""

import json
from contextlib import aclosing
from dataclasses import field
from hashlib import sha256
from typing import Any, Final

from assessments.evidence.names import clean_name
from assessments.exports.zipped import Archive, Content
from assessments.personal.areas import AREAS, Area
from assessments.personal.files import HeldFile, files_of
from assessments.personal.parts import BATCH, MINE, About, rows
from fourweek.edge import House
from fourweek.errors import Busy, NotFound
from fourweek.language import ENGLISH, N_, speaking
from fourweek.light import dataclass
from fourweek.scanning.waiting import stays_now
from fourweek.storage import PIECE
from fourweek.storage.aside import read_aside

README: Final = N_(
    "A copy of everything about you at {institution}\n\nMade on {day} (UTC) for learner number "
    "{number}.\n\ndata/    what is kept, in one JSON file for each area, each with what it is, how "
    "long it is kept and why\nfiles/   your files as they were handed in, your documents and your "
    "badges\nmanifest.json    every file of this copy with its size and SHA-256, and what is not in "
    'it\n\nInstants are UTC. Where somebody else did something, it says "somebody else".\nNot in this '
    "copy: secrets that open something, what others wrote, and notes that graders keep among "
    "themselves.\nWhat is decided about your work is here once it is posted to you.\n"
)


@dataclass(slots=True)
class Listed:
    """The manifest in the making."""

    files: list[dict[str, Any]] = field(default_factory=list)
    missing: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose copy, and what its README says."""

    about: About
    number: str
    day: str


async def copy_zip(house: House, wanted: Wanted) -> Content:
    """The archive, a piece at a time. What is not there is named in its manifest and breaks nothing."""
    archive, listed = Archive(), Listed()
    async with aclosing(_add(archive, listed, "README.txt", _once(_readme(house, wanted)))) as pieces:
        async for piece in pieces:
            yield piece
    for area in AREAS:
        async with aclosing(_add(archive, listed, f"data/{area.key}.json", _area(house, wanted, area))) as pieces:
            async for piece in pieces:
                yield piece
    number = 0
    while held := await house.db.read(files_of, wanted.about, number):
        for one in held:
            async with aclosing(_file(house, archive, listed, one)) as pieces:
                async for piece in pieces:
                    yield piece
        number += 1
    said = {"made_on": wanted.day, "learner_number": wanted.number, "files": listed.files, "not_here": listed.missing}
    async for piece in archive.add("manifest.json", 0, _once(_json(said))):
        yield piece
    yield archive.end()


def _readme(house: House, wanted: Wanted) -> bytes:
    title = house.settings.institution
    words = README.format(institution=title, day=wanted.day, number=wanted.number)
    return words.encode()


async def _once(data: bytes) -> Content:
    yield data


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


async def _area(house: House, wanted: Wanted, area: Area) -> Content:
    """One JSON object: what the area is, then each kind of rows, read some at a time."""
    with speaking(ENGLISH):
        told = {"title": area.title, "holds": area.holds, "kept": area.kept_for(house.settings), "why": area.why}
    yield _json(told)[:-2]
    for table in area.tables:
        if table not in MINE:
            continue
        yield f",\n {json.dumps(table)}: [".encode()
        number, first = 0, True
        while found := await house.db.read(rows, table, wanted.about, number):
            for row in found:
                yield ("\n  " if first else ",\n  ").encode() + json.dumps(row, ensure_ascii=False).encode()
                first = False
            if len(found) < BATCH:
                break
            number += 1
        yield b"]"
    yield b"\n}\n"


async def _file(house: House, archive: Archive, listed: Listed, one: HeldFile) -> Content:
    """A file of the store; where it is not to be had, the manifest says so."""
    path = f"files/{one.folder}/{one.id}-{clean_name(one.name)}"
    if held := await stays_now(house, one.sha256, one.verdict, mine=True):
        listed.missing.append({"path": path, "sha256": one.sha256, "why": held})
        return
    try:
        handle = await read_aside(house.store.open, one.sha256)
    except (NotFound, FileNotFoundError, Busy):
        listed.missing.append({"path": path, "sha256": one.sha256, "why": "it is not to be had just now"})
        return

    async def content() -> Content:
        try:
            while piece := await read_aside(handle.read, PIECE):
                yield piece
        finally:
            handle.close()

    async with aclosing(_add(archive, listed, path, content())) as pieces:
        async for piece in pieces:
            yield piece


async def _add(archive: Archive, listed: Listed, path: str, content: Content) -> Content:
    """A file of the archive, and its line in the manifest: size and digest of what was sent."""
    digest, size = sha256(), 0

    async def counted() -> Content:
        nonlocal size
        async with aclosing(content) as pieces:
            async for piece in pieces:
                digest.update(piece)
                size += len(piece)
                yield piece

    async with aclosing(archive.add(path, 0, counted())) as pieces:
        async for piece in pieces:
            yield piece
    listed.files.append({"path": path, "size": size, "sha256": digest.hexdigest()})
