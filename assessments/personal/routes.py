"""The pages about one's data: the privacy notice, what one agreed to, a copy of everything, and asking to be erased."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from assessments.erasure.service import ask, withdraw
from assessments.personal import pages
from assessments.personal.copying import Wanted, copy_zip
from assessments.personal.service import begin_copy
from assessments.personal.texts import text_of
from fourweek.accounts.declaring import public, signed_in
from fourweek.consents.queries import ConsentKind
from fourweek.consents.service import agree, take_back
from fourweek.edge import greet, house, read, read_form, text, write
from fourweek.errors import Invalid, NotFound
from fourweek.files import disposition
from fourweek.language import _
from fourweek.pages import address, inside, redirect, render
from fourweek.storage.aside import read_aside

router = APIRouter()


@router.get("/privacy", name="privacy")
@public
async def notice(request: Request) -> Response:
    await greet(request)
    settings = house(request).settings
    own = await read_aside(text_of, settings.texts / "privacy.md")
    return render(request, "personal/notice.html", pages.notice_page(settings, own))


@router.get("/terms", name="terms")
@public
async def terms(request: Request) -> Response:
    await greet(request)
    settings = house(request).settings
    own = await read_aside(text_of, settings.texts / "terms.md")
    if not own:
        raise NotFound
    return render(request, "personal/terms.html", pages.TermsPage(own, settings.terms_version))


@router.get("/account/privacy", name="my-privacy")
@signed_in
async def mine(request: Request) -> Response:
    return render(request, "personal/mine.html", await read(request, pages.privacy_page))


@router.post("/account/privacy/copy", name="my-copy")
@signed_in
async def copy(request: Request) -> Response:
    """A file, sent while it is read. An act, and so a POST: that it was taken is noted."""
    await read_form(request)
    return sent(request, await write(request, begin_copy, house(request).settings))


def sent(request: Request, wanted: Wanted) -> Response:
    """The copy as a download."""
    name = f"everything-{wanted.number}-{wanted.day[:10]}.zip"
    headers = {"content-disposition": disposition(name, shown=False), "cache-control": "private, no-store"}
    return StreamingResponse(copy_zip(house(request), wanted), media_type="application/zip", headers=headers)


@router.get("/account/agree", name="agree")
@signed_in
async def asked(request: Request, next: str = "/home") -> Response:  # noqa: A002
    page = await read(request, pages.agree_page, house(request).settings, inside(next))
    return render(request, "personal/agree.html", page) if page.asked else redirect(request, page.next)


@router.post("/account/agree", name="agree-send")
@signed_in
async def answer(request: Request) -> Response:
    form = await read_form(request)
    settings, to = house(request).settings, inside(text(form, "next") or "/home")
    ticked = {kind.value: text(form, f"agree-{kind}") for kind in ConsentKind}
    try:
        await write(request, agree, ticked, settings)
    except Invalid as error:
        found = await read(request, pages.agree_page, settings, to, ticked)
        return render(request, "personal/agree.html", replace(found, errors=error.fields), status=error.status)
    return redirect(request, to)


@router.post("/account/privacy/take-back", name="take-back-consent")
@signed_in
async def no_more(request: Request) -> Response:
    form = await read_form(request)
    done = await write(request, take_back, text(form, "kind"))
    note = _("It is noted that you no longer agree.") if done else _("There was nothing to take back.")
    return redirect(request, address(request, "my-privacy"), note=note)


@router.get("/account/erase", name="erase-me")
@signed_in
async def before(request: Request) -> Response:
    found = await read(request, pages.erase_page, house(request).settings)
    return render(request, "personal/erase.html", found)


@router.post("/account/erase", name="ask-erasure")
@signed_in
async def wish(request: Request) -> Response:
    form = await read_form(request)
    try:
        await write(request, ask, confirmed=text(form, "confirmed") == "1")
    except Invalid as error:
        found = await read(request, pages.erase_page, house(request).settings)
        return render(request, "personal/erase.html", replace(found, errors=error.fields), status=error.status)
    return redirect(
        request,
        address(request, "my-privacy"),
        note=_("The registrar has it. You can take it back until it is decided."),
    )


@router.post("/account/erase/withdraw", name="withdraw-erasure")
@signed_in
async def no_wish(request: Request) -> Response:
    await read_form(request)
    done = await write(request, withdraw)
    note = _("You took it back. Everything stays.") if done else _("Nothing was waiting any more.")
    return redirect(request, address(request, "my-privacy"), note=note)
