"""What is left to do in a new school, and its first course from the one that comes with the product."""

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from courses.catalogue.drafts import queries, service
from courses.first_steps.facts import facts, last_backup
from courses.first_steps.template_zip import NAME, template_zip
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed_anywhere, allowed_everywhere
from fourweek.edge import house, read, read_form, write
from fourweek.language import _
from fourweek.pages import PRIVATE, address, redirect, render
from fourweek.storage.aside import keep_aside

router = APIRouter()
writers = allowed_anywhere(Permission.PUBLISH_COURSE)


@router.get("/what-next", name="what-next")
@allowed_everywhere(Permission.SET_UP)
async def what_next(request: Request) -> Response:
    settings = house(request).settings
    backup = await anyio.to_thread.run_sync(last_backup, settings)
    page = await read(request, facts, settings, backup)
    return render(request, "first_run/what_next.html", page)


@router.post("/authoring/template", name="template-draft")
@writers
async def start_from_template(request: Request) -> Response:
    """A draft like any other: the author looks at it, and publishes it or not."""
    await read_form(request)
    await read(request, queries.may_publish)
    package = await anyio.to_thread.run_sync(template_zip)
    kept = await keep_aside(house(request).store.keep_bytes, package)
    draft_id = await write(request, service.add_draft, NAME, kept)
    note = _("The template is among your packages. Look at it, and publish it when you like it.")
    return redirect(request, address(request, "draft", draft_id=draft_id), note=note)


@router.get("/authoring/template.zip", name="template-package")
@writers
async def template_package(request: Request) -> Response:
    await read(request, queries.may_publish)
    package = await anyio.to_thread.run_sync(template_zip)
    headers = {"content-disposition": f'attachment; filename="{NAME}"', "cache-control": PRIVATE}
    return Response(package, media_type="application/zip", headers=headers)
