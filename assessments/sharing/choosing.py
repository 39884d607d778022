"""What whoever checks a document's code may see beside its totals: its learner's choice, taken back at any time."""

from sqlalchemy import Connection, update

from assessments.sharing.documents import CHOICE, own_document
from assessments.transcripts.models import DocumentChoice
from assessments.transcripts.queries import TRANSCRIPT
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record as note
from fourweek.database import add_once, lock


def choose(conn: Connection, visitor: Visitor, number: str, *, name_shown: bool, lines_shown: bool) -> bool:
    """Keep the choice; says whether it changed anything. Raises NotFound for anybody else's document."""
    lock(conn, TRANSCRIPT, own_document(conn, visitor, number).id)
    found, now = own_document(conn, visitor, number), visitor.now.real
    if (found.name_shown, found.lines_shown) == (name_shown, lines_shown):
        return False
    chosen = {"name_shown": name_shown, "lines_shown": lines_shown}
    row = DocumentChoice(document_id=found.id, name_shown=name_shown, lines_shown=lines_shown, changed_at=now)
    if not add_once(conn, row):
        conn.execute(update(CHOICE).where(CHOICE.c.document_id == found.id).values({**chosen, "changed_at": now}))
    note(conn, "transcript.choose", "transcript", found.id, at=now, actor_id=visitor.me.id, detail=chosen)
    return True
