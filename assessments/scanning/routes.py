"""Files that are held back: the list, one of them, what is decided about it, and taking it away to look at."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.scanning.office import ADDRESS, held_file, held_page, settle, take
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed
from fourweek.edge import house, read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.files import SAVED_ONLY, StoredFile, file_response
from fourweek.language import _
from fourweek.pages import address, redirect, render
from fourweek.storage.aside import read_aside

router = APIRouter(prefix=ADDRESS)


@router.get("", name="held-files")
@allowed(Permission.RELEASE_FILES)
async def index(request: Request, page: str = "1") -> Response:
    return render(request, "scanning/held.html", await read(request, held_page, page_number(page)))


@router.get("/{sha256}", name="held-file")
@allowed(Permission.RELEASE_FILES)
async def one(request: Request, sha256: str) -> Response:
    return render(request, "scanning/file.html", await read(request, held_file, sha256))


@router.post("/{sha256}", name="settle-file")
@allowed(Permission.RELEASE_FILES)
async def decide(request: Request, sha256: str) -> Response:
    form = await read_form(request)
    release, reason = text(form, "decision") == "release", text(form, "reason")
    try:
        await write(request, settle, sha256, release=release, reason=reason)
    except Invalid as error:
        found = await read(request, held_file, sha256)
        again = replace(found, reason=reason, error=error.fields["reason"])
        return render(request, "scanning/file.html", again, status=error.status)
    note = (
        _("The file is released: from now on it is opened as any other.") if release else _("The file stays held back.")
    )
    return redirect(request, address(request, "held-files"), note=note)


@router.post("/{sha256}/take", name="take-held-file")
@allowed(Permission.RELEASE_FILES)
async def away(request: Request, sha256: str) -> Response:
    """The very bytes, under a name that starts nothing, for whoever examines them elsewhere."""
    await read_form(request)
    found = await write(request, take, sha256)
    size = await read_aside(house(request).store.size, found)
    file = StoredFile(found, size, "application/octet-stream", f"held-{found[:12]}.bin")
    return await file_response(request, file, SAVED_ONLY)
