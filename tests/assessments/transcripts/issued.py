"""Documents issued without typesetting, for tests of what becomes of them."""

from datetime import datetime

from sqlalchemy import Connection

from assessments.transcripts import service
from assessments.transcripts.codes import new_code
from assessments.transcripts.document import DocumentIdentity
from assessments.transcripts.queries import TRANSCRIPT
from assessments.transcripts.scope import PLAIN, WHOLE, Options, Scope
from assessments.transcripts.service import Made, Wanted
from fourweek.settings import Settings
from tests import factories as make

SETTINGS = Settings(institution="Harbour Institute")


def issue(
    conn: Connection, person_id: str, at: datetime, scope: Scope = WHOLE, options: Options = PLAIN
) -> tuple[str, str]:
    """Issue a transcript of the person at `at`; returns its id and its number."""
    visitor = make.visitor(person_id, at)
    frozen = service.draft(conn, visitor, Wanted(scope=scope, options=options), SETTINGS)
    number = service.next_number(conn, visitor, at.year)
    document = DocumentIdentity(
        number=number, code=new_code(), verify_host="h", verify_url="https://h", replaces=frozen.replaces
    )
    kept = service.keep(conn, visitor, frozen, Made(service.freeze(frozen, document, SETTINGS)))
    document_id: str = conn.execute(
        TRANSCRIPT.select().with_only_columns(TRANSCRIPT.c.id).where(TRANSCRIPT.c.number == kept)
    ).scalar_one()
    return document_id, kept
