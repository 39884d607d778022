"""Everybody's dates as a table for a spreadsheet: a row for each learner and module."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from courses.cohorts.grid.pages import Learner, reasons
from courses.schedule.zones import zone
from fourweek.language import ENGLISH, speaking
from fourweek.spreadsheets import safe_cell, written

DATES = ("opens", "due", "late until", "closes")
COLUMNS = (
    *("name", "email", "section", "zone", "module", "title"),
    *(column for date in DATES for column in (f"{date} (UTC)", f"{date} (local)")),
    *("differs", "why"),
)


def grid_csv(titles: Sequence[str], learners: Sequence[Learner]) -> bytes:
    """Instants in UTC in ISO form, each beside what the wall clock in `zone` shows; "" where there is none. In English,
    whoever asks."""
    with speaking(ENGLISH):
        return written(COLUMNS, (row for one in learners for row in _rows(titles, one)))


def _rows(titles: Sequence[str], one: Learner) -> Iterator[list[str]]:
    here = zone(one.zone)
    person = [safe_cell(text) for text in (one.name, one.address, one.section)]
    for number, (title, own, usual) in enumerate(zip(titles, one.dates.own, one.dates.usual, strict=True), 1):
        why = dict.fromkeys(reason.words for reason in reasons(own, usual))
        yield [
            *person,
            one.zone,
            str(number),
            safe_cell(title),
            *(cell for at in (own.opens_at, own.due_at, own.late_until, own.closes_at) for cell in _cells(at, here)),
            "yes" if why else "no",
            safe_cell(" ".join(why)),
        ]


def _cells(instant: datetime | None, here: ZoneInfo) -> tuple[str, str]:
    if instant is None:
        return "", ""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", f"{instant.astimezone(here):%Y-%m-%d %H:%M}"
