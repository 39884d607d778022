"""The grader's addresses; the lead's, in `review_routes`, come first on the same router."""

import json
from dataclasses import replace
from datetime import timedelta

from fastapi import Request
from starlette.responses import Response

from assessments.grading import claims, decisions, ratings
from assessments.grading.comparison import comparison
from assessments.grading.errors import Clashed
from assessments.grading.forms import Typed, clean, typed_of
from assessments.grading.queue import Part, queue_page
from assessments.grading.ratings import Saved
from assessments.grading.review_routes import QUEUE, address, delay, router
from assessments.grading.screen import Screen, clash_of, screen
from assessments.grading.words import OUTCOMES, WAITS, clock
from fourweek.edge import house, read, read_form, signed_in, text, write
from fourweek.errors import Invalid
from fourweek.pages import from_htmx, redirect, render

# The router is the one of review_routes, so that /grading/posting comes before /grading/{submission_id}.
__all__ = ["router"]
SCREEN = "grading/screen.html"
TROUBLE = {"hx-retarget": "#rating-trouble", "hx-reswap": "innerHTML"}


def _lasts(request: Request) -> timedelta:
    return timedelta(minutes=house(request).settings.claim_minutes)


@router.get(QUEUE, name="grading")
@signed_in
async def queue(
    request: Request, part: Part = Part.FREE, cohort: str = "", assignment: str = "", page: int = 1
) -> Response:
    return render(request, "grading/queue.html", await read(request, queue_page, part, cohort, assignment, page))


@router.post("/grading/next", name="grading-next")
@signed_in
async def grade_next(request: Request) -> Response:
    form = await read_form(request)
    taken = await write(request, claims.claim_next, _lasts(request), text(form, "cohort"), text(form, "assignment"))
    if taken is None:
        return redirect(request, QUEUE, note="Nothing is free to grade just now.")
    return redirect(request, address(taken))


@router.get("/grading/{submission_id}", name="grading-screen")
@signed_in
async def show(request: Request, submission_id: str) -> Response:
    return render(request, SCREEN, await read(request, screen, submission_id))


@router.get("/grading/{submission_id}/compared", name="grading-compared")
@signed_in
async def compare(request: Request, submission_id: str) -> Response:
    """What changed in the texts since the attempt before."""
    found = await read(request, comparison, submission_id)
    return render(request, "evidence/compared.html", await found.made())


@router.post("/grading/{submission_id}", name="grading-send")
@signed_in
async def send(request: Request, submission_id: str) -> Response:
    """Save, decide or return, by the button that was pressed; a plain save when none was."""
    form = await read_form(request)
    typed = typed_of(form)
    try:
        to, note = await _act(request, submission_id, typed, text(form, "act"))
    except Invalid as error:
        page = await _typed_page(request, submission_id, typed)
        return render(request, SCREEN, replace(page, errors=error.fields), status=422, block="rating")
    except Clashed as error:
        return await _clashed(request, submission_id, typed, error)
    return redirect(request, to, note=note)


@router.post("/grading/{submission_id}/draft", name="grading-draft")
@signed_in
async def save_draft(request: Request, submission_id: str) -> Response:
    """What the page saves by itself: never anything but a draft, whatever the form holds."""
    typed = typed_of(await read_form(request))
    try:
        saved = await write(request, ratings.save, submission_id, typed, _lasts(request))
    except Invalid as error:
        return render(request, "grading/_draft_problems.html", error.fields, status=422, headers=TROUBLE)
    except Clashed as error:
        return await _clashed(request, submission_id, typed, error)
    words = _saved_words(request, saved)
    if not from_htmx(request):
        return redirect(request, address(submission_id), note=words)
    return render(
        request, "grading/_saved.html", saved, headers={"hx-trigger": json.dumps({"saved": {"value": words}})}
    )


@router.post("/grading/{submission_id}/claim", name="grading-claim")
@signed_in
async def claim(request: Request, submission_id: str) -> Response:
    await read_form(request)
    await write(request, claims.claim, submission_id, _lasts(request))
    return redirect(request, address(submission_id))


@router.post("/grading/{submission_id}/release", name="grading-release")
@signed_in
async def release(request: Request, submission_id: str) -> Response:
    await read_form(request)
    await write(request, claims.release, submission_id)
    return redirect(request, QUEUE, note="Given back to the queue. Your draft is kept.")


@router.post("/grading/{submission_id}/break", name="grading-break")
@signed_in
async def break_claim(request: Request, submission_id: str) -> Response:
    reason = clean(await read_form(request), "reason")
    try:
        await write(request, claims.break_claim, submission_id, reason)
    except Invalid as error:
        page = await read(request, screen, submission_id)
        return render(request, SCREEN, replace(page, reason=reason, errors=error.fields), status=422)
    return redirect(request, address(submission_id), note="The claim is broken; the submission is free again.")


async def _act(request: Request, submission_id: str, typed: Typed, act: str) -> tuple[str, str]:
    """Do what the button says; where to go then, and what to say there."""
    lasts = _lasts(request)
    if act in {"decide", "decide-post"}:
        after = delay(request) if act == "decide-post" else None
        result = await write(request, decisions.decide, submission_id, typed, lasts=lasts, post_after=after)
        if result.outcome is None:
            return QUEUE, WAITS[result.step]
        where = "Not posted yet." if after is None else "Posted."
        return QUEUE, f"Decided: {OUTCOMES[result.outcome].lower()}. {where}"
    if act == "return":
        await write(request, decisions.give_back, submission_id, typed, lasts=lasts, post_after=delay(request))
        return QUEUE, "Returned as incomplete. The learner gets your message."
    saved = await write(request, ratings.save, submission_id, typed, lasts, claim=act == "claim")
    return address(submission_id), _saved_words(request, saved)


async def _clashed(request: Request, submission_id: str, typed: Typed, error: Clashed) -> Response:
    """409 with both versions: a notice beside the form for htmx, else the page with what was typed on it."""
    page = await _typed_page(request, submission_id, typed)
    page = replace(page, clash=clash_of(page, typed.scoring, error))
    if from_htmx(request):
        return render(request, "grading/_clash.html", page, status=409, headers=TROUBLE)
    return render(request, SCREEN, page, status=409)


async def _typed_page(request: Request, submission_id: str, typed: Typed) -> Screen:
    page = await read(request, screen, submission_id)
    return replace(page, scoring=typed.scoring, message=typed.message, version=max(typed.version, 0), saved="")


def _saved_words(request: Request, saved: Saved) -> str:
    return f"Saved {clock(saved.at, request.state.visitor.me.zone)}"
