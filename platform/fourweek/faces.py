"""What an error looks like: a page, a fragment or JSON. The one place where one becomes a response."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from fourweek.edge import cookie, form_token, greet
from fourweek.errors import (
    PROOF,
    AskedFirst,
    FourweekError,
    NotFound,
    ProofNeeded,
    SecondFactorNeeded,
    SignInNeeded,
    StaleForm,
    TooMany,
)
from fourweek.language import N_, _
from fourweek.light import dataclass
from fourweek.pages import PRIVATE, PROBLEM, below, for_programs, from_htmx, inside, pages, redirect, render, wants_json

RETRY = {503: "3", 507: "60"}
"""Seconds after which it is worth trying again."""


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """`number` is the request's own, by which the log is searched; "" where the visitor alone can help it."""

    status: int
    title: str
    message: str
    what_to_do: str
    link: tuple[str, str]
    number: str = ""


@dataclass(frozen=True, slots=True)
class ResendPage:
    """A form that could not be taken, given back: `fields` are (name, value, has several lines).

    `sign_in` is where to sign in first, "" where one is signed in.
    """

    action: str
    message: str
    fields: tuple[tuple[str, str, bool], ...]
    sign_in: str = ""


@dataclass(frozen=True, slots=True)
class ProvePage:
    """A form whose sender is to show who they are: `fields` are (name, value), `sign_in` is where to do so anew.

    `password` and `code` are what they have to show it with, `wrong` what is wrong with what they typed.
    """

    action: str
    fields: tuple[tuple[str, str], ...]
    password: bool
    code: bool
    wrong: str
    sign_in: str


def error_response(request: Request, error: FourweekError) -> Response:
    """The one place where an error becomes a response: JSON, fragment or page."""
    if wants_json(request):
        body: dict[str, object] = {"status": error.status, "title": _(error.title), "detail": _(error.message)}
        if fields := getattr(error, "fields", None):
            body["fields"] = fields
        kind, headers = None, {"cache-control": PRIVATE} | _retry(error) | dict(error.headers)
        if for_programs(request):
            kind, headers = PROBLEM, headers | {"access-control-allow-origin": "*"}
        return JSONResponse(body, status_code=error.status, headers=headers, media_type=kind)
    for unlike, face in _FACES:
        if isinstance(error, unlike):
            return face(request, error)
    return _error_face(request, error)


def _error_face(request: Request, error: FourweekError, link: tuple[str, str] | None = None) -> Response:
    typed = getattr(request.state, "typed", ())
    if error.status in RETRY and typed and not from_htmx(request):
        return _send_again(request, error, typed)
    number = request.scope.get("request_id", "") if error.status >= 500 else ""
    said = _(error.title), _(error.message), _(error.advice)  # also what was raised where nobody knew the language yet
    page = ErrorPage(error.status, *said, link or _way_on(request, error), number)
    headers = _retry(error)
    if not from_htmx(request):
        return render(request, "errors/page.html", page, status=error.status, headers=headers)
    headers |= {"hx-retarget": "#notices", "hx-reswap": "innerHTML"}
    return render(request, "errors/_fragment.html", page, status=error.status, headers=headers)


def _way_on(request: Request, error: FourweekError) -> tuple[str, str]:
    if error.leads_to is None:
        return _("Start page"), "/"
    words, route = error.leads_to
    return _(words), pages(request).url(route)


def _retry(error: FourweekError) -> dict[str, str]:
    if isinstance(error, TooMany):
        return {"retry-after": str(error.wait)}
    return {"retry-after": RETRY[error.status]} if error.status in RETRY else {}


