"""The grader's addresses; the lead's, in `review_routes`, come first on the same router."""

import json
from dataclasses import replace
from datetime import timedelta

from fastapi import Request
from sqlalchemy import Connection
from starlette.responses import JSONResponse, Response

from assessments.completeness.queries import Work, work_of
from assessments.completeness.rules import Finding
from assessments.completeness.service import keep_findings, look_soon
from assessments.grading import claims, decisions, ratings, remarking
from assessments.grading.comparison import comparison
from assessments.grading.errors import Clashed
from assessments.grading.forms import Typed, clean, typed_of
from assessments.grading.lost import lost_page
from assessments.grading.queue import Part, queue_page
from assessments.grading.ratings import Saved
from assessments.grading.reading import lost_words, still_reading
from assessments.grading.review_routes import QUEUE, TROUBLE, address, delay, router
from assessments.grading.screen import Screen, clash_of, screen, with_changes
from assessments.grading.words import DECIDED, WAITS, clock
from assessments.remarks.bank import words_of
from assessments.showing.derived import Derived
from fourweek.accounts.access import Permission, Visitor
from fourweek.accounts.declaring import allowed_anywhere, allowed_in_section
from fourweek.edge import house, read, read_form, text, write
from fourweek.errors import Forbidden, Invalid, NotFound
from fourweek.language import _
from fourweek.pages import PRIVATE, from_htmx, redirect, render

# The router is the one of review_routes, so that /grading/posting comes before /grading/{submission_id}.
__all__ = ["router"]
SCREEN = "grading/screen.html"
INSERT, KEEP = "insert", "keep"
"""Buttons of the comment bank: "insert comment-method 01J…" and "keep comment-method"."""


def _lasts(request: Request) -> timedelta:
    return timedelta(minutes=house(request).settings.claim_minutes)


@router.get(QUEUE, name="grading")
@allowed_anywhere(Permission.GRADE)
async def queue(
    request: Request,
    part: Part = Part.FREE,
    cohort: str = "",
    assignment: str = "",
    page: int = 1,
    unchecked: bool = False,  # noqa: FBT001, FBT002 a word of the address
) -> Response:
    shown = await read(request, queue_page, part, cohort, assignment, page, unchecked=unchecked)
    return render(request, "grading/queue.html", shown)


@router.post("/grading/next", name="grading-next")
@allowed_anywhere(Permission.GRADE)
async def grade_next(request: Request) -> Response:
    form = await read_form(request)
    chosen = text(form, "cohort"), text(form, "assignment")
    unchecked = text(form, "unchecked") == "1"
    taken = await write(request, claims.claim_next, _lasts(request), *chosen, unchecked=unchecked)
    if taken is None:
        return redirect(request, QUEUE, note=_("Nothing is free to grade just now."))
    await _let_rules_run(request, taken)
    return redirect(request, address(taken))


@router.get("/grading/{submission_id}", name="grading-screen")
@allowed_in_section(Permission.GRADE, Permission.KEEP_RECORD)
async def show(request: Request, submission_id: str) -> Response:
    return render(request, SCREEN, await with_changes(await read(request, screen, submission_id)))


@router.get("/grading/{submission_id}/compared", name="grading-compared")
@allowed_in_section(Permission.GRADE, Permission.KEEP_RECORD)
async def compare(request: Request, submission_id: str) -> Response:
    """What changed in the texts since the attempt before."""
    found = await read(request, comparison, submission_id)
    return render(request, "evidence/compared.html", await found.made())


@router.post("/grading/{submission_id}", name="grading-send")
@allowed_in_section(Permission.GRADE)
async def send(request: Request, submission_id: str) -> Response:
    """Save, decide or return, by the button that was pressed; a plain save when none was."""
    form = await read_form(request)
    typed, act = typed_of(form), text(form, "act")
    try:
        if act.startswith(INSERT):
            typed = await _with_inserted(request, typed, act)
        to, note = await _act(request, submission_id, typed, act)
    except Invalid as error:
        page = await _typed_page(request, submission_id, typed)
        return render(request, SCREEN, replace(page, errors=error.fields), status=422, block="rating")
    except Clashed as error:
        return await _clashed(request, submission_id, typed, error)
    except (NotFound, Forbidden) as error:
        return _lost(request, typed, error)
    if to != address(submission_id) or act in {"claim", "complete"}:
        return redirect(request, to, note=note)
    return await _saved(request, submission_id, act, note)


