"""Issuing a document: frozen in one read, numbered, made outside of any transaction, then kept."""

import hashlib
from dataclasses import field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from sqlalchemy import Connection, update

from assessments.credit.rulebook import load_rule
from assessments.credit.rules import Rule
from assessments.names.queries import settled
from assessments.seal.certificates import SealKey
from assessments.seal.service import seal, sealing_key
from assessments.transcripts import standing
from assessments.transcripts.approvals import claimed, with_approvals
from assessments.transcripts.canonical import dump
from assessments.transcripts.codes import code_hash, new_code
from assessments.transcripts.details import detailed, stated_lines
from assessments.transcripts.document import DocumentIdentity, TranscriptSnapshot, take_snapshot
from assessments.transcripts.maker import TRANSCRIPTS, Files, Maker
from assessments.transcripts.models import DocumentLine, Transcript, TranscriptYear
from assessments.transcripts.parts import Issuer, TranscriptLine
from assessments.transcripts.pieces import StatedLine
from assessments.transcripts.queries import same_content
from assessments.transcripts.record import Record, record_of
from assessments.transcripts.scope import PLAIN, WHOLE, Options, Scope
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record as note
from fourweek.database import add, add_once, new_id, table
from fourweek.errors import Conflict, Invalid
from fourweek.language import ENGLISH, _, speaking
from fourweek.light import dataclass
from fourweek.pages import initials
from fourweek.settings import Settings
from fourweek.storage import Store

