"""A scan that tells professionals before a renewal window closes what is missing, or that nothing is.

Safe to run twice or at once: each letter has a key of its own for its licence, its window and its step.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, select

from assessments.licences.counting import Activity
from assessments.licences.lines import earned_by_each
from assessments.licences.pages import held_of, missing_words, title_of
from assessments.licences.queries import LICENCE
from assessments.licences.standing import REMIND_BEFORE, step_due
from courses.schedule.words import say_date
from courses.schedule.zones import zone
from fourweek.clock import Now
from fourweek.database import Database
from fourweek.language.stored import Kept, in_each_language, lines_in_each_language
from fourweek.outbox import OUTBOX, Mail, post_all

KIND: Final = "licence_ends"
PIECE: Final = 200
SLACK: Final = timedelta(days=2)
"""A day of a zone may begin and end this much apart from one of UTC."""
_ENDING: Select[Any] = (
    select(LICENCE)
    .where(
        LICENCE.c.ends_on >= bindparam("since"),
        LICENCE.c.ends_on <= bindparam("horizon"),
        LICENCE.c.remind,
        LICENCE.c.removed_at.is_(None),
        LICENCE.c.id > bindparam("after"),
    )
    .order_by(LICENCE.c.id)
    .limit(PIECE)
)
_TOLD = select(OUTBOX.c.key).where(OUTBOX.c.key.in_(bindparam("keys", expanding=True)))


def remind_of_windows(db: Database, now: Now) -> int:
    """Write every letter about windows that close, which is due and not yet written; returns how many."""
    after, written = "", 0
    while found := db.read_now(_some, after, now.school):
        if mails := db.read_now(_letters, found, now.school):
            written += db.write_now(post_all, KIND, mails, now=now.real)
        after = found[-1].id
    return written


def _some(conn: Connection, after: str, now: datetime) -> Sequence[Row[Any]]:
    horizon = now + timedelta(days=max(REMIND_BEFORE)) + SLACK
    return conn.execute(_ENDING, {"after": after, "since": (now - SLACK).date(), "horizon": horizon.date()}).all()


def _letters(conn: Connection, found: Sequence[Row[Any]], now: datetime) -> list[Mail]:
    """What is due and was not written; three statements."""
    due = {f"{KIND}:{row.id}:{row.ends_on}:{step}": row for row in found if (step := _step(row, now)) is not None}
    told = set(conn.execute(_TOLD, {"keys": list(due)}).scalars()) if due else set()
    untold = {key: row for key, row in due.items() if key not in told}
    if not untold:
        return []
    earned = earned_by_each(conn, {row.person_id for row in untold.values()})
    mails = []
    for key, row in untold.items():
        activities = earned[row.person_id].activities(zone(row.zone))
        missing = lines_in_each_language(partial(_missing, row, activities))
        mails.append(Mail(key, row.person_id, _data(row, missing, _today(row, now))))
    return mails


def _missing(row: Row[Any], activities: Sequence[Activity]) -> tuple[str, ...]:
    return missing_words(held_of(row).estimate(activities))


def _step(row: Row[Any], now: datetime) -> int | None:
    return step_due(row.ends_on, _today(row, now))


def _today(row: Row[Any], now: datetime) -> date:
    return now.astimezone(zone(row.zone)).date()


def _data(row: Row[Any], missing: Sequence[Kept], today: date) -> dict[str, Any]:
    return {
        "licence": in_each_language(lambda: title_of(row)),
        "left": (row.ends_on - today).days,
        "last": in_each_language(lambda: say_date(row.ends_on)),
        "missing": list(missing),
        "path": f"/licences/{row.id}",
    }
