"""The pages where learners get dates of their own, one by one or many at once."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import Response

from courses.cohorts.extensions import choosing, queries, service
from courses.cohorts.extensions.choosing import Choice, typed_choice
from courses.cohorts.extensions.forms import typed_form
from courses.cohorts.extensions.service import Granted, pieces
from courses.coursework import coursework
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _, n_
from fourweek.pages import address, redirect, render

router = APIRouter(prefix="/staff/cohorts/{cohort_id}")
SEVERAL = "cohorts/extend_several.html"


@router.get("/enrolments/{enrolment_id}/extension", name="extension")
@allowed(Permission.RUN_COHORT)
async def extension(request: Request, cohort_id: str, enrolment_id: str) -> Response:
    page = await read(request, queries.extension_page, cohort_id, enrolment_id)
    return render(request, "cohorts/extension.html", page)


@router.post("/enrolments/{enrolment_id}/extension", name="extension-send")
@allowed(Permission.RUN_COHORT)
async def grant(request: Request, cohort_id: str, enrolment_id: str) -> Response:
    """Show what moves; grant it once that very thing was shown."""
    form = await read_form(request)
    typed = typed_form(form)
    page = await read(request, queries.extension_page, cohort_id, enrolment_id, typed)
    if page.preview is None or text(form, "act") != "grant" or page.preview.seen != typed.seen:
        return render(request, "cohorts/extension.html", page, status=422 if page.errors else 200)
    try:
        await write(request, service.grant_extension, cohort_id, enrolment_id, typed)
    except Invalid as invalid:
        page = await read(request, queries.extension_page, cohort_id, enrolment_id, typed, invalid.fields)
        return render(request, "cohorts/extension.html", page, status=422)
    here = address(request, "extension", cohort_id=cohort_id, enrolment_id=enrolment_id)
    return redirect(request, here, note=_("The extension is granted. A mail tells the learner."))


@router.get("/extensions", name="extensions")
@allowed(Permission.RUN_COHORT)
async def extensions(request: Request, cohort_id: str, page: str = "1") -> Response:
    shown = await read(request, queries.extensions_page, cohort_id, page_number(page))
    return render(request, "cohorts/extensions.html", shown)


@router.get("/extensions/new", name="extend-several")
@allowed(Permission.RUN_COHORT)
async def several(request: Request, cohort_id: str) -> Response:
    return render(request, SEVERAL, await read(request, choosing.several_page, cohort_id, coursework(request)))


@router.post("/extensions/new", name="extend-several-send")
@allowed(Permission.RUN_COHORT)
async def grant_several(request: Request, cohort_id: str) -> Response:
    """Turn the pages of the list, show what moves for whom, and grant it once that very thing was shown."""
    form = await read_form(request)
    choice, act = typed_choice(form), text(form, "act")
    verb, _colon, number = act.partition(":")
    if verb == "page":
        choice = Choice(choice.grant, choice.whom, choice.kept, choice.addresses, page_number(number))
    asked = 0 if verb in ("page", "back") else page_number(number)
    page = await read(request, choosing.several_page, cohort_id, coursework(request), choice, preview=asked)
    if act == "grant" and page.preview and page.preview.seen == choice.grant.seen:
        return await _grant_pieces(request, cohort_id, choice, page.kept)
    return render(request, SEVERAL, page, status=422 if page.errors else 200)


async def _grant_pieces(request: Request, cohort_id: str, choice: Choice, enrolments: Sequence[str]) -> Response:
    """One short transaction a piece. Where one is cut off, the same form goes on where it stopped."""
    done = Granted()
    for piece in pieces(enrolments):
        done += await write(request, service.grant_piece, cohort_id, piece, choice.grant)
    return redirect(request, address(request, "extensions", cohort_id=cohort_id), note=_say_granted(done))


def _say_granted(done: Granted) -> str:
    given = n_(
        "Granted to {count} person; a mail tells them.", "Granted to {count} people; a mail tells them.", done.given
    )
    if not done.unmoved:
        return given
    rest = n_(
        "For {count} it moves nothing, so nothing was granted to them.",
        "For {count} it moves nothing, so nothing was granted to them.",
        done.unmoved,
    )
    return f"{given} {rest}"


@router.get("/extensions/batches/{batch}/end", name="batch-end")
@allowed(Permission.RUN_COHORT)
async def batch_end(request: Request, cohort_id: str, batch: str) -> Response:
    page = await read(request, queries.end_page, cohort_id, batch, batch=True)
    return render(request, "cohorts/extension_end.html", page)


@router.post("/extensions/batches/{batch}/end", name="batch-end-send")
@allowed(Permission.RUN_COHORT)
async def end_batch(request: Request, cohort_id: str, batch: str) -> Response:
    reason = text(await read_form(request), "reason")
    keys = await read(request, queries.batch_keys, cohort_id, batch)
    return await _end(request, cohort_id, batch, keys, reason, batch=True)


@router.get("/extensions/{key}/end", name="extension-end")
@allowed(Permission.RUN_COHORT)
async def extension_end(request: Request, cohort_id: str, key: str) -> Response:
    page = await read(request, queries.end_page, cohort_id, key, batch=False)
    return render(request, "cohorts/extension_end.html", page)


@router.post("/extensions/{key}/end", name="extension-end-send")
@allowed(Permission.RUN_COHORT)
async def end_one(request: Request, cohort_id: str, key: str) -> Response:
    reason = text(await read_form(request), "reason")
    return await _end(request, cohort_id, key, (key,), reason, batch=False)


@router.post("/extensions/{key}/pause", name="pause-end")
@allowed(Permission.RUN_COHORT)
async def end_pause(request: Request, cohort_id: str, key: str) -> Response:
    await read_form(request)
    await write(request, service.end_pause, cohort_id, key)
    here = address(request, "extensions", cohort_id=cohort_id)
    return redirect(request, here, note=_("Today is the last day of the pause. What it has moved stays moved."))


async def _end(
    request: Request, cohort_id: str, key: str, keys: Sequence[str], reason: str, *, batch: bool
) -> Response:
    count = 0
    try:
        for piece in pieces(keys):
            count += await write(request, service.end_piece, cohort_id, piece, reason)
    except Invalid as invalid:
        error = invalid.fields["reason"]
        page = await read(request, queries.end_page, cohort_id, key, batch=batch, reason=reason, error=error)
        return render(request, "cohorts/extension_end.html", page, status=422)
    ended = (
        n_("{count} extension is ended.", "{count} extensions are ended.", count)
        if count
        else _("It had ended already.")
    )
    return redirect(request, address(request, "extensions", cohort_id=cohort_id), note=ended)
