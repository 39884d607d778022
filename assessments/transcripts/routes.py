"""A learner's own transcript: the record on a page, issuing a document, downloading it."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from assessments.transcripts import pages
from assessments.transcripts.choosing import DocumentForm, What, read_choice
from assessments.transcripts.issuing import issue
from assessments.transcripts.queries import document_file
from assessments.transcripts.service import Wanted
from courses.paging import page_number
from fourweek.accounts.declaring import own, signed_in
from fourweek.edge import house, read, read_form, text
from fourweek.errors import Invalid
from fourweek.files import SANDBOX
from fourweek.language import _
from fourweek.pages import address, redirect, render
from fourweek.storage import Store
from fourweek.storage.aside import read_aside

router = APIRouter()
PRIVATE_FILE = {"cache-control": "private, no-store", "content-security-policy": SANDBOX}


@router.get("/transcript", name="transcript")
@signed_in
async def transcript(request: Request, page: str = "1", courses: str = "1") -> Response:
    numbers = (page_number(page), page_number(courses))
    paper = house(request).settings.paper
    found = await read(request, pages.transcript_page, house(request).settings, numbers, DocumentForm(paper=paper))
    return render(request, "transcripts/transcript.html", found)


@router.post("/transcript", name="issue-transcript")
@signed_in
async def issue_document(request: Request) -> Response:
    form, settings = _typed(await read_form(request)), house(request).settings
    try:
        scope, options = read_choice(form, settings.paper)
        issued = await issue(request, Wanted(scope=scope, options=options))
    except Invalid as error:
        typed = replace(form, problems=error.fields)
        found = await read(request, pages.transcript_page, settings, (1, 1), typed)
        return render(request, "transcripts/transcript.html", found, status=error.status)
    said = _("Transcript {number} is ready to download.", number=issued.number)
    if not issued.fresh:
        said = _("Nothing has changed since {number}: it is the one to use.", number=issued.number)
    return redirect(request, address(request, "transcript"), note=said)


def _typed(form: FormData) -> DocumentForm:
    def several(name: str) -> tuple[str, ...]:
        return tuple(value for value in form.getlist(name) if isinstance(value, str))

    return DocumentForm(
        what=text(form, "what") or What.WHOLE,
        courses=several("courses"),
        since=text(form, "since"),
        until=text(form, "until"),
        licences=several("licences"),
        stated=bool(text(form, "stated")),
        hide_names=bool(text(form, "hide_names")),
        paper=text(form, "paper"),
    )


@router.get("/transcripts/{name}", name="transcript-file")
@own
async def download(request: Request, name: str) -> Response:
    found = await read(request, document_file, name)
    data = await read_aside(_bytes, house(request).store, found.sha256)
    headers = PRIVATE_FILE | {"content-disposition": f'attachment; filename="{found.name}"'}
    return Response(data, media_type=found.media_type, headers=headers)


def _bytes(store: Store, sha256: str) -> bytes:
    with store.open(sha256) as file:
        return file.read()
