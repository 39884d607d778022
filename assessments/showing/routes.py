"""A file of somebody's evidence: its download, its page in the browser, and the pictures on it."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.cleaning.copies import clean_copy
from assessments.evidence.handed import handed_file
from assessments.showing.derived import Derived
from assessments.showing.pages import Asked, picture_of, read_copy, shown_page
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed_in_section, own
from fourweek.edge import house, read
from fourweek.files import SANDBOX, SAVED_ONLY, copy_response, disposition, file_response, has_it
from fourweek.pages import redirect, render

router = APIRouter(prefix="/evidence/{evidence_id}")


AS_HANDED_IN = "handed-in"


@router.api_route("", methods=["GET", "HEAD"], name="evidence-file")
@own | allowed_in_section(Permission.GRADE)
async def download(request: Request, evidence_id: str) -> Response:
    """The very bytes that were handed in, always as a download under a policy that lets nothing in them run.

    Where whose they are stays hidden, a copy without metadata; of what cannot be cleaned the very bytes again, if they
    are asked for knowingly.
    """
    handed = await read(request, handed_file, evidence_id)
    if not handed.hidden:
        return await file_response(request, handed.file, SAVED_ONLY)
    copy = await clean_copy(house(request).store, _derived(request), handed.file, handed.names)
    if copy is not None and copy.path is not None:
        return copy_response(request, copy.path, copy.file, SAVED_ONLY)
    if copy is None and request.query_params.get("as") != AS_HANDED_IN:
        return redirect(request, f"/evidence/{handed.id}/view")
    return await file_response(request, handed.file, SAVED_ONLY)


@router.api_route("/view", methods=["GET", "HEAD"], name="evidence-view")
@own | allowed_in_section(Permission.GRADE)
async def view(request: Request, evidence_id: str) -> Response:
    """What can be shown of a file; everything is escaped, drawn anew, or sanitised."""
    handed, asked = await read(request, handed_file, evidence_id), request.query_params
    part = Asked.of(asked.get("page", ""), asked.get("at", ""), asked.get("number", ""))
    return render(request, "showing/view.html", await shown_page(house(request).store, _derived(request), handed, part))


@router.api_route("/picture", methods=["GET", "HEAD"], name="evidence-picture")
@own | allowed_in_section(Permission.GRADE)
async def picture(request: Request, evidence_id: str) -> Response:
    """A picture, or a page of a PDF, as drawn by us: no byte of it is the learner's. 304 where the browser has it."""
    handed = await read(request, handed_file, evidence_id)
    asked = Asked.of(request.query_params.get("page", ""), "", "")
    copy = await picture_of(house(request).store, _derived(request), handed, asked.page)
    headers = {
        "etag": f'"{copy.sha256}"',
        "cache-control": "private, no-cache",
        "vary": "Cookie",
        "content-disposition": disposition(f"{handed.file.name}{copy.path.suffix}", shown=True),
        "content-security-policy": SANDBOX,
        "x-content-type-options": "nosniff",
    }
    if has_it(request.headers.get("if-none-match", ""), headers["etag"]):
        return Response(status_code=304, headers=headers)
    return Response(await read_copy(copy), media_type=copy.media_type, headers=headers)


def _derived(request: Request) -> Derived:
    return Derived(house(request).settings.home)
