"""Issuing a learner record of one's own."""

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from assessments.certificates.routes import ready
from assessments.clr.maker import RECORDS
from assessments.clr.queries import held_by
from assessments.transcripts.issuing import issue
from assessments.transcripts.record import record_of
from assessments.transcripts.scope import WHOLE, Options
from assessments.transcripts.service import Wanted
from fourweek.accounts.access import Visitor
from fourweek.accounts.declaring import signed_in
from fourweek.edge import house, read, read_form
from fourweek.language import N_
from fourweek.light import dataclass
from fourweek.pages import render
from fourweek.settings import Settings

router = APIRouter()


@dataclass(frozen=True, slots=True)
class RecordPage:
    """What a record issued now would hold."""

    courses: int
    badges: int


def record_page(conn: Connection, visitor: Visitor, settings: Settings) -> RecordPage:
    """Three statements."""
    me, now = visitor.me.id, visitor.now.real
    lines = record_of(conn, me, settings.public_url).lines
    held = held_by(conn, me, WHOLE, now)
    return RecordPage(len({line.course_code for line in lines if line.status.counts}), len(held.badges))


@router.get("/transcript/learner-record", name="learner-record")
@signed_in
async def learner_record(request: Request) -> Response:
    found = await read(request, record_page, house(request).settings)
    return render(request, "clr/record.html", found)


@router.post("/transcript/learner-record", name="issue-learner-record")
@signed_in
async def issue_learner_record(request: Request) -> Response:
    await read_form(request)
    wanted = Wanted(RECORDS, WHOLE, Options(paper=house(request).settings.paper))
    return ready(request, await issue(request, wanted), N_("Learner record {number} is ready to download."))
