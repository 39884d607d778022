"""What was handed in, requirement by requirement, as graders read it."""

from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, and_, bindparam, select

from assessments.assignments.models import Requirement, RequirementKind
from assessments.evidence.models import Evidence
from assessments.evidence.parts import gone_view
from assessments.evidence.views import GoneView
from assessments.grading.access import Found
from assessments.grading.words import size
from assessments.identity.names import neutral_name
from courses.schedule.zones import zone
from fourweek.database import table
from fourweek.prepared import Prepared

REQUIREMENT, EVIDENCE = table(Requirement), table(Evidence)

_EVIDENCE = Prepared(
    select(
        REQUIREMENT.c.id.label("slot_id"),
        REQUIREMENT.c.key.label("slot_key"),
        REQUIREMENT.c.title,
        REQUIREMENT.c.kind,
        REQUIREMENT.c.required,
        EVIDENCE.c.id,
        EVIDENCE.c.position,
        EVIDENCE.c.text,
        EVIDENCE.c.url,
        EVIDENCE.c.file_name,
        EVIDENCE.c.size,
        EVIDENCE.c.sha256,
        EVIDENCE.c.purged_at,
    )
    .select_from(
        REQUIREMENT.outerjoin(
            EVIDENCE,
            and_(EVIDENCE.c.requirement_id == REQUIREMENT.c.id, EVIDENCE.c.submission_id == bindparam("submission")),
        )
    )
    .where(REQUIREMENT.c.assignment_id == bindparam("assignment"))
    .order_by(REQUIREMENT.c.position, EVIDENCE.c.position)
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One text, link or file. `paragraphs` are lines of text; `host` is shown beside a link."""

    id: str
    sha256: str
    paragraphs: tuple[tuple[str, ...], ...] = ()
    words: int = 0
    url: str = ""
    host: str = ""
    file_name: str = ""
    size: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """What was handed in for one requirement; `gone` is what is left of pieces whose period is over."""

    key: str
    title: str
    kind: RequirementKind
    required: bool
    pieces: tuple[Piece, ...]
    gone: tuple[GoneView, ...]


def slots(conn: Connection, found: Found) -> tuple[Slot, ...]:
    """Every requirement of the assignment with its evidence, in order; one statement."""
    rows = _EVIDENCE.all(conn, submission=found.id, assignment=found.assignment_id)
    where, made = zone(found.cohort_zone), []
    for _, group in groupby(rows, key=lambda row: row.slot_id):
        items = list(group)
        first = items[0]
        pieces = tuple(_piece(row, found) for row in items if row.id is not None and row.purged_at is None)
        gone = tuple(
            replace(gone_view(first.title, row, where), name=_name(row, found) or first.title)
            for row in items
            if row.purged_at is not None
        )
        made.append(Slot(first.slot_key, first.title, first.kind, first.required, pieces, gone))
    return tuple(made)


def _name(row: Any, found: Found) -> str:
    """What a file is called for this visitor; "" for what is no file."""
    if not (row.file_name and found.hidden):
        return str(row.file_name)
    return neutral_name(found.pseudonym, row.slot_key, row.position, row.file_name)


def _piece(row: Any, found: Found) -> Piece:
    if row.kind is RequirementKind.TEXT:
        blocks = [block.splitlines() for block in row.text.replace("\r\n", "\n").split("\n\n") if block.strip()]
        return Piece(row.id, row.sha256, paragraphs=tuple(map(tuple, blocks)), words=len(row.text.split()))
    if row.kind is RequirementKind.LINKS:
        return Piece(row.id, row.sha256, url=row.url, host=_host(row.url))
    return Piece(row.id, row.sha256, file_name=_name(row, found), size=size(row.size))


def _host(url: str) -> str:
    """The host of a web address; "" for anything that is not one, which is then shown as text."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in {"http", "https"} else ""
