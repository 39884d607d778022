"""The pages about people: the list, one person, giving and ending roles, and what is done with an account."""

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import Response

from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed_everywhere
from fourweek.accounts.proving import prove
from fourweek.accounts.roles import RoleIn
from fourweek.edge import house, read, read_form, text, write
from fourweek.errors import Invalid, NotFound
from fourweek.language import N_, _
from fourweek.pages import address, pages, redirect, render
from fourweek.people import adding, queries, service
from fourweek.people.adding import Newcomer
from fourweek.people.forms import Act, GiveForm, typed_role
from fourweek.people.pages import AddPage, Say, act_page, end_page, give_page, people_page, person_page

router = APIRouter()
keepers = allowed_everywhere(Permission.KEEP_PEOPLE)
LONGEST_SHOWN = 300


@router.get("/people", name="people")
@keepers
async def people(request: Request, q: str = "", role: str = "", page: str = "1") -> Response:
    number = max(int(page), 1) if page.isascii() and page.isdigit() and 0 < len(page) < 5 else 1
    rows, held = await read(request, queries.people, q[:200], role, number)
    shown = people_page(rows, held, q[:200], role, number, address(request, "people"))
    return render(request, "people/index.html", shown)


@router.get("/people/new", name="person-new")
@keepers
async def new_person(request: Request) -> Response:
    await read(request, adding.may_add)
    return render(request, "people/add.html", AddPage(Newcomer()))


@router.post("/people/new", name="person-add")
@keepers
async def add_person(request: Request) -> Response:
    form, zone = await read_form(request), house(request).settings.zone
    typed = Newcomer(*(text(form, name).strip()[:LONGEST_SHOWN] for name in ("name", "address")))
    try:
        person_id = await write(request, adding.add, typed, zone)
    except Invalid as error:
        page = AddPage(typed, error.fields)
        return render(request, "people/add.html", page, status=error.status)
    note = _("The account is made, and a letter with a link for a password is on its way.")
    return redirect(request, address(request, "person", person_id=person_id), note=note)


@router.get("/people/{person_id}", name="person")
@keepers
async def person(request: Request, person_id: str) -> Response:
    found = await read(request, queries.account, person_id)
    return render(request, "people/person.html", person_page(found, request.state.visitor.me.id, _say(request)))


@router.get("/people/{person_id}/roles/new", name="role-new")
@keepers
async def new_role(request: Request, person_id: str) -> Response:
    found = await read(request, queries.account, person_id)
    return render(request, "people/give.html", give_page(found.row, GiveForm()))


@router.post("/people/{person_id}/roles/new", name="role-give")
@keepers
async def give_role(request: Request, person_id: str) -> Response:
    form = await read_form(request)
    typed, found = typed_role(form), await read(request, queries.account, person_id)
    await prove(request, form)
    try:
        meant = await read(request, service.offered, person_id, typed)
        if len(meant) > 1:
            errors = {"scope_id": _("{count} have this in their name. Choose one.", count=len(meant))}
            return render(request, "people/give.html", give_page(found.row, typed, meant, errors), status=422)
        given = RoleIn(typed.chosen, typed.kind, meant[0].id if meant else "")
        is_new = await write(request, service.give, person_id, given, typed.reason)
    except Invalid as error:
        page = give_page(found.row, typed, errors=error.fields)
        return render(request, "people/give.html", page, status=error.status)
    note = _("The role is given. It holds from their next click.") if is_new else _("They have this role already.")
    return redirect(request, address(request, "person", person_id=person_id), note=note)


@router.get("/people/{person_id}/roles/{grant_id}/end", name="role-end")
@keepers
async def end_role_page(request: Request, person_id: str, grant_id: str) -> Response:
    row, held = await read(request, queries.held_role, person_id, grant_id)
    return render(request, "people/reason.html", end_page(row, held, request.url.path))


@router.post("/people/{person_id}/roles/{grant_id}/end", name="role-end-send")
@keepers
async def end_role(request: Request, person_id: str, grant_id: str) -> Response:
    reason = text(await read_form(request), "reason")
    row, held = await read(request, queries.held_role, person_id, grant_id)
    try:
        await write(request, service.end, person_id, grant_id, reason)
    except Invalid as error:
        page = end_page(row, held, request.url.path, reason, error.fields)
        return render(request, "people/reason.html", page, status=error.status)
    return redirect(request, address(request, "person", person_id=person_id), note=_("The role has ended."))


@router.get("/people/{person_id}/account/{what}", name="account-act")
@keepers
async def account_page(request: Request, person_id: str, what: str) -> Response:
    found = await read(request, queries.account, person_id)
    return render(request, "people/reason.html", act_page(found.row, _act(what), request.url.path))


@router.post("/people/{person_id}/account/{what}", name="account-act-send")
@keepers
async def account_act(request: Request, person_id: str, what: str) -> Response:
    form = await read_form(request)
    reason, found = text(form, "reason"), await read(request, queries.account, person_id)
    done = _act(what)
    await prove(request, form)
    try:
        await write(request, service.act, person_id, done, reason)
    except Invalid as error:
        page = act_page(found.row, done, request.url.path, reason, error.fields)
        return render(request, "people/reason.html", page, status=error.status)
    return redirect(request, address(request, "person", person_id=person_id), note=_(DONE[done]))


DONE = {
    Act.DISABLE: N_("The account is disabled, and its person is signed out everywhere."),
    Act.ENABLE: N_("The account takes sign-ins again."),
    Act.SECOND_FACTOR: N_("The second factor is gone. They sign in with their password alone."),
}


def _act(what: str) -> Act:
    if what not in set(Act):
        raise NotFound
    return Act(what)


def _say(request: Request) -> Say:
    """Instants in the zone of whoever reads."""
    return partial(pages(request).say_now, zone=request.state.visitor.me.zone)
