"""What the record knows of something that was given to be checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, or_, select

from assessments.awards.models import AwardChoice
from assessments.badges.issuer_addresses import noted
from assessments.badges.plain import read_json
from assessments.badges.queries import AWARD, ISSUE, LATER, RENEWS
from assessments.credit.chain import EntryKind
from assessments.credit.ledger import ENTRY, LEDGER
from assessments.transcripts.queries import TRANSCRIPT
from assessments.verify.looking import Given, Kind, proof_of
from fourweek.accounts.access import Visitor
from fourweek.database import table

CHOICE = table(AwardChoice)
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
_STANDING = ("id", "slug", "snapshot", "base_url", "number", "why", "revoked_at", "revoked_why", "withdrawn_at")
_SIGNED = select(func.max(ISSUE.c.number)).where(ISSUE.c.award_id == AWARD.c.id).correlate(AWARD).scalar_subquery()
_RENEWED = select(func.min(LATER.c.awarded_at)).where(RENEWS).correlate(AWARD).scalar_subquery()
_AWARD: Select[Any] = (
    select(*(AWARD.c[name] for name in _STANDING), CHOICE.c.shown, _RENEWED.label("renewed_at"))
    .add_columns(ISSUE.c.number.label("signed"), ISSUE.c.document, ISSUE.c.jwt_sha256)
    .outerjoin(CHOICE, CHOICE.c.award_id == AWARD.c.id)
    .outerjoin(ISSUE, and_(ISSUE.c.award_id == AWARD.c.id, ISSUE.c.number == _SIGNED))
    .where(AWARD.c.slug == bindparam("slug"))
)
_FORMS: Select[Any] = (
    select(ISSUE.c.number, ISSUE.c.why, ISSUE.c.document, ISSUE.c.jwt_sha256)
    .where(ISSUE.c.award_id == bindparam("award"))
    .order_by(ISSUE.c.number)
)


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
    """The award whose slug was given. `base_url` is "" for one that was never signed.

    `form` is the number of the signed form that was given, 0 if we made none such (for an address: the newest there
    is); `number` is that of the one that holds or is being signed, `signed` that of the newest that is signed. `why`
    says why each after `form` was made. `document` is the newest signed form, empty while there is none. `renewed_at`:
    since when its earner has a newer badge for the same. `shown`: its earner lets others see its page.
    """

    slug: str
    snapshot: Mapping[str, Any]
    base_url: str
    form: int
    number: int
    signed: int
    why: tuple[str, ...]
    document: bytes
    shown: bool
    revoked_at: datetime | None
    revoked_why: str
    withdrawn_at: datetime | None
    renewed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """`thing`: what the record has under what was given. `base_urls`: every address our badges were signed under."""

    thing: KnownDocument | AlteredDocument | KnownBadge | None
    base_urls: tuple[str, ...] = ()


def known(conn: Connection, _visitor: Visitor, given: Given) -> Known:
    """What we know of it. At most three statements."""
    match given.kind:
        case Kind.CODE:
            return Known(_document(conn, _BY_CODE, given.key, is_file=False))
        case Kind.DOCUMENT:
            found = _document(conn, _BY_FILE, given.key, is_file=True)
            return Known(found or _altered(conn, given.numbers))
        case Kind.SLUG | Kind.BADGE | Kind.TOKEN:
            return Known(_badge(conn, given), noted(conn))
    return Known(None)


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


def _badge(conn: Connection, given: Given) -> KnownBadge | None:
    row = conn.execute(_AWARD, {"slug": given.key}).first() if given.key else None
    if row is None:
        return None
    form, why = _form(conn, given, row)
    return KnownBadge(
        slug=row.slug,
        snapshot=row.snapshot,
        base_url=row.base_url,
        form=form,
        number=row.number,
        signed=row.signed or 0,
        why=why,
        document=row.document or b"",
        shown=row.shown is not False,
        revoked_at=row.revoked_at,
        revoked_why=row.revoked_why,
        withdrawn_at=row.withdrawn_at,
        renewed_at=row.renewed_at,
    )


def _form(conn: Connection, given: Given, row: Any) -> tuple[int, tuple[str, ...]]:
    """The number of the form that was given, and why those after it were made."""
    coming = (row.why,) if row.number != row.signed else ()
    if row.signed is None or given.kind is Kind.SLUG or _is(given, row):
        return row.signed or 0, coming
    forms = conn.execute(_FORMS, {"award": row.id}).all()
    number = next((form.number for form in forms if _is(given, form)), 0)
    return number, (*(form.why for form in forms if number < form.number), *coming)


def _is(given: Given, form: Any) -> bool:
    """Whether the form that was given is this one of ours, as far as an honest file goes: its signature is checked."""
    if given.kind is Kind.TOKEN:
        return bool(form.jwt_sha256 == given.form)
    return bool(given.form) and given.form == proof_of(read_json(form.document))
