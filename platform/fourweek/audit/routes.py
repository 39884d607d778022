"""The audit log for those who may read it, and what was done with one's own account."""

from dataclasses import replace
from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import Response

from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed_everywhere, signed_in
from fourweek.audit import queries
from fourweek.audit.pages import AuditForm, Say, audit_page, my_account_page
from fourweek.edge import greet, read
from fourweek.pages import pages, render

router = APIRouter()
LONGEST = 200


@router.get("/audit", name="audit")
@allowed_everywhere(Permission.READ_AUDIT)
async def audit(request: Request, before: str = "") -> Response:
    given = request.query_params
    typed = AuditForm(**{name: _plain(given.get(name, "")) for name in AuditForm.__dataclass_fields__})
    zone = (await greet(request)).me.zone
    wanted, errors = typed.wanted(zone, _plain(before))
    found = await read(request, queries.audit_rows, wanted)
    page = audit_page(found, typed, before, _say(request), pages(request).url)
    if errors:
        return render(request, "audit/index.html", replace(page, lines=(), next=None, errors=errors), status=422)
    return render(request, "audit/index.html", page)


@router.get("/account/log", name="my-account-log")
@signed_in
async def my_account(request: Request, before: str = "") -> Response:
    found = await read(request, queries.my_account, _plain(before))
    page = my_account_page(found, request.state.visitor.me.id, before, _say(request), pages(request).url)
    return render(request, "audit/mine.html", page)


def _plain(typed: str) -> str:
    return typed.replace("\0", "")[:LONGEST]


def _say(request: Request) -> Say:
    """Instants in the zone of whoever reads."""
    return partial(pages(request).say_now, zone=request.state.visitor.me.zone)
