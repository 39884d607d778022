"""A learner's own transcript: the record on a page, issuing a document, downloading it."""

from functools import cache

import anyio
import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.transcripts import pages, service
from assessments.transcripts.queries import document_file
from courses.paging import page_number
from fourweek.edge import house, read, read_form, signed_in, write
from fourweek.pages import address, redirect, render
from fourweek.storage import Store
from fourweek.storage.aside import read_aside

router = APIRouter()
AT_ONCE = 1
PRIVATE_FILE = {"cache-control": "private, no-store", "content-security-policy": "default-src 'none'; sandbox"}


@router.get("/transcript", name="transcript")
@signed_in
async def transcript(request: Request, page: str = "1") -> Response:
    found = await read(request, pages.transcript_page, house(request).settings, page_number(page))
    return render(request, "transcripts/transcript.html", found)


@router.post("/transcript", name="issue-transcript")
@signed_in
async def issue(request: Request) -> Response:
    """The document is made between two transactions, so that nobody waits for it who only wants to save."""
    await read_form(request)
    ours, to = house(request), address(request, "transcript")
    frozen = await read(request, service.draft, ours.settings.public_url)
    if frozen.same:
        return redirect(request, to, note=f"Nothing has changed since transcript {frozen.same}: it is the one to use.")
    number = await write(request, service.next_number, service.year_of(frozen.now, ours.settings))
    made = await anyio.to_thread.run_sync(service.make, frozen, number, ours.settings, ours.store, limiter=_press())
    kept = await write(request, service.keep, frozen, made)
    return redirect(request, to, note=f"Transcript {kept} is ready to download.")


@router.get("/transcripts/{name}", name="transcript-file")
@signed_in
async def download(request: Request, name: str) -> Response:
    found = await read(request, document_file, name)
    data = await read_aside(_bytes, house(request).store, found.sha256)
    headers = PRIVATE_FILE | {"content-disposition": f'attachment; filename="{found.name}"'}
    return Response(data, media_type=found.media_type, headers=headers)


def _bytes(store: Store, sha256: str) -> bytes:
    with store.open(sha256) as file:
        return file.read()


@cache
def _press() -> anyio.CapacityLimiter:
    """Documents are made one at a time in a process: each takes a whole core for a while."""
    return anyio.CapacityLimiter(AT_ONCE)
