"""The pages of authors: upload a package, read what is wrong, look at it, publish it."""

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from courses.catalogue.drafts import queries, service
from courses.catalogue.drafts.names import clean_name
from courses.catalogue.drafts.pages import Outlook, UploadPage, draft_page
from courses.catalogue.drafts.reading import READERS, opening_problems, readings
from courses.catalogue.publish import VersionRefused, keep_files
from courses.coursework import coursework
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed_anywhere, own
from fourweek.edge import house, read, read_form, write
from fourweek.errors import TooLarge
from fourweek.language import _
from fourweek.multipart import Arrived
from fourweek.pages import address, redirect, render
from fourweek.storage import Kept
from fourweek.storage.aside import keep_aside
from fourweek.uploads import arriving, keep
from fourweek.words import say_size

router = APIRouter()


@router.get("/authoring", name="authoring")
@allowed_anywhere(Permission.PUBLISH_COURSE)
async def authoring(request: Request, drafts: str = "1", versions: str = "1") -> Response:
    page = await read(request, queries.authoring_page, page_number(drafts), page_number(versions))
    return render(request, "authoring/index.html", page)


@router.get("/authoring/upload", name="package-upload")
@allowed_anywhere(Permission.PUBLISH_COURSE)
async def upload_page(request: Request) -> Response:
    await read(request, queries.may_publish)
    return _upload_page(request, 200)


@router.post("/authoring/upload", name="package-upload-send")
@allowed_anywhere(Permission.PUBLISH_COURSE)
async def upload(request: Request) -> Response:
    await read(request, queries.may_publish)
    ours = house(request)
    try:
        async with arriving(request, ours.store, ours.settings.package_limit, ours.settings.form_limit) as body:
            return await _take(request, body.files[0] if body.files else None)
    except TooLarge:
        words = _(
            "The package is larger than {package_limit}. Nothing of it was kept.",
            package_limit=say_size(ours.settings.package_limit),
        )
        return _upload_page(request, 413, UploadPage(say_size(ours.settings.package_limit), words))


async def _take(request: Request, arrived: Arrived | None) -> Response:
    """Keep the package and go to its page; one that cannot be opened at all is refused on the spot."""
    limit = say_size(house(request).settings.package_limit)
    if arrived is None or not arrived.size:
        words = _("The file is empty.") if arrived else _("Choose the zip file of the package.")
        return _upload_page(request, 422, UploadPage(limit, words))
    if arrived.too_large:
        raise TooLarge
    name = clean_name(arrived.name)
    problems = await anyio.to_thread.run_sync(opening_problems, arrived.spooled, name, limiter=READERS)
    if problems:
        return _upload_page(request, 422, UploadPage(limit, _("This package cannot be opened."), problems))
    await keep(house(request).store, arrived)
    draft_id = await write(request, service.add_draft, name, Kept(arrived.sha256, arrived.size))
    return redirect(request, address(request, "draft", draft_id=draft_id))


@router.get("/authoring/drafts/{draft_id}", name="draft")
@own
async def draft(request: Request, draft_id: str) -> Response:
    return await _draft(request, draft_id)


@router.post("/authoring/drafts/{draft_id}/publish", name="draft-publish")
@own
async def publish(request: Request, draft_id: str) -> Response:
    await read_form(request)
    facts = await read(request, queries.my_draft, draft_id)
    reading = await readings(request).read_aside(facts.sha256)
    course, work = reading.course, reading.work
    if course is None or work is None or not reading.publishable:
        return await _draft(
            request, draft_id, _("A package with errors cannot be published. Mend them and upload it again.")
        )
    await keep_aside(keep_files, house(request).store, course, work)
    try:
        done = await write(request, service.publish_draft, draft_id, course, work, coursework=coursework(request))
    except VersionRefused as refused:
        return await _draft(request, draft_id, refused.message)
    return redirect(request, address(request, "course", code=done.code), note=done.words)


@router.post("/authoring/drafts/{draft_id}/drop", name="draft-drop")
@own
async def drop(request: Request, draft_id: str) -> Response:
    await read_form(request)
    await write(request, service.drop_draft, draft_id)
    return redirect(request, address(request, "authoring"), note=_("The package was dropped."))


async def _draft(request: Request, draft_id: str, refusal: str = "") -> Response:
    facts = await read(request, queries.my_draft, draft_id)
    reading = await readings(request).read_aside(facts.sha256)
    outlook = Outlook()
    if reading.publishable and not facts.published_code:  # known only once the package is read, hence a second look
        outlook = await read(request, queries.outlook, reading, coursework(request))
    page = draft_page(facts, reading, refusal, outlook)
    return render(request, "authoring/draft.html", page, status=422 if refusal else 200)


def _upload_page(request: Request, status: int, page: UploadPage | None = None) -> Response:
    shown = page or UploadPage(say_size(house(request).settings.package_limit))
    return render(request, "authoring/upload.html", shown, status=status)
