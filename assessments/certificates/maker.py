"""How certificates are made: which lines they may show, and their files."""

from dataclasses import replace
from typing import Final

from sqlalchemy import Connection

from assessments.certificates.queries import courses_shown
from assessments.certificates.view import view_of
from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.layout import Layout, framed
from assessments.transcripts.maker import Files, Maker
from assessments.transcripts.models import DocumentKind
from assessments.transcripts.pdf import Paper, typeset
from assessments.transcripts.service import Draft
from fourweek.errors import Invalid
from fourweek.language import ENGLISH, N_, _, speaking
from fourweek.settings import Settings
from fourweek.storage import Store

PAGE: Final = ("assessments.certificates", "page.typ")
PARTS: Final = (PAGE, ("assessments.certificates", "certificate.typ"))
NO_CREDIT = N_("What you chose carries no credit.")


def read(conn: Connection, draft: Draft, _settings: Settings) -> Draft:
    """The draft with nothing but lines that count, of one course, and how many modules that has. One statement.

    Raises Invalid where no line counts.
    """
    lines = tuple(line for line in draft.record.lines if line.status.counts)
    if not lines or len({line.course_code for line in lines}) > 1:
        raise Invalid({"what": _(NO_CREDIT)})
    record = replace(draft.record, lines=lines)
    return replace(draft, record=record, extra=courses_shown(conn, lines))


def freeze(draft: Draft, snapshot: TranscriptSnapshot) -> TranscriptSnapshot:
    """The snapshot with the number of the course's modules."""
    return replace(snapshot, courses=draft.extra)


def certificate_pdf(snapshot: TranscriptSnapshot) -> bytes:
    """The certificate's bytes, not sealed, in English whoever asks. Raises as `typeset` does."""
    with speaking(ENGLISH):
        view = view_of(snapshot)
    return typeset(snapshot, Layout(framed(*PARTS), view), Paper(snapshot.paper))


def _files(_draft: Draft, snapshot: TranscriptSnapshot, _settings: Settings, _store: Store) -> Files:
    return Files(pdf=certificate_pdf(snapshot), json=snapshot.to_json())


CERTIFICATES = Maker(DocumentKind.CERTIFICATE, "C", _files, read, freeze)
