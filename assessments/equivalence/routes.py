"""The registrar's pages about courses that are the same learning."""

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from assessments.equivalence import pages
from assessments.equivalence.forms import Typed, read_wish
from assessments.equivalence.service import decide
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.pages import address, redirect, render

router = APIRouter(prefix="/equivalence")


@router.get("", name="equivalence")
@allowed(Permission.KEEP_RECORD)
async def decisions(request: Request, page: str = "1") -> Response:
    return render(request, "equivalence/decisions.html", await read(request, pages.decisions_page, page_number(page)))


@router.get("/new", name="new-equivalence")
@allowed(Permission.KEEP_RECORD)
async def new(request: Request) -> Response:
    return render(request, "equivalence/new.html", await read(request, pages.form_page))


@router.post("/new", name="decide-equivalence")
@allowed(Permission.KEEP_RECORD)
async def decided(request: Request) -> Response:
    typed = _typed(await read_form(request))
    await read(request, pages.form_page)
    wish, errors = read_wish(typed)
    if wish is None:
        return _again(request, typed, errors)
    try:
        await write(request, decide, wish)
    except Invalid as error:
        return _again(request, typed, error.fields)
    note = _("Decided. Credit that is recorded from now on goes by it; what is recorded stays as it is.")
    return redirect(request, address(request, "equivalence"), note=note)


def _again(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    return render(request, "equivalence/new.html", pages.FormPage(typed, errors), status=422)


def _typed(form: FormData) -> Typed:
    return Typed(**{name: text(form, name) for name in Typed.__dataclass_fields__})
