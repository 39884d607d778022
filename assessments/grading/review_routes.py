"""The addresses where decisions are reviewed, posted, taken back, sent back and changed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from assessments.grading import decisions, postings, reviews
from assessments.grading.errors import Clashed
from assessments.grading.forms import change_of, clean
from assessments.grading.postings import Batch
from assessments.grading.review import PAGE, Part, review_page
from assessments.grading.screen import changing, clash_of, screen
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed_anywhere, allowed_in_section, own
from fourweek.days import read_instant
from fourweek.edge import house, read, read_form, text, write
from fourweek.errors import Invalid, Refused
from fourweek.language import _, n_
from fourweek.pages import redirect, render

router = APIRouter()
QUEUE, POSTING, CHANGE, SCREEN = "/grading", "/grading/posting", "grading/change.html", "grading/screen.html"
TROUBLE = {"hx-retarget": "#rating-trouble", "hx-reswap": "innerHTML"}
"""Why a form that saves itself was not saved goes into its own place."""
PIECES = 5
NAMED = 3
"""How many that were not done are named; the list says the rest."""


def address(submission_id: str) -> str:
    """Of a submission's grading screen."""
    return f"{QUEUE}/{submission_id}"


def delay(request: Request) -> timedelta:
    """How long a posting can be undone."""
    return timedelta(seconds=house(request).settings.undo_seconds)


@router.get(POSTING, name="grading-posting")
@allowed_anywhere(Permission.REVIEW_GRADES)
async def review(
    request: Request, part: Part | None = None, cohort: str = "", assignment: str = "", page: int = 1
) -> Response:
    found = await read(request, review_page, part, cohort, assignment, page)
    return render(request, "grading/posting.html", found)


@router.post(POSTING, name="grading-post-many")
@allowed_anywhere(Permission.REVIEW_GRADES)
async def act_on_many(request: Request) -> Response:
    """What the button says, with the ticked ones or with all that are ready as filtered."""
    form = await read_form(request)
    chosen = [value for value in form.getlist("decision") if isinstance(value, str)][:PAGE]
    act = text(form, "act")
    if act == "post-all":
        done = await _post_all(request, (text(form, "cohort"), text(form, "assignment")))
        return redirect(request, _here(form), note=_said(done, "posted"))
    if act in {"ready", "ready-post"}:
        done = await write(request, reviews.find_ready, chosen)
        if act == "ready":
            return redirect(request, _here(form), note=_said(done, "found ready"))
    done = await write(request, postings.post_many, chosen, delay(request))
    return redirect(request, _here(form), note=_said(done, "posted"))


@router.post("/grading/posting/undo", name="grading-undo-many")
@allowed_anywhere(Permission.REVIEW_GRADES)
async def undo_many(request: Request) -> Response:
    form = await read_form(request)
    at = read_instant(text(form, "at"))
    if at is None:
        raise Refused(_("That form names no posting."))
    taken = await write(request, postings.undo_batch, text(form, "by"), at)
    note = n_("Taken back: {count} decision is not posted.", "Taken back: {count} decisions are not posted.", taken)
    return redirect(request, POSTING, note=note)


@router.post("/grading/{submission_id}/ready", name="grading-ready")
@allowed_in_section(Permission.REVIEW_GRADES)
async def ready(request: Request, submission_id: str) -> Response:
    """Found ready, alone or with its posting."""
    form = await read_form(request)
    done = await write(request, reviews.find_one_ready, submission_id, text(form, "decision"))
    if text(form, "act") == "post" and not done.refused:
        await write(request, postings.post, submission_id, delay(request))
        return redirect(request, address(submission_id), note=_("Found ready and posted."))
    return redirect(request, address(submission_id), note=_said(done, "found ready"))


@router.post("/grading/{submission_id}/send-back", name="grading-send-back")
@allowed_in_section(Permission.REVIEW_GRADES)
async def send_back(request: Request, submission_id: str) -> Response:
    form = await read_form(request)
    back = clean(form, "back")
    try:
        await write(request, reviews.send_back, submission_id, text(form, "decision"), back)
    except Invalid as error:
        page = await read(request, screen, submission_id)
        return render(request, SCREEN, replace(page, back=back, errors=error.fields), status=422)
    return redirect(request, POSTING, note=_("Sent back. The grader is told, and their rating is a draft again."))


