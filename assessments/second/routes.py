"""The addresses where a lead asks for a second rating, and reads and settles two that differ."""

import json
from dataclasses import replace
from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.grading.errors import Clashed
from assessments.grading.forms import clean, typed_of
from assessments.grading.models import Outcome
from assessments.grading.review_routes import QUEUE, SCREEN, TROUBLE, address, delay
from assessments.grading.screen import screen, with_changes
from assessments.grading.words import clock
from assessments.second.asked import ask_by_hand
from assessments.second.calling_off import FIELD, call_off
from assessments.second.reconciling import reconcile, save_typed, two_ratings
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed_in_section
from fourweek.edge import house, read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import N_, _
from fourweek.pages import from_htmx, redirect, render

router = APIRouter()
PAGE = "second/ratings.html"
SETTLED = {
    Outcome.DEMONSTRATED: N_("Settled: demonstrated."),
    Outcome.NOT_YET: N_("Settled: not yet demonstrated."),
    Outcome.RETURNED_INCOMPLETE: N_("Settled: returned as incomplete."),
}


@router.post("/grading/{submission_id}/second", name="grading-second")
@allowed_in_section(Permission.REVIEW_GRADES)
async def ask(request: Request, submission_id: str) -> Response:
    await read_form(request)
    await write(request, ask_by_hand, submission_id)
    note = _("A second grader will rate this too, once the first rating is done.")
    return redirect(request, address(submission_id), note=note)


@router.post("/grading/{submission_id}/second/off", name="grading-second-off")
@allowed_in_section(Permission.REVIEW_GRADES)
async def end(request: Request, submission_id: str) -> Response:
    reason = clean(await read_form(request), FIELD)
    try:
        is_decided = await write(request, call_off, submission_id, reason)
    except Invalid as error:
        page = await with_changes(await read(request, screen, submission_id))
        return render(request, SCREEN, replace(page, off=reason, errors=error.fields), status=422)
    note = (
        _("The second rating is called off. It is decided as the first grader said, and not posted yet.")
        if is_decided
        else _("The second rating is called off.")
    )
    return redirect(request, address(submission_id), note=note)


@router.get("/grading/{submission_id}/ratings", name="grading-ratings")
@allowed_in_section(Permission.REVIEW_GRADES)
async def show(request: Request, submission_id: str) -> Response:
    return render(request, PAGE, await read(request, two_ratings, submission_id))


@router.post("/grading/{submission_id}/ratings/draft", name="grading-reconcile-draft")
@allowed_in_section(Permission.REVIEW_GRADES)
async def save_draft(request: Request, submission_id: str) -> Response:
    """What the page saves by itself: never anything but a draft."""
    typed = typed_of(await read_form(request))
    lasts = timedelta(minutes=house(request).settings.claim_minutes)
    try:
        saved = await write(request, save_typed, submission_id, typed, lasts)
    except Invalid as error:
        return render(request, "grading/_draft_problems.html", error.fields, status=422, headers=TROUBLE)
    except Clashed as error:
        if from_htmx(request):
            return render(request, "second/_clash.html", (submission_id, error.message), status=409, headers=TROUBLE)
        page = await read(request, two_ratings, submission_id)
        return render(request, PAGE, page.typed(typed, clash=error.message), status=409)
    words = _("Saved {time}", time=clock(saved.at, request.state.visitor.me.zone))
    if not from_htmx(request):
        return redirect(request, f"{address(submission_id)}/ratings", note=words)
    told = {"hx-trigger": json.dumps({"saved": {"value": words}})}
    return render(request, "grading/_saved.html", saved, headers=told)


@router.post("/grading/{submission_id}/ratings", name="grading-reconcile")
@allowed_in_section(Permission.REVIEW_GRADES)
async def settle(request: Request, submission_id: str) -> Response:
    form = await read_form(request)
    typed = typed_of(form)
    lasts = timedelta(minutes=house(request).settings.claim_minutes)
    after = delay(request) if text(form, "act") == "decide-post" else None
    try:
        result = await write(request, reconcile, submission_id, typed, lasts=lasts, post_after=after)
    except (Invalid, Clashed) as error:
        page = await read(request, two_ratings, submission_id)
        if isinstance(error, Invalid):
            return render(request, PAGE, page.typed(typed, errors=error.fields), status=422)
        return render(request, PAGE, page.typed(typed, clash=error.message), status=409)
    posted = _("Not posted yet.") if after is None else _("Posted.")
    return redirect(request, QUEUE, note=f"{_(SETTLED[result.outcome])} {posted}" if result.outcome else posted)
