"""Documents whose lines went to another ledger: they hold as of their date, like any other, until one is corrected."""

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, exists, insert, select

from assessments.credit.chain import EntryKind
from assessments.credit.ledger import ENTRY, LEDGER
from assessments.transcripts.standing import LINE, TRANSCRIPT

# Documents from before there were lines of them showed all that their ledger had; which one that was is soon forgotten.
_UNLISTED = (
    select(TRANSCRIPT.c.id, ENTRY.c.id)
    .join(LEDGER, LEDGER.c.person_id == TRANSCRIPT.c.person_id)
    .join(ENTRY, ENTRY.c.ledger_id == LEDGER.c.id)
    .where(
        LEDGER.c.id == bindparam("ledger"),
        ENTRY.c.seq <= TRANSCRIPT.c.ledger_entries,
        ENTRY.c.kind != EntryKind.REVERSAL,
        ~exists().where(LINE.c.document_id == TRANSCRIPT.c.id),
    )
)
_LIST = insert(LINE).from_select(["document_id", "entry_id"], _UNLISTED)
_SHOWN = select(LINE.c.document_id, LINE.c.entry_id).where(LINE.c.entry_id.in_(bindparam("entries", expanding=True)))


def follow(conn: Connection, ledger_id: str, transferred: Mapping[str, str]) -> None:
    """Note, for documents that show entries of the ledger that goes, the same ones in the other ledger.

    `transferred` are the new entries by those that they stand for, of those that kept their figures.
    """
    conn.execute(_LIST, {"ledger": ledger_id})
    shown = conn.execute(_SHOWN, {"entries": list(transferred)}).all()
    rows = [{"document_id": row.document_id, "entry_id": transferred[row.entry_id]} for row in shown]
    if rows:
        conn.execute(insert(LINE), rows)
