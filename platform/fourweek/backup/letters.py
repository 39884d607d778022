"""Letters of a restored school: those that were pending may have left since the backup, so they wait for somebody."""

from datetime import datetime

from sqlalchemy import Connection, func, select, update

from fourweek.light import dataclass
from fourweek.outbox import OUTBOX

HELD = "Held since the school was restored from a backup: it may have left before."
_HELD = (OUTBOX.c.sent_at.is_(None), OUTBOX.c.try_at.is_(None), OUTBOX.c.problem == HELD)


@dataclass(frozen=True, slots=True)
class HeldLetter:
    """A letter that waits: what it is about, whom it is for ("" where that is nobody yet), since when it was due."""

    id: str
    kind: str
    person_id: str
    due: datetime


def hold_pending(conn: Connection) -> int:
    """Send nothing that is pending until somebody lets it go; how many letters that is. They stay listed."""
    pending = update(OUTBOX).where(OUTBOX.c.sent_at.is_(None), OUTBOX.c.try_at.is_not(None))
    return conn.execute(pending.values(try_at=None, problem=HELD)).rowcount


def count_held(conn: Connection) -> int:
    return conn.execute(select(func.count()).select_from(OUTBOX).where(*_HELD)).scalar_one()


def held(conn: Connection, limit: int) -> list[HeldLetter]:
    """The letters that were due first."""
    asked = select(OUTBOX.c.id, OUTBOX.c.kind, OUTBOX.c.person_id, OUTBOX.c.shown_from).where(*_HELD)
    rows = conn.execute(asked.order_by(OUTBOX.c.shown_from, OUTBOX.c.id).limit(limit))
    return [HeldLetter(row.id, row.kind, row.person_id or "", row.shown_from) for row in rows]


def let_go(conn: Connection, now: datetime, *, send: bool) -> int:
    """Send what is held, or never by mail; how many letters."""
    values = {"try_at": now, "problem": ""} if send else {"by_mail": False, "problem": ""}
    return conn.execute(update(OUTBOX).where(*_HELD).values(**values)).rowcount


def say_letters(count: int) -> str:
    return "1 letter" if count == 1 else f"{count:,} letters"
