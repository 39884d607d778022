"""A draft's pages and files at addresses of the same shape as a cohort's, so that its relative links work."""

from collections.abc import Iterable

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from courses.catalogue.drafts import queries
from courses.catalogue.drafts.pages import PreviewPage
from courses.catalogue.drafts.reading import Reading, readings
from courses.packages.models import ParsedCourse, ParsedFile, ParsedModule
from fourweek.accounts.declaring import own
from fourweek.edge import read
from fourweek.errors import NotFound
from fourweek.files import NOT_KEPT, StoredFile, file_headers
from fourweek.language import _
from fourweek.pages import render

router = APIRouter(prefix="/authoring/drafts/{draft_id}")


@router.get("/about", name="draft-about")
@own
async def about(request: Request, draft_id: str) -> Response:
    course, _unused = await _opened(request, draft_id)
    page = PreviewPage(
        draft_id, course.title, _("Public description"), course.title, course.description_html, course.language
    )
    return render(request, "authoring/preview.html", page)


@router.get("/modules/{number}/lessons/{slug}", name="draft-lesson")
@own
async def lesson(request: Request, draft_id: str, number: int, slug: str) -> Response:
    course, _unused = await _opened(request, draft_id)
    module = _module(course, number)
    places = {one.slug: place for place, one in enumerate(module.lessons)}
    if slug not in places:
        raise NotFound
    place = places[slug]
    shown = module.lessons[place]
    page = PreviewPage(
        draft_id=draft_id,
        course_title=course.title,
        kicker=_("Module {number}: {title}", number=module.number, title=module.title),
        title=shown.title,
        html=shown.html,
        language=course.language,
        before=_beside(module, place - 1),
        after=_beside(module, place + 1),
        attribution_html=course.attribution_html,
    )
    return render(request, "authoring/preview.html", page)


@router.get("/modules/{number}/assignments/{key}", name="draft-assignment")
@own
async def assignment(request: Request, draft_id: str, number: int, key: str) -> Response:
    course, reading = await _opened(request, draft_id)
    module = _module(course, number)
    asked = [one for one in reading.assignments if (one.module_number, one.key) == (number, key)]
    bodies = [raw.page.html for raw in module.assignments if raw.table.get("key") == key and raw.page]
    if not asked:
        raise NotFound
    page = PreviewPage(
        draft_id=draft_id,
        course_title=course.title,
        kicker=_("Module {number}: {title}", number=module.number, title=module.title),
        title=asked[0].title,
        html=bodies[0] if bodies else "",
        language=course.language,
        assignments=tuple(asked[:1]),
        checks=reading.checks(key),
    )
    return render(request, "authoring/preview.html", page)


@router.get("/files/{path:path}", name="draft-about-file")
@own
async def about_file(request: Request, draft_id: str, path: str) -> Response:
    course, _unused = await _opened(request, draft_id)
    return await _file(course.description_files, path)


@router.get("/modules/{number}/files/{path:path}", name="draft-file")
@own
async def module_file(request: Request, draft_id: str, number: int, path: str) -> Response:
    course, _unused = await _opened(request, draft_id)
    return await _file(_module(course, number).files, path)


async def _opened(request: Request, draft_id: str) -> tuple[ParsedCourse, Reading]:
    facts = await read(request, queries.my_draft, draft_id)
    reading = await readings(request).read_aside(facts.sha256)
    if reading.course is None:
        raise NotFound
    return reading.course, reading


def _module(course: ParsedCourse, number: int) -> ParsedModule:
    found = next((one for one in course.modules if one.number == number), None)
    if found is None:
        raise NotFound
    return found


def _beside(module: ParsedModule, place: int) -> tuple[str, str] | None:
    if not 0 <= place < len(module.lessons):
        return None
    return module.lessons[place].title, module.lessons[place].slug


async def _file(files: Iterable[ParsedFile], path: str) -> Response:
    found = next((one for one in files if one.path == path), None)
    if found is None:
        raise NotFound
    data = await anyio.to_thread.run_sync(found.read)
    file = StoredFile(found.sha256, len(data), found.media_type, found.path.rpartition("/")[2])
    return Response(data, headers=file_headers(file, NOT_KEPT))
