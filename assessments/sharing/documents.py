"""A document as those know it who may share, check or send it: its facts without what it says."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, func, or_, select

from assessments.credit.ledger import ENTRY, LEDGER
from assessments.credit.rules import ceu_text, contact_hours_text
from assessments.names.queries import CHANGE
from assessments.transcripts.models import DocumentChoice, DocumentKind
from assessments.transcripts.queries import TRANSCRIPT
from assessments.transcripts.standing import COLUMNS, LINE, VALID, Standing, Why, standing_of
from assessments.transcripts.stored import KEPT
from assessments.transcripts.view import TITLES
from fourweek.accounts.access import PERSON, Visitor
from fourweek.database import table
from fourweek.errors import NotFound
from fourweek.language import N_, _, p_
from fourweek.light import dataclass

CHOICE = table(DocumentChoice)
MEDIA_TYPES: Final[Mapping[str, str]] = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "jwt": "text/plain",
}
_WHY: Final[Mapping[Why, str]] = {
    Why.LINE: N_("A line on it was corrected after it was issued."),
    Why.NAME: N_("The name on it was corrected after it was issued."),
}
FACTS: Final = ("id", "number", "kind", "person_id", "issued_at", "lines", "minutes", "tenths")
DIGESTS: Final = ("pdf_sha256", "csv_sha256", "json_sha256", "jwt_sha256")

_OF_ANOTHER_ACCOUNT = (
    select(LINE.c.document_id)
    .join(ENTRY, ENTRY.c.id == LINE.c.entry_id)
    .join(LEDGER, LEDGER.c.id == ENTRY.c.ledger_id)
    .where(LINE.c.document_id == TRANSCRIPT.c.id, LEDGER.c.person_id != TRANSCRIPT.c.person_id)
    .correlate(TRANSCRIPT)
    .exists()
)
"""Issued to an account that was joined to this one since: what it says may be the name that was suppressed here."""
HIDDEN: Final = (
    select(CHANGE.c.id)
    .where(
        CHANGE.c.person_id == TRANSCRIPT.c.person_id,
        CHANGE.c.approved,
        CHANGE.c.suppress,
        or_(CHANGE.c.decided_at > TRANSCRIPT.c.issued_at, _OF_ANOTHER_ACCOUNT),
    )
    .correlate(TRANSCRIPT)
    .exists()
)
"""Whether a document shows a name that is to be shown nowhere any more."""

_DOCUMENT: Select[Any] = (
    select(*(TRANSCRIPT.c[name] for name in (*FACTS, *DIGESTS)), KEPT.label("kept"), *COLUMNS)
    .add_columns(
        func.coalesce(CHOICE.c.lines_shown, False).label("lines_shown"),
        func.coalesce(CHOICE.c.name_shown, False).label("name_shown"),
        HIDDEN.label("hidden"),
        PERSON.c.learner_number,
        PERSON.c.legal_name,
    )
    .join(PERSON, PERSON.c.id == TRANSCRIPT.c.person_id)
    .outerjoin(CHOICE, CHOICE.c.document_id == TRANSCRIPT.c.id)
    .where(TRANSCRIPT.c.number == bindparam("number"))
)
_OWN = _DOCUMENT.where(TRANSCRIPT.c.person_id == bindparam("person"))
_OF_LEARNER = _DOCUMENT.where(PERSON.c.learner_number == bindparam("learner"))


@dataclass(frozen=True, slots=True)
class Document:
    """Facts of an issued document. `files` are digests by ending; `hidden`: it shows a suppressed name.

    `lines_shown` and `name_shown` are what whoever checks its code may see.
    """

    id: str
    number: str
    kind: DocumentKind
    issued_at: datetime
    lines: int
    minutes: int
    tenths: int
    files: Mapping[str, str]
    lines_shown: bool = False
    name_shown: bool = False
    hidden: bool = False
    standing: Standing = VALID

    @property
    def state(self) -> tuple[str, str]:
        """How it stands, in a word and its tone."""
        return (_("Valid as of its date"), "good") if self.standing.valid else (p_("a document", "Superseded"), "warn")

    @property
    def sentence(self) -> str:
        """How it stands, in a sentence, and what to do."""
        return say_standing(self.standing)

    @property
    def title(self) -> str:
        return f"{_(TITLES[self.kind])} {self.number}"

    @property
    def kept_title(self) -> str:
        """In English, for what is kept."""
        return f"{TITLES[self.kind]} {self.number}"

    @property
    def credit(self) -> str:
        """Such as "17:30 hours, 1.8 CEU"."""
        return _(
            "{minutes} hours, {tenths} CEU", minutes=contact_hours_text(self.minutes), tenths=ceu_text(self.tenths)
        )

    def file_name(self, ending: str) -> str:
        """What a file of it is called: nothing about the person."""
        return f"{self.kind.value}-{self.number}.{ending}"


@dataclass(frozen=True, slots=True)
class Held:
    """A document with whose it is, for the registrar."""

    document: Document
    person_id: str
    learner_name: str
    learner_number: str


def own_document(conn: Connection, visitor: Visitor, number: str) -> Document:
    """The visitor's own document; one statement. Raises NotFound for anybody else's."""
    row = conn.execute(_OWN, {"number": number, "person": visitor.me.id}).first()
    if row is None:
        raise NotFound
    return document_of(row)


def held_document(conn: Connection, learner_number: str, number: str) -> Held:
    """A learner's document, for callers who have authorised the visitor. Raises NotFound."""
    row = conn.execute(_OF_LEARNER, {"number": number, "learner": learner_number}).first()
    if row is None:
        raise NotFound
    return Held(document_of(row), row.person_id, row.legal_name, row.learner_number)


def document_of(row: Row[Any]) -> Document:
    """A row of FACTS, DIGESTS, KEPT as "kept" and COLUMNS of its standing, perhaps with the choices, as a document."""
    found = row._mapping
    return Document(
        **{name: found[name] for name in FACTS if name != "person_id"},
        files={name.partition("_")[0]: found[name] for name in DIGESTS if found[name] and found["kept"]},
        lines_shown=bool(found.get("lines_shown")),
        name_shown=bool(found.get("name_shown")),
        hidden=bool(found.get("hidden")),
        standing=standing_of(row),
    )


def say_standing(found: Standing) -> str:
    """Such as "A line on it was corrected after it was issued. The one to use is T-2026-000004."."""
    if found.valid:
        return _("Nothing that stands on it has been corrected since it was issued.")
    use = _("The one to use is {by}.", by=found.by) if found.by else _("A new one has not been issued yet: ask for it.")
    return f"{_(_WHY[found.why])} {use}"
