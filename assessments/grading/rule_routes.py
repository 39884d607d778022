"""The addresses where authors and leads read decision rules, try one out, and let it hold."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from assessments.deciding.forms import TypedRule, typed_rule
from assessments.deciding.service import RuleChanged
from assessments.grading.rule_page import apply_rule, courses_page, rule_page, rules_page
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed, allowed_anywhere
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.pages import address, redirect, render

router = APIRouter(prefix="/staff/courses")
RULE = "deciding/rule.html"


@router.get("", name="decision-rule-courses")
@allowed_anywhere(Permission.PUBLISH_COURSE, Permission.REVIEW_GRADES)
async def courses(request: Request, page: str = "1") -> Response:
    return render(request, "deciding/courses.html", await read(request, courses_page, page_number(page)))


@router.get("/{code}/rules", name="decision-rules")
@allowed(Permission.PUBLISH_COURSE, Permission.REVIEW_GRADES)
async def rules(request: Request, code: str) -> Response:
    return render(request, "deciding/rules.html", await read(request, rules_page, code))


@router.get("/{code}/assignments/{key}/rule", name="decision-rule")
@allowed(Permission.PUBLISH_COURSE, Permission.REVIEW_GRADES)
async def rule(request: Request, code: str, key: str) -> Response:
    return render(request, RULE, await read(request, rule_page, code, key))


@router.post("/{code}/assignments/{key}/rule", name="decision-rule-send")
@allowed(Permission.PUBLISH_COURSE, Permission.REVIEW_GRADES)
async def send(request: Request, code: str, key: str) -> Response:
    """Show what the typed rule would change; let it hold once that very rule was shown, by those who may change it."""
    form = await read_form(request)
    typed, act = _typed(form), text(form, "act")
    if act != "apply" or typed.seen != typed.print:
        page = await read(request, rule_page, code, key, typed, preview=page_number(act.partition(":")[2]))
        return render(request, RULE, page, status=422 if page.errors else 200)
    try:
        number = await write(request, apply_rule, code, key, typed)
    except Invalid as error:
        page = await read(request, rule_page, code, key, typed, preview=1)
        return render(request, RULE, replace(page, errors=error.fields), status=422)
    except RuleChanged as error:
        page = await read(request, rule_page, code, key, typed)
        page = replace(page, clash=error.message, typed=replace(typed, number=page.number, seen=""))
        return render(request, RULE, page, status=409)
    here = address(request, "decision-rule", code=code, key=key)
    return redirect(request, here, note=_("Rule {number} holds for work that is begun from now on.", number=number))


def _typed(form: FormData) -> TypedRule:
    return typed_rule({name: text(form, name) for name in form})
