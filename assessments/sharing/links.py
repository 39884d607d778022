"""A learner's links to a document of theirs: made for a time, listed with their use, ended at once."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, case, func, select, update

from assessments.sharing.documents import own_document
from assessments.sharing.models import ShareLink, ShareVisit
from assessments.transcripts.queries import TRANSCRIPT
from courses.paging import PER_PAGE, offset
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record as note
from fourweek.database import add, lock, new_id, table
from fourweek.errors import Conflict, Invalid, NotFound
from fourweek.language import _
from fourweek.light import dataclass

LINK, VISIT = table(ShareLink), table(ShareVisit)
LONGEST: Final = 366
"""Days."""
MOST_OPEN: Final = 20
MOST_NOTE: Final = 200
PAGE: Final = "page"

_OF_DOCUMENT = LINK.c.document_id == bindparam("document")
_OPEN = select(func.count()).where(_OF_DOCUMENT, LINK.c.revoked_at.is_(None), LINK.c.ends_at > bindparam("now"))
_COUNT = select(func.count()).where(_OF_DOCUMENT)
_LINKS: Select[Any] = (
    select(*(LINK.c[name] for name in ("id", "note", "made_at", "ends_at", "revoked_at")))
    .add_columns(
        func.count(case((VISIT.c.what == PAGE, 1))).label("opened"),
        func.count(case((VISIT.c.what != PAGE, 1))).label("taken"),
        func.max(VISIT.c.at).label("last"),
    )
    .outerjoin(VISIT, VISIT.c.link_id == LINK.c.id)
    .where(_OF_DOCUMENT)
    .group_by(LINK.c.id)
    .order_by(LINK.c.id.desc())
    .limit(PER_PAGE)
    .offset(bindparam("skipped"))
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link as its learner sees it: how often its page was opened and files were taken, and when last."""

    id: str
    note: str
    made_at: datetime
    ends_at: datetime
    revoked_at: datetime | None
    opened: int
    taken: int
    last: datetime | None

    def is_open(self, now: datetime) -> bool:
        return self.revoked_at is None and self.ends_at > now


def links_of(conn: Connection, document_id: str, number: int) -> tuple[tuple[Link, ...], int]:
    """One page of a document's links, the newest first, and how many there are; two statements."""
    rows = conn.execute(_LINKS, {"document": document_id, "skipped": offset(number)})
    found = tuple(Link(**row._mapping) for row in rows)
    return found, conn.execute(_COUNT, {"document": document_id}).scalar_one()


def make_link(conn: Connection, visitor: Visitor, number: str, token: str, said: tuple[str, str]) -> None:
    """Open a document of the visitor's own under a secret, whose hash `token` is; `said` is for whom, and the days.

    Raises NotFound, Invalid for what was typed, Conflict where MOST_OPEN are open already.
    """
    found, now = own_document(conn, visitor, number), visitor.now.real
    whom, days = _checked(*said)
    if found.hidden:
        raise Conflict(
            _("This document shows a name that is shown nowhere any more."),
            what_to_do=_("Issue a new one and share that."),
        )
    lock(conn, TRANSCRIPT, found.id)
    if conn.execute(_OPEN, {"document": found.id, "now": now}).scalar_one() >= MOST_OPEN:
        raise Conflict(
            _("{most_open} links to this document are open already.", most_open=MOST_OPEN),
            what_to_do=_("End one that is not needed any more."),
        )
    row = ShareLink(
        id=new_id(),
        document_id=found.id,
        token_hash=token,
        note=whom,
        made_at=now,
        ends_at=now + timedelta(days=days),
    )
    add(conn, row)
    detail = {"link": row.id, "ends": row.ends_at.isoformat()}
    note(conn, "transcript.share", "transcript", found.id, at=now, actor_id=visitor.me.id, detail=detail)


def end_link(conn: Connection, visitor: Visitor, number: str, link_id: str) -> None:
    """Nothing more is given under the link from now on; one that is over already stays so. Raises NotFound."""
    found, now = own_document(conn, visitor, number), visitor.now.real
    mine = (LINK.c.id == link_id, LINK.c.document_id == found.id)
    ended = update(LINK).where(*mine, LINK.c.revoked_at.is_(None)).values(revoked_at=now)
    if conn.execute(ended).rowcount:
        detail = {"link": link_id}
        note(conn, "transcript.unshare", "transcript", found.id, at=now, actor_id=visitor.me.id, detail=detail)
    elif conn.execute(select(LINK.c.id).where(*mine)).first() is None:
        raise NotFound


def _checked(whom: str, days: str) -> tuple[str, int]:
    errors = {}
    if len(whom.strip()) > MOST_NOTE:
        errors["note"] = _("Say it in at most {most_note} letters.", most_note=MOST_NOTE)
    if not (days.isascii() and days.isdigit() and len(days) < 5 and 1 <= int(days) <= LONGEST):
        errors["days"] = _("Choose between 1 and {longest} days.", longest=LONGEST)
    if errors:
        raise Invalid(errors)
    return " ".join(whom.split()), int(days)
