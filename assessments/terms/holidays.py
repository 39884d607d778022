"""The institution's holidays: days on which no promise runs."""

import csv
from datetime import date

from sqlalchemy import Connection, delete, func, select

from assessments.terms.models import Holiday
from assessments.terms.queries import HOLIDAY
from courses.paging import PER_PAGE, Pager, offset, pager, query
from courses.schedule.words import say_date
from fourweek.accounts.access import Permission, Visitor
from fourweek.audit.service import record_all
from fourweek.database import add_all_once
from fourweek.days import read_day
from fourweek.errors import Invalid
from fourweek.language import _, n_
from fourweek.light import dataclass

MOST, LONGEST = 400, 120
_ROWS = (
    select(HOLIDAY.c.day, HOLIDAY.c.title, func.count().over().label("total"))
    .order_by(HOLIDAY.c.day.desc())
    .limit(PER_PAGE)
)


@dataclass(frozen=True, slots=True)
class HolidaysPage:
    """`days` as (day such as 2026-12-25, in words, title), latest first; `typed` as it was sent with its `error`."""

    days: tuple[tuple[str, str, str], ...]
    pager: Pager
    may_change: bool
    typed: str = ""
    error: str = ""


def holidays_page(conn: Connection, visitor: Visitor, number: int, typed: str = "", error: str = "") -> HolidaysPage:
    """One page of the holidays, for all who run cohorts; whoever runs them all may change it. One statement."""
    me = visitor.need_anywhere(Permission.RUN_COHORT)
    rows = conn.execute(_ROWS.offset(offset(number))).all()
    return HolidaysPage(
        days=tuple((row.day.isoformat(), say_date(row.day), row.title) for row in rows),
        pager=pager(number, rows[0].total if rows else 0, lambda to: query(page=to)),
        may_change=me.may(Permission.RUN_COHORT),
        typed=typed,
        error=error,
    )


def add_holidays(conn: Connection, visitor: Visitor, typed: str) -> int:
    """Add what was typed, a day a line with what it is; returns how many are new. Raises Invalid, naming the line."""
    me = visitor.need(Permission.RUN_COHORT)
    days = read_lines(typed)
    known = set(conn.execute(select(HOLIDAY.c.day).where(HOLIDAY.c.day.in_(list(days)))).scalars())
    new = {day: title for day, title in days.items() if day not in known}
    real = visitor.now.real
    rows = [Holiday(day=day, title=title, added_by=me.id, added_at=real) for day, title in new.items()]
    if rows:
        add_all_once(conn, *rows)
    details = {day.isoformat(): {"title": title} for day, title in new.items()}
    record_all(conn, "holiday.add", "holiday", details, at=real, actor_id=me.id)
    return len(new)


def remove_holiday(conn: Connection, visitor: Visitor, day: str) -> None:
    """Make a day a day like others; nothing happens where it is one."""
    me = visitor.need(Permission.RUN_COHORT)
    known = read_day(day)
    if known and conn.execute(delete(HOLIDAY).where(HOLIDAY.c.day == known)).rowcount:
        record_all(conn, "holiday.remove", "holiday", {known.isoformat(): {}}, at=visitor.now.real, actor_id=me.id)


def read_lines(typed: str) -> dict[date, str]:
    """Titles by day, from lines such as "2026-12-25, Christmas Day" (a comma, semicolon or tab between). Pure."""
    lines = [line for line in typed.splitlines() if line.strip()]
    if not lines:
        raise Invalid({"days": _("Write a line for each day, such as 2026-12-25, Christmas Day.")})
    if len(lines) > MOST:
        raise Invalid(
            {
                "days": n_(
                    "These are {count} lines; at most {most} are taken at once.",
                    "These are {count} lines; at most {most} are taken at once.",
                    len(lines),
                    most=MOST,
                )
            }
        )
    return dict(_read(number, line) for number, line in enumerate(lines, 1))


def _read(number: int, line: str) -> tuple[date, str]:
    mark = next((one for one in "\t;," if one in line), ",")
    cells = _cells(line.strip(), mark)
    day, title = read_day(cells[0] if cells else ""), " ".join(filter(None, cells[1:]))
    if day is None:
        raise Invalid(
            {
                "days": _(
                    "Line {number}: “{text}” does not begin with a date such as 2026-12-25.",
                    number=number,
                    text=line.strip()[:40],
                )
            }
        )
    if not title:
        raise Invalid({"days": _("Line {number}: say what the day is.", number=number)})
    if len(title) > LONGEST:
        raise Invalid({"days": _("Line {number}: say it in at most {most} characters.", number=number, most=LONGEST)})
    return day, title


def _cells(line: str, mark: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=mark, skipinitialspace=True), [])]
    except csv.Error:  # a cell longer than any that is read
        return []
