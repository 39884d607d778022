"""Reading issued transcripts. The snapshot, which holds the code, is never read here."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select

from assessments.transcripts.models import DocumentKind, Transcript
from assessments.transcripts.scope import Scope
from assessments.transcripts.standing import COLUMNS, Standing, standing_of
from assessments.transcripts.stored import KEPT
from courses.paging import PER_PAGE, offset
from fourweek.accounts.access import Visitor
from fourweek.database import table
from fourweek.errors import Gone, NotFound
from fourweek.language import _
from fourweek.light import dataclass

TRANSCRIPT = table(Transcript)
ENDINGS = ("pdf", "csv", "json", "jwt")
"""The kinds of files that a document may have, as they are listed."""

_ISSUED: Select[Any] = (
    select(*(TRANSCRIPT.c[name] for name in ("number", "kind", "scope", "issued_at", "lines", "minutes", "tenths")))
    .add_columns(*(TRANSCRIPT.c[f"{kind}_sha256"] for kind in ENDINGS), KEPT.label("kept"), *COLUMNS)
    .where(TRANSCRIPT.c.person_id == bindparam("person"))
    .order_by(TRANSCRIPT.c.issued_at.desc(), TRANSCRIPT.c.number.desc())
    .limit(PER_PAGE)
    .offset(bindparam("skipped"))
)
_COUNT = select(func.count()).select_from(TRANSCRIPT).where(TRANSCRIPT.c.person_id == bindparam("person"))
_SAME = select(TRANSCRIPT.c.number).where(
    TRANSCRIPT.c.person_id == bindparam("person"), TRANSCRIPT.c.content_sha256 == bindparam("content")
)
_FILES: Select[Any] = select(
    *(TRANSCRIPT.c[name] for name in ("person_id", "kind", "pdf_sha256", "csv_sha256", "json_sha256", "jwt_sha256")),
    KEPT.label("kept"),
).where(TRANSCRIPT.c.number == bindparam("number"))
_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "jwt": "text/plain",
}


@dataclass(frozen=True, slots=True)
class Issued:
    """One issued document as a list shows it; minutes and tenths are its totals, `endings` the files that it has."""

    number: str
    kind: DocumentKind
    scope: Scope
    issued_at: datetime
    lines: int
    minutes: int
    tenths: int
    endings: tuple[str, ...]
    standing: Standing


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A file of a transcript: its name, its type, and its place in the store."""

    name: str
    media_type: str
    sha256: str


def issued_to(conn: Connection, person_id: str, number: int) -> tuple[tuple[Issued, ...], int]:
    """One page of a person's documents, newest first, and how many there are; two statements."""
    found = tuple(map(_issued, conn.execute(_ISSUED, {"person": person_id, "skipped": offset(number)})))
    return found, conn.execute(_COUNT, {"person": person_id}).scalar_one()


def _issued(row: Row[Any]) -> Issued:
    return Issued(
        number=row.number,
        kind=row.kind,
        scope=Scope.read(row.scope),
        issued_at=row.issued_at,
        lines=row.lines,
        minutes=row.minutes,
        tenths=row.tenths,
        endings=tuple(kind for kind in ENDINGS if row.kept and row._mapping[f"{kind}_sha256"]),
        standing=standing_of(row),
    )


def same_content(conn: Connection, person_id: str, content_sha256: str) -> str | None:
    """Number of the person's transcript that says exactly this."""
    found: str | None = conn.execute(_SAME, {"person": person_id, "content": content_sha256}).scalar()
    return found


def document_file(conn: Connection, visitor: Visitor, name: str) -> DocumentFile:
    """The file called `T-….pdf`, say, for its learner; NotFound for everybody else: `sharing` hands documents on."""
    number, _dot, ending = name.rpartition(".")
    row = conn.execute(_FILES, {"number": number}).first()
    if row is None or row.person_id != visitor.me.id:
        raise NotFound
    digest: str = row._mapping[f"{ending}_sha256"] if ending in _MEDIA_TYPES else ""
    if not digest:
        raise NotFound
    if not row.kept:
        raise Gone(_("This file is no longer kept. What it said stands in the record."))
    return DocumentFile(f"{row.kind.value}-{name}", _MEDIA_TYPES[ending], digest)
