"""Issued documents made of rows alone: no ledger, nothing typeset."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Connection, select

from assessments.credit.chain import GENESIS
from assessments.names.models import NameChange, NameChangeKind
from assessments.transcripts.codes import code_hash, print_form
from assessments.transcripts.document import DocumentIdentity
from assessments.transcripts.models import DocumentKind, Transcript
from assessments.transcripts.parts import Learner, TranscriptLine
from fourweek.accounts.access import PERSON, SignedIn, Visitor
from fourweek.accounts.models import Role
from fourweek.clock import Now
from fourweek.database import add, new_id
from fourweek.pages import initials
from fourweek.storage import Store
from tests import factories as make
from tests.assessments.transcripts.factory import snapshot

ISSUED = make.START
NOW = ISSUED + timedelta(days=10)
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class MadeDocument:
    id: str
    number: str
    person_id: str
    code: str
    at: datetime

    @property
    def printed(self) -> str:
        return print_form(self.code)


def files_of(made: MadeDocument) -> dict[str, bytes]:
    """The bytes of each file by its ending."""
    return {
        "pdf": f"%PDF-1.7\n% {made.number}\n".encode(),
        "csv": f"\ufeff{made.number}".encode(),
        "json": f'{{"schema":"fourweek-transcript/2","number":"{made.number}"}}'.encode(),
    }


def document(
    conn: Connection,
    person_id: str,
    *,
    at: datetime = ISSUED,
    lines: list[TranscriptLine] | None = None,
    store: Store | None = None,
    kind: DocumentKind = DocumentKind.TRANSCRIPT,
) -> MadeDocument:
    """A document of 4 lines, 600 minutes and 10 tenths unless given; its files are in the store if one is given."""
    number = f"T-2026-{next(_numbers):06d}"
    code = hashlib.sha256(number.encode()).hexdigest()[:16].upper()
    name = conn.execute(select(PERSON.c.legal_name).where(PERSON.c.id == person_id)).scalar_one()
    said = snapshot(
        lines,
        learner=Learner(legal_name=name, number="HL-48213-77"),
        document=DocumentIdentity(number=number, code=code, verify_host="x.example/verify", verify_url="x.example"),
        now=at,
    )
    made = MadeDocument(new_id(), number, person_id, code, at)
    files = files_of(made)
    for data in files.values() if store else ():
        store.keep_bytes(data)  # type: ignore[union-attr]
    digests: dict[str, Any] = {f"{name}_sha256": hashlib.sha256(data).hexdigest() for name, data in files.items()}
    row = Transcript(
        id=made.id,
        number=number,
        person_id=person_id,
        content_sha256=hashlib.sha256(code.encode()).hexdigest(),
        code_hash=code_hash(code),
        snapshot=said.to_json(),
        ledger_entries=0,
        ledger_head=GENESIS,
        initials=initials(name),
        lines=len(said.lines),
        minutes=said.totals.counted_minutes,
        tenths=said.totals.ceu_tenths,
        issued_at=at,
        kind=kind,
        **digests,
    )
    add(conn, row)
    return made


def visitor(conn: Connection, person_id: str | None = None, at: datetime = NOW, role: Role | None = None) -> Visitor:
    """Somebody at that instant, by both clocks; a guest without a person."""
    now = Now(real=at, school=at)
    if person_id is None:
        return Visitor(now)
    name = conn.execute(select(PERSON.c.display_name).where(PERSON.c.id == person_id)).scalar_one()
    grants = frozenset({(role, "")}) if role else frozenset()
    return Visitor(now, SignedIn(person_id, "", name, "UTC", grants))


def renamed(
    conn: Connection, person_id: str, at: datetime, *, kind: NameChangeKind = NameChangeKind.CHANGE, suppress: bool
) -> None:
    """An approved change of a name, as far as documents are concerned."""
    row = NameChange(
        id=new_id(),
        person_id=person_id,
        kind=kind,
        former="Alice Brook",
        name="Alice Stream",
        suppress=suppress,
        asked_by=person_id,
        asked_at=at,
        decided_at=at,
        approved=True,
    )
    add(conn, row)
