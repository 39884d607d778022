"""The words at the head and foot of every document: everything formatted here, so that templates only lay out."""

import re
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from assessments.transcripts.codes import print_form
from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.models import DocumentKind
from assessments.transcripts.parts import Approval, Issuer, TranscriptLine
from courses.catalogue import categories
from courses.schedule.words import MONTHS
from fourweek.language import N_

View = dict[str, Any]
say_category = categories.say_category

TITLES = {
    DocumentKind.TRANSCRIPT: N_("Transcript"),
    DocumentKind.CERTIFICATE: N_("Certificate"),
    DocumentKind.PACKET: N_("Audit packet"),
    DocumentKind.CLR: N_("Learner record"),
}
"""What each kind is called: as it stands on the document, and said with `_` on pages."""
_DESCRIPTIONS = {
    DocumentKind.TRANSCRIPT: "Record of completed continuing education",
    DocumentKind.CERTIFICATE: "Certificate of completed continuing education",
    DocumentKind.PACKET: "Record of completed continuing education for an audit",
    DocumentKind.CLR: "Badges and credit as a learner record",
}
_WORD = re.compile(r"\S+")
_BREAK_EVERY = re.compile(r"(\S{12})(?=\S)")
_LONG_IN_COLUMN = 28
_LONG_IN_TITLE = 40
_RUNNING = 60


def common(snapshot: TranscriptSnapshot) -> View:
    """What `frame.typ` shows of a document of any kind."""
    title, description = TITLES[snapshot.kind], _DESCRIPTIONS[snapshot.kind]
    return {
        "kind": {"key": snapshot.kind.value, "title": title, "description": description},
        "issuer": _issuer(snapshot.issuer),
        "learner": {
            "name": breakable(snapshot.learner.legal_name, _LONG_IN_TITLE),
            "running": running(snapshot.learner.legal_name),
            "number": snapshot.learner.number,
        },
        "document": _document(snapshot),
        "stamp": _stamp(snapshot),
    }


def by_course(lines: Iterable[TranscriptLine]) -> list[list[TranscriptLine]]:
    """Lines in print order, one list for each course."""
    return [list(group) for _, group in groupby(lines, key=lambda line: line.course_code)]


def say_day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def say_short_day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def say_count(number: int) -> str:
    return f"{number:,}"


def breakable(text: str, longest: int = _LONG_IN_COLUMN) -> str:
    """The text, with places to break a line inside words of more than `longest`, so that none leaves its column."""

    def broken(word: re.Match[str]) -> str:
        return _BREAK_EVERY.sub("\\1\u200b", word.group()) if len(word.group()) > longest else word.group()

    return _WORD.sub(broken, text)


def running(text: str) -> str:
    """The text as it stands at the head of further pages, cut to what half a line holds."""
    return text if len(text) <= _RUNNING else f"{text[: _RUNNING - 1].rstrip()}…"


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
