"""Opening a link that somebody shared: what it leads to, with a note in the log of its use."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, not_, select

from assessments.sharing.documents import DIGESTS, FACTS, HIDDEN, Document, document_of
from assessments.sharing.links import LINK
from assessments.sharing.models import ShareVisit
from assessments.transcripts.queries import TRANSCRIPT
from assessments.transcripts.standing import COLUMNS
from assessments.transcripts.stored import KEPT
from fourweek.accounts.access import Visitor
from fourweek.database import add, new_id
from fourweek.light import dataclass
from fourweek.limits.rules import Limit
from fourweek.limits.service import need

OPENINGS: Final = Limit("share", 60, 60)
"""Of one network address: a firm behind one address may open several links, a guesser comes nowhere."""

_OPENED: Select[Any] = (
    select(*(TRANSCRIPT.c[name] for name in (*FACTS, *DIGESTS)), KEPT.label("kept"), *COLUMNS)
    .add_columns(LINK.c.id.label("link_id"), LINK.c.ends_at)
    .join(LINK, LINK.c.document_id == TRANSCRIPT.c.id)
    .where(
        LINK.c.token_hash == bindparam("token"),
        LINK.c.revoked_at.is_(None),
        LINK.c.ends_at > bindparam("now"),
        not_(HIDDEN),
    )
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A document that is shared, and until when."""

    document: Document
    ends_at: datetime


def opened(conn: Connection, visitor: Visitor, token: str, caller: str, what: str) -> Opened | None:
    """What the link with this hash leads to; None where there is nothing, for whatever reason, by the same statements.

    `what` goes into the log of its use: "page", a file's ending, or "" for nothing. What its own learner opens is not
    logged. Raises TooMany.
    """
    now = visitor.now.real
    need(conn, OPENINGS, caller, now)
    row = conn.execute(_OPENED, {"token": token, "now": now}).first()
    if row is None:
        return None
    found = document_of(row)
    own = visitor.person is not None and visitor.person.id == row.person_id
    if what and not own and (what == "page" or what in found.files):
        add(conn, ShareVisit(id=new_id(), link_id=row.link_id, at=now, what=what))
    return Opened(found, row.ends_at)
