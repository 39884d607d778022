"""Issuing a transcript: frozen in one read, numbered, made outside of any transaction, then kept."""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from sqlalchemy import Connection, update

from assessments.credit.rulebook import load_rule
from assessments.transcripts.codes import code_hash, new_code
from assessments.transcripts.document import DocumentIdentity, TranscriptSnapshot, take_snapshot
from assessments.transcripts.models import Transcript, TranscriptYear
from assessments.transcripts.parts import Approval, Issuer
from assessments.transcripts.pdf import Paper, transcript_pdf
from assessments.transcripts.queries import last_number, same_content
from assessments.transcripts.record import Record, record_of
from assessments.transcripts.table import transcript_csv
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record as note
from fourweek.database import add_once, new_id, table
from fourweek.errors import Conflict
from fourweek.pages import initials
from fourweek.settings import Settings
from fourweek.storage import Store

_YEAR = table(TranscriptYear)


@dataclass(frozen=True, slots=True)
class Draft:
    """A record frozen for a transcript. `same` is the number of a document that says exactly this already."""

    person_id: str
    record: Record
    replaces: str | None
    same: str | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Made:
    """A finished document whose files are in the store."""

    snapshot: TranscriptSnapshot = field(repr=False)
    pdf_sha256: str
    csv_sha256: str


def draft(conn: Connection, visitor: Visitor, public_url: str) -> Draft:
    """The visitor's record as it is now. Raises Conflict while there is nothing in it."""
    me = visitor.me.id
    found = record_of(conn, me, public_url)
    if not found.lines:
        raise Conflict(
            "Your record has no credit yet.",
            what_to_do="A line appears by itself when a module is complete; then a transcript can be issued.",
        )
    same = same_content(conn, me, found.content_sha256)
    return Draft(me, found, last_number(conn, me), same, visitor.now.real)


def next_number(conn: Connection, _visitor: Visitor, year: int) -> str:
    """A number that nobody else gets; one that is not used in the end is left out."""
    add_once(conn, TranscriptYear(year=year, last=0))
    raised = update(_YEAR).where(_YEAR.c.year == year).values(last=_YEAR.c.last + 1).returning(_YEAR.c.last)
    return f"T-{year}-{conn.execute(raised).scalar_one():06d}"


def year_of(now: datetime, settings: Settings) -> int:
    """The year at the institution."""
    return now.astimezone(zone(settings.zone)).year


def make(frozen: Draft, number: str, settings: Settings, store: Store) -> Made:
    """Make the document and keep its files. Takes tenths of a second: never on the loop or inside a transaction.

    Raises Unprintable for a name that the fonts cannot print.
    """
    snapshot = take_snapshot(
        issuer=issuer(settings),
        learner=frozen.record.learner,
        document=_identity(number, new_code(), frozen.replaces, settings),
        lines=frozen.record.lines,
        rules=[load_rule(rule_id) for rule_id in sorted({line.rule_id for line in frozen.record.lines})],
        now=frozen.now,
        zone=zone(settings.zone),
    )
    pdf = store.keep_bytes(transcript_pdf(snapshot, paper=Paper(settings.paper.value)))
    csv = store.keep_bytes(transcript_csv(snapshot))
    return Made(snapshot, pdf.sha256, csv.sha256)


def keep(conn: Connection, visitor: Visitor, frozen: Draft, made: Made) -> str:
    """Record the document and return its number; the number of the same one if somebody was quicker."""
    said = made.snapshot
    row = Transcript(
        id=new_id(),
        number=said.document.number,
        person_id=frozen.person_id,
        content_sha256=frozen.record.content_sha256,
        code_hash=code_hash(said.document.code),
        snapshot=said.to_json(),
        ledger_entries=frozen.record.entries,
        ledger_head=frozen.record.head,
        initials=initials(said.learner.legal_name),
        lines=len(said.lines),
        minutes=said.totals.counted_minutes,
        tenths=said.totals.ceu_tenths,
        pdf_sha256=made.pdf_sha256,
        csv_sha256=made.csv_sha256,
        issued_at=said.issued_at,
    )
    if not add_once(conn, row):
        quicker = same_content(conn, frozen.person_id, row.content_sha256)
        if quicker is None:
            raise Conflict
        return quicker
    detail = {"number": row.number, "pdf": row.pdf_sha256, "head": row.ledger_head}
    note(conn, "transcript.issue", "transcript", row.id, at=visitor.now.real, actor_id=visitor.me.id, detail=detail)
    return row.number


def issuer(settings: Settings) -> Issuer:
    """The institution as it stands on a transcript."""
    return Issuer(
        name=settings.institution,
        address=tuple(line for line in map(str.strip, settings.institution_address.split(";")) if line),
        registrar=settings.registrar_name,
        contact=settings.registrar_contact or settings.public_url,
        approvals=tuple(Approval(**row.model_dump()) for row in settings.approvals),
    )


def _identity(number: str, code: str, replaces: str | None, settings: Settings) -> DocumentIdentity:
    parts = urlsplit(settings.public_url)
    return DocumentIdentity(
        number=number,
        code=code,
        verify_host=f"{parts.netloc}{parts.path}/verify",
        verify_url=f"{settings.public_url}/verify?{urlencode({'code': code})}",
        replaces=replaces,
    )
