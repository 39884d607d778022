"""Resumable upload by tus 1.0.0 under the address of an assignment: files come in pieces, and go on after a break."""

from functools import partial

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import JSONResponse, Response

from assessments.evidence.access import Where
from assessments.evidence.names import clean_name
from assessments.uploads.access import my_upload
from assessments.uploads.answers import offset_headers, tus
from assessments.uploads.errors import Lost, OtherContent
from assessments.uploads.limits import count_upload
from assessments.uploads.models import UploadState
from assessments.uploads.pages import slot_uploads, state_of
from assessments.uploads.protocol import PIECE_TYPE, checksum, metadata, said, whole
from assessments.uploads.service import NewUpload, Terms, begin, drop
from assessments.uploads.taking import let_go, make_room_for, settled, take_piece
from fourweek.accounts.access import Visitor
from fourweek.accounts.declaring import enrolled, own, public
from fourweek.edge import house, read, write
from fourweek.errors import Refused
from fourweek.limits.callers import caller
from fourweek.pages import render
from fourweek.settings import Settings

router = APIRouter()
OF_SLOT = "/cohorts/{cohort_id}/modules/{number}/assignments/{key}/uploads/{slot}"
ONE = OF_SLOT + "/{upload_id}"


@router.options(OF_SLOT, name="upload-terms")
@public
@tus
async def terms(request: Request, cohort_id: str, number: int, key: str, slot: str) -> Response:  # noqa: ARG001
    """What is spoken here; the same for everybody, whether there is such a slot or not."""
    return Response(status_code=204, headers=said(house(request).settings.upload_limit))


@router.get(OF_SLOT, name="uploads")
@enrolled
async def uploads(request: Request, cohort_id: str, number: int, key: str, slot: str) -> Response:
    """What is on its way to a slot, from any device: a fragment of the assignment's page."""
    page = await read(request, slot_uploads, Where(cohort_id, number, key), slot)
    return render(request, "uploads/_unfinished.html", page)


@router.post(OF_SLOT, name="upload-begin")
@enrolled
@tus
async def begin_upload(request: Request, cohort_id: str, number: int, key: str, slot: str) -> Response:
    settings, where = house(request).settings, Where(cohort_id, number, key)
    new = _new_upload(request)
    await make_room_for(house(request).store, new.size)
    terms = Terms(settings.upload_limit, settings.learner_quota)
    counted = partial(_begin, settings=settings, network=caller(request))
    upload_id = await write(request, counted, where, slot, new, terms)
    upload = await read(request, my_upload, where, slot, upload_id)
    headers = offset_headers(upload) | {"location": f"{where.path}/uploads/{slot}/{upload_id}"}
    return Response(status_code=201, headers=headers)


@router.get(ONE, name="upload")
@own
@tus
async def upload_state(request: Request, cohort_id: str, number: int, key: str, slot: str, upload_id: str) -> Response:
    """How far an upload is: by its headers, and for the page in words."""
    where = Where(cohort_id, number, key)
    upload = await read(request, my_upload, where, slot, upload_id)
    if request.method == "HEAD" and upload.state is UploadState.RECEIVING:
        await settled(request, upload)
        upload = await read(request, my_upload, where, slot, upload_id)
    if upload.state is UploadState.REFUSED:
        raise Lost(upload.problem)
    return JSONResponse(state_of(upload), headers=offset_headers(upload))


@router.patch(ONE, name="upload-piece")
@own
@tus
async def upload_piece(request: Request, cohort_id: str, number: int, key: str, slot: str, upload_id: str) -> Response:
    """The next piece. The last one, or an empty one after it, makes the file evidence of the draft."""
    if request.headers.get("content-type", "") != PIECE_TYPE:
        raise OtherContent
    where, offset = Where(cohort_id, number, key), whole(request.headers, "upload-offset")
    upload = await take_piece(request, where, slot, upload_id, offset, checksum(request.headers))
    return Response(status_code=204, headers=offset_headers(upload))


@router.delete(ONE, name="upload-drop")
@own
@tus
async def drop_upload(request: Request, cohort_id: str, number: int, key: str, slot: str, upload_id: str) -> Response:
    where = Where(cohort_id, number, key)
    upload = await read(request, my_upload, where, slot, upload_id)
    await settled(request, upload)  # the piece that its own sender has just broken off
    async with let_go(request, upload):
        await write(request, drop, upload.id)
    return Response(status_code=204)


def _begin(
    conn: Connection,
    visitor: Visitor,
    where: Where,
    slot: str,
    new: NewUpload,
    terms: Terms,
    *,
    settings: Settings,
    network: str,
) -> str:
    """Begin an upload unless the visitor began very many just now. Raises as `begin`, and TooMany."""
    upload_id = begin(conn, visitor, where, slot, new, terms)
    count_upload(conn, visitor, settings, network)
    return upload_id


def _new_upload(request: Request) -> NewUpload:
    if "upload-defer-length" in request.headers:
        raise Refused("The length of a file has to be known when it begins.")
    told = metadata(request.headers)
    number = told.get("attempt", "1")
    return NewUpload(
        name=clean_name(told.get("filename", "")),
        size=whole(request.headers, "upload-length"),
        attempt=int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0,
        keeps_place=told.get("keep_place") == "1",
    )
