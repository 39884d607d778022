"""The assignment page, its draft, handing in, receipts and downloads."""

import json

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.evidence.access import Where
from assessments.evidence.drafts import begin_next
from assessments.evidence.errors import HandedIn, NotTaken
from assessments.evidence.forms import Typed, typed_from
from assessments.evidence.intake import taken_in
from assessments.evidence.pages import assignment_page, hand_in_whole, save_slot, save_whole
from assessments.evidence.receipts import evidence_file, receipt_page
from assessments.evidence.service import new_receipt
from assessments.evidence.views import AssignmentPage, DraftForm, SavedSlot, Trouble
from fourweek.edge import read, read_form, signed_in, write
from fourweek.errors import TooLarge
from fourweek.files import SAVED_ONLY, file_response
from fourweek.pages import from_htmx, redirect, render

router = APIRouter()
AT = "/cohorts/{cohort_id}/modules/{number}/assignments/{key}"
PAGE = "evidence/assignment.html"


@router.get(AT, name="assignment")
@signed_in
async def assignment(request: Request, cohort_id: str, number: int, key: str) -> Response:
    page = await read(request, assignment_page, Where(cohort_id, number, key))
    return render(request, PAGE, page)


@router.post(AT + "/draft", name="assignment-draft")
@signed_in
async def draft(request: Request, cohort_id: str, number: int, key: str) -> Response:
    """The whole form, with files: kept as a draft."""
    where = Where(cohort_id, number, key)
    sent = await taken_in(request, where)
    try:
        page = await write(request, save_whole, where, sent.typed)
    except (HandedIn, NotTaken) as error:
        return await _came_late(request, where, sent.typed, error)
    if page is not None:
        return _with_trouble(request, page, too_large=sent.too_large)
    if not from_htmx(request):
        return redirect(request, where.path, note="The draft is saved.")
    page = await read(request, assignment_page, where)
    return render(request, PAGE, page, block="work", headers=_says_saved(page.form))


@router.post(AT + "/draft/{slot}", name="assignment-slot")
@signed_in
async def draft_slot(request: Request, cohort_id: str, number: int, key: str, slot: str) -> Response:
    """One slot as it is typed, for the script: a small fragment."""
    form = await read_form(request)
    typed = typed_from([(k, v) for k, v in form.multi_items() if isinstance(v, str)])
    page = await write(request, save_slot, Where(cohort_id, number, key), typed, slot)
    if page.wrong:
        raise TooLarge(page.wrong)
    if page.other is not None:
        beside = {"hx-retarget": f"#conflict-{page.key}", "hx-reswap": "innerHTML"}
        return render(request, "evidence/_conflict.html", page, status=409, headers=beside)
    return render(request, "evidence/_saved.html", page, headers=_says_saved(page))


@router.post(AT + "/submit", name="assignment-submit")
@signed_in
async def submit(request: Request, cohort_id: str, number: int, key: str) -> Response:
    """The whole form, with files: handed in, once."""
    where = Where(cohort_id, number, key)
    sent = await taken_in(request, where)
    try:
        done = await write(request, hand_in_whole, where, sent.typed, new_receipt())
    except (HandedIn, NotTaken) as error:
        return await _came_late(request, where, sent.typed, error)
    if isinstance(done, AssignmentPage):
        return _with_trouble(request, done, too_large=sent.too_large)
    return redirect(request, f"/receipts/{done}")


@router.post(AT + "/attempts", name="assignment-attempt")
@signed_in
async def next_attempt(request: Request, cohort_id: str, number: int, key: str) -> Response:
    await read_form(request)
    where = Where(cohort_id, number, key)
    await write(request, begin_next, where)
    return redirect(request, where.path, note="The next attempt begins with what was handed in before.")


@router.get("/receipts/{number}", name="receipt")
@signed_in
async def receipt(request: Request, number: str) -> Response:
    return render(request, "evidence/receipt.html", await read(request, receipt_page, number))


@router.api_route("/evidence/{evidence_id}", methods=["GET", "HEAD"], name="evidence-file")
@signed_in
async def download(request: Request, evidence_id: str) -> Response:
    """The very bytes that were handed in, always as a download under a policy that lets nothing in them run."""
    return await file_response(request, await read(request, evidence_file, evidence_id), SAVED_ONLY)


def _with_trouble(request: Request, page: AssignmentPage, *, too_large: bool) -> Response:
    """The page again with what was typed; the script's own requests are told by the words alone."""
    status = 422
    if not from_htmx(request):
        status = 413 if too_large else 409 if page.conflicts else 422
    return render(request, PAGE, page, block="work", status=status, headers=_says_saved(page.form))


def _says_saved(page: DraftForm | SavedSlot | None) -> dict[str, str]:
    """The event by which the form says when it was saved; nothing where there is no form."""
    return {"hx-trigger": json.dumps({"saved": {"value": page.saved}})} if page else {}


async def _came_late(request: Request, where: Where, typed: Typed, error: HandedIn | NotTaken) -> Response:
    """What was typed for an attempt that takes nothing more is shown, so that it can be copied."""
    if from_htmx(request):
        raise error
    page = await read(request, assignment_page, where, Trouble(typed, wrong={"": error.message}, unsent=True))
    return render(request, PAGE, page, status=409)
