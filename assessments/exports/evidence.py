"""Evidence of a cohort as a zip: a folder for each work, and a list of all that is there, and of what is missing."""

import json
from contextlib import aclosing
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from assessments.assignments.models import RequirementKind
from assessments.cleaning.copies import clean_copy
from assessments.evidence.names import clean_name
from assessments.exports.access import Exported
from assessments.exports.queries import Wanted, evidence_after
from assessments.exports.records import Record, cell, work_of
from assessments.exports.streams import about
from assessments.exports.zipped import Archive, Content
from assessments.identity.names import file_called, hides, names_of
from assessments.showing.derived import Derived
from fourweek.edge import House
from fourweek.errors import Busy, NotFound
from fourweek.files import StoredFile
from fourweek.light import dataclass
from fourweek.scanning.waiting import stays_now
from fourweek.spreadsheets import written, written_rows
from fourweek.storage import PIECE
from fourweek.storage.aside import read_aside

GONE, BUSY, BROKEN = "it is not in the store", "the store did not answer", "it broke off while it was read"
PURGED = "its period is over and its content is gone"
UNCLEAN = "it cannot be cleaned of what may name its author; open it on the grading page"
HEADS = (
    *("assignment", "learner", "receipt", "attempt", "handed_in", "submission", "rubric"),
    *("slot", "kind", "path", "name", "link", "media_type", "size", "sha256", "handed_in_sha256", "missing"),
)
IN_MEMORY = 1024 * 1024
_UNSAFE = str.maketrans(dict.fromkeys('/\\:*?"<>|', "-"))


@dataclass(slots=True)
class Opened:
    """The bytes of a piece of evidence, as they may be read: size, digest, and a handle or the bytes themselves."""

    size: int
    sha256: str
    handle: IO[bytes] | None = None
    data: bytes = b""


@dataclass(slots=True)
class Manifest:
    """The list, kept on the disk while it grows; both forms of it are the archive's last files."""

    rows: IO[bytes]
    lines: IO[bytes]
    count: int = 0

    def note(self, record: Record) -> None:
        self.rows.write(written_rows([[cell(record[name]) for name in HEADS]]))
        self.lines.write((",\n" if self.count else "\n").encode() + json.dumps(record, ensure_ascii=False).encode())
        self.count += 1


async def evidence_zip(house: House, wanted: Wanted, cohort: Exported) -> Content:
    """The archive, a piece at a time. What is not there is named in its manifest and breaks nothing."""
    archive = Archive()
    with SpooledTemporaryFile(IN_MEMORY) as rows, SpooledTemporaryFile(IN_MEMORY) as lines:
        manifest = Manifest(rows, lines)
        after, found = await house.db.read(evidence_after, wanted, "")
        while after:
            for row in found:
                async with aclosing(_packed(house, archive, manifest, row)) as packed:
                    async for piece in packed:
                        yield piece
            after, found = await house.db.read(evidence_after, wanted, after)
        async for piece in archive.add("manifest.csv", 0, _spooled(rows, written(HEADS, ()), b"")):
            yield piece
        async for piece in archive.add("manifest.json", 0, _spooled(lines, _opening(wanted, cohort), b"\n]}\n")):
            yield piece
        yield archive.end()


async def _packed(house: House, archive: Archive, manifest: Manifest, row: Any) -> Content:
    """One piece of evidence, and its line in the manifest."""
    path, name = path_of(row)
    record = {
        **work_of(row),
        "slot": row.slot,
        "kind": row.kind,
        "path": path,
        "name": name,
        "link": row.url,
        "media_type": row.media_type,
        "size": row.size,
        "sha256": row.sha256,
        "handed_in_sha256": row.sha256,
        "missing": PURGED if row.purged_at else "",
    }
    is_file = row.kind is RequirementKind.FILES
    held = await stays_now(house, row.sha256, row.verdict, mine=False) if is_file else ""
    opened = None if row.purged_at or not path else held or await _opened(house, row, name)
    if isinstance(opened, str):
        record["missing"] = opened
    elif opened is not None:
        record |= {"size": opened.size, "sha256": opened.sha256}
        sent = 0

        def tell(size: int) -> None:
            nonlocal sent
            sent += size

        async with aclosing(archive.add(path, opened.size, _bytes_of(opened), tell)) as pieces:
            async for piece in pieces:
                yield piece
        record["missing"] = "" if sent == opened.size else f"{BROKEN}: {sent} of {opened.size} bytes are here"
    if record["missing"]:
        record["path"] = path if "bytes are here" in record["missing"] else ""
    manifest.note(record)


def path_of(row: Any) -> tuple[str, str]:
    """Where it lies in the archive, "" for what has no bytes such as a link, and what it is called."""
    kinds = {RequirementKind.TEXT: "text.txt", RequirementKind.CHECK: "knowledge-check.txt"}
    if row.kind is RequirementKind.LINKS:
        return "", ""
    name = kinds.get(row.kind) or file_called(row, row.slot, row.position, row.file_name)
    work = f"{work_of(row)['learner']}, attempt {row.attempt}, {row.receipt}"
    folder, last = clean_name(work.translate(_UNSAFE)), clean_name(name.translate(_UNSAFE))
    return f"{row.assignment}/{folder}/{row.slot}-{row.position + 1}-{last}", name


async def _opened(house: House, row: Any, name: str) -> Opened | str:
    """Its bytes, or in words why there are none. Where whose it is stays hidden, those of a copy without metadata."""
    if row.kind is not RequirementKind.FILES:
        data = row.text.encode()
        return Opened(len(data), sha256(data).hexdigest(), data=data)
    file = StoredFile(row.sha256, row.size, row.media_type, name)
    try:
        copy = await clean_copy(house.store, Derived(house.settings.home), file, names_of(row)) if hides(row) else None
        if hides(row) and copy is None:
            return UNCLEAN
        if copy is not None and copy.path is not None:
            return Opened(copy.file.size, copy.file.sha256, await read_aside(copy.path.open, "rb"))
        return Opened(row.size, row.sha256, await read_aside(house.store.open, row.sha256))
    except (NotFound, FileNotFoundError):
        return GONE
    except Busy:
        return BUSY


async def _bytes_of(opened: Opened) -> Content:
    """Ends early where reading fails: the manifest says so."""
    if opened.handle is None:
        yield opened.data
        return
    try:
        while piece := await read_aside(opened.handle.read, PIECE):
            yield piece
    except (Busy, NotFound, OSError):
        return
    finally:
        opened.handle.close()


async def _spooled(spooled: IO[bytes], first: bytes, last: bytes) -> Content:
    yield first
    spooled.seek(0)
    while piece := spooled.read(PIECE):
        yield piece
    yield last


def _opening(wanted: Wanted, cohort: Exported) -> bytes:
    told = {**about(wanted, cohort), "anonymous": cohort.anonymous}
    return (json.dumps(told, ensure_ascii=False)[:-1] + ', "evidence": [').encode()
