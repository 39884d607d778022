"""Issuing a certificate of one's own course or module."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.certificates.choices import chosen_licences, chosen_paper
from assessments.certificates.maker import CERTIFICATES
from assessments.certificates.pages import WHOLE_COURSE, certificate_page
from assessments.transcripts.issuing import Issued, issue
from assessments.transcripts.scope import Options, Scope
from assessments.transcripts.service import Wanted
from fourweek.edge import house, read, read_form, signed_in, text
from fourweek.pages import address, redirect, render

router = APIRouter()


@router.get("/transcript/certificate/{course}", name="certificate")
@signed_in
async def certificate(request: Request, course: str) -> Response:
    found = await read(request, certificate_page, course, house(request).settings)
    return render(request, "certificates/certificate.html", found)


@router.post("/transcript/certificate/{course}", name="issue-certificate")
@signed_in
async def issue_certificate(request: Request, course: str) -> Response:
    form = await read_form(request)
    part = text(form, "part")
    module = "" if part in {"", WHOLE_COURSE} else part[:26]
    options = Options(
        paper=chosen_paper(text(form, "paper"), house(request).settings),
        licences=chosen_licences(form.getlist("licences")),
    )
    wanted = Wanted(CERTIFICATES, Scope(courses=(course,), module=module), options)
    return ready(request, "Certificate", await issue(request, wanted))


def ready(request: Request, kind: str, issued: Issued) -> Response:
    """Back to the record, where the document is the newest of the list."""
    to = f"{address(request, 'transcript')}#issued"
    if not issued.fresh:
        return redirect(request, to, note=f"Nothing has changed since {issued.number}: it is the one to use.")
    return redirect(request, to, note=f"{kind} {issued.number} is ready to download.")
