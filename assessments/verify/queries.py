"""What the record knows of something that was given to be checked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, or_, select

from assessments.badges.queries import AWARD
from assessments.badges.shown import award_record
from assessments.badges.snapshot import AwardSnapshot, read_snapshot
from assessments.credit.chain import EntryKind
from assessments.credit.ledger import ENTRY, LEDGER
from assessments.transcripts.queries import TRANSCRIPT
from assessments.verify.looking import Given, Kind
from fourweek.accounts.access import Visitor
from fourweek.errors import Gone, NotFound

_NEWER = TRANSCRIPT.alias("newer")
_NEWEST = (
    select(_NEWER.c.number)
    .where(
        _NEWER.c.person_id == TRANSCRIPT.c.person_id,
        or_(
            _NEWER.c.issued_at > TRANSCRIPT.c.issued_at,
            and_(_NEWER.c.issued_at == TRANSCRIPT.c.issued_at, _NEWER.c.number > TRANSCRIPT.c.number),
        ),
    )
    .order_by(_NEWER.c.issued_at.desc(), _NEWER.c.number.desc())
    .limit(1)
    .correlate(TRANSCRIPT)
    .scalar_subquery()
)
_CORRECTED = (
    select(ENTRY.c.id)
    .join(LEDGER, LEDGER.c.id == ENTRY.c.ledger_id)
    .where(
        LEDGER.c.person_id == TRANSCRIPT.c.person_id,
        ENTRY.c.seq > TRANSCRIPT.c.ledger_entries,
        ENTRY.c.kind == EntryKind.REVERSAL,
    )
    .correlate(TRANSCRIPT)
    .exists()
)


def _documents(*where: ColumnElement[bool]) -> Select[Any]:
    names = ("number", "issued_at", "initials", "lines", "minutes", "tenths", "pdf_sha256")
    found: Select[Any] = select(*(TRANSCRIPT.c[name] for name in names))
    return found.add_columns(_NEWEST.label("newest"), _CORRECTED.label("corrected")).where(*where).limit(1)


_BY_CODE = _documents(TRANSCRIPT.c.code_hash == bindparam("key"))
_BY_FILE = _documents(or_(TRANSCRIPT.c.pdf_sha256 == bindparam("key"), TRANSCRIPT.c.csv_sha256 == bindparam("key")))
_NUMBERED = select(TRANSCRIPT.c.number).where(TRANSCRIPT.c.number.in_(bindparam("numbers", expanding=True))).limit(1)
_SLUG = select(AWARD.c.id).where(AWARD.c.slug == bindparam("slug"))


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """A transcript of ours. `newest` is the number of the person's newest one if that is another.

    `corrected`: an entry of the record was taken back after it was issued. `is_file`: the file itself was given.
    """

    number: str
    issued_at: datetime
    initials: str
    lines: int
    minutes: int
    tenths: int
    newest: str | None
    corrected: bool
    is_file: bool


@dataclass(frozen=True, slots=True)
class AlteredDocument:
    """A PDF that says it is a document of ours but is not the file that we made."""

    number: str


@dataclass(frozen=True, slots=True)
class KnownBadge:
    """An award of ours and its newest signed form (empty while there is none)."""

    slug: str
    snapshot: AwardSnapshot
    document: bytes


@dataclass(frozen=True, slots=True)
class WithdrawnBadge:
    slug: str


Known = KnownDocument | AlteredDocument | KnownBadge | WithdrawnBadge | None


def known(conn: Connection, _visitor: Visitor, given: Given) -> Known:
    """What we know of it; None for nothing. One statement, two for a file that is not one of ours."""
    match given.kind:
        case Kind.CODE:
            return _document(conn, _BY_CODE, given.key, is_file=False)
        case Kind.DOCUMENT:
            return _document(conn, _BY_FILE, given.key, is_file=True) or _altered(conn, given.numbers)
        case Kind.SLUG | Kind.BADGE if given.key:
            return _badge(conn, given.key)
    return None


def _document(conn: Connection, statement: Select[Any], key: str, *, is_file: bool) -> KnownDocument | None:
    row = conn.execute(statement, {"key": key}).first()
    if row is None:
        return None
    return KnownDocument(
        number=row.number,
        issued_at=row.issued_at,
        initials=row.initials,
        lines=row.lines,
        minutes=row.minutes,
        tenths=row.tenths,
        newest=row.newest,
        corrected=bool(row.corrected),
        is_file=is_file,
    )


def _altered(conn: Connection, numbers: tuple[str, ...]) -> AlteredDocument | None:
    number = conn.execute(_NUMBERED, {"numbers": list(numbers)}).scalar() if numbers else None
    return AlteredDocument(number) if number else None


def _badge(conn: Connection, slug: str) -> KnownBadge | WithdrawnBadge | None:
    try:
        record = award_record(conn, slug)
    except NotFound:
        return None
    except Gone:
        return WithdrawnBadge(slug)
    return KnownBadge(slug, read_snapshot(record.snapshot), record.document)
