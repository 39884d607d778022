"""The pages of names: one's own, the registrar's queue, and a learner's."""

from dataclasses import replace

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from assessments.evidence.kinds import media_type
from assessments.evidence.names import ending_of
from assessments.names import pages
from assessments.names.intake import Sent, taken_in
from assessments.names.listing import Chosen
from assessments.names.service import ask, ask_for, decide, withdraw
from assessments.record.queries import registrar
from courses.paging import page_number
from fourweek.accounts.access import Permission, Visitor
from fourweek.accounts.declaring import allowed, own, signed_in
from fourweek.edge import greet, house, read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.files import NOT_KEPT, StoredFile, file_response
from fourweek.language import _
from fourweek.pages import address, redirect, render
from fourweek.storage.aside import read_aside

router = APIRouter()


@router.get("/account/name", name="my-name")
@signed_in
async def my_name(request: Request, page: str = "1") -> Response:
    found = await read(request, pages.my_name_page, page_number(page), house(request).settings)
    return render(request, "names/mine.html", found)


@router.post("/account/name", name="ask-name")
@signed_in
async def ask_mine(request: Request) -> Response:
    await greet(request)
    sent = await taken_in(request)
    try:
        await write(request, _ask, sent)
    except Invalid as error:
        found = await read(request, pages.my_name_page, 1, house(request).settings)
        again = replace(found, typed=sent.asked, errors=error.fields)
        return render(request, "names/mine.html", again, status=error.status)
    return redirect(request, address(request, "my-name"), note=_("The registrar has it. You are told what is decided."))


@router.post("/account/name/withdraw", name="withdraw-name")
@signed_in
async def take_back(request: Request) -> Response:
    await read_form(request)
    done = await write(request, withdraw)
    note = _("You took it back. Your name stays as it is.") if done else _("Nothing was waiting any more.")
    return redirect(request, address(request, "my-name"), note=note)


@router.get("/names", name="names")
@allowed(Permission.KEEP_RECORD)
async def queue(request: Request, q: str = "", show: str = "", page: str = "1") -> Response:
    chosen = Chosen.of(q, show)
    found = await read(request, pages.queue_page, chosen, page_number(page), house(request).settings)
    return render(request, "names/queue.html", found)


@router.get("/names/{change_id}", name="name-change")
@allowed(Permission.KEEP_RECORD)
async def change(request: Request, change_id: str) -> Response:
    found = await read(request, pages.decide_page, change_id, house(request).settings)
    return render(request, "names/change.html", found)


@router.post("/names/{change_id}", name="decide-name")
@allowed(Permission.KEEP_RECORD)
async def judge(request: Request, change_id: str) -> Response:
    form = await read_form(request)
    approve, why = text(form, "decision") == "approve", text(form, "why")
    try:
        badges = await write(request, decide, change_id, approve=approve, why=why)
    except Invalid as error:
        found = await read(request, pages.decide_page, change_id, house(request).settings)
        again = replace(found, why=why, errors=error.fields)
        return render(request, "names/change.html", again, status=error.status)
    done = _("The name is changed. Badges that are being signed anew: {badges}.", badges=badges)
    return redirect(request, address(request, "names"), note=done if approve else _("Refused. The person is told why."))


@router.get("/names/{change_id}/evidence", name="name-evidence")
@own | allowed(Permission.KEEP_RECORD)
async def evidence(request: Request, change_id: str) -> Response:
    """The document that was handed in, kept by no cache."""
    found = await read(request, pages.evidence_file, change_id)
    size = await read_aside(house(request).store.size, found.sha256)
    file = StoredFile(found.sha256, size, media_type(ending_of(found.name)), found.name)
    return await file_response(request, file, NOT_KEPT)


@router.get("/record/{learner_number}/name", name="record-name")
@allowed(Permission.KEEP_RECORD)
async def learner(request: Request, learner_number: str, page: str = "1") -> Response:
    settings = house(request).settings
    found = await read(request, pages.learner_name_page, learner_number, page_number(page), settings)
    return render(request, "names/learner.html", found)


@router.post("/record/{learner_number}/name", name="ask-name-for")
@allowed(Permission.KEEP_RECORD)
async def ask_theirs(request: Request, learner_number: str) -> Response:
    await read(request, _registrar)
    sent = await taken_in(request)
    try:
        await write(request, _ask_for, learner_number, sent)
    except Invalid as error:
        found = await read(request, pages.learner_name_page, learner_number, 1, house(request).settings)
        mine = replace(found.mine, typed=sent.asked, errors=error.fields)
        return render(request, "names/learner.html", replace(found, mine=mine), status=error.status)
    note = _("Entered. Another registrar decides it: nothing is changed before.")
    return redirect(request, address(request, "record-name", learner_number=learner_number), note=note)


def _registrar(_conn: Connection, visitor: Visitor) -> None:
    registrar(visitor)


def _ask(conn: Connection, visitor: Visitor, sent: Sent) -> None:
    if sent.wrong:
        _refuse_with(sent)
    ask(conn, visitor, sent.asked)


def _ask_for(conn: Connection, visitor: Visitor, learner_number: str, sent: Sent) -> None:
    if sent.wrong:
        _refuse_with(sent)
    ask_for(conn, visitor, learner_number, sent.asked)


def _refuse_with(sent: Sent) -> None:
    raise Invalid({"evidence": sent.wrong})
