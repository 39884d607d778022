"""The words of an audit packet: the cover, the log as boards keep it, and a certificate for each course."""

from collections.abc import Mapping, Sequence
from typing import Final

from assessments.certificates.view import (
    certificate_of,
    say_identity,
    say_modes,
    say_period,
    say_places,
    say_subjects,
)
from assessments.credit.rules import contact_hours_text
from assessments.licences.boards import all_boards
from assessments.licences.windows import MONTHS_A_YEAR
from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.parts import TranscriptLine
from assessments.transcripts.pieces import BoardEstimate, BoardNeed, StatedLine
from assessments.transcripts.sums import subtotal
from assessments.transcripts.view import View, breakable, by_course, common, say_category, say_count, say_day
from assessments.transcripts.words import capital, say_instructors, say_licence
from fourweek.letters.printing import is_printable

ANY_BOARD = "any board"
MEDIA_TYPES: Final = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg"}
_IN_CELL = 20
_NONE = "–"


def view_of(snapshot: TranscriptSnapshot, attached: Mapping[str, str]) -> View:
    """A tree of texts for the template. `attached`: SHA-256 of a stated certificate → the name of its attachment."""
    courses = by_course(snapshot.lines)
    return common(snapshot) | {
        "board": board_title(snapshot),
        "period": _period(snapshot),
        "licences": [say_licence(one) for one in snapshot.learner.licences],
        "log": [_activity(snapshot, lines) for lines in courses],
        "total": _total(snapshot),
        "estimate": _estimate(snapshot.estimate),
        "stated": [_stated(row, attached) for row in snapshot.stated],
        "stated_total": _stated_total(snapshot.stated),
        "approvals": [
            {"body": row.body, "number": row.number, "statement": row.statement} for row in snapshot.issuer.approvals
        ],
        "certificates": [certificate_of(snapshot, lines) for lines in courses],
        "attachments": [{"name": name, "type": media_type_of(name)} for name in attached.values()],
    }


def media_type_of(name: str) -> str:
    """By the ending that an attachment was given."""
    return MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream")


def board_title(snapshot: TranscriptSnapshot) -> str:
    """The board that the packet is for, by its name."""
    if snapshot.estimate:
        return snapshot.estimate.title
    rules = all_boards().get(snapshot.scope.board)
    return rules[-1].title if rules else ANY_BOARD


def _period(snapshot: TranscriptSnapshot) -> str:
    since, until = snapshot.scope.since, snapshot.scope.until
    if since and until:
        return f"{say_day(since)} to {say_day(until)}"
    if since:
        return f"Since {say_day(since)}"
    return f"Until {say_day(until)}" if until else "The whole record"


def _activity(snapshot: TranscriptSnapshot, lines: Sequence[TranscriptLine]) -> dict[str, str]:
    first, whole = lines[0], subtotal("course", lines)
    pdh = [one.amount for one in whole.credits if one.credit_type == "PDH"]
    kept = (say_identity(lines), *dict.fromkeys(line.attendance for line in lines))
    return {
        "activity": breakable(first.course_title, _IN_CELL),
        "type": f"Course, {say_modes(lines)}",
        "kept": breakable(". ".join(_identity_first(kept)), _IN_CELL),
        "sponsor": breakable(snapshot.issuer.name, _IN_CELL),
        "numbers": ", ".join(dict.fromkeys(one.number for line in lines for one in line.approvals)),
        "date": say_period(lines),
        "location": breakable(capital(say_places(lines)) or _NONE, _IN_CELL),
        "hours": whole.contact_hours,
        "instructor": breakable(say_instructors(lines) or _NONE, _IN_CELL),
        "pdh": pdh[0] if pdh else _NONE,
        "category": breakable(say_subjects(lines), _IN_CELL),
    }


def _identity_first(kept: Sequence[str]) -> list[str]:
    identity, *attendance = kept
    checked = f"Identity: {identity[:1].lower()}{identity[1:]}" if identity else ""
    return [text for text in (checked, *attendance) if text]


def _total(snapshot: TranscriptSnapshot) -> dict[str, str]:
    totals = snapshot.totals
    pdh = [one.amount for one in totals.credits if one.credit_type == "PDH"]
    return {
        "modules": say_count(totals.modules),
        "hours": totals.contact_hours,
        "minutes": say_count(totals.counted_minutes),
        "ceu": totals.ceu,
        "pdh": pdh[0] if pdh else _NONE,
    }


def _estimate(found: BoardEstimate | None) -> View | None:
    if found is None:
        return None
    return {
        "rule": found.rule_id,
        "unit": found.unit,
        "window": "a year" if found.months == MONTHS_A_YEAR else f"{found.months} months",
        "required": found.required,
        "earned": found.earned,
        "missing": found.missing,
        "whole": _sentence(found),
        "needs": [_need(one) for one in found.needs],
        "with_stated": bool(found.with_stated),
        "cut": list(found.cut),
        "note": found.note,
    }


def _sentence(found: BoardEstimate) -> str:
    """What was earned of what is asked for; what is stated from elsewhere is said apart."""
    of_total = f"{found.missing} of the total are missing" if found.missing.strip("0.") else "the total is reached"
    said = f"What was earned here comes to {found.earned} {found.unit}: {of_total}."
    elsewhere = f" Together with what is stated below it comes to {found.with_stated}." if found.with_stated else ""
    return f"{said}{elsewhere} Nothing is carried over from the period before."


def _need(need: BoardNeed) -> dict[str, str]:
    missing = max(0, need.needed_minutes - need.minutes)
    return {
        "title": need.title,
        "needed": need.needed_hours,
        "hours": need.hours,
        "missing": contact_hours_text(missing) if missing else "nothing",
        "stated": contact_hours_text(need.stated_minutes) if need.stated_minutes else _NONE,
    }


def _stated(row: StatedLine, attached: Mapping[str, str]) -> dict[str, str]:
    return {
        "activity": breakable(row.title, _IN_CELL),
        "sponsor": breakable(", ".join(part for part in (row.provider, row.provider_number) if part), _IN_CELL),
        "date": say_day(row.completed_on),
        "location": breakable(row.place or _NONE, _IN_CELL),
        "hours": row.contact_hours,
        "instructor": breakable(row.instructor or _NONE, _IN_CELL),
        "said": breakable(row.said or _NONE, _IN_CELL),
        "category": breakable(say_category(row.category), _IN_CELL),
        "evidence": breakable("".join(filter(is_printable, row.evidence_name)), _IN_CELL),
        "sha256": breakable(row.evidence_sha256, _IN_CELL),
        "attachment": attached.get(row.evidence_sha256, ""),
    }


def _stated_total(rows: Sequence[StatedLine]) -> str:
    return contact_hours_text(sum(row.minutes for row in rows))
