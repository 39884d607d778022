"""The words that the PDF of a first-schema snapshot shows. Changes nothing any more: stored documents depend on it."""

from collections.abc import Mapping, Sequence
from typing import Any

from assessments.credit.rules import contact_hours_text
from assessments.transcripts.codes import print_form
from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.parts import Approval, CategoryTotal, Issuer, LineStatus, Subtotal, TranscriptLine
from assessments.transcripts.sums import subtotal
from assessments.transcripts.view import (
    breakable,
    by_course,
    running,
    say_count,
    say_day,
    say_short_day,
)

View = dict[str, Any]

_MARKS = {
    LineStatus.AMENDED: "amended",
    LineStatus.REVOKED: "revoked",
    LineStatus.REPEAT: "repeat, no credit",
}
_CATEGORIES = {
    "laws-rules": "Laws and rules",
    "health-safety-welfare": "Health, safety and welfare",
}
_LONG_IN_TITLE = 40


def view_of(snapshot: TranscriptSnapshot) -> View:
    """A tree of texts, lists and the date parts of the instant of issue, ready for the template."""
    return {
        "issuer": _issuer(snapshot.issuer),
        "learner": {
            "name": breakable(snapshot.learner.legal_name, _LONG_IN_TITLE),
            "running": running(snapshot.learner.legal_name),
            "number": snapshot.learner.number,
        },
        "document": _document(snapshot),
        "stamp": _stamp(snapshot),
        "summary": _summary(snapshot),
        "courses": [_course(lines) for lines in by_course(snapshot.lines)],
        "categories": [_category(part) for part in snapshot.totals.by_category],
        "years": [_sum(part, part.label) for part in snapshot.totals.by_year],
        "total": {
            "modules": str(snapshot.totals.modules),
            "minutes": say_count(snapshot.totals.counted_minutes),
            "hours": snapshot.totals.contact_hours,
            "ceu": snapshot.totals.ceu,
        },
        "legend": _in_two([{"term": row.term, "meaning": row.meaning} for row in snapshot.legend]),
    }


def say_category(key: str) -> str:
    """A category's key as a title; the ones with a proper name by that name."""
    words = _CATEGORIES.get(key) or key.replace("-", " ")
    return words[:1].upper() + words[1:]


def _issuer(issuer: Issuer) -> View:
    return {
        "name": issuer.name,
        "running": running(issuer.name),
        "address": list(issuer.address),
        "registrar": issuer.registrar,
        "contact": issuer.contact,
        "approvals": [_approval(row) for row in issuer.approvals],
    }


def _approval(row: Approval) -> View:
    since = f"from {say_day(row.valid_from)}" if row.valid_from else ""
    until = f"to {say_day(row.valid_to)}" if row.valid_to else ""
    return {
        "body": row.body,
        "number": row.number,
        "statement": row.statement,
        "valid": " ".join(part for part in (since, until) if part),
    }


def _document(snapshot: TranscriptSnapshot) -> View:
    document = snapshot.document
    return {
        "number": document.number,
        "code": print_form(document.code),
        "host": document.verify_host,
        "url": document.verify_url,
        "replaces": document.replaces or "",
        "issued": say_day(snapshot.issued_on),
        "issued_utc": snapshot.issued_at.strftime("%Y-%m-%d %H:%M UTC"),
        "as_of": say_day(snapshot.as_of),
        "zone": snapshot.zone,
    }


def _stamp(snapshot: TranscriptSnapshot) -> dict[str, int]:
    at = snapshot.issued_at
    return {
        "year": at.year,
        "month": at.month,
        "day": at.day,
        "hour": at.hour,
        "minute": at.minute,
        "second": at.second,
    }


def _summary(snapshot: TranscriptSnapshot) -> list[dict[str, str]]:
    totals = snapshot.totals
    ethics = sum(part.counted_minutes for part in totals.by_category if part.label == "ethics")
    return [
        {"label": "Modules completed", "value": str(totals.modules)},
        {"label": "Contact hours", "value": totals.contact_hours},
        {"label": "Continuing education units", "value": totals.ceu},
        {"label": "Contact hours in ethics", "value": contact_hours_text(ethics)},
    ]


def _course(lines: Sequence[TranscriptLine]) -> View:
    first = lines[0]
    awards = dict.fromkeys(line.award_url for line in lines if line.award_url)
    shared = _shared(lines)
    return {
        "title": breakable(first.course_title, _LONG_IN_TITLE),
        "code": breakable(first.course_code),
        "versions": ", ".join(dict.fromkeys(line.course_version for line in lines)),
        "rules": ", ".join(dict.fromkeys(line.rule_id for line in lines)),
        "shared": " ".join(f"{breakable(text)}." for text in shared.values()),
        "awards": list(awards),
        "lines": [_line(line, shared) for line in lines],
        "total": _sum(subtotal(first.course_code, lines), "Course total"),
    }


def _facts(line: TranscriptLine) -> dict[str, str]:
    facts = {"delivery": line.delivery, "method": line.assessment_method, "zone": f"Dates in {line.zone}"}
    return facts | ({"attendance": line.attendance} if line.attendance else {})


def _shared(lines: Sequence[TranscriptLine]) -> dict[str, str]:
    """The facts that all lines of a course have in common: said once above them instead of in each."""
    return {
        name: fact
        for name, fact in _facts(lines[0]).items()
        if all(_facts(line).get(name) == fact for line in lines[1:])
    }


def _line(line: TranscriptLine, shared: Mapping[str, str]) -> View:
    outcome = line.outcome[:1].upper() + line.outcome[1:]
    own = [fact for name, fact in _facts(line).items() if name not in shared]
    return {
        "number": str(line.module_number),
        "title": breakable(line.module_title),
        "detail": breakable(" · ".join(own)),
        "category": breakable(say_category(line.category)),
        "completed": say_short_day(line.completed_on),
        "outcome": outcome,
        "mark": _MARKS.get(line.status, ""),
        "minutes": _bracketed(line, say_count(line.counted_minutes)),
        "hours": _bracketed(line, line.contact_hours),
        "ceu": line.ceu,
    }


def _bracketed(line: TranscriptLine, figure: str) -> str:
    return figure if line.status.counts else f"({figure})"


def _in_two(rows: list[dict[str, str]]) -> list[list[dict[str, str]]]:
    """The rows in two columns of nearly the same amount of text, in reading order."""

    def left_over(cut: int) -> int:
        left, right = (sum(len("".join(row.values())) for row in part) for part in (rows[:cut], rows[cut:]))
        return abs(left - right)

    cut = min(range(len(rows) + 1), key=left_over)
    return [rows[:cut], rows[cut:]]


def _category(part: CategoryTotal) -> View:
    return {
        "label": breakable(say_category(part.label)),
        "modules": str(part.modules),
        "minutes": say_count(part.counted_minutes),
        "hours": part.contact_hours,
    }


def _sum(part: Subtotal, label: str) -> View:
    return {
        "label": label,
        "modules": str(part.modules),
        "minutes": say_count(part.counted_minutes),
        "hours": part.contact_hours,
        "ceu": part.ceu,
    }
