"""The page of a series' badge, for authors: its rule, another one tried out and made, and its end."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.stacking import pages, service
from assessments.stacking.forms import typed_rule
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed_everywhere
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.pages import address, redirect, render

router = APIRouter(prefix="/authoring/series")
PAGE = "stacking/rule.html"
MAKE = "make"


@router.get("/{code}/badge", name="series-rule")
@allowed_everywhere(Permission.PUBLISH_COURSE)
async def rule(request: Request, code: str) -> Response:
    return render(request, PAGE, await read(request, pages.rule_page, code))


@router.post("/{code}/badge", name="series-rule-send")
@allowed_everywhere(Permission.PUBLISH_COURSE)
async def make(request: Request, code: str) -> Response:
    """Show whom the typed rule would award; let it hold once that very rule was shown."""
    form = await read_form(request)
    typed = typed_rule(form)
    if text(form, "act") != MAKE or typed.seen != typed.mark:
        page = await read(request, pages.rule_page, code, typed, previewed=True)
        return render(request, PAGE, page, status=422 if page.errors else 200)
    try:
        number = await write(request, service.make_rule, code, typed)
    except Invalid as invalid:
        page = await read(request, pages.rule_page, code, typed, invalid.fields)
        return render(request, PAGE, page, status=422)
    except service.RuleChanged as changed:
        page = await read(request, pages.rule_page, code, typed, {"": changed.message})
        return render(request, PAGE, page.as_of_now(), status=409)
    here = address(request, "series-rule", code=code)
    return redirect(
        request, here, note=_("Rule {number} holds. Whoever meets it gets the badge within a minute.", number=number)
    )


@router.post("/{code}/badge/end", name="series-rule-end")
@allowed_everywhere(Permission.PUBLISH_COURSE)
async def end(request: Request, code: str) -> Response:
    form = await read_form(request)
    why = " ".join(text(form, "why_end").split())
    try:
        await write(request, service.end_rule, code, text(form, "number"), why)
    except Invalid as invalid:
        page = await read(request, pages.ending_page, code, why, invalid.fields)
        return render(request, PAGE, page, status=422)
    here = address(request, "series-rule", code=code)
    return redirect(request, here, note=_("The rule has ended. Badges that were awarded stay."))
