"""The addresses of appeals: the learner's under the assignment, the grader's and leads' under grading."""

import json
from dataclasses import replace
from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.appeals import closing, giving, opening, rating, thread
from assessments.appeals.desk import desk_page
from assessments.appeals.errors import AtRest, NotAppealable
from assessments.appeals.forms import Weighing, arguments_of, weighing_of
from assessments.appeals.listing import ADDRESS, list_page
from assessments.appeals.mine import mine_page
from assessments.appeals.models import AppealState
from assessments.appeals.views import DeskPage
from assessments.evidence.access import Where
from assessments.grading.errors import Clashed
from assessments.grading.lost import LostPage
from assessments.grading.rules import Scoring
from assessments.grading.screen import Clash, differences
from assessments.grading.words import clock
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed_anywhere, allowed_in_section, own
from fourweek.clock import real_time
from fourweek.edge import house, read, read_form, text, write
from fourweek.errors import Forbidden, FourweekError, Invalid, NotFound
from fourweek.language import _
from fourweek.pages import from_htmx, redirect, render

router = APIRouter()
AT = "/cohorts/{cohort_id}/modules/{number}/assignments/{key}/attempts/{attempt}/appeal"
MINE, DESK = "appeals/mine.html", "appeals/desk.html"
TROUBLE = {"hx-retarget": "#rating-trouble", "hx-reswap": "innerHTML"}


@router.get(AT, name="appeal")
@own
async def mine(request: Request, cohort_id: str, number: int, key: str, attempt: int) -> Response:
    page = await read(request, mine_page, Where(cohort_id, number, key), attempt)
    return render(request, MINE, page)


@router.post(AT, name="appeal-open")
@own
async def open_one(request: Request, cohort_id: str, number: int, key: str, attempt: int) -> Response:
    """An appeal, by when its form arrived. What was typed comes back whenever it cannot be taken."""
    where, arrived = Where(cohort_id, number, key), real_time()
    typed = arguments_of(await read_form(request))
    try:
        await write(request, opening.open_appeal, where, attempt, typed, arrived=arrived)
    except (Invalid, NotAppealable) as error:
        page = await read(request, mine_page, where, attempt, typed, arrived=arrived)
        wrong = error.fields if isinstance(error, Invalid) else {}
        problem = "" if isinstance(error, Invalid) else error.message
        return render(request, MINE, replace(page, errors=wrong, problem=problem), status=error.status)
    return redirect(request, _path(where, attempt), note=_("Your appeal is in. You are told what comes of it."))


@router.post(AT + "/messages", name="appeal-message")
@own
async def say(request: Request, cohort_id: str, number: int, key: str, attempt: int) -> Response:
    where, form = Where(cohort_id, number, key), await read_form(request)
    said = text(form, "message")
    try:
        await write(request, thread.say_as_learner, where, attempt, text(form, "appeal"), said)
    except Invalid as error:
        page = await read(request, mine_page, where, attempt)
        return render(request, MINE, replace(page, errors=error.fields, message=said), status=422)
    except AtRest as error:
        page = replace(await read(request, mine_page, where, attempt), problem=error.message)
        return render(request, MINE, replace(page, unsent=((_("Your message"), said),)), status=409)
    return redirect(request, _path(where, attempt) + "#thread", note=_("Sent."))


@router.post(AT + "/take-back", name="appeal-take-back")
@own
async def take_back(request: Request, cohort_id: str, number: int, key: str, attempt: int) -> Response:
    await read_form(request)
    where = Where(cohort_id, number, key)
    await write(request, opening.take_back, where, attempt)
    return redirect(request, _path(where, attempt), note=_("Taken back. The decision stands."))


@router.get(ADDRESS, name="appeals")
@allowed_anywhere(Permission.GRADE)
async def listing(request: Request, part: str = "", page: str = "") -> Response:
    return render(request, "appeals/list.html", await read(request, list_page, part, page_number(page)))


@router.get(ADDRESS + "/{appeal_id}", name="appeal-desk")
@own | allowed_in_section(Permission.REVIEW_GRADES)
async def show(request: Request, appeal_id: str) -> Response:
    return render(request, DESK, await read(request, desk_page, appeal_id))


@router.post(ADDRESS + "/{appeal_id}", name="appeal-send")
@own
async def send(request: Request, appeal_id: str) -> Response:
    """Save, finish the blind rating, or close, by the button that was pressed; a plain save when none was."""
    form = await read_form(request)
    typed, act = weighing_of(form), text(form, "act")
    try:
        note = await _act(request, appeal_id, typed, act)
    except Invalid as error:
        page = await _typed_page(request, appeal_id, typed)
        return render(request, DESK, replace(page, errors=error.fields), status=422, block="rating")
    except Clashed as error:
        return await _clashed(request, appeal_id, typed, error)
    except (NotFound, Forbidden, AtRest) as error:
        return _lost(request, typed, error)
    return redirect(request, _desk(appeal_id), note=note)


