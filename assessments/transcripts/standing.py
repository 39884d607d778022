"""How an issued document stands: it holds as of its date until a line or the name that it shows is corrected.

A newer document alone supersedes nothing, nor does new credit, nor a name that changed, nor that two accounts of its
learner became one.
"""

import json
from collections.abc import Collection
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, Text, bindparam, cast, exists, func, or_, select

from assessments.credit.chain import EntryKind
from assessments.credit.ledger import ENTRY, LEDGER
from assessments.names.models import NameChangeKind
from assessments.names.queries import CHANGE
from assessments.transcripts.models import DocumentKind, DocumentLine, Transcript
from assessments.transcripts.scope import Scope
from fourweek.database import table
from fourweek.light import dataclass


class Why(StrEnum):
    """What of a superseded document was corrected; nothing of one that is valid."""

    NOTHING = ""
    LINE = "line"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a document stands. `by` is the number of the one to use instead, None while none was issued."""

    why: Why = Why.NOTHING
    by: str | None = None

    @property
    def valid(self) -> bool:
        return self.why is Why.NOTHING


VALID: Final = Standing()
TRANSCRIPT, LINE = table(Transcript), table(DocumentLine)
_TAKEN_BACK, _LATER = ENTRY.alias("taken_back"), TRANSCRIPT.alias("later")
_FOLLOWS, _TRANSFERRED = LINE.alias("follows"), ENTRY.alias("transferred")

# When an entry that the document shows was last taken back, of those that stood when it was issued. Their ledger need
# not be the person's any more: where accounts were merged, an entry that went to the other ledger as it was is a line
# of the document too, and was not corrected.
_SAME = (
    exists()
    .where(
        _FOLLOWS.c.document_id == TRANSCRIPT.c.id,
        _FOLLOWS.c.entry_id == _TRANSFERRED.c.id,
        _TRANSFERRED.c.kind == EntryKind.TRANSFERRED,
        _TRANSFERRED.c.cause_id == _TAKEN_BACK.c.cause_id,
        _TRANSFERRED.c.enrolment_id == _TAKEN_BACK.c.enrolment_id,
        _TRANSFERRED.c.module_number == _TAKEN_BACK.c.module_number,
    )
    .correlate(TRANSCRIPT, _TAKEN_BACK)
)
_LISTED_AT = (
    select(func.max(_TAKEN_BACK.c.recorded_at))
    .join_from(LINE, ENTRY, ENTRY.c.id == LINE.c.entry_id)
    .join(_TAKEN_BACK, _TAKEN_BACK.c.reverses_id == ENTRY.c.id)
    .where(
        LINE.c.document_id == TRANSCRIPT.c.id,
        or_(_TAKEN_BACK.c.seq > TRANSCRIPT.c.ledger_entries, ENTRY.c.recorded_at > TRANSCRIPT.c.issued_at),
        ~_SAME,
    )
    .correlate(TRANSCRIPT)
    .scalar_subquery()
)
# Documents from before there were lines of them showed all that stood in the ledger then.
_UNLISTED_AT = (
    select(func.max(_TAKEN_BACK.c.recorded_at))
    .select_from(LEDGER)
    .join(_TAKEN_BACK, _TAKEN_BACK.c.ledger_id == LEDGER.c.id)
    .join(ENTRY, ENTRY.c.id == _TAKEN_BACK.c.reverses_id)
    .where(
        ~exists().where(LINE.c.document_id == TRANSCRIPT.c.id).correlate(TRANSCRIPT),
        LEDGER.c.person_id == TRANSCRIPT.c.person_id,
        _TAKEN_BACK.c.seq > TRANSCRIPT.c.ledger_entries,
        ENTRY.c.seq <= TRANSCRIPT.c.ledger_entries,
    )
    .correlate(TRANSCRIPT)
    .scalar_subquery()
)
_LINE_AT = func.coalesce(_LISTED_AT, _UNLISTED_AT)
_NAME_AT = (
    select(func.max(CHANGE.c.decided_at))
    .where(
        CHANGE.c.person_id == TRANSCRIPT.c.person_id,
        CHANGE.c.kind == NameChangeKind.CORRECTION,
        CHANGE.c.approved,
        CHANGE.c.decided_at > TRANSCRIPT.c.issued_at,
    )
    .correlate(TRANSCRIPT)
    .scalar_subquery()
)
_AFTER = (
    _LATER.c.person_id == TRANSCRIPT.c.person_id,
    _LATER.c.kind == TRANSCRIPT.c.kind,
    cast(_LATER.c.scope, Text) == cast(TRANSCRIPT.c.scope, Text),
    _LATER.c.issued_at > TRANSCRIPT.c.issued_at,
)
_ORDER = (_LATER.c.issued_at.desc(), _LATER.c.number.desc())


def _newest(column: str) -> Any:
    newest = select(_LATER.c[column]).where(*_AFTER).order_by(*_ORDER).limit(1)
    return newest.correlate(TRANSCRIPT).scalar_subquery().label(f"by_{column}")


COLUMNS: Final = (_LINE_AT.label("line_at"), _NAME_AT.label("name_at"), _newest("number"), _newest("issued_at"))
"""To be selected from `transcript` beside others; `standing_of` reads them."""

_MANY: Select[Any] = select(TRANSCRIPT.c.id, *COLUMNS).where(TRANSCRIPT.c.id.in_(bindparam("ids", expanding=True)))
_BEFORE: Select[Any] = (
    select(TRANSCRIPT.c.number, *COLUMNS)
    .where(
        TRANSCRIPT.c.person_id == bindparam("person"),
        TRANSCRIPT.c.kind == bindparam("kind", type_=TRANSCRIPT.c.kind.type),
        cast(TRANSCRIPT.c.scope, Text) == bindparam("scope", type_=Text()),
    )
    .order_by(TRANSCRIPT.c.issued_at.desc(), TRANSCRIPT.c.number.desc())
    .limit(1)
)


def standing_of(row: Row[Any]) -> Standing:
    """How the document of a row stands that selects `COLUMNS`."""
    whys = {Why.LINE: row.line_at, Why.NAME: row.name_at}
    corrected = [(at, why) for why, at in whys.items() if at is not None]
    if not corrected:
        return VALID
    at, why = max(corrected)
    later = row.by_issued_at
    return Standing(why, row.by_number if later is not None and later >= at else None)


def standings(conn: Connection, document_ids: Collection[str]) -> dict[str, Standing]:
    """How each of a page of documents stands, by its id; one statement."""
    rows = conn.execute(_MANY, {"ids": list(document_ids)}) if document_ids else ()
    return {row.id: standing_of(row) for row in rows}


def standing(conn: Connection, document_id: str) -> Standing:
    """How one document stands; valid if there is none of that id."""
    return standings(conn, [document_id]).get(document_id, VALID)


def superseded_before(conn: Connection, person_id: str, kind: DocumentKind, scope: Scope) -> str | None:
    """The number of the person's newest document of that kind and scope, if it is superseded; one statement."""
    asked = {"person": person_id, "kind": kind, "scope": json.dumps(scope.stored())}
    row = conn.execute(_BEFORE, asked).first()
    return row.number if row and not standing_of(row).valid else None
