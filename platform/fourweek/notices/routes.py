"""Pages of notices, of the choices about them, and the address in a mail that turns its kind off."""

from datetime import UTC

from fastapi import APIRouter, Request
from starlette.responses import Response

from fourweek.accounts.declaring import by_address, own, signed_in
from fourweek.edge import house, read, read_form, text, write
from fourweek.language import _
from fourweek.mail import subject_line
from fourweek.notices import queries, service
from fourweek.notices.pages import Listed, Notice, NoticeLine, NoticesPage
from fourweek.pages import address, pages, redirect, render

MAIL, HERE = "mail", "here"

router = APIRouter()


@router.get("/notices", name="notices")
@signed_in
async def notices(request: Request, before: str = "") -> Response:
    listed = await read(request, queries.my_notices, before)
    return render(request, "notices/index.html", _in_words(request, listed))


@router.post("/notices/read", name="notices-read")
@signed_in
async def mark_read(request: Request) -> Response:
    newest = text(await read_form(request), "newest")
    await write(request, service.mark_read, newest)
    return redirect(request, address(request, "notices"), note=_("All notices are marked as read."))


@router.get("/notices/{notice_id}/open", name="notice-open")
@own
async def follow(request: Request, notice_id: str) -> Response:
    """On to the page that a notice is about; whoever follows the link has read the notice.

    Nothing else is changed by this GET. HEAD, and a browser that only fetches ahead, mark nothing.
    """
    only_looks = request.method == "HEAD" or "prefetch" in request.headers.get("sec-purpose", "")
    if only_looks:
        path = await read(request, queries.notice_path, notice_id)
    else:
        path = await write(request, service.open_notice, notice_id)
    return redirect(request, path or address(request, "notices"))


@router.get("/notices/choices", name="notice-choices")
@signed_in
async def choices(request: Request) -> Response:
    return render(request, "notices/choices.html", await read(request, queries.my_choices))


@router.post("/notices/choices", name="notice-choices-send")
@signed_in
async def choose(request: Request) -> Response:
    form = await read_form(request)
    by_mail, here = ({str(kind) for kind in form.getlist(way)} for way in (MAIL, HERE))
    await write(request, service.choose, by_mail, here)
    return redirect(request, address(request, "notice-choices"), note=_("Your choices are kept."))


@router.get("/unsubscribe/{token}/{kind}", name="unsubscribe")
@by_address
async def unsubscribe_page(request: Request, token: str, kind: str) -> Response:
    page = await read(request, queries.unsubscribe_page, token, kind)
    return render(request, "notices/unsubscribe.html", page)


@router.post("/unsubscribe/{token}/{kind}", name="unsubscribe-send")
@by_address
async def unsubscribe(request: Request, token: str, kind: str) -> Response:
    """One click (RFC 8058): a mail program posts here for its user, without a cookie, a page or a form's token.

    The address is the right to do this, and to do nothing else. Answered without a redirect, which such programs may
    not follow.
    """
    await write(request, service.turn_mail_off, token, kind)
    page = await read(request, queries.unsubscribe_page, token, kind)
    return render(request, "notices/unsubscribe.html", page)


def _in_words(request: Request, listed: Listed) -> NoticesPage:
    here = address(request, "notices")
    shown = listed.notices
    return NoticesPage(
        lines=tuple(_line(request, one, listed.zone) for one in shown),
        newest=shown[0].id if shown else "",
        unread=listed.unread,
        previous=None if listed.is_newest else here,
        next=f"{here}?before={shown[-1].id}" if listed.has_older else None,
    )


def _line(request: Request, one: Notice, zone: str) -> NoticeLine:
    told, course = pages(request), str(one.data.get("course", ""))
    return NoticeLine(
        title=subject_line(told.env, one.kind, one.data, house(request).settings.institution),
        href=address(request, "notice-open", notice_id=one.id) if one.data.get("path") else None,
        about="" if course.startswith("/") else course,  # a letter about a badge has its address there
        iso=one.shown_from.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        when=told.say_now(one.shown_from, zone=zone),
        is_unread=one.is_unread,
    )
