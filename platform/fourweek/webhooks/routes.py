"""The pages about webhooks: the list, one with the log of its messages, one message, and what is done with them."""

from functools import partial

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from fourweek.accounts.access import Permission, Visitor
from fourweek.accounts.declaring import allowed
from fourweek.accounts.proving import prove
from fourweek.edge import house, read, read_form, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.pages import address, pages, redirect, render
from fourweek.webhooks import queries, service
from fourweek.webhooks.forms import HookForm, typed_hook
from fourweek.webhooks.pages import (
    SHOWS,
    AddedPage,
    HookPage,
    Say,
    form_page,
    hook_view,
    hooks_page,
    message_page,
    message_view,
)
from fourweek.webhooks.queries import PER_PAGE, Show
from fourweek.webhooks.signing import new_secret

router = APIRouter()


@router.get("/webhooks", name="webhooks")
@allowed(Permission.CONNECT_PROGRAMS)
async def hook_list(request: Request, page: str = "1") -> Response:
    number = int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 5 else 1
    rows = await read(request, queries.hooks, (max(number, 1) - 1) * PER_PAGE)
    return render(request, "webhooks/index.html", hooks_page(rows, number, address(request, "webhooks"), _say(request)))


@router.get("/webhooks/new", name="webhook-new")
@allowed(Permission.CONNECT_PROGRAMS)
async def new_hook(request: Request) -> Response:
    await read(request, _only_for_keepers)
    return render(request, "webhooks/new.html", form_page(HookForm()))


@router.post("/webhooks/new", name="webhook-new-send")
@allowed(Permission.CONNECT_PROGRAMS)
async def add_hook(request: Request) -> Response:
    form = await read_form(request)
    typed = typed_hook(form)
    await read(request, _only_for_keepers)
    await prove(request, form)
    if problems := typed.problems(inside=house(request).settings.webhooks_inside):
        return render(request, "webhooks/new.html", form_page(typed, problems), status=422)
    secret = new_secret()
    try:
        hook_id = await write(request, service.add_hook, typed, secret)
    except Invalid as invalid:
        return render(request, "webhooks/new.html", form_page(typed, invalid.fields), status=422)
    return render(request, "webhooks/added.html", AddedPage(hook_id, typed.title, typed.url, secret))


@router.get("/webhooks/{hook_id}", name="webhook")
@allowed(Permission.CONNECT_PROGRAMS)
async def hook(request: Request, hook_id: str, show: str = "", before: str = "") -> Response:
    shown = Show(show) if show in set(Show) else Show.ALL
    row, messages, counts = await read(request, queries.hook_with_messages, hook_id, shown, before)
    here, say = address(request, "webhook", hook_id=row.id), _say(request)
    listed = messages[:PER_PAGE]
    page = HookPage(
        hook=hook_view(row, say),
        messages=tuple(message_view(one, say) for one in listed),
        show=shown,
        shows=tuple((value.value, f"{_(words)} ({counts[value]})") for value, words in SHOWS),
        given_up=counts[Show.GIVEN_UP],
        previous=f"{here}?show={shown}" if before else None,
        next=f"{here}?show={shown}&before={listed[-1].id}" if len(messages) > PER_PAGE else None,
    )
    return render(request, "webhooks/webhook.html", page)


@router.get("/webhooks/messages/{message_id}", name="webhook-message")
@allowed(Permission.CONNECT_PROGRAMS)
async def message(request: Request, message_id: str) -> Response:
    row = await read(request, queries.one_message, message_id)
    return render(request, "webhooks/message.html", message_page(row, _say(request)))


@router.post("/webhooks/messages/{message_id}/again", name="webhook-message-again")
@allowed(Permission.CONNECT_PROGRAMS)
async def again(request: Request, message_id: str) -> Response:
    await read_form(request)
    await write(request, service.send_again, message_id)
    here = address(request, "webhook-message", message_id=message_id)
    return redirect(request, here, note=_("The message is sent again within a minute."))


@router.post("/webhooks/{hook_id}/test", name="webhook-test")
@allowed(Permission.CONNECT_PROGRAMS)
async def test(request: Request, hook_id: str) -> Response:
    await read_form(request)
    message_id = await write(request, service.send_test, hook_id)
    here = address(request, "webhook-message", message_id=message_id)
    return redirect(request, here, note=_("A test message is sent within a minute. What came of it stands here."))


@router.post("/webhooks/{hook_id}/again", name="webhook-again")
@allowed(Permission.CONNECT_PROGRAMS)
async def all_again(request: Request, hook_id: str) -> Response:
    await read_form(request)
    number = await write(request, service.send_given_up_again, hook_id)
    note = _("One message is sent again.") if number == 1 else _("{number} messages are sent again.", number=number)
    return redirect(request, address(request, "webhook", hook_id=hook_id), note=note)


@router.get("/webhooks/{hook_id}/end", name="webhook-end")
@allowed(Permission.CONNECT_PROGRAMS)
async def end_page(request: Request, hook_id: str) -> Response:
    row = await read(request, queries.one_hook, hook_id)
    return render(request, "webhooks/end.html", hook_view(row, _say(request)))


@router.post("/webhooks/{hook_id}/end", name="webhook-end-send")
@allowed(Permission.CONNECT_PROGRAMS)
async def end(request: Request, hook_id: str) -> Response:
    await read_form(request)
    await write(request, service.end_hook, hook_id)
    return redirect(request, address(request, "webhooks"), note=_("The webhook has ended. Nothing more is sent to it."))


def _only_for_keepers(_conn: Connection, visitor: Visitor) -> None:
    queries.keeper(visitor)


def _say(request: Request) -> Say:
    """Instants in the zone of whoever reads."""
    visitor = request.state.visitor
    return partial(pages(request).say_now, zone=visitor.me.zone)
