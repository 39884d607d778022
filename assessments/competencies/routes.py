"""The pages of authors about frameworks of skills, and what a course's competencies are aligned with."""

from functools import partial

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.competencies import aligning, frameworks, importing
from assessments.competencies.frameworks import ImportPage
from assessments.competencies.held import hold, let_go, read_arrived, read_held
from assessments.competencies.known import FrameworkFacts
from assessments.competencies.plan import SkillsPlan
from assessments.competencies.table import MOST_BYTES
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed, allowed_everywhere
from fourweek.edge import house, read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.multipart import Arrived
from fourweek.pages import address, redirect, render
from fourweek.spreadsheets import NotATable
from fourweek.uploads import THREADS, arriving
from fourweek.words import say_size, say_whole

router = APIRouter()
MOST_TYPED = 100


@router.get("/authoring/frameworks", name="frameworks")
@allowed_everywhere(Permission.PUBLISH_COURSE)
async def list_frameworks(request: Request, page: str = "1") -> Response:
    shown = await read(request, frameworks.frameworks_page, page_number(page))
    return render(request, "competencies/frameworks.html", shown)


@router.get("/authoring/frameworks/{key}", name="framework")
@allowed_everywhere(Permission.PUBLISH_COURSE)
async def framework(request: Request, key: str, q: str = "", page: str = "1") -> Response:
    shown = await read(request, frameworks.framework_page, key, q.strip()[:MOST_TYPED], page_number(page))
    return render(request, "competencies/framework.html", shown, block="found")


@router.get("/authoring/import-skills", name="skills-import")
@allowed_everywhere(Permission.PUBLISH_COURSE)
async def import_form(request: Request, framework: str = "") -> Response:
    shown = await read(request, frameworks.import_form, framework[:60])
    return render(request, "competencies/import.html", shown)


@router.post("/authoring/import-skills", name="skills-import-send")
@allowed_everywhere(Permission.PUBLISH_COURSE)
async def import_skills(request: Request) -> Response:
    """Look at a table; take its skills in once they were shown."""
    me = await read(request, frameworks.importer)
    ours = house(request)
    async with arriving(request, ours.store, MOST_BYTES, ours.settings.form_limit) as body:
        typed = dict(body.fields)
        files = [one for one in body.files if one.size or one.too_large]
        try:
            facts = importing.facts_of(typed)
            if files:
                return await _checked(request, me, typed, facts, files[0])
            if typed.get("act") == "import":
                return await _import(request, me, typed, facts)
            return _form(request, typed, {"file": _("Choose a CSV file.")})
        except NotATable as wrong:
            return _form(request, typed, {"file": str(wrong)})
        except Invalid as invalid:
            return _form(request, typed, invalid.fields)


@router.get("/authoring/courses/{code}/competencies", name="course-competencies")
@allowed(Permission.PUBLISH_COURSE)
async def competencies(request: Request, code: str, align: str = "", q: str = "", page: str = "1") -> Response:
    asked = aligning.Asked(align[:60], q.strip()[:MOST_TYPED])
    shown = await read(request, aligning.competencies_page, code, asked, page_number(page))
    return render(request, "competencies/course.html", shown)


@router.post("/authoring/courses/{code}/competencies", name="course-competencies-send")
@allowed(Permission.PUBLISH_COURSE)
async def align(request: Request, code: str) -> Response:
    form = await read_form(request)
    key, skill, ends = text(form, "competency"), text(form, "skill"), text(form, "act") == "end"
    note = await write(request, aligning.align, code, key, skill, ends=ends)
    return redirect(request, address(request, "course-competencies", code=code), note=note)


async def _checked(
    request: Request, me: str, typed: dict[str, str], facts: FrameworkFacts, arrived: Arrived
) -> Response:
    if arrived.too_large:
        raise NotATable(
            _(
                "The file is larger than {most}. Send it in parts; codes that are here stay.",
                most=say_size(MOST_BYTES),
            )
        )
    rows = await anyio.to_thread.run_sync(read_arrived, arrived, limiter=THREADS)
    plan = await read(request, importing.check_skills, facts.key, rows)
    if not plan.can_be_done:
        return _form(request, typed, {}, plan=plan)
    held = await anyio.to_thread.run_sync(hold, house(request).store, arrived, me, limiter=THREADS)
    return _form(request, typed, {}, held=held, plan=plan)


async def _import(request: Request, me: str, typed: dict[str, str], facts: FrameworkFacts) -> Response:
    store, held = house(request).store, typed.get("held", "")
    rows = await anyio.to_thread.run_sync(read_held, store, me, held, limiter=THREADS)
    plan = await read(request, importing.check_skills, facts.key, rows)
    if typed.get("checked") != facts.key:  # what was shown was for another framework
        return _form(request, typed, {}, held=held, plan=plan)
    framework_id = await write(request, importing.keep_framework, facts, plan)
    for piece in importing.in_pieces(plan.coming):
        await write(request, importing.keep_skills, framework_id, piece)
    await anyio.to_thread.run_sync(partial(let_go, store, me, held), limiter=THREADS)
    note = _(
        "{title}: new skills {fresh}, reworded {reworded}, unchanged {same}.",
        title=facts.title,
        fresh=say_whole(len(plan.new)),
        reworded=say_whole(len(plan.reworded)),
        same=say_whole(plan.same),
    )
    return redirect(request, address(request, "framework", key=facts.key), note=note)


def _form(
    request: Request,
    typed: dict[str, str],
    errors: dict[str, str],
    held: str = "",
    plan: SkillsPlan | None = None,
) -> Response:
    names = ("key", "title", "publisher", "version", "url")
    page = ImportPage({name: typed.get(name, "") for name in names}, errors, held, plan)
    is_wrong = bool(errors) or bool(plan and plan.wrong)
    return render(request, "competencies/import.html", page, status=422 if is_wrong else 200)
