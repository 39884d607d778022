"""What the record knows of something that was given to be checked."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import Enum, auto
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, or_, select

from assessments.awards.models import AwardChoice
from assessments.badges.issuer_addresses import noted
from assessments.badges.plain import read_json
from assessments.badges.queries import AWARD, ISSUE, LATER, RENEWS
from assessments.credit.ledger import ENTRY
from assessments.sharing.documents import CHOICE as SHOWN
from assessments.sharing.documents import HIDDEN
from assessments.transcripts.models import DocumentKind
from assessments.transcripts.queries import TRANSCRIPT
from assessments.transcripts.standing import COLUMNS, LINE, Standing, standing_of
from assessments.verify.limits import Tries, count_miss, count_try
from assessments.verify.looking import Given, Kind, proof_of
from fourweek.accounts.access import Visitor
from fourweek.database import table
from fourweek.light import dataclass

CHOICE = table(AwardChoice)
_DIGESTS = ("pdf_sha256", "csv_sha256", "json_sha256", "jwt_sha256", "unsealed_sha256")
_SAID = ("number", "kind", "issued_at", "initials", "lines", "minutes", "tenths", "seal", "snapshot")
# A learner record holds badges as they were signed: one of a course that it shows was revoked since.
_REVOKED_SINCE = (
    select(AWARD.c.id)
    .join(ENTRY, ENTRY.c.enrolment_id == AWARD.c.enrolment_id)
    .join(LINE, LINE.c.entry_id == ENTRY.c.id)
    .where(
        TRANSCRIPT.c.kind == DocumentKind.CLR,
        LINE.c.document_id == TRANSCRIPT.c.id,
        AWARD.c.awarded_at <= TRANSCRIPT.c.issued_at,
        AWARD.c.revoked_at > TRANSCRIPT.c.issued_at,
    )
    .correlate(TRANSCRIPT)
    .exists()
)


def _documents(*where: ColumnElement[bool]) -> Select[Any]:
    found: Select[Any] = select(*(TRANSCRIPT.c[name] for name in _SAID), *COLUMNS, HIDDEN.label("hidden"))
    found = found.add_columns(_REVOKED_SINCE.label("badge_revoked"))
    stripped = and_(TRANSCRIPT.c.unsealed_sha256 == bindparam("key"), TRANSCRIPT.c.pdf_sha256 != bindparam("key"))
    return (
        found.add_columns(SHOWN.c.name_shown, SHOWN.c.lines_shown, stripped.label("stripped"))
        .outerjoin(SHOWN, SHOWN.c.document_id == TRANSCRIPT.c.id)
        .where(*where)
        .limit(1)
    )


_BY_CODE = _documents(TRANSCRIPT.c.code_hash == bindparam("key"))
_BY_FILE = _documents(or_(*(TRANSCRIPT.c[name] == bindparam("key") for name in _DIGESTS)))
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


class By(Enum):
    """How a document was known: by its code, by the very file, by the file without its seal, by its signature."""

    CODE = auto()
    FILE = auto()
    STRIPPED = auto()
    SIGNATURE = auto()

    @property
    def is_whole(self) -> bool:
        """Whether all that the document says was given, and is as we made it."""
        return self is not By.CODE


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """A document of ours, and how it was known.

    `name_shown` and `lines_shown` are its learner's choice; `hidden`: it shows a name that is to be shown nowhere.
    `snapshot` holds the code, which whoever gave it knows; it is empty once the record's period is over. `seal` is the
    fingerprint of its certificate, "" for none. `badge_revoked`: a badge inside of a learner record was revoked since.
    """

    number: str
    kind: DocumentKind
    issued_at: datetime
    initials: str
    lines: int
    minutes: int
    tenths: int
    seal: str
    standing: Standing
    snapshot: bytes = field(repr=False)
    name_shown: bool
    lines_shown: bool
    hidden: bool
    by: By
    badge_revoked: bool = False


@dataclass(frozen=True, slots=True)
class AlteredDocument:
    """A file that says it is a document of ours but is not the one that we made."""

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


def checked(conn: Connection, visitor: Visitor, given: Given, tries: Tries) -> Known:
    """What we know of it, counted as a try before, and as a miss where it is none: the same statements whatever is
    known. Raises TooMany."""
    count_try(conn, given, tries, visitor.now.real)
    found = known(conn, visitor, given)
    count_miss(conn, given, tries, visitor.now.real, missed=found.thing is None)
    return found


def known(conn: Connection, _visitor: Visitor, given: Given) -> Known:
    """What we know of it. At most three statements."""
    match given.kind:
        case Kind.CODE:
            return Known(_document(conn, _BY_CODE, given.key, By.CODE))
        case Kind.DOCUMENT:
            found = _document(conn, _BY_FILE, given.key, By.FILE)
            return Known(found or _altered(conn, given.numbers))
        case Kind.RECORD:
            found = _document(conn, _BY_FILE, given.key, By.FILE)
            return Known(found or _document(conn, _BY_CODE, given.form, By.SIGNATURE), noted(conn))
        case Kind.SLUG | Kind.BADGE | Kind.TOKEN:
            return Known(_badge(conn, given), noted(conn))
    return Known(None)


def _document(conn: Connection, statement: Select[Any], key: str, by: By) -> KnownDocument | None:
    row = conn.execute(statement, {"key": key}).first()
    if row is None:
        return None
    return KnownDocument(
        **{name: row._mapping[name] for name in _SAID},
        standing=standing_of(row),
        name_shown=bool(row.name_shown),
        lines_shown=bool(row.lines_shown),
        hidden=bool(row.hidden),
        badge_revoked=bool(row.badge_revoked),
        by=By.STRIPPED if by is By.FILE and row.stripped else by,
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