@router.post(ADDRESS + "/{appeal_id}/draft", name="appeal-draft")
@own
async def save_draft(request: Request, appeal_id: str) -> Response:
    """What the page saves by itself: never anything but a draft."""
    typed = weighing_of(await read_form(request))
    try:
        saved = await write(request, rating.save, appeal_id, typed)
    except Invalid as error:
        return render(request, "grading/_draft_problems.html", error.fields, status=422, headers=TROUBLE)
    except Clashed as error:
        return await _clashed(request, appeal_id, typed, error)
    except (NotFound, Forbidden) as error:
        return _lost(request, typed, error)
    words = _("Saved {time}", time=clock(saved.at, request.state.visitor.me.zone))
    if not from_htmx(request):
        return redirect(request, _desk(appeal_id), note=words)
    said = {"hx-trigger": json.dumps({"saved": {"value": words}})}
    return render(request, "grading/_saved.html", saved, headers=said)


@router.post(ADDRESS + "/{appeal_id}/take", name="appeal-take")
@allowed_in_section(Permission.GRADE)
async def take(request: Request, appeal_id: str) -> Response:
    await read_form(request)
    await write(request, giving.take, appeal_id)
    return redirect(request, _desk(appeal_id))


@router.post(ADDRESS + "/{appeal_id}/give", name="appeal-give")
@allowed_in_section(Permission.REVIEW_GRADES)
async def give(request: Request, appeal_id: str) -> Response:
    form = await read_form(request)
    try:
        await write(request, giving.give, appeal_id, text(form, "grader"))
    except Invalid as error:
        page = await read(request, desk_page, appeal_id)
        return render(request, DESK, replace(page, errors=error.fields), status=422)
    return redirect(request, _desk(appeal_id), note=_("Given."))


@router.post(ADDRESS + "/{appeal_id}/messages", name="appeal-answer")
@own | allowed_in_section(Permission.REVIEW_GRADES)
async def answer(request: Request, appeal_id: str) -> Response:
    said = text(await read_form(request), "message")
    try:
        await write(request, thread.say_as_staff, appeal_id, said)
    except Invalid as error:
        page = await read(request, desk_page, appeal_id)
        return render(request, DESK, replace(page, errors=error.fields, message=said), status=422)
    except (NotFound, Forbidden, AtRest) as error:
        return _lost(request, Weighing(0, Scoring()), error, said)
    return redirect(request, _desk(appeal_id) + "#thread", note=_("Sent."))


async def _act(request: Request, appeal_id: str, typed: Weighing, act: str) -> str:
    """Do what the button says; what to say then."""
    if act == "done":
        await write(request, rating.done, appeal_id, typed)
        return _("Your rating is kept. The first reasoning stands beside it now.")
    if act == "close":
        after = timedelta(seconds=house(request).settings.undo_seconds)
        closed = await write(request, closing.close, appeal_id, typed, after)
        if closed.state is AppealState.UPHELD:
            return _("Closed: upheld. The new decision is posted.")
        return _("Closed: the decision stands. The learner gets your answer.")
    saved = await write(request, rating.save, appeal_id, typed)
    return _("Saved {time}", time=clock(saved.at, request.state.visitor.me.zone))


async def _clashed(request: Request, appeal_id: str, typed: Weighing, error: Clashed) -> Response:
    """409 with both versions: a notice beside the form for htmx, else the page with what was typed on it."""
    page = await _typed_page(request, appeal_id, typed)
    kept = error.kept.scoring if error.kept else None
    differs = differences(page.criteria, typed.scoring, kept)
    page = replace(page, clash=Clash(error.message, differs, error.over, claimable=False))
    if from_htmx(request):
        return render(request, "appeals/_clash.html", page, status=409, headers=TROUBLE)
    return render(request, DESK, page, status=409)


def _lost(request: Request, typed: Weighing, error: FourweekError, said: str = "") -> Response:
    """What was typed about an appeal that its grader may not hold any more, given back to be copied."""
    texts = [(_("Comment on {criterion}", criterion=key), text) for key, text in typed.scoring.comments.items()]
    texts += [
        (_("Why you rate it otherwise"), typed.reason),
        (_("Answer"), typed.answer),
        (_("Message"), said),
    ]
    page = LostPage(
        title=_(error.title),
        message=_("{what}. Nothing was saved.", what=error.message) if isinstance(error, NotFound) else error.message,
        texts=tuple((label, text) for label, text in texts if text),
        levels=tuple((key, level) for key, level in typed.scoring.levels.items() if level),
    )
    if from_htmx(request):
        return render(request, "grading/_lost.html", page, status=error.status, headers=TROUBLE)
    return render(request, "grading/lost.html", page, status=error.status)


async def _typed_page(request: Request, appeal_id: str, typed: Weighing) -> DeskPage:
    page = await read(request, desk_page, appeal_id)
    version = max(typed.version, 0)
    return replace(page, scoring=typed.scoring, version=version, reason=typed.reason, answer=typed.answer, saved="")


def _path(where: Where, attempt: int) -> str:
    return f"{where.path}/attempts/{attempt}/appeal"


def _desk(appeal_id: str) -> str:
    return f"{ADDRESS}/{appeal_id}"
