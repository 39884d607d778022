"""How audit packets are made: what they read beside the record, and their file with stated certificates attached."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import Connection

from assessments.certificates.maker import NO_CREDIT, PAGE
from assessments.certificates.queries import courses_shown
from assessments.packets.estimate import estimate_of
from assessments.packets.view import view_of
from assessments.stated.queries import StatedRow, stated_of
from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.layout import Layout, framed
from assessments.transcripts.maker import Files, Maker
from assessments.transcripts.models import DocumentKind
from assessments.transcripts.pdf import Paper, typeset
from assessments.transcripts.pieces import StatedLine
from assessments.transcripts.service import Draft
from fourweek.errors import Invalid
from fourweek.language import ENGLISH, _, speaking
from fourweek.scanning.gate import stays
from fourweek.settings import Settings
from fourweek.storage import Store

PARTS: Final = (PAGE, ("assessments.packets", "packet.typ"))
MOST_ATTACHED: Final = 40
MOST_BYTES: Final = 20 * 1024 * 1024
"""Stated certificates that are attached have at most so many bytes together; the others are named by their digest."""
_ENDINGS: Final = {b"%PDF": "pdf", b"\x89PNG": "png", b"\xff\xd8\xff": "jpg"}


def read(conn: Connection, draft: Draft, _settings: Settings) -> Draft:
    """The draft with nothing but lines that count, the stated certificates, how many modules the courses have, and the
    sum for the board: another rule of a board makes another document.

    Two statements. Raises Invalid where no line counts.
    """
    lines = tuple(line for line in draft.record.lines if line.status.counts)
    if not lines:
        raise Invalid({"what": _(NO_CREDIT)})
    scope = draft.wanted.scope
    stated = stated_of(conn, draft.person_id, scope.since, scope.end) if draft.wanted.options.stated else ()
    record, told = replace(draft.record, lines=lines), tuple(map(_with_certificate, stated))
    held = {row.evidence_sha256 for row in stated if stays(row.verdict, mine=False)}  # a packet is for others
    with speaking(ENGLISH):  # the snapshot keeps it
        estimated = estimate_of(scope, lines, told)
    extra = (courses_shown(conn, lines), estimated, *sorted(held))
    return replace(draft, record=record, stated=told, extra=extra)


def freeze(draft: Draft, snapshot: TranscriptSnapshot) -> TranscriptSnapshot:
    """The snapshot with its courses and the sum for its board."""
    courses, found, *_ = draft.extra
    return replace(snapshot, courses=courses, estimate=found)


def withheld(draft: Draft) -> tuple[str, ...]:
    """Digests of stated certificates that a scanner has yet to let go: named as those without room, not attached."""
    _courses, _sum, *digests = draft.extra
    return tuple(digests)


def packet_pdf(snapshot: TranscriptSnapshot, store: Store, held: tuple[str, ...] = ()) -> bytes:
    """The packet's bytes, not sealed, without the `held` certificates, in English whoever asks.

    Raises as `typeset` does.
    """
    with TemporaryDirectory(prefix="fourweek-packet-") as folder:
        found = dict(attached(snapshot, store, Path(folder), withheld=held))
        with speaking(ENGLISH):
            layout = Layout(framed(*PARTS), view_of(snapshot, found))
        return typeset(snapshot, layout, Paper(snapshot.paper), root=folder)


def _files(draft: Draft, snapshot: TranscriptSnapshot, _settings: Settings, store: Store) -> Files:
    return Files(pdf=packet_pdf(snapshot, store, withheld(draft)), json=snapshot.to_json())


def attached(
    snapshot: TranscriptSnapshot, store: Store, folder: Path, *, room: int = MOST_BYTES, withheld: tuple[str, ...] = ()
) -> Iterator[tuple[str, str]]:
    """(SHA-256, name of the attachment) of the stated certificates, now in the folder, while there is room."""
    named = dict.fromkeys(row.evidence_sha256 for row in snapshot.stated if row.evidence_sha256)
    digests = [one for one in named if one not in withheld]
    for place, sha256 in enumerate(digests[:MOST_ATTACHED], start=1):
        if not store.has(sha256) or store.size(sha256) > room:
            continue
        room -= store.size(sha256)
        with store.borrow(sha256) as path:
            name = f"stated-{place}.{_ending(path)}"
            shutil.copyfile(path, folder / name)
        yield sha256, name


def _ending(path: Path) -> str:
    """By what the file begins with, not by what it was called."""
    with path.open("rb") as file:
        start = file.read(4)
    return next((ending for mark, ending in _ENDINGS.items() if start.startswith(mark)), "bin")


def _with_certificate(row: StatedRow) -> StatedLine:
    return StatedLine(
        title=row.title,
        provider=row.provider,
        provider_number=row.provider_number,
        category=row.category,
        mode=row.mode,
        place=row.place,
        instructor=row.instructor,
        completed_on=row.completed_on,
        minutes=row.minutes,
        said=row.said,
        evidence_name=row.evidence_name,
        evidence_sha256=row.evidence_sha256,
    )


PACKETS = Maker(DocumentKind.PACKET, "P", _files, read, freeze)