@router.post("/grading/{submission_id}/draft", name="grading-draft")
@allowed_in_section(Permission.GRADE)
async def save_draft(request: Request, submission_id: str) -> Response:
    """What the page saves by itself: never anything but a draft, whatever the form holds."""
    typed = typed_of(await read_form(request))
    try:
        saved = await write(request, ratings.save_typed, submission_id, typed, _lasts(request))
    except Invalid as error:
        return render(request, "grading/_draft_problems.html", error.fields, status=422, headers=TROUBLE)
    except Clashed as error:
        return await _clashed(request, submission_id, typed, error)
    except (NotFound, Forbidden) as error:
        return _lost(request, typed, error)
    words = _saved_words(request, saved)
    if not from_htmx(request):
        return redirect(request, address(submission_id), note=words)
    return render(
        request, "grading/_saved.html", saved, headers={"hx-trigger": json.dumps({"saved": {"value": words}})}
    )


@router.post("/grading/{submission_id}/claim", name="grading-claim")
@allowed_in_section(Permission.GRADE)
async def claim(request: Request, submission_id: str) -> Response:
    await read_form(request)
    await write(request, claims.claim, submission_id, _lasts(request))
    await _let_rules_run(request, submission_id)
    return redirect(request, address(submission_id))


@router.post("/grading/{submission_id}/reading", name="grading-reading")
@allowed_in_section(Permission.GRADE, Permission.KEEP_RECORD)
async def reading(request: Request, submission_id: str) -> Response:
    """The page's script says that its grader reads: the claim lasts, and it is told until when. JSON."""
    await read_form(request)
    found = await write(request, still_reading, submission_id, _lasts(request))
    return JSONResponse({"yours": found.yours, "words": found.words}, headers={"cache-control": PRIVATE})


@router.post("/grading/{submission_id}/notes", name="grading-note")
@allowed_in_section(Permission.GRADE, Permission.KEEP_RECORD)
async def add_note(request: Request, submission_id: str) -> Response:
    """A note for other graders from a page without a rating form."""
    note = clean(await read_form(request), "note")
    try:
        await write(request, remarking.add_note, submission_id, note)
    except Invalid as error:
        page = await with_changes(await read(request, screen, submission_id))
        return render(request, SCREEN, replace(page, note=note, errors=error.fields), status=422)
    return redirect(request, address(submission_id), note=_("The note is kept."))


@router.post("/grading/{submission_id}/release", name="grading-release")
@allowed_in_section(Permission.GRADE, Permission.KEEP_RECORD)
async def release(request: Request, submission_id: str) -> Response:
    await read_form(request)
    await write(request, claims.release, submission_id)
    return redirect(request, QUEUE, note=_("Given back to the queue. Your draft is kept."))


@router.post("/grading/{submission_id}/break", name="grading-break")
@allowed_in_section(Permission.REVIEW_GRADES)
async def break_claim(request: Request, submission_id: str) -> Response:
    reason = clean(await read_form(request), "reason")
    try:
        await write(request, claims.break_claim, submission_id, reason)
    except Invalid as error:
        page = await read(request, screen, submission_id)
        return render(request, SCREEN, replace(page, reason=reason, errors=error.fields), status=422)
    return redirect(request, address(submission_id), note=_("The claim is broken; the submission is free again."))


