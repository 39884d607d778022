"""Issuing an audit packet of one's own record."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from assessments.certificates.choices import chosen_licences, chosen_paper
from assessments.certificates.routes import ready
from assessments.packets.maker import PACKETS
from assessments.packets.pages import PacketForm, packet_page
from assessments.transcripts.issuing import issue
from assessments.transcripts.scope import Options
from assessments.transcripts.service import Wanted
from fourweek.accounts.declaring import signed_in
from fourweek.edge import house, read, read_form, text
from fourweek.errors import Invalid
from fourweek.language import N_
from fourweek.pages import render

router = APIRouter()
TEMPLATE = "packets/packet.html"


@router.get("/transcript/packet", name="packet")
@signed_in
async def packet(request: Request) -> Response:
    return render(request, TEMPLATE, await read(request, packet_page, house(request).settings))


@router.post("/transcript/packet", name="issue-packet")
@signed_in
async def issue_packet(request: Request) -> Response:
    typed = _typed(await read_form(request))
    settings = house(request).settings
    options = Options(
        paper=chosen_paper(typed.paper, settings),
        licences=typed.licences,
        stated=typed.stated,
        names=not typed.hide_names,
    )
    try:
        issued = await issue(request, Wanted(PACKETS, typed.scope(), options))
    except Invalid as error:
        found = await read(request, packet_page, settings)
        return render(request, TEMPLATE, replace(found, form=typed, errors=error.fields), status=error.status)
    return ready(request, issued, N_("Audit packet {number} is ready to download."))


def _typed(form: FormData) -> PacketForm:
    return PacketForm(
        board=text(form, "board"),
        since=text(form, "since"),
        until=text(form, "until"),
        licences=chosen_licences(form.getlist("licences")),
        stated=text(form, "stated") == "1",
        hide_names=text(form, "hide_names") == "1",
        paper=text(form, "paper"),
    )
