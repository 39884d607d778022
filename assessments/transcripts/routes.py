"""A learner's own transcript: the record on a page, issuing a document, downloading it."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.transcripts import pages
from assessments.transcripts.issuing import issue
from assessments.transcripts.queries import document_file
from assessments.transcripts.scope import Options
from assessments.transcripts.service import Wanted
from courses.paging import page_number
from fourweek.edge import house, read, read_form, signed_in
from fourweek.pages import address, redirect, render
from fourweek.storage import Store
from fourweek.storage.aside import read_aside

router = APIRouter()
PRIVATE_FILE = {"cache-control": "private, no-store", "content-security-policy": "default-src 'none'; sandbox"}


@router.get("/transcript", name="transcript")
@signed_in
async def transcript(request: Request, page: str = "1") -> Response:
    found = await read(request, pages.transcript_page, house(request).settings, page_number(page))
    return render(request, "transcripts/transcript.html", found)


@router.post("/transcript", name="issue-transcript")
@signed_in
async def issue_document(request: Request) -> Response:
    await read_form(request)
    wanted = Wanted(options=Options(paper=house(request).settings.paper))
    issued, to = await issue(request, wanted), address(request, "transcript")
    if not issued.fresh:
        return redirect(request, to, note=f"Nothing has changed since {issued.number}: it is the one to use.")
    return redirect(request, to, note=f"Transcript {issued.number} is ready to download.")


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
