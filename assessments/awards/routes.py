"""An earner's own award: its page, its files, and what others see of it. Everybody else finds nothing here."""

import io
from typing import Final

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from assessments.awards import choosing, own
from assessments.awards.evidence import shared_piece
from assessments.awards.models import HolderShown
from assessments.awards.pages import own_badge_page
from assessments.badges.addresses import badge_url
from assessments.badges.award_routes import form_response, picture_response
from assessments.badges.negotiation import TEXT_TYPE
from assessments.badges.shown import own_record
from courses.paging import page_number
from fourweek.accounts import declaring
from fourweek.accounts.declaring import by_address
from fourweek.edge import house, read, read_form, text, write
from fourweek.errors import NotFound
from fourweek.files import Terms, file_headers, file_response
from fourweek.language import _
from fourweek.pages import address, redirect, render

router = APIRouter()

PRIVATE: Final = {"cache-control": "private, no-store", "vary": "Cookie"}
FOR_ANYBODY: Final = Terms("no-cache", shown=False)
OPEN: Final = {"access-control-allow-origin": "*", "x-robots-tag": "noindex"}
TYPES: Final = {
    "credential.json": "application/ld+json",
    "credential.jwt": TEXT_TYPE,
    "badge.png": "image/png",
    "badge.svg": "image/svg+xml",
}


@router.get("/badges/{slug}/evidence/{sha256}", name="badge-evidence")
@by_address
async def evidence(request: Request, slug: str, sha256: str) -> Response:
    """A piece that the earner shares, exactly as it was handed in, so that its digest fits; never shown, only saved."""
    piece = await read(request, shared_piece, slug, sha256)
    if piece.content is None:
        response = await file_response(request, piece.file, FOR_ANYBODY)
    else:
        response = Response(piece.content, headers=file_headers(piece.file, FOR_ANYBODY))
    response.headers.update(OPEN)
    return response


@router.get("/badges/{slug}/mine", name="my-badge")
@declaring.own
async def my_badge(request: Request, slug: str, page: str = "1") -> Response:
    number = page_number(page)
    found = await read(request, own.own_award, slug, number)
    shown = own_badge_page(found, request.state.visitor, house(request).settings, number)
    return render(request, "awards/mine.html", shown)


@router.get("/badges/{slug}/mine/qr.svg", name="my-badge-code")
@declaring.own
async def code(request: Request, slug: str) -> Response:
    record = await read(request, own_record, slug)
    page = badge_url(record.base_url or house(request).settings.public_url, record.slug)
    drawn = await anyio.to_thread.run_sync(_code, page)
    return Response(drawn, media_type="image/svg+xml", headers=PRIVATE)


@router.get("/badges/{slug}/mine/{name}", name="my-badge-file")
@declaring.own
async def file(request: Request, slug: str, name: str) -> Response:
    """The earner's own copies, which are there also while the page is not."""
    if name not in TYPES:
        raise NotFound
    form, media_type = await read(request, own.own_form, slug), TYPES[name]
    if media_type.startswith("image/"):
        response = await picture_response(request, form, media_type)
        response.headers["content-disposition"] = f'attachment; filename="{name}"'
    else:
        response = form_response(form, media_type, name.replace("credential", "badge"))
    response.headers.update(PRIVATE)
    return response


@router.post("/badges/{slug}/mine/page", name="my-badge-page-send")
@declaring.own
async def choose_page(request: Request, slug: str) -> Response:
    form = await read_form(request)
    holder = HolderShown.INITIALS if text(form, "holder") == HolderShown.INITIALS else HolderShown.NAME
    listed, shown = bool(text(form, "listed")), bool(text(form, "shown"))
    await write(request, choosing.choose_page, slug, _revision(form), holder=holder, listed=listed, shown=shown)
    return _back(request, slug, _("Your choices hold from now on."))


@router.post("/badges/{slug}/mine/evidence", name="my-badge-evidence-send")
@declaring.own
async def choose_evidence(request: Request, slug: str) -> Response:
    form = await read_form(request)
    digests = [one for one in form.getlist("shared") if isinstance(one, str)]
    changed = await write(request, choosing.choose_evidence, slug, _revision(form), digests)
    return _back(request, slug, _shared_note(changed=changed))


@router.post("/badges/{slug}/mine/addresses", name="my-badge-addresses-send")
@declaring.own
async def choose_addresses(request: Request, slug: str) -> Response:
    form = await read_form(request)
    addresses = [one for one in form.getlist("address") if isinstance(one, str)]
    changed = await write(request, choosing.choose_addresses, slug, _revision(form), addresses)
    return _back(request, slug, _addresses_note(changed=changed))


def _revision(form: FormData) -> int:
    sent = text(form, "revision")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else -1


def _shared_note(*, changed: bool) -> str:
    if not changed:
        return _("What you share is kept.")
    return _("What you share is kept. A new form of the badge is being signed: download it again in a minute.")


def _addresses_note(*, changed: bool) -> str:
    if not changed:
        return _("The addresses are kept.")
    return _("The addresses are kept. A new form of the badge is being signed: download it again in a minute.")


def _back(request: Request, slug: str, note: str) -> Response:
    return redirect(request, address(request, "my-badge", slug=slug), note=note)


def _code(page: str) -> bytes:
    import segno  # noqa: PLC0415 (heavy)

    out = io.BytesIO()
    segno.make_qr(page, error="m").save(out, kind="svg", border=4, xmldecl=False, light="#fff", scale=4)
    return out.getvalue()
