"""The page of one's own mail addresses."""

from dataclasses import field
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from fourweek.accounts import mail_addresses
from fourweek.accounts.declaring import own, signed_in
from fourweek.accounts.mail_addresses import MailAddress
from fourweek.accounts.proving import read_proven_form
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.pages import address as path_of
from fourweek.pages import redirect, render

router = APIRouter()
LONGEST_SHOWN: Final = 300


@dataclass(frozen=True, slots=True)
class AddressesPage:
    addresses: tuple[MailAddress, ...]
    typed: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    address: str
    token: str


@router.get("/account/addresses", name="mail-addresses")
@signed_in
async def addresses(request: Request) -> Response:
    return render(request, "accounts/addresses.html", AddressesPage(await read(request, mail_addresses.my_addresses)))


@router.post("/account/addresses", name="mail-address-ask")
@signed_in
async def ask(request: Request) -> Response:
    """The answer is the same whether or not the address is somebody's: only its reader learns more."""
    typed = text(await read_proven_form(request), "address")
    try:
        address = await write(request, mail_addresses.ask, typed)
    except Invalid as error:
        page = AddressesPage(await read(request, mail_addresses.my_addresses), typed[:LONGEST_SHOWN], error.fields)
        return render(request, "accounts/addresses.html", page, status=error.status)
    return _back(
        request, _("A letter is on its way to {address}. Open the link in it within 24 hours.", address=address)
    )


@router.post("/account/addresses/remove", name="mail-address-remove")
@signed_in
async def remove(request: Request) -> Response:
    address = text(await read_proven_form(request), "address")
    await write(request, mail_addresses.remove, address)
    return _back(request, _("{address} is not yours here any more.", address=address))


@router.post("/account/addresses/main", name="mail-address-main")
@signed_in
async def make_main(request: Request) -> Response:
    address = text(await read_proven_form(request), "address")
    await write(request, mail_addresses.make_main, address)
    return _back(request, _("Letters go to {address} from now on. Both addresses are told.", address=address))


@router.get("/account/addresses/confirm/{token}", name="mail-address-confirm")
@own
async def confirm_page(request: Request, token: str) -> Response:
    found = await read(request, mail_addresses.link_address, token)
    return render(request, "accounts/confirm_address.html", ConfirmPage(found, token))


@router.post("/account/addresses/confirm/{token}", name="mail-address-confirm-send")
@own
async def confirm(request: Request, token: str) -> Response:
    await read_form(request)
    address = await write(request, mail_addresses.confirm, token)
    return _back(
        request,
        _("{address} is yours here now. You may sign in with it, and have badges made out to it.", address=address),
    )


def _back(request: Request, note: str) -> Response:
    return redirect(request, path_of(request, "mail-addresses"), note=note)
