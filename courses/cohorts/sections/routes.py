"""The pages of sections."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from courses.cohorts.sections import members, service
from courses.cohorts.sections.forms import SectionForm, typed_form
from courses.cohorts.sections.members import MoveForm, typed_move
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.pages import address, redirect, render

router = APIRouter(prefix="/staff/cohorts/{cohort_id}/sections")


@router.get("", name="sections")
@allowed(Permission.RUN_COHORT)
async def sections(request: Request, cohort_id: str) -> Response:
    return render(request, "cohorts/sections.html", await read(request, service.sections_page, cohort_id))


@router.get("/new", name="section-new")
@allowed(Permission.RUN_COHORT)
async def new_section(request: Request, cohort_id: str) -> Response:
    return render(request, "cohorts/section.html", await read(request, service.section_page, cohort_id))


@router.post("/new", name="section-new-send")
@allowed(Permission.RUN_COHORT)
async def create(request: Request, cohort_id: str) -> Response:
    return await _sent(request, cohort_id, "")


@router.get("/people", name="section-members")
@allowed(Permission.RUN_COHORT)
async def people(request: Request, cohort_id: str, page: str = "1") -> Response:
    shown = await read(request, members.members_page, cohort_id, page_number(page))
    return render(request, "cohorts/members.html", shown)


@router.post("/people", name="section-members-send")
@allowed(Permission.RUN_COHORT)
async def move(request: Request, cohort_id: str) -> Response:
    """Show first what moves for those chosen; move them once that very thing was shown."""
    form = await read_form(request)
    typed = typed_move(form)
    if text(form, "act") != "move":
        return await _members(request, cohort_id, typed)
    try:
        moved = await write(request, members.move_members, cohort_id, typed)
    except Invalid:
        moved = False
    if not moved:
        return await _members(request, cohort_id, typed)
    return redirect(request, address(request, "section-members", cohort_id=cohort_id), note=_("They are moved."))


@router.get("/{section_id}", name="section")
@allowed(Permission.RUN_COHORT)
async def section(request: Request, cohort_id: str, section_id: str) -> Response:
    page = await read(request, service.section_page, cohort_id, section_id)
    return render(request, "cohorts/section.html", page)


@router.post("/{section_id}", name="section-send")
@allowed(Permission.RUN_COHORT)
async def change(request: Request, cohort_id: str, section_id: str) -> Response:
    return await _sent(request, cohort_id, section_id)


@router.post("/{section_id}/remove", name="section-remove")
@allowed(Permission.RUN_COHORT)
async def remove(request: Request, cohort_id: str, section_id: str) -> Response:
    await read_form(request)
    await write(request, service.remove_section, cohort_id, section_id)
    return redirect(request, address(request, "sections", cohort_id=cohort_id), note=_("The section is removed."))


async def _sent(request: Request, cohort_id: str, section_id: str) -> Response:
    """Show first what follows; keep the section once that very thing was shown."""
    form = await read_form(request, max_fields=600)
    typed = typed_form(form)
    if typed.more:
        page = await read(request, service.section_page, cohort_id, section_id, typed)
        return render(request, "cohorts/section.html", page)
    if text(form, "act") != "save":
        return await _shown(request, cohort_id, section_id, typed)
    try:
        kept = await write(request, service.keep_section, cohort_id, section_id, typed)
    except Invalid:
        kept = False
    if not kept:
        return await _shown(request, cohort_id, section_id, typed)
    return redirect(request, address(request, "sections", cohort_id=cohort_id), note=_("The section is kept."))


async def _shown(request: Request, cohort_id: str, section_id: str, typed: SectionForm) -> Response:
    page = await read(request, service.section_page, cohort_id, section_id, typed, preview=True)
    return render(request, "cohorts/section.html", page, status=422 if page.errors else 200)


async def _members(request: Request, cohort_id: str, typed: MoveForm) -> Response:
    page = await read(request, members.members_page, cohort_id, typed.page, typed)
    return render(request, "cohorts/members.html", page, status=422 if page.errors else 200)
