"""An award for everybody: its page, its files and pictures, the evidence that is shared, and its check."""

from collections.abc import Awaitable
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from assessments.badges import shown
from assessments.badges.desk import BadgeDesk, Kept
from assessments.badges.negotiation import JWT_TYPE, TEXT_TYPE, file_asked
from assessments.badges.pages import my_badges_page
from assessments.badges.picture_routes import ONLY_DRAWS
from assessments.badges.pictures import read_picture
from assessments.badges.shown import SignedForm
from courses.paging import page_number
from fourweek.accounts.declaring import by_address, signed_in
from fourweek.edge import cookie, house, read
from fourweek.errors import Busy, FourweekError
from fourweek.faces import error_response
from fourweek.files import has_it
from fourweek.language import N_, _, spoken
from fourweek.packing import pressed
from fourweek.pages import NOTE_COOKIE, redirect, render, render_for_guests
from fourweek.static_files import takes_gzip
from fourweek.storage.aside import read_aside

router = APIRouter()

FOR_ALL: Final = {"access-control-allow-origin": "*", "cache-control": "no-cache", "vary": "Accept"}
LISTED: Final = {"cache-control": "no-cache", "vary": "Accept, Accept-Encoding, Accept-Language, Cookie"}
UNLISTED: Final = {"x-robots-tag": "noindex"}
PICTURE: Final = {"access-control-allow-origin": "*", "cache-control": "no-cache", **UNLISTED}
CHECKED: Final = N_("The signed file was checked just now.")
NOT_CHECKED: Final = N_("It was checked a moment ago: the page says what was found. Try again in ten seconds.")


@router.get("/badges", name="my-badges")
@signed_in
async def my_badges(request: Request, page: str = "1") -> Response:
    return render(request, "badges/mine.html", await read(request, my_badges_page, page_number(page)))


@router.get("/badges/{slug}", name="badge")
@by_address
async def badge(request: Request) -> Response:
    slug: str = request.path_params["slug"]  # as it is: the framework's parameters would cost as much as the answer
    media_type = file_asked(request.headers.get("accept", ""))
    if media_type:
        return await _open(request, _file(request, slug, media_type))
    personal = "cookie" in request.headers and (cookie(request) or NOTE_COOKIE in request.cookies)
    return await (_page(request, slug) if personal else _page_for_guests(request, slug))


async def _page_for_guests(request: Request, slug: str) -> Response:
    """The same answer for every guest of one language, kept; the desk says whether it may still be shown."""
    ours = desk(request)
    kept = await ours.kept(slug, await ours.standing(slug))
    if kept.answers is None:
        page, said = render_for_guests(request, "badges/badge.html", kept.page), _headers(kept)
        kept.answers = HTMLResponse(page, headers=said), pressed(HTMLResponse(page, headers=said))
    plain, packed = kept.answers
    return packed if takes_gzip(request.headers.get("accept-encoding", "")) else plain


async def _page(request: Request, slug: str) -> Response:
    kept = await desk(request).kept(slug, shown.standing(await read(request, shown.state, slug)))
    return render(request, "badges/badge.html", kept.page, headers=_headers(kept))


@router.post("/badges/{slug}/check", name="badge-check")
@by_address
async def check_again(request: Request, slug: str) -> Response:
    """Run the checks now, at most once in a while.

    Whoever has the address may: its page is the same for every guest and so holds no form token, nothing is taken from
    the request, and other sites cannot send one here.
    """
    ours = desk(request)
    ran = await ours.check_again(slug, await ours.standing(slug))
    return redirect(request, f"/badges/{slug}", note=_(CHECKED if ran else NOT_CHECKED))


@router.get("/badges/{slug}/credential.json", name="badge-file")
@by_address
async def credential(request: Request, slug: str) -> Response:
    return await _open(request, _file(request, slug, "application/ld+json", "badge.json"))


@router.get("/badges/{slug}/credential.jwt", name="badge-token")
@by_address
async def token(request: Request, slug: str) -> Response:
    asked = file_asked(request.headers.get("accept", ""))
    return await _open(request, _file(request, slug, asked if asked == JWT_TYPE else TEXT_TYPE, "badge.jwt"))


@router.get("/badges/{slug}/badge.png", name="badge-picture")
@by_address
async def badge_picture(request: Request, slug: str) -> Response:
    return await _open(request, _picture(request, slug, "image/png"))


@router.get("/badges/{slug}/badge.svg", name="badge-drawing")
@by_address
async def badge_drawing(request: Request, slug: str) -> Response:
    return await _open(request, _picture(request, slug, "image/svg+xml"))


async def _open(request: Request, answer: Awaitable[Response]) -> Response:
    """The answer, or what is wrong in its place, for programs of every site to read: that a badge is gone, for one."""
    try:
        return await answer
    except FourweekError as error:
        response = error_response(request, error)
        response.headers["access-control-allow-origin"] = "*"
        return response


async def _file(request: Request, slug: str, media_type: str, name: str = "") -> Response:
    return form_response(await desk(request).form(slug), media_type, name)


async def _picture(request: Request, slug: str, media_type: str) -> Response:
    return await picture_response(request, await desk(request).form(slug), media_type)


def desk(request: Request) -> BadgeDesk:
    """The process's desk, made at the first request for a badge."""
    state = request.app.state
    if not hasattr(state, "badge_desk"):
        state.badge_desk = BadgeDesk(house(request))
    found: BadgeDesk = state.badge_desk
    return found


def form_response(form: SignedForm, media_type: str, name: str = "") -> Response:
    """The exact bytes that were signed, as a download if they are given a name. Raises Busy where there is no token."""
    is_token = media_type in (JWT_TYPE, TEXT_TYPE)
    if is_token and not form.jwt:
        raise Busy(_("This form of the badge is being signed."))
    saved = {"content-disposition": f'attachment; filename="{name}"', **UNLISTED} if name else {}
    return Response(form.jwt if is_token else form.document, media_type=media_type, headers=FOR_ALL | saved)


async def picture_response(request: Request, form: SignedForm, media_type: str) -> Response:
    """The picture that carries the badge. Raises Busy where there is none of this kind yet."""
    sha256 = form.picture_sha256 if media_type == "image/png" else form.svg_sha256
    if not sha256:
        raise Busy(_("This form of the badge is being signed."))
    said = {"etag": f'"{sha256}"', **(PICTURE if media_type == "image/png" else PICTURE | ONLY_DRAWS)}
    if has_it(request.headers.get("if-none-match", ""), said["etag"]):
        return Response(status_code=304, headers=said)
    data = await read_aside(read_picture, house(request).store, sha256)
    return Response(data, media_type=media_type, headers=said)


def _headers(kept: Kept) -> dict[str, str]:
    said = LISTED | {"content-language": spoken()}
    return said if kept.page.listed else said | UNLISTED