def _sign_in_first(request: Request, error: SignInNeeded) -> Response:
    """Readers are brought to the sign-in page and back; a page with typed text stays and offers a sign-in beside it."""
    to = pages(request).url("sign-in")
    if request.method in {"GET", "HEAD"}:
        here = below(request.headers["hx-current-url"] if "hx-current-url" in request.headers else str(request.url))
        return redirect(request, f"{to}?next={quote(inside(here), safe='/')}")
    if from_htmx(request):
        link = (_("Sign in in a new tab, then go on here"), f"{to}?next=/signed-in")
        return _error_face(request, error, link)
    if typed := getattr(request.state, "typed", ()):
        message = _("Your sign-in has ended, so nothing was sent.")
        page = ResendPage(request.url.path, message, _given_back(typed), f"{to}?next=/signed-in")
        return render(request, "errors/resend.html", page, status=error.status)
    return _error_face(request, error, (_("Sign in"), to))


def _second_factor_first(request: Request, error: SecondFactorNeeded) -> Response:
    """Readers are led to where it is set up; whoever sent a form is told, and its page stays open."""
    to = pages(request).url("second-factor")
    if request.method in {"GET", "HEAD"}:
        return redirect(request, to)
    return _error_face(request, error, (_("Set it up"), to))


def _send_again(request: Request, error: FourweekError, typed: tuple[tuple[str, str], ...]) -> Response:
    """A form that could not be taken just now, given back as it was sent."""
    page = ResendPage(request.url.path, f"{_(error.message)} {_(error.advice)}", _given_back(typed))
    return render(request, "errors/resend.html", page, status=error.status, headers=_retry(error))


def _stale_form(request: Request, error: StaleForm) -> Response:
    if from_htmx(request):
        event = json.dumps({"fresh-token": {"value": form_token(request)}})
        return Response(status_code=403, headers={"hx-trigger": event, "hx-reswap": "none"})
    page = ResendPage(request.url.path, _(error.message), _given_back(error.typed))
    return render(request, "errors/resend.html", page, status=error.status)


def _prove_first(request: Request, error: ProofNeeded) -> Response:
    """The form, kept as it was typed, with a field in which its sender shows who they are."""
    if from_htmx(request):
        return _error_face(request, error)
    typed = tuple((name, value) for name, value in getattr(request.state, "typed", ()) if name != PROOF)
    beside = f"{pages(request).url('sign-in')}?next=/signed-in"
    page = ProvePage(request.url.path, typed, error.password, error.code, error.wrong, beside)
    return render(request, "errors/prove.html", page, status=error.status, headers=dict(error.headers))


def _given_back(typed: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str, bool], ...]:
    return tuple((name, value, "\n" in value or len(value) > 80) for name, value in typed)


def _asked_first(request: Request, error: AskedFirst) -> Response:
    return redirect(request, error.where)


_FACES: tuple[tuple[type[FourweekError], Callable[[Request, Any], Response]], ...] = (
    (SignInNeeded, _sign_in_first),
    (StaleForm, _stale_form),
    (ProofNeeded, _prove_first),
    (AskedFirst, _asked_first),
    (SecondFactorNeeded, _second_factor_first),
)
"""Those that look unlike the others; what they need is said by the function."""


def add_error_faces(app: FastAPI) -> None:
    """Install the handlers of the one error tree."""

    async def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, FourweekError)  # noqa: S101
        if isinstance(error, NotFound | StaleForm):
            await _greet(request)
        return error_response(request, error)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        await _greet(request)
        return error_response(request, _named(error.status_code))

    async def bad_address(request: Request, _error: Exception) -> Response:
        await _greet(request)
        return error_response(request, NotFound())

    app.add_exception_handler(FourweekError, ours)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, bad_address)


async def _greet(request: Request) -> None:
    """Who is signed in, for the frame of a page where nothing has asked yet; a guest is not looked up.

    Nor is anybody for a picture that is not there, or while the database is away.
    """
    known = hasattr(request.state, "visitor") or not cookie(request)
    if not known and not from_htmx(request) and "text/html" in request.headers.get("accept", ""):
        with suppress(FourweekError, SQLAlchemyError):
            await greet(request)


def _named(status: int) -> FourweekError:
    if status == 404:
        return NotFound()
    error = FourweekError(_("The request was not one this address takes."), what_to_do=_("Go back and try again."))
    error.__class__ = type("HttpError", (FourweekError,), {"status": status, "title": N_("That did not work")})
    return error
