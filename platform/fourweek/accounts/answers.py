"""What the routes of sign-ins have in common: whose browser asks, and the answer to one that is signed in."""

import secrets
from datetime import timedelta
from typing import Final
from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response

from fourweek.accounts.known_devices import KNOWN_FOR, Device
from fourweek.accounts.limiting import tries_of
from fourweek.accounts.sessions import Opened
from fourweek.clock import real_time
from fourweek.consents.queries import asked
from fourweek.edge import cookie_name, house, sign_in_cookie
from fourweek.errors import TooMany
from fourweek.limits.bounds import Tries
from fourweek.limits.callers import caller
from fourweek.pages import address, inside, redirect

SECRET_PAGE: Final = {"referrer-policy": "no-referrer", "x-robots-tag": "noindex"}
"""Headers of a page whose address is a secret: no other page is told it."""


def device_cookie(request: Request) -> str:
    return cookie_name(house(request).settings) + "-device"


def device_of(request: Request) -> Device:
    """The browser that asks; one without our cookie gets it when it has signed in."""
    token = request.cookies.get(device_cookie(request)) or secrets.token_urlsafe(32)
    return Device(request.headers.get("user-agent", ""), token)


def tries_for(request: Request, typed: str, device: Device) -> Tries:
    """What a try upon the account of a typed address is counted under."""
    return tries_of(house(request).settings, caller(request), typed, device.token, real_time())


def lasts(request: Request) -> timedelta:
    return timedelta(days=house(request).settings.absolute_days)


def go_on(request: Request, opened: Opened, device: Device, to: str, note: str | None = None) -> Response:
    """Go on to `to` with the cookies of the sign-in, by the page that asks for a code where one is waited for.

    Where people agree to wordings, the page that asks comes first too; it leads on at once who has agreed to them.
    """
    settings = house(request).settings
    by_way = "sign-in-code" if opened.waiting else "agree" if asked(settings) else ""
    first = f"{address(request, by_way)}?next={quote(inside(to), safe='/')}" if by_way else ""
    response = redirect(request, first or to, note=None if opened.waiting else note)
    response.raw_headers.append(sign_in_cookie(settings, opened.token))
    response.set_cookie(
        device_cookie(request),
        device.token,
        max_age=int(KNOWN_FOR.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.secure,
    )
    return response


def retry_after(error: TooMany) -> dict[str, str]:
    """The header of a page that says to wait, with what was typed still in it."""
    return {"retry-after": str(error.wait)}
