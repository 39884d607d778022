"""A believable audit packet for tests."""

from dataclasses import replace
from datetime import date
from typing import Any

from assessments.packets.estimate import estimate_of
from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.models import DocumentKind
from assessments.transcripts.pieces import CourseShown, StatedLine
from assessments.transcripts.scope import Scope
from tests.assessments.certificates.factory import COURSE, certificate, full_lines

SCOPE = Scope(since=date(2024, 3, 1), until=date(2027, 2, 28), board="us-fl-pe")
STATED = (
    StatedLine(
        title="Structural Fatigue Workshop",
        provider="ASCE Rochester Section",
        provider_number="A-33",
        category="technical",
        mode="in_person",
        place="Rochester, NY",
        instructor="Pat Lee, PE",
        completed_on=date(2024, 11, 2),
        minutes=120,
        said="2.0 PDH",
        evidence_name="asce.pdf",
        evidence_sha256="ab" * 32,
    ),
    StatedLine(
        title="Ethics for Engineers",
        provider="NSPE",
        provider_number="",
        category="ethics",
        mode="self_paced",
        place="",
        instructor="",
        completed_on=date(2024, 12, 2),
        minutes=60,
        said="1 PDH",
    ),
)


def packet(**changes: Any) -> TranscriptSnapshot:
    """A packet of two courses for Florida, with credit from elsewhere."""
    other = CourseShown(code="clear-writing", version="1.0", modules=4)
    said: dict[str, Any] = {"kind": DocumentKind.PACKET, "scope": SCOPE, "stated": STATED, "courses": (COURSE, other)}
    taken = certificate([*full_lines(0), *full_lines(1)], **(said | changes))
    return replace(taken, estimate=estimate_of(taken.scope, taken.lines, taken.stated))
