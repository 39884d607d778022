"""Believable transcripts for tests."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from assessments.credit.rulebook import CEU_NEAREST, load_rule
from assessments.credit.rules import course_lines
from assessments.transcripts.document import DocumentIdentity, TranscriptSnapshot, take_snapshot
from assessments.transcripts.parts import Approval, Issuer, Learner, LineStatus, TranscriptLine
from assessments.transcripts.pieces import (
    IdentityEvidence,
    Instructor,
    LicenceShown,
    LineApproval,
    LineCredit,
    LinePart,
    OutcomeMet,
    StatedLine,
)
from assessments.transcripts.scope import Scope

CODE = "7K3M9QX2TB8W4HZA"
NOW = datetime(2026, 11, 22, 23, 30, 15, 123456, tzinfo=UTC)
ISSUER = Issuer(
    name="Harbour Institute of Technology",
    address=("12 Quay Street", "Rochester, NY 14604", "United States"),
    registrar="Maria Oduya",
    contact="registrar@harbour.example, +1 585 555 0142",
)
APPROVAL = Approval(
    body="Example Board of Continuing Education",
    number="EX-2210",
    statement="Harbour Institute of Technology is approved by the Example Board as a provider of continuing education.",
    valid_from=date(2025, 1, 1),
    valid_to=date(2027, 12, 31),
)
COURSES = (
    ("reliable-services", "Running a Reliable Service"),
    ("clear-writing", "Clear Technical Writing"),
    ("data-in-motion", "Data in Motion: Streams, Queues and Back-pressure"),
)
MODULES = (
    ("Say what reliable means", "technical", 150),
    ("See what happens", "technical", 150),
    ("Change safely", "technical", 155),
    ("When it breaks, and what we owe each other", "ethics", 145),
)


def line(**changes: Any) -> TranscriptLine:
    """One line, with any field changed."""
    fields: dict[str, Any] = {
        "course_code": "reliable-services",
        "course_title": "Running a Reliable Service",
        "course_version": "1.0",
        "module_number": 1,
        "module_title": "Say what reliable means",
        "category": "technical",
        "delivery": "Self-paced online with graded work",
        "completed_on": date(2026, 10, 9),
        "zone": "America/New_York",
        "counted_minutes": 150,
        "ceu_tenths": 3,
        "rule_id": CEU_NEAREST,
        "assessment_method": "Evidence judged against a rubric",
    }
    return TranscriptLine(**(fields | changes))


def course(index: int, *, award: bool = True) -> list[TranscriptLine]:
    """Four modules of one course; courses follow each other every five weeks."""
    code, title = COURSES[index % len(COURSES)]
    repeat = index // len(COURSES)
    tenths = course_lines([minutes for _, _, minutes in MODULES], load_rule(CEU_NEAREST))
    return [
        line(
            course_code=f"{code}-{repeat}" if repeat else code,
            course_title=f"{title}, part {repeat + 1}" if repeat else title,
            module_number=number,
            module_title=module,
            category=category,
            completed_on=date(2024, 10, 9) + timedelta(weeks=5 * index + number),
            counted_minutes=minutes,
            ceu_tenths=tenths[number - 1],
            award_url=f"https://learn.harbour.example/badges/0a{index:02d}9c1e7d" if award else None,
        )
        for number, (module, category, minutes) in enumerate(MODULES, start=1)
    ]


def full_line(**changes: Any) -> TranscriptLine:
    """One line with everything that a line may say."""
    fields: dict[str, Any] = {
        "entry": "01entry",
        "mode": "in_person",
        "place": "12 Quay Street, room 4",
        "began_on": date(2026, 10, 5),
        "instructors": (Instructor(name="Rosa Fuentes", credential="P.E."), Instructor(name="Tom Okafor")),
        "attendance": "Attended 3 of 4 live sessions",
        "parts": (
            LinePart(category="laws-rules:US-FL", counted_minutes=60),
            LinePart(category="technical", counted_minutes=90),
        ),
        "credits": (
            LineCredit(credit_type="LU", rule_id="lu-2018", steps=10, step="1/4", amount="2.50"),
            LineCredit(credit_type="PDH", rule_id="pdh-half-hour-2018", steps=5, step="1/2", amount="2.5"),
        ),
        "outcomes": (OutcomeMet(key="measure", title="Choose what to measure"),),
        "identity": IdentityEvidence(
            method="identity document seen in person", checked_on=date(2026, 9, 1), result="confirmed"
        ),
        "approvals": (LineApproval(body=APPROVAL.body, number=APPROVAL.number, course_number="RS-77"),),
        "earned_as": "Amara Okonkwo",
    }
    return line(**(fields | changes))


STATED = StatedLine(
    title="=Bridge inspection",
    provider="State Extension",
    provider_number="NY-33",
    category="ethics",
    mode="live_online",
    place="",
    instructor="-Nguyen",
    completed_on=date(2025, 3, 1),
    minutes=95,
    said="1.5 PDH",
)


def full_snapshot(**changes: Any) -> TranscriptSnapshot:
    """A short transcript in which everything that one may say is said."""
    licence = LicenceShown(
        profession="Professional engineer", jurisdiction="New York", number="012345", source="stated"
    )
    lines = [
        full_line(),
        full_line(module_number=2, module_title="Measure it", status=LineStatus.AMENDED, entry="02"),
        full_line(
            module_number=3,
            module_title="Change it",
            status=LineStatus.REVOKED,
            ceu_tenths=0,
            credits=(),
            outcomes=(),
            outcome="taken back",
            entry="03",
        ),
        line(
            course_code="b",
            course_title="Ethics of It",
            status=LineStatus.REPEAT,
            ceu_tenths=0,
            category="ethics",
            completed_on=date(2025, 1, 9),
            entry="04",
        ),
    ]
    arguments: dict[str, Any] = {
        "lines": lines,
        "learner": Learner(legal_name="Amara Okonkwo-Lindqvist", number="HL-48213-77", licences=(licence,)),
        "issuer": replace(ISSUER, approvals=(APPROVAL,)),
        "rules": [load_rule(rule) for rule in (CEU_NEAREST, "lu-2018", "pdh-half-hour-2018")],
        "stated": (STATED,),
        "scope": Scope(since=date(2025, 1, 1)),
        "paper": "a4",
        "seal": "ab12" * 16,
    }
    return snapshot(**(arguments | changes))


def snapshot(lines: list[TranscriptLine] | None = None, **changes: Any) -> TranscriptSnapshot:
    """A transcript of one course, or of the given lines, with any argument of `take_snapshot` changed."""
    arguments: dict[str, Any] = {
        "issuer": ISSUER,
        "learner": Learner(legal_name="Amara Okonkwo-Lindqvist", number="HL-48213-77"),
        "document": DocumentIdentity(
            number="T-2026-000123",
            code=CODE,
            verify_host="learn.harbour.example/verify",
            verify_url=f"https://learn.harbour.example/verify/{CODE}",
        ),
        "lines": course(0) if lines is None else lines,
        "rules": [load_rule(CEU_NEAREST)],
        "now": NOW,
        "zone": ZoneInfo("America/New_York"),
    }
    return take_snapshot(**(arguments | changes))
