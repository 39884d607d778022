"""Taking a completion report out, which is logged as what it is: a disclosure; and keeping layouts."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, update

from assessments.licences.boards import all_boards
from assessments.record.queries import registrar
from assessments.reports.columns import HOLDS, LONGEST_TITLE, MOST_COLUMNS, SHIPPED, Completion, Layout
from assessments.reports.models import ReportLayout
from assessments.reports.queries import LAYOUT, SENT, Asked, every_completion, saved_layout
from assessments.sharing.disclosing import ACT as DISCLOSED
from courses.cohorts.fields import Typed
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record, record_all
from fourweek.database import add, new_id
from fourweek.errors import Invalid, NotFound
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.settings import Settings
from fourweek.words import say_whole

MOST_ROWS: Final = 20_000
LONGEST_TO: Final = 200


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A report as it goes to a board."""

    layout: Layout
    completions: tuple[Completion, ...]


def layout_of(conn: Connection, layout_id: str) -> Layout:
    """A shipped or a saved layout. Raises NotFound. Whoever calls has authorised it."""
    found = next((one for one in SHIPPED if one.id == layout_id), None) or saved_layout(conn, layout_id)
    if found is None:
        raise NotFound
    return found


def board_title(board: str) -> str:
    """What a shipped board is called; "" for none."""
    rules = all_boards().get(board)
    return rules[-1].title if rules else ""


def read_asked(layout: Layout, values: Mapping[str, str]) -> Asked:
    """The report that a form asks for. Raises Invalid."""
    typed = Typed({name: values.get(name, "") for name in ("first", "last", "courses")})
    first, last = typed.day("first", _("The first day")), typed.day("last", _("The last day"))
    if first and last and last < first:
        typed.errors["last"] = _("The period ends before it begins.")
    if typed.errors or first is None or last is None:
        raise Invalid(typed.errors)
    codes = tuple(dict.fromkeys(typed.values["courses"].replace(",", " ").lower().split()))[:100]
    return Asked(layout.board, first, last, codes)


def take_out(
    conn: Connection, visitor: Visitor, layout_id: str, values: Mapping[str, str], settings: Settings
) -> TakenOut:
    """The whole report, noted with whom it goes to and for everybody it is about. Raises NotFound and Invalid."""
    registrar(visitor)
    layout = layout_of(conn, layout_id)
    asked, to = read_asked(layout, values), " ".join(values.get("to", "").split())
    if not to or len(to) > LONGEST_TO:
        raise Invalid({"to": _("Say who gets it, in at most 200 characters.")})
    found = every_completion(conn, asked, settings.approvals, board_title(layout.board), MOST_ROWS + 1)
    if len(found) > MOST_ROWS:
        raise Invalid({"last": _("More than {most} completions: choose a shorter period.", most=say_whole(MOST_ROWS))})
    _note(conn, visitor, TakenOut(layout, found), asked, to)
    return TakenOut(layout, found)


def save_layout(conn: Connection, visitor: Visitor, layout_id: str, values: Mapping[str, str]) -> str:
    """A layout of the registrar's own, new where `layout_id` is ""; returns its id. Raises NotFound and Invalid.

    `values` are `title`, `board`, and `key1`, `title1` … for the columns in order; an empty key is no column.
    """
    registrar(visitor)
    title, board, columns = _read_layout(values)
    if layout_id:
        if saved_layout(conn, layout_id) is None:
            raise NotFound
        changed = {"title": title, "board": board, "columns": columns}
        conn.execute(update(LAYOUT).where(LAYOUT.c.id == layout_id).values(changed))
        _note_layout(conn, visitor, "report_layout.change", layout_id, columns)
        return layout_id
    made = ReportLayout(
        id=new_id(), title=title, board=board, columns=columns, made_by=visitor.me.id, made_at=visitor.now.real
    )
    add(conn, made)
    _note_layout(conn, visitor, "report_layout.add", made.id, columns)
    return made.id


def remove_layout(conn: Connection, visitor: Visitor, layout_id: str) -> None:
    """It leaves the list; what was taken out with it stays noted. Raises NotFound."""
    registrar(visitor)
    if saved_layout(conn, layout_id) is None:
        raise NotFound
    conn.execute(update(LAYOUT).where(LAYOUT.c.id == layout_id).values(removed_at=visitor.now.real))
    _note_layout(conn, visitor, "report_layout.remove", layout_id, ())


def _read_layout(values: Mapping[str, str]) -> tuple[str, str, list[dict[str, str]]]:
    typed = Typed({"title": values.get("title", "")})
    title = typed.words("title", _("The title"), 120)
    board = values.get("board", "")
    if board and board not in all_boards():
        typed.errors["board"] = _("Choose a board from the list.")
    columns = [column for place in range(1, MOST_COLUMNS + 1) if (column := _read_column(values, place, typed))]
    if not columns and not typed.errors:
        typed.errors["key1"] = _("Choose at least one column.")
    if typed.errors:
        raise Invalid(typed.errors)
    return title, board, columns


def _read_column(values: Mapping[str, str], place: int, typed: Typed) -> dict[str, str] | None:
    key, title = values.get(f"key{place}", ""), " ".join(values.get(f"title{place}", "").split())
    if not key:
        return None
    if key not in HOLDS:
        typed.errors[f"key{place}"] = _("Choose what the column holds.")
        return None
    if len(title) > LONGEST_TITLE:
        typed.errors[f"title{place}"] = _("At most {most} characters.", most=LONGEST_TITLE)
    return {"key": key, "title": title or HOLDS[key][0]}


def _note(conn: Connection, visitor: Visitor, report: TakenOut, asked: Asked, to: str) -> None:
    """One row for the report, and one for each person in it, who reads it among what was handed on."""
    at, me, report_id = visitor.now.real, visitor.me.id, new_id()
    said = {
        "layout": report.layout.title,
        "board": asked.board,
        "first": asked.first.isoformat(),
        "last": asked.last.isoformat(),
        "courses": list(asked.courses),
        "rows": len(report.completions),
    }
    record(conn, SENT, "report", report_id, at=at, actor_id=me, reason=to, detail=said)
    titles: dict[str, list[str]] = {}
    for one in report.completions:
        titles.setdefault(one.person_id, []).append(one.course_title)
    people = {
        person_id: {
            "what": f"Completion of {', '.join(dict.fromkeys(courses))}",
            "to": to,
            "report_id": report_id,
        }
        for person_id, courses in titles.items()
    }
    record_all(conn, DISCLOSED, "person", people, at=at, actor_id=me, reason=f"Report: {report.layout.title}.")


def _note_layout(
    conn: Connection, visitor: Visitor, act: str, layout_id: str, columns: Sequence[dict[str, str]]
) -> None:
    detail: dict[str, Any] = {"columns": [column["key"] for column in columns]}
    record(conn, act, "report_layout", layout_id, at=visitor.now.real, actor_id=visitor.me.id, detail=detail)