async def _act(request: Request, submission_id: str, typed: Typed, act: str) -> tuple[str, str]:
    """Do what the button says, and keep the note in the form; where to go then, and what to say there."""
    lasts = _lasts(request)
    if act in {"decide", "decide-post"}:
        after = delay(request) if act == "decide-post" else None
        decide = remarking.with_note(decisions.decide, judgeable=True)
        result = await write(request, decide, submission_id, typed, lasts=lasts, post_after=after)
        if result.outcome is None:
            return QUEUE, _(WAITS[result.step])
        where = _("Not posted yet.") if after is None else _("Posted.")
        where = _("A lead looks at it before it is posted.") if result.goes_to_lead else where
        return QUEUE, f"{_(DECIDED[result.outcome])} {where}"
    if act == "return":
        give_back = remarking.with_note(decisions.give_back)
        await write(request, give_back, submission_id, typed, lasts=lasts, post_after=delay(request))
        return QUEUE, _("Returned as incomplete. The learner gets your message.")
    if act.startswith(KEEP):
        keep = remarking.with_note(remarking.keep_in_bank)
        saved = await write(request, keep, submission_id, typed, lasts, field=_field_of(act))
        return address(submission_id), _("Kept in the comment bank. {saved}", saved=_saved_words(request, saved))
    save = remarking.with_note(remarking.save_chosen, judgeable=act == "complete")
    saved = await write(request, save, submission_id, typed, lasts, claim=act == "claim")
    return address(submission_id), _saved_words(request, saved)


async def _saved(request: Request, submission_id: str, act: str, words: str) -> Response:
    """After a save: the form anew for htmx, so that the page stays where it is; else the page, at the field's place."""
    if not from_htmx(request):
        field = _field_of(act)
        return redirect(request, address(submission_id) + (f"#field-{field}" if field else ""), note=words)
    page = await read(request, screen, submission_id)
    return render(request, SCREEN, replace(page, saved=words), block="rating")


async def _with_inserted(request: Request, typed: Typed, act: str) -> Typed:
    """What was typed with a comment of the bank put into it."""
    field = _field_of(act)
    try:
        words = await read(request, words_of, act.rsplit(" ", maxsplit=1)[-1])
    except NotFound:
        raise Invalid({field: _("That comment is not in the bank any more.")}) from None
    return replace(typed, scoring=remarking.with_comment(typed.scoring, field, words))


def _field_of(act: str) -> str:
    """The field that a button of the comment bank is about; "" for other buttons."""
    parts = act.split(" ")
    return parts[1] if parts[0] in {INSERT, KEEP} and len(parts) > 1 else ""


async def _let_rules_run(request: Request, submission_id: str) -> None:
    """Let the rules look at what somebody is about to grade, where the worker has not come to it yet."""
    work = await read(request, _work_of, submission_id)
    if work is None:
        return
    ours = house(request)
    found = await look_soon(ours.store, Derived(ours.settings.home), work)
    if found is not None:
        await write(request, _keep_findings, submission_id, found)


def _work_of(conn: Connection, _visitor: Visitor, submission_id: str) -> Work | None:
    return work_of(conn, submission_id)


def _keep_findings(conn: Connection, visitor: Visitor, submission_id: str, found: tuple[Finding, ...]) -> None:
    keep_findings(conn, submission_id, found, visitor.now.real)


async def _clashed(request: Request, submission_id: str, typed: Typed, error: Clashed) -> Response:
    """409 with both versions: a notice beside the form for htmx, else the page with what was typed on it."""
    page = await _typed_page(request, submission_id, typed)
    clash = clash_of(page, typed.scoring, error, typed.taken)
    if error.claimable and page.found.claim is None:
        clash = replace(clash, message=await read(request, lost_words, page.found))
    page = replace(page, clash=clash)
    if from_htmx(request):
        return render(request, "grading/_clash.html", page, status=409, headers=TROUBLE)
    return render(request, SCREEN, page, status=409)


def _lost(request: Request, typed: Typed, error: NotFound | Forbidden) -> Response:
    """What was typed for a submission that its grader may not hold any more, given back to be copied."""
    page = lost_page(typed, error)
    if from_htmx(request):
        return render(request, "grading/_lost.html", page, status=error.status, headers=TROUBLE)
    return render(request, "grading/lost.html", page, status=error.status)


async def _typed_page(request: Request, submission_id: str, typed: Typed) -> Screen:
    page = await with_changes(await read(request, screen, submission_id))
    version = max(typed.version, 0)
    return replace(page, scoring=typed.scoring, message=typed.message, note=typed.note, version=version, saved="")


def _saved_words(request: Request, saved: Saved) -> str:
    return _("Saved {time}", time=clock(saved.at, request.state.visitor.me.zone))