@router.post("/grading/{submission_id}/post", name="grading-post")
@(own | allowed_in_section(Permission.REVIEW_GRADES, Permission.KEEP_RECORD))
async def post(request: Request, submission_id: str) -> Response:
    await read_form(request)
    await write(request, postings.post, submission_id, delay(request))
    return redirect(request, address(submission_id), note=_("Posted."))


@router.post("/grading/{submission_id}/undo", name="grading-undo")
@(own | allowed_in_section(Permission.REVIEW_GRADES, Permission.KEEP_RECORD))
async def undo(request: Request, submission_id: str) -> Response:
    await read_form(request)
    await write(request, postings.undo, submission_id)
    return redirect(request, address(submission_id), note=_("Taken back: it is not posted."))


@router.get("/grading/{submission_id}/change", name="grading-change")
@allowed_in_section(Permission.REVIEW_GRADES, Permission.KEEP_RECORD)
async def show_change(request: Request, submission_id: str) -> Response:
    return render(request, CHANGE, await read(request, changing, submission_id))


@router.post("/grading/{submission_id}/change", name="grading-change-send")
@allowed_in_section(Permission.REVIEW_GRADES, Permission.KEEP_RECORD)
async def change(request: Request, submission_id: str) -> Response:
    form = await read_form(request)
    wanted = change_of(form)
    after = delay(request) if text(form, "act") == "change-post" else None
    try:
        await write(request, decisions.replace, submission_id, wanted, post_after=after)
    except (Invalid, Clashed) as error:
        page = await read(request, changing, submission_id)
        page = replace(page, scoring=wanted.scoring, reason=wanted.reason)
        if isinstance(error, Invalid):
            return render(request, CHANGE, replace(page, errors=error.fields), status=422)
        return render(request, CHANGE, replace(page, clash=clash_of(page, wanted.scoring, error)), status=409)
    said = _("The decision is changed.") if after is None else _("The decision is changed and posted.")
    return redirect(request, address(submission_id), note=said)


async def _post_all(request: Request, chosen: tuple[str, str]) -> Batch:
    """A few pieces, each a short transaction; they count from one instant. What is left waits for the next press."""
    done = Batch()
    for _piece in range(PIECES):
        piece = await write(request, postings.post_ready, chosen, delay(request), done.at)
        done += piece
        if piece.done < postings.PIECE:
            break
    return done


def _here(form: FormData) -> str:
    """The page the form was on."""
    kept = {name: text(form, name) for name in ("part", "cohort", "assignment") if text(form, name)}
    return f"{POSTING}?{urlencode(kept)}" if kept else POSTING


def _said(done: Batch, act: str) -> str:
    """What came of a batch, with the first of those that were not done."""
    if not done.done and not done.refused and not done.foreign:
        nothing = {"posted": _("Nothing was posted: choose at least one decision.")}
        return nothing.get(act, _("Nothing was found ready: choose at least one decision."))
    said = [_count(done.done, act)]
    if done.refused:
        said.append(_not_done(done.refused))
    if done.foreign:
        foreign = n_(
            "{count} of those chosen is not on your list.",
            "{count} of those chosen are not on your list.",
            done.foreign,
        )
        said.append(foreign)
    return " ".join(said)


def _count(done: int, act: str) -> str:
    if act == "posted":
        return n_("{count} decision posted.", "{count} decisions posted.", done)
    return n_("{count} decision found ready.", "{count} decisions found ready.", done)


def _not_done(refused: Sequence[str]) -> str:
    named, more = "; ".join(refused[:NAMED]), len(refused) - NAMED
    if more > 0:
        return n_("Not done: {named}; and {count} more.", "Not done: {named}; and {count} more.", more, named=named)
    return _("Not done: {named}.", named=named)
