"""Issuing a certificate of one's own course or module."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from assessments.certificates.choices import chosen_licences, chosen_paper
from assessments.certificates.maker import CERTIFICATES
from assessments.certificates.pages import WHOLE_COURSE, CertificateForm, certificate_page
from assessments.transcripts.issuing import Issued, issue
from assessments.transcripts.scope import Options
from assessments.transcripts.service import Wanted
from fourweek.accounts.declaring import own
from fourweek.edge import house, read, read_form, text
from fourweek.errors import Invalid
from fourweek.language import N_, _
from fourweek.pages import address, redirect, render

router = APIRouter()
TEMPLATE = "certificates/certificate.html"
READY = N_("Certificate {number} is ready to download.")


@router.get("/transcript/certificate/{course}", name="certificate")
@own
async def certificate(request: Request, course: str) -> Response:
    found = await read(request, certificate_page, course, house(request).settings)
    return render(request, TEMPLATE, found)


@router.post("/transcript/certificate/{course}", name="issue-certificate")
@own
async def issue_certificate(request: Request, course: str) -> Response:
    typed, settings = _typed(await read_form(request)), house(request).settings
    options = Options(paper=chosen_paper(typed.paper, settings), licences=typed.licences, names=not typed.hide_names)
    try:
        issued = await issue(request, Wanted(CERTIFICATES, typed.scope(course), options))
    except Invalid as error:
        found = await read(request, certificate_page, course, settings)
        again = replace(found, form=typed, problem=" ".join(error.fields.values()))
        return render(request, TEMPLATE, again, status=error.status)
    return ready(request, issued, READY)


def _typed(form: FormData) -> CertificateForm:
    return CertificateForm(
        part=text(form, "part")[:26] or WHOLE_COURSE,
        licences=chosen_licences(form.getlist("licences")),
        hide_names=text(form, "hide_names") == "1",
        paper=text(form, "paper"),
    )


def ready(request: Request, issued: Issued, note: str) -> Response:
    """Back to the record, where the document is the newest of the list. `note` says so with its {number}."""
    to = f"{address(request, 'transcript')}#issued"
    if not issued.fresh:
        return redirect(
            request, to, note=_("Nothing has changed since {number}: it is the one to use.", number=issued.number)
        )
    return redirect(request, to, note=_(note, number=issued.number))
