"""A knowledge check: its page, beginning a try, answering, checking it, and a try that was checked."""

import json
import secrets

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.checks.answers import Sent, sent_from
from assessments.checks.pages import Trouble, check_page, check_path, save_answer, try_page
from assessments.checks.service import Saved, begin_try, finish_try, save_answers
from assessments.evidence.access import Where
from courses.paging import page_number
from fourweek.accounts.declaring import enrolled, own
from fourweek.clock import real_time
from fourweek.edge import read, read_form, write
from fourweek.language import _
from fourweek.pages import from_htmx, redirect, render

router = APIRouter()
AT = "/cohorts/{cohort_id}/modules/{number}/assignments/{key}/checks/{slot}"
PAGE = "checks/check.html"
SEED_BYTES = 16
MOST_FIELDS = 600


@router.get(AT, name="check")
@enrolled
async def check(request: Request, cohort_id: str, number: int, key: str, slot: str, page: str = "1") -> Response:
    where = Where(cohort_id, number, key)
    shown = await read(request, check_page, where, slot, number=page_number(page))
    return render(request, PAGE, shown)


@router.get(AT + "/tries/{try_id}", name="check-try")
@own
async def one_try(request: Request, cohort_id: str, number: int, key: str, slot: str, try_id: str) -> Response:
    """A try that was checked, with what was right once that is told."""
    return render(
        request, "checks/try.html", await read(request, try_page, Where(cohort_id, number, key), slot, try_id)
    )


@router.post(AT + "/tries", name="check-begin")
@enrolled
async def begin(request: Request, cohort_id: str, number: int, key: str, slot: str) -> Response:
    """Questions are drawn, and the page shows them."""
    where, arrived = Where(cohort_id, number, key), real_time()
    await read_form(request)
    await write(request, begin_try, where, slot, secrets.token_bytes(SEED_BYTES), arrived=arrived)
    return redirect(request, check_path(where, slot))


@router.post(AT + "/answers", name="check-answers")
@enrolled
async def answers(request: Request, cohort_id: str, number: int, key: str, slot: str) -> Response:
    """All answers, kept for later; from the script one question at a time, answered with a small fragment."""
    where, sent = Where(cohort_id, number, key), await _sent(request)
    if from_htmx(request):
        return await _one_answer(request, where, slot, sent)
    saved = await write(request, save_answers, where, slot, sent)
    if not saved.clean:
        return await _with_trouble(request, where, slot, sent, saved)
    return redirect(request, check_path(where, slot), note=_("Your answers are saved."))


@router.post(AT + "/finish", name="check-finish")
@enrolled
async def finish(request: Request, cohort_id: str, number: int, key: str, slot: str) -> Response:
    """All answers, checked once."""
    where, arrived = Where(cohort_id, number, key), real_time()
    sent = await _sent(request)
    saved = await write(request, finish_try, where, slot, sent, arrived=arrived)
    if saved.done is None:
        return await _with_trouble(request, where, slot, sent, saved)
    words = _("Passed.") if saved.done.passed else _("Not passed.")
    return redirect(request, check_path(where, slot), note=f"{saved.done.verdict} {words}")


async def _sent(request: Request) -> Sent:
    form = await read_form(request, max_fields=MOST_FIELDS)
    return sent_from([(name, value) for name, value in form.multi_items() if isinstance(value, str)])


async def _one_answer(request: Request, where: Where, slot: str, sent: Sent) -> Response:
    page = await write(request, save_answer, where, slot, sent)
    if page.wrong or page.other is not None:
        beside = {"hx-retarget": f"#conflict-{page.place}", "hx-reswap": "innerHTML"}
        return render(request, "checks/_conflict.html", page, status=422 if page.wrong else 409, headers=beside)
    said = {"hx-trigger": json.dumps({"saved": {"value": page.saved}})}
    return render(request, "checks/_saved.html", page, headers=said)


async def _with_trouble(request: Request, where: Where, slot: str, sent: Sent, saved: Saved) -> Response:
    """The page again with what was chosen and typed."""
    page = await read(request, check_page, where, slot, Trouble(sent, saved.wrong, saved.others))
    return render(request, PAGE, page, status=409 if page.conflicts else 422)
