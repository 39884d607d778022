"""What was handed in, requirement by requirement, as graders read it."""

from dataclasses import replace
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, and_, bindparam, or_, select

from assessments.assignments.models import Requirement, RequirementKind
from assessments.evidence.compared import TwoTexts
from assessments.evidence.models import Evidence
from assessments.evidence.parts import gone_view
from assessments.evidence.views import GoneView
from assessments.grading.access import Found
from assessments.identity.names import neutral_name
from courses.schedule.zones import zone
from fourweek.database import table
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.prepared import Prepared
from fourweek.scanning.gate import stays, verdict_of
from fourweek.scanning.models import ScanState
from fourweek.words import say_size

REQUIREMENT, EVIDENCE = table(Requirement), table(Evidence)
_TEXT_BEFORE = and_(EVIDENCE.c.submission_id == bindparam("before"), EVIDENCE.c.kind == RequirementKind.TEXT)

_EVIDENCE = Prepared(
    select(
        REQUIREMENT.c.id.label("slot_id"),
        REQUIREMENT.c.key.label("slot_key"),
        REQUIREMENT.c.title,
        REQUIREMENT.c.kind,
        REQUIREMENT.c.required,
        EVIDENCE.c.id,
        EVIDENCE.c.submission_id,
        EVIDENCE.c.position,
        EVIDENCE.c.text,
        EVIDENCE.c.url,
        EVIDENCE.c.file_name,
        EVIDENCE.c.size,
        EVIDENCE.c.sha256,
        EVIDENCE.c.purged_at,
        verdict_of(EVIDENCE.c.sha256),
    )
    .select_from(
        REQUIREMENT.outerjoin(
            EVIDENCE,
            and_(
                EVIDENCE.c.requirement_id == REQUIREMENT.c.id,
                or_(EVIDENCE.c.submission_id == bindparam("submission"), _TEXT_BEFORE),
            ),
        )
    )
    .where(REQUIREMENT.c.assignment_id == bindparam("assignment"))
    .order_by(REQUIREMENT.c.position, EVIDENCE.c.position)
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One text, link or file. `paragraphs` are lines of text; `host` is shown beside a link.

    `checked` says why a file cannot be opened now, "" where it can.
    """

    id: str
    sha256: str
    paragraphs: tuple[tuple[str, ...], ...] = ()
    words: int = 0
    url: str = ""
    host: str = ""
    file_name: str = ""
    size: str = ""
    checked: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """What was handed in for one requirement; `gone` is what is left of pieces whose period is over.

    `texts` are what a text slot holds beside what it held in an earlier attempt, None where neither is there.
    """

    key: str
    title: str
    kind: RequirementKind
    required: bool
    pieces: tuple[Piece, ...]
    gone: tuple[GoneView, ...]
    texts: TwoTexts | None = None


def slots(conn: Connection, found: Found, before: str = "") -> tuple[Slot, ...]:
    """Every requirement of the assignment with its evidence, in order; one statement.

    `before` is the submission of an earlier attempt whose texts stand beside these.
    """
    rows = _EVIDENCE.all(conn, submission=found.id, assignment=found.assignment_id, before=before)
    where, made = zone(found.cohort_zone), []
    for _slot, group in groupby(rows, key=lambda row: row.slot_id):
        every = list(group)
        first, items = every[0], [row for row in every if row.submission_id in (None, found.id)]
        pieces = tuple(_piece(row, found) for row in items if row.id is not None and row.purged_at is None)
        gone = tuple(
            replace(gone_view(first.title, row, where), name=_name(row, found) or first.title)
            for row in items
            if row.purged_at is not None
        )
        texts = _texts(every, found.id) if before else None
        made.append(Slot(first.slot_key, first.title, first.kind, first.required, pieces, gone, texts))
    return tuple(made)


def _texts(rows: list[Any], submission_id: str) -> TwoTexts | None:
    kept = [row for row in rows if row.kind is RequirementKind.TEXT and row.id is not None and row.purged_at is None]
    if not kept:
        return None
    held = {row.submission_id == submission_id: row.text for row in kept}
    return TwoTexts(kept[0].slot_key, kept[0].title, before=held.get(False, ""), after=held.get(True, ""))


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
    checked = stays(row.verdict, mine=False)
    if row.verdict is ScanState.HELD:
        checked = _("{why}. Ask the learner for another file.", why=checked)
    return Piece(row.id, row.sha256, file_name=_name(row, found), size=say_size(row.size), checked=checked)


def _host(url: str) -> str:
    """The host of a web address; "" for anything that is not one, which is then shown as text."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in {"http", "https"} else ""
