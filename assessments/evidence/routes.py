"""The assignment page, its draft, handing in, receipts and downloads."""

import json
from functools import cache

import anyio
import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.evidence.access import Where
from assessments.evidence.attempts import begin_next, withdraw
from assessments.evidence.compared import my_comparison
from assessments.evidence.errors import HandedIn, NotTaken
from assessments.evidence.forms import Typed, attempt_number, typed_from
from assessments.evidence.intake import Sent, taken_in
from assessments.evidence.pages import assignment_page, hand_in_whole, save_slot, save_whole
from assessments.evidence.receipt_pdf import sheet_of
from assessments.evidence.receipts import receipt_page
from assessments.evidence.service import new_receipt
from assessments.evidence.views import AssignmentPage, DraftForm, Trouble
from fourweek.accounts.declaring import enrolled, member, own
from fourweek.clock import real_time
from fourweek.edge import house, read, read_form, text, write
from fourweek.errors import TooLarge
from fourweek.files import SANDBOX, disposition, has_it
from fourweek.language import ENGLISH, _, speaking
from fourweek.pages import from_htmx, redirect, render

router = APIRouter()
AT = "/cohorts/{cohort_id}/modules/{number}/assignments/{key}"
PAGE = "evidence/assignment.html"


@router.get(AT, name="assignment")
@member
async def assignment(request: Request, cohort_id: str, number: int, key: str) -> Response:
    page = await read(request, assignment_page, Where(cohort_id, number, key))
    return render(request, PAGE, _kept(request, page))


@router.post(AT + "/draft", name="assignment-draft")
@enrolled
async def draft(request: Request, cohort_id: str, number: int, key: str) -> Response:
    """The whole form, with files: kept as a draft."""
    where, arrived = Where(cohort_id, number, key), real_time()
    sent = await taken_in(request, where)
    try:
        page = await write(request, save_whole, where, sent.typed, arrived=arrived)
    except (HandedIn, NotTaken) as error:
        return await _came_late(request, where, sent.typed, error)
    if page is not None:
        return _with_trouble(request, page, sent)
    if not from_htmx(request):
        return redirect(request, where.path, note=_("The draft is saved."))
    page = await read(request, assignment_page, where)
    return render(request, PAGE, page, block="work", headers=_says_saved(page.form))


@router.post(AT + "/draft/{slot}", name="assignment-slot")
@enrolled
async def draft_slot(request: Request, cohort_id: str, number: int, key: str, slot: str) -> Response:
    """One slot as it is typed, for the script: parts of the page by their ids. Refusals are JSON, as it asks for."""
    form = await read_form(request)
    typed = typed_from([(k, v) for k, v in form.multi_items() if isinstance(v, str)])
    page = await write(request, save_slot, Where(cohort_id, number, key), typed, slot)
    if page.wrong:
        raise TooLarge(page.wrong)
    if page.other is not None:
        return render(request, "evidence/_clash.html", page, status=409)
    return render(request, "evidence/_saved.html", page)


@router.post(AT + "/submit", name="assignment-submit")
@enrolled
async def submit(request: Request, cohort_id: str, number: int, key: str) -> Response:
    """The whole form, with files: handed in, once, by when the request came in and not by how long its body took."""
    where, arrived = Where(cohort_id, number, key), real_time()
    sent = await taken_in(request, where)
    try:
        done = await write(request, hand_in_whole, where, sent.typed, new_receipt(), arrived=arrived)
    except (HandedIn, NotTaken) as error:
        return await _came_late(request, where, sent.typed, error)
    if isinstance(done, AssignmentPage):
        return _with_trouble(request, done, sent)
    return redirect(request, f"/receipts/{done}")


@router.post(AT + "/attempts", name="assignment-attempt")
@enrolled
async def next_attempt(request: Request, cohort_id: str, number: int, key: str) -> Response:
    await read_form(request)
    where = Where(cohort_id, number, key)
    await write(request, begin_next, where)
    return redirect(request, where.path, note=_("The next attempt begins with what was handed in before."))


@router.get(AT + "/attempts/{attempt}/compared", name="attempts-compared")
@own
async def compare(request: Request, cohort_id: str, number: int, key: str, attempt: int) -> Response:
    """What changed in the texts since the attempt before."""
    found = await read(request, my_comparison, Where(cohort_id, number, key), attempt)
    return render(request, "evidence/compared.html", await found.made())


@router.post(AT + "/withdraw", name="assignment-withdraw")
@enrolled
async def take_back(request: Request, cohort_id: str, number: int, key: str) -> Response:
    """What waits for a grader is taken back and is a draft again."""
    where, arrived = Where(cohort_id, number, key), real_time()
    form = await read_form(request)
    await write(request, withdraw, where, attempt_number(text(form, "attempt")), arrived=arrived)
    said = _("Taken back. Your evidence is a draft again; hand it in when it is ready.")
    return redirect(request, where.path, note=said)


@router.get("/receipts/{number}.pdf", name="receipt-pdf")
@own
async def receipt_file(request: Request, number: str) -> Response:
    """The receipt on paper, typeset outside of the transaction, one at a time; 304 where the browser has it."""
    settings = house(request).settings
    page = await read(request, receipt_page, number, settings.evidence_kept_days, in_english=True)
    with speaking(ENGLISH):
        sheet = sheet_of(page, settings.institution, settings.paper.value)
    headers = {
        "etag": sheet.etag,
        "cache-control": "private, no-cache",
        "vary": "Cookie",
        "content-disposition": disposition(f"receipt-{number}.pdf", shown=False),
        "content-security-policy": SANDBOX,
    }
    if has_it(request.headers.get("if-none-match", ""), sheet.etag):
        return Response(status_code=304, headers=headers)
    data = await anyio.to_thread.run_sync(sheet.press, limiter=_press())
    return Response(data, media_type="application/pdf", headers=headers)


@router.get("/receipts/{number}", name="receipt")
@own
async def receipt(request: Request, number: str) -> Response:
    page = await read(request, receipt_page, number, house(request).settings.evidence_kept_days)
    return render(request, "evidence/receipt.html", page)


@cache
def _press() -> anyio.CapacityLimiter:
    """Receipts are typeset one at a time in a process: each takes a whole core for a moment."""
    return anyio.CapacityLimiter(1)


def _with_trouble(request: Request, page: AssignmentPage, sent: Sent) -> Response:
    """The page again with what was typed; the script's own requests are told by the words alone."""
    status = 422
    if not from_htmx(request):
        status = 429 if sent.wait else 413 if sent.too_large else 409 if page.conflicts else 422
    headers = _says_saved(page.form) | ({"retry-after": str(sent.wait)} if sent.wait else {})
    return render(request, PAGE, _kept(request, page), block="work", status=status, headers=headers)


def _says_saved(page: DraftForm | None) -> dict[str, str]:
    """The event by which the form says when it was saved; nothing where there is no form."""
    return {"hx-trigger": json.dumps({"saved": {"value": page.saved}})} if page else {}


async def _came_late(request: Request, where: Where, typed: Typed, error: HandedIn | NotTaken) -> Response:
    """What was typed for an attempt that takes nothing more is shown, so that it can be copied."""
    if from_htmx(request):
        raise error
    page = await read(request, assignment_page, where, Trouble(typed, wrong={"": error.message}, unsent=True))
    return render(request, PAGE, _kept(request, page), status=409)


def _kept(request: Request, page: AssignmentPage) -> AssignmentPage:
    """The page with how long evidence is kept here."""
    return page.with_kept(house(request).settings.evidence_kept_days)