_YEAR = table(TranscriptYear)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: a kind of document, the part of the record, and how it is shown."""

    maker: Maker = TRANSCRIPTS
    scope: Scope = WHOLE
    options: Options = PLAIN


@dataclass(frozen=True, slots=True)
class Draft:
    """A record frozen for a document. `same` is the number of one that says exactly this already.

    `replaces` is the number of one of the same kind and scope that was superseded. `extra` are dataclasses that only
    this kind of document says. `settled` are the changes of a name that made what was issued before useless.
    """

    wanted: Wanted
    person_id: str
    record: Record
    stated: tuple[StatedLine, ...]
    replaces: str | None
    same: str | None
    now: datetime
    extra: tuple[Any, ...] = ()
    settled: tuple[str, ...] = ()

    @property
    def content_sha256(self) -> str:
        """Of everything the document says: two of equal content are one, unless a name was settled between them."""
        said = (self.record.learner, *self.record.lines, *self.stated, *self.extra, *self.settled)
        asked = (self.wanted.maker.kind, self.wanted.scope, self.wanted.options)
        return hashlib.sha256(dump((*asked, *said))).hexdigest()


@dataclass(frozen=True, slots=True)
class Made:
    """A finished document whose files are in the store, each by its digest; "" for one that it does not have.

    The PDF is sealed, by the certificate `seal`; `unsealed_sha256` is what was sealed.
    """

    snapshot: TranscriptSnapshot = field(repr=False)
    pdf_sha256: str = ""
    csv_sha256: str = ""
    json_sha256: str = ""
    unsealed_sha256: str = ""
    seal: str = ""
    jwt_sha256: str = ""


def draft(conn: Connection, visitor: Visitor, wanted: Wanted, settings: Settings) -> Draft:
    """The visitor's record as it is now, as far as it is asked for.

    Raises Conflict while there is no credit at all, Invalid where there is none in the scope.
    """
    me, now = visitor.me.id, visitor.now
    found = record_of(conn, me, settings.public_url, wanted.scope)
    if not found.lines and not wanted.scope.is_whole:
        raise Invalid({"what": _("There is no credit in what you chose.")})
    if not found.lines:
        raise Conflict(
            _("Your record has no credit yet."),
            what_to_do=_("A line appears by itself when a module is complete; then a document can be issued."),
        )
    found = detailed(conn, me, found, wanted.options, now.school)
    lines = with_approvals(found.lines, settings.approvals)
    stated = stated_lines(conn, me, wanted.scope) if wanted.options.stated else ()
    frozen = Draft(wanted, me, _with(found, lines), stated, None, None, now.real, settled=settled(conn, me))
    return _compared(conn, wanted.maker.read(conn, frozen, settings))


def next_number(conn: Connection, _visitor: Visitor, year: int, letter: str = TRANSCRIPTS.letter) -> str:
    """A number that nobody else gets; one that is not used in the end is left out. All kinds count together."""
    add_once(conn, TranscriptYear(year=year, last=0))
    raised = update(_YEAR).where(_YEAR.c.year == year).values(last=_YEAR.c.last + 1).returning(_YEAR.c.last)
    return f"{letter}-{year}-{conn.execute(raised).scalar_one():06d}"


def year_of(now: datetime, settings: Settings) -> int:
    """The year at the institution."""
    return now.astimezone(zone(settings.zone)).year


def make(frozen: Draft, number: str, settings: Settings, store: Store) -> Made:
    """Make the document and keep its files. Takes tenths of a second: never on the loop or inside a transaction.

    Raises Unprintable for a name that the fonts cannot print, SealUnusable where nothing can be sealed.
    """
    key = sealing_key(settings, frozen.now)
    snapshot = freeze(frozen, _identity(number, new_code(), frozen.replaces, settings), settings, key.fingerprint)
    with speaking(ENGLISH):  # what is frozen says the same to everybody
        files = frozen.wanted.maker.files(frozen, snapshot, settings, store)
    return _kept(files, snapshot, key, store)


def freeze(frozen: Draft, document: DocumentIdentity, settings: Settings, fingerprint: str = "") -> TranscriptSnapshot:
    """The snapshot of a draft. `fingerprint` is of the certificate that will seal it."""
    lines = frozen.record.lines
    taken = take_snapshot(
        issuer=issuer(settings, lines),
        learner=frozen.record.learner,
        document=document,
        lines=lines,
        rules=_rules(lines),
        now=frozen.now,
        zone=zone(settings.zone),
        kind=frozen.wanted.maker.kind,
        scope=frozen.wanted.scope,
        paper=frozen.wanted.options.paper.value,
        ledger_entries=frozen.record.entries,
        ledger_head=frozen.record.head,
        stated=frozen.stated,
        seal=fingerprint,
    )
    return frozen.wanted.maker.freeze(frozen, taken)


def keep(conn: Connection, visitor: Visitor, frozen: Draft, made: Made) -> str:
    """Record the document and return its number; the number of the same one if somebody was quicker."""
    row = _row(frozen, made)
    if not add_once(conn, row):
        quicker = same_content(conn, frozen.person_id, row.content_sha256)
        if quicker is None:
            raise Conflict
        return quicker
    add(conn, *(DocumentLine(document_id=row.id, entry_id=line.entry) for line in made.snapshot.lines))
    frozen.wanted.maker.kept(conn, frozen)
    detail = {"number": row.number, "pdf": row.pdf_sha256, "head": row.ledger_head}
    note(conn, "transcript.issue", "transcript", row.id, at=visitor.now.real, actor_id=visitor.me.id, detail=detail)
    return row.number


def issuer(settings: Settings, lines: tuple[TranscriptLine, ...] = ()) -> Issuer:
    """The institution as it stands on a document, with the approvals that its lines claim."""
    return Issuer(
        name=settings.institution,
        address=tuple(line for line in map(str.strip, settings.institution_address.split(";")) if line),
        registrar=settings.registrar_name,
        contact=settings.registrar_contact or settings.public_url,
        approvals=claimed(lines, settings.approvals),
    )


def _with(record: Record, lines: tuple[TranscriptLine, ...]) -> Record:
    return replace(record, lines=lines)


def _compared(conn: Connection, frozen: Draft) -> Draft:
    """The draft beside the documents that were issued before."""
    same = same_content(conn, frozen.person_id, frozen.content_sha256)
    replaced = standing.superseded_before(conn, frozen.person_id, frozen.wanted.maker.kind, frozen.wanted.scope)
    return replace(frozen, same=same, replaces=replaced)


def _rules(lines: tuple[TranscriptLine, ...]) -> list[Rule]:
    named = {line.rule_id for line in lines} | {credit.rule_id for line in lines for credit in line.credits}
    return [load_rule(rule_id) for rule_id in sorted(named)]


def _kept(files: Files, snapshot: TranscriptSnapshot, key: SealKey, store: Store) -> Made:
    made = Made(
        snapshot,
        csv_sha256=_store(files.csv, store),
        json_sha256=_store(files.json, store),
        jwt_sha256=_store(files.jwt, store),
    )
    if not files.pdf:
        return made
    sealed = seal(files.pdf, key, snapshot.issued_at)
    kept = _store(sealed.data, store)
    return replace(made, pdf_sha256=kept, unsealed_sha256=sealed.unsealed_sha256, seal=sealed.fingerprint)


def _store(data: bytes, store: Store) -> str:
    return store.keep_bytes(data).sha256 if data else ""


def _row(frozen: Draft, made: Made) -> Transcript:
    said = made.snapshot
    return Transcript(
        id=new_id(),
        number=said.document.number,
        person_id=frozen.person_id,
        content_sha256=frozen.content_sha256,
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
        issued_at=frozen.now,
        kind=said.kind,
        scope=frozen.wanted.scope.stored(),
        options=frozen.wanted.options.stored(),
        json_sha256=made.json_sha256,
        unsealed_sha256=made.unsealed_sha256,
        seal=made.seal,
        jwt_sha256=made.jwt_sha256,
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
