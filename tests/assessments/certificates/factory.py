"""A believable certificate for tests: a course with everything that a line can say."""

from dataclasses import replace
from datetime import date
from typing import Any

from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.models import DocumentKind
from assessments.transcripts.parts import Learner, TranscriptLine
from assessments.transcripts.pieces import (
    CourseShown,
    IdentityEvidence,
    Instructor,
    LicenceShown,
    LineApproval,
    LineCredit,
    LinePart,
    OutcomeMet,
)
from tests.assessments.transcripts.factory import APPROVAL, ISSUER, course, snapshot

LEARNER = Learner(
    legal_name="Amara Okonkwo-Lindqvist",
    number="HL-48213-77",
    licences=(
        LicenceShown(profession="Professional engineer", jurisdiction="New York", number="091234", source="stated"),
    ),
)
COURSE = CourseShown(code="reliable-services", version="1.0", modules=4)


def full_lines(index: int = 0) -> list[TranscriptLine]:
    """The four modules of a course, with all that boards ask for."""
    said: dict[str, Any] = {
        "mode": "live_online",
        "delivery": "two evenings a week",
        "began_on": date(2024, 10, 14),
        "instructors": (Instructor(name="Ingrid Solheim", credential="PE"),),
        "identity": IdentityEvidence(
            method="identity document seen by video", checked_on=date(2024, 10, 1), result="confirmed"
        ),
        "approvals": (LineApproval(body=APPROVAL.body, number=APPROVAL.number, course_number="RS-01"),),
        "attendance": "Attended 3 of 4 live sessions, made up 1",
        "credits": (LineCredit(credit_type="PDH", rule_id="pdh-half-hour-2018", steps=5, step="1/2", amount="2.5"),),
        "outcomes": (OutcomeMet(key="measures", title="Measures what users notice"),),
    }
    return [
        replace(
            line,
            **said,
            entry=f"{index}-{line.module_number}",
            parts=(LinePart(category=line.category, counted_minutes=line.counted_minutes),),
        )
        for line in course(index)
    ]


def certificate(lines: list[TranscriptLine] | None = None, **changes: Any) -> TranscriptSnapshot:
    """A certificate of the whole first course, with any argument of `take_snapshot` changed."""
    said: dict[str, Any] = {
        "kind": DocumentKind.CERTIFICATE,
        "issuer": replace(ISSUER, approvals=(APPROVAL,)),
        "learner": LEARNER,
        "courses": (COURSE,),
        "paper": "us-letter",
    }
    return snapshot(full_lines() if lines is None else lines, **(said | changes))
