"""Reading issued transcripts. The snapshot, which holds the code, is never read here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from assessments.transcripts.models import Transcript
from courses.paging import PER_PAGE, offset
from fourweek.accounts.access import Permission, Visitor
from fourweek.database import table
from fourweek.errors import NotFound

TRANSCRIPT = table(Transcript)

_ISSUED: Select[Any] = (
    select(*(TRANSCRIPT.c[name] for name in ("number", "issued_at", "lines", "minutes", "tenths")))
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
    *(TRANSCRIPT.c[name] for name in ("person_id", "kind", "pdf_sha256", "csv_sha256", "json_sha256"))
).where(TRANSCRIPT.c.number == bindparam("number"))
_MEDIA_TYPES = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8", "json": "application/json"}


@dataclass(frozen=True, slots=True)
class Issued:
    """One issued transcript as a list shows it; minutes and tenths are its totals."""

    number: str
    issued_at: datetime
    lines: int
    minutes: int
    tenths: int


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A file of a transcript: its name, its type, and its place in the store."""

    name: str
    media_type: str
    sha256: str


def issued_to(conn: Connection, person_id: str, number: int) -> tuple[tuple[Issued, ...], int]:
    """One page of a person's transcripts, newest first, and how many there are; two statements."""
    rows = conn.execute(_ISSUED, {"person": person_id, "skipped": offset(number)})
    found = tuple(Issued(row.number, row.issued_at, row.lines, row.minutes, row.tenths) for row in rows)
    return found, conn.execute(_COUNT, {"person": person_id}).scalar_one()


def same_content(conn: Connection, person_id: str, content_sha256: str) -> str | None:
    """Number of the person's transcript that says exactly this."""
    found: str | None = conn.execute(_SAME, {"person": person_id, "content": content_sha256}).scalar()
    return found


def document_file(conn: Connection, visitor: Visitor, name: str) -> DocumentFile:
    """The file called `T-….pdf`, `.csv` or `.json`, for its learner and the registrar; others get NotFound."""
    number, _, ending = name.rpartition(".")
    row = conn.execute(_FILES, {"number": number}).first()
    me = visitor.me
    if row is None or not (row.person_id == me.id or me.may(Permission.KEEP_RECORD)):
        raise NotFound
    digest: str = row._mapping[f"{ending}_sha256"] if ending in _MEDIA_TYPES else ""
    if not digest:
        raise NotFound
    return DocumentFile(f"{row.kind.value}-{name}", _MEDIA_TYPES[ending], digest)
