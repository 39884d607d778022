"""The page on which a table of people is checked, and then enrolled or invited."""

from dataclasses import replace

import anyio.to_thread
from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from courses.cohorts.access import staff_cohort
from courses.enrolment.giving import as_it_stands
from courses.enrolment.roster.importing import Order, check_import, run_import
from courses.enrolment.roster.plan import IDLE, Fate, ImportPlan, PlannedRow, Purpose
from courses.enrolment.roster.table import MOST_BYTES
from courses.enrolment.words import say_taken
from fourweek.accounts.access import Permission, Visitor
from fourweek.accounts.declaring import allowed
from fourweek.edge import house, read, write
from fourweek.language import N_, _, n_
from fourweek.light import dataclass
from fourweek.multipart import Arrived
from fourweek.pages import address, redirect, render
from fourweek.spreadsheets import NotATable, decoded
from fourweek.uploads import THREADS, arriving

router = APIRouter(prefix="/staff/cohorts/{cohort_id}")
MOST_SHOWN = 200
PURPOSES = (
    (Purpose.ENROL.value, N_("Enrol them"), N_("They have a place at once; a mail tells them.")),
    (
        Purpose.INVITE.value,
        N_("Invite them"),
        N_("A mail asks them; they accept or decline. An invitation holds no place."),
    ),
)


@dataclass(frozen=True, slots=True)
class ImportPage:
    """The form and, once a table was read, what it would do. `shown` are rows that cannot be taken first, then the
    others, `hidden` how many more there are; `totals` counts rows by what happens to them, in words."""

    cohort_id: str
    cohort_name: str
    places: str
    purposes: tuple[tuple[str, str, str], ...]
    order: Order
    plan: ImportPlan | None = None
    shown: tuple[PlannedRow, ...] = ()
    hidden: int = 0
    totals: tuple[tuple[str, int], ...] = ()
    problem: str = ""
    changed: bool = False


@router.get("/roster/import", name="roster-import")
@allowed(Permission.RUN_COHORT)
async def import_page(request: Request, cohort_id: str) -> Response:
    return render(request, "enrolment/import.html", await read(request, _page, cohort_id, Order("")))


@router.post("/roster/import", name="roster-import-send")
@allowed(Permission.RUN_COHORT)
async def take_table(request: Request, cohort_id: str) -> Response:
    """Check a table; import it once that very check was shown."""
    app = house(request)
    await read(request, staff_cohort, cohort_id)
    async with arriving(request, app.store, MOST_BYTES, app.settings.form_limit) as body:
        fields = dict(body.fields)
        try:
            order = await _order(fields, body.files)
        except NotATable as wrong:
            return await _refused(request, cohort_id, _typed(fields), str(wrong))
    if fields.get("act") == "import" and order.seen:
        return await _import(request, cohort_id, order)
    return await _checked(request, cohort_id, order)


async def _import(request: Request, cohort_id: str, order: Order) -> Response:
    try:
        ended = await write(request, run_import, cohort_id, order)
    except NotATable as wrong:
        return await _refused(request, cohort_id, order, str(wrong))
    if not ended.done:
        return await _checked(request, cohort_id, order, changed=True)
    note = _say_done(order.purpose, len(ended.plan.coming))
    return redirect(request, address(request, "roster", cohort_id=cohort_id), note=note)


def _say_done(purpose: Purpose, count: int) -> str:
    if purpose is Purpose.INVITE:
        return n_(
            "{count} person is invited. A mail tells them.", "{count} people are invited. A mail tells them.", count
        )
    return n_(
        "{count} person is enrolled. A mail tells them.", "{count} people are enrolled. A mail tells them.", count
    )


async def _checked(request: Request, cohort_id: str, order: Order, *, changed: bool = False) -> Response:
    try:
        page = await read(request, _checked_page, cohort_id, order)
    except NotATable as wrong:
        return await _refused(request, cohort_id, order, str(wrong))
    page = replace(page, changed=changed)
    return render(request, "enrolment/import.html", page, status=422 if page.plan and page.plan.wrong else 200)


async def _refused(request: Request, cohort_id: str, order: Order, problem: str) -> Response:
    page = replace(await read(request, _page, cohort_id, order), problem=problem)
    return render(request, "enrolment/import.html", page, status=422)


async def _order(fields: dict[str, str], files: list[Arrived]) -> Order:
    """What was sent; a file counts more than what stands in the field. Raises NotATable."""
    order = _typed(fields)
    if not files:
        return order
    if files[0].too_large:
        raise NotATable(_("The file is larger than 1 MB. Send it in parts."))
    data = await anyio.to_thread.run_sync(files[0].spooled.read_bytes, limiter=THREADS)
    return replace(order, text=decoded(data), seen="")


def _typed(fields: dict[str, str]) -> Order:
    typed = fields.get("purpose", "")
    return Order(
        text=fields.get("rows", "").replace("\r\n", "\n"),
        purpose=Purpose(typed) if typed in set(Purpose) else Purpose.ENROL,
        beyond=bool(fields.get("beyond")),
        seen=fields.get("seen", ""),
    )


def _page(conn: Connection, visitor: Visitor, cohort_id: str, order: Order) -> ImportPage:
    facts = staff_cohort(conn, visitor, cohort_id)
    places = say_taken(as_it_stands(conn, cohort_id).seats)
    purposes = tuple((key, _(label), _(hint)) for key, label, hint in PURPOSES)
    return ImportPage(cohort_id, facts.name, places, purposes, order)


def _checked_page(conn: Connection, visitor: Visitor, cohort_id: str, order: Order) -> ImportPage:
    plan = check_import(conn, visitor, cohort_id, order)
    rows = sorted(plan.rows, key=lambda one: (one.fate is not Fate.WRONG, one.fate in IDLE))
    counts = {fate: sum(one.fate is fate for one in plan.rows) for fate in Fate}
    return replace(
        _page(conn, visitor, cohort_id, order),
        plan=plan,
        shown=tuple(rows[:MOST_SHOWN]),
        hidden=max(0, len(rows) - MOST_SHOWN),
        totals=tuple((_(fate), count) for fate, count in counts.items() if count),
    )
