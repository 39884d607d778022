"""Believable transcripts for tests."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from assessments.credit.rulebook import CEU_NEAREST, load_rule
from assessments.credit.rules import course_lines
from assessments.transcripts.document import DocumentIdentity, TranscriptSnapshot, take_snapshot
from assessments.transcripts.parts import Approval, Issuer, Learner, TranscriptLine

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
