"""The addresses where decisions are posted, taken back and changed."""

from dataclasses import replace
from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.grading import decisions, postings
from assessments.grading.errors import Clashed
from assessments.grading.forms import change_of
from assessments.grading.review import PAGE, review_page
from assessments.grading.screen import changing, clash_of
from fourweek.edge import house, read, read_form, signed_in, text, write
from fourweek.errors import Invalid
from fourweek.pages import redirect, render

router = APIRouter()
QUEUE, POSTING, CHANGE = "/grading", "/grading/posting", "grading/change.html"


def address(submission_id: str) -> str:
    """Of a submission's grading screen."""
    return f"{QUEUE}/{submission_id}"


def delay(request: Request) -> timedelta:
    """How long a posting can be undone."""
    return timedelta(seconds=house(request).settings.undo_seconds)


@router.get(POSTING, name="grading-posting")
@signed_in
async def review(request: Request, page: int = 1) -> Response:
    return render(request, "grading/posting.html", await read(request, review_page, page))


@router.post(POSTING, name="grading-post-many")
@signed_in
async def post_many(request: Request) -> Response:
    form = await read_form(request)
    chosen = [value for value in form.getlist("decision") if isinstance(value, str)][:PAGE]
    posted = await write(request, postings.post_many, chosen, delay(request))
    words = {0: "Nothing was posted: choose at least one decision.", 1: "1 decision posted."}
    return redirect(request, POSTING, note=words.get(posted, f"{posted} decisions posted."))


@router.post("/grading/{submission_id}/post", name="grading-post")
@signed_in
async def post(request: Request, submission_id: str) -> Response:
    await read_form(request)
    await write(request, postings.post, submission_id, delay(request))
    return redirect(request, address(submission_id), note="Posted.")


@router.post("/grading/{submission_id}/undo", name="grading-undo")
@signed_in
async def undo(request: Request, submission_id: str) -> Response:
    await read_form(request)
    await write(request, postings.undo, submission_id)
    return redirect(request, address(submission_id), note="Taken back: it is not posted.")


@router.get("/grading/{submission_id}/change", name="grading-change")
@signed_in
async def show_change(request: Request, submission_id: str) -> Response:
    return render(request, CHANGE, await read(request, changing, submission_id))


@router.post("/grading/{submission_id}/change", name="grading-change-send")
@signed_in
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
    said = "The decision is changed." if after is None else "The decision is changed and posted."
    return redirect(request, address(submission_id), note=said)
