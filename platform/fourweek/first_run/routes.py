"""The first run in the browser: who you are, with the code of the server's log; then the institution."""

from dataclasses import field

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from fourweek.accounts import passwords
from fourweek.accounts.access import Permission
from fourweek.accounts.answers import device_of, go_on, lasts
from fourweek.accounts.changing import known_of
from fourweek.accounts.declaring import allowed_everywhere, public
from fourweek.accounts.mail_addresses import refuse_shape
from fourweek.accounts.signing_up import zones
from fourweek.edge import greet, house, read, read_form, text, write
from fourweek.errors import Invalid, NotFound
from fourweek.first_run import institution, service
from fourweek.first_run.institution import Follower
from fourweek.first_run.opening import Opening, is_code, withdraw
from fourweek.first_run.service import Founder
from fourweek.language import N_, _
from fourweek.letters.cleaning import clean_text
from fourweek.light import dataclass
from fourweek.pages import address, redirect, render

router = APIRouter()
LONGEST_SHOWN = 300
WRONG_CODE = N_("This is not the code. It stands in the terminal or the log of the server: three groups of four signs.")


@dataclass(frozen=True, slots=True)
class FirstRunPage:
    code: str = ""
    name: str = ""
    address: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InstitutionPage:
    """`fixed` are the fields that the environment gives; `first` says that nobody has named the institution yet."""

    institution: str
    zone: str
    fixed: frozenset[str]
    zones: tuple[str, ...]
    first: bool
    errors: dict[str, str] = field(default_factory=dict)


@router.get("/first-run", name="first-run")
@public
async def first_run(request: Request) -> Response:
    await _still_open(request)
    await greet(request)
    return render(request, "first_run/you.html", FirstRunPage())


@router.post("/first-run", name="first-run-send")
@public
async def begin(request: Request) -> Response:
    form = await read_form(request)
    opening = await _still_open(request)
    code, name, typed = (text(form, part).strip()[:LONGEST_SHOWN] for part in ("code", "name", "address"))
    try:
        _need_code(opening, code)
        hashed = await _hashed(request, name, typed, text(form, "password"), text(form, "password_again"))
        founder, device = Founder(name, typed, house(request).settings.zone), device_of(request)
        opened = await write(request, service.begin, founder, hashed, lasts=lasts(request), device=device)
    except Invalid as error:
        page = FirstRunPage(code, name, typed, error.fields)
        return render(request, "first_run/you.html", page, status=error.status)
    withdraw(house(request).settings.home)
    note = _("Your account is made, and you are signed in.")
    return go_on(request, opened, device, address(request, "institution"), note=note)


@router.get("/institution", name="institution")
@allowed_everywhere(Permission.SET_UP)
async def institution_page(request: Request) -> Response:
    await read(request, service.may_set_up)
    return render(request, "first_run/institution.html", _page(request))


@router.post("/institution", name="institution-send")
@allowed_everywhere(Permission.SET_UP)
async def name_institution(request: Request) -> Response:
    """Written down first and then done: what nobody answers for never happens."""
    form, settings = await read_form(request), house(request).settings
    await read(request, service.may_set_up)
    open_fields = [name for name in institution.FIELDS if name not in institution.fixed(settings)]
    said = {name: clean_text(text(form, name)) for name in open_fields}
    if errors := institution.problems(said):
        return render(request, "first_run/institution.html", _page(request, said, errors), status=422)
    if said:
        await write(request, service.name_institution, said, settings.zone)
        await anyio.to_thread.run_sync(institution.keep, settings, said)
        _follower(request).look()
    return redirect(request, address(request, "what-next"), note=_("Kept. It holds from now on, on every page."))


async def _still_open(request: Request) -> Opening:
    """Raises NotFound as soon as there is an account, or where the server asked nobody in."""
    opening: Opening = request.app.state.opening
    if not await opening.is_open():
        await greet(request)
        raise NotFound
    return opening


def _need_code(opening: Opening, typed: str) -> None:
    if not is_code(typed, opening.code or ""):
        raise Invalid({"code": _(WRONG_CODE)})


async def _hashed(request: Request, name: str, typed: str, password: str, again: str) -> str:
    """The hash of the new password. Raises Invalid with all that is wrong with the form."""
    settings = house(request).settings
    errors = {} if name else {"name": _("Give your name.")}
    try:
        refuse_shape(typed)
    except Invalid as error:
        errors |= error.fields
    errors |= passwords.problems(password, again, known_of((name, typed), settings.institution))
    if errors:
        raise Invalid(errors)
    return await house(request).passwords.hash_aside(password)


def _follower(request: Request) -> Follower:
    found: Follower = request.app.state.follower
    return found


def _page(
    request: Request, said: dict[str, str] | None = None, errors: dict[str, str] | None = None
) -> InstitutionPage:
    settings = house(request).settings
    shown = {name: getattr(settings, name) for name in institution.FIELDS} | (said or {})
    first = settings.institution == type(settings).model_fields["institution"].default
    return InstitutionPage(
        shown["institution"], shown["zone"], institution.fixed(settings), zones(), first, errors or {}
    )
