"""The words that the PDF of a transcript shows for its snapshot, course by course."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from assessments.credit.rulebook import TYPES
from assessments.credit.rules import contact_hours_text
from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.parts import CategoryTotal, LineStatus, Subtotal, TranscriptLine
from assessments.transcripts.pieces import CreditTotal, LineCredit, StatedLine
from assessments.transcripts.sums import subtotal
from assessments.transcripts.view import (
    View,
    breakable,
    by_course,
    common,
    say_category,
    say_count,
    say_day,
    say_short_day,
)
from assessments.transcripts.words import (
    capital,
    say_approvals,
    say_identity,
    say_instructors,
    say_licence,
    say_mode,
    say_subjects,
)
from courses.packages.models import CreditEvent

_MARKS = {
    LineStatus.AMENDED: "amended",
    LineStatus.REVOKED: "revoked",
    LineStatus.REPEAT: "repeat, no credit",
}
NO_BREAK = "\u00a0"
C = TypeVar("C", LineCredit, CreditTotal)
_PLACES = {key: place for place, key in enumerate(TYPES)}
_LONG_IN_TITLE = 40
_MOST_BESIDE = 3
_MOST_NAMED = 3


def view_of(snapshot: TranscriptSnapshot) -> View:
    """A tree of texts, lists and the date parts of the instant of issue, ready for the template."""
    totals, courses = snapshot.totals, by_course(snapshot.lines)
    everywhere = _shared(snapshot.lines) if len(courses) > 1 else {}
    return common(snapshot) | {
        "about": say_scope(snapshot),
        "licences": [breakable(say_licence(one)) for one in snapshot.learner.licences],
        "named": _named(snapshot),
        "summary": _summary(snapshot),
        "everywhere": _sentences(everywhere),
        "courses": [_course(lines, everywhere) for lines in courses],
        "categories": [_category(part) for part in totals.by_category],
        "years": [_sum(part, part.label) for part in totals.by_year],
        "types": _types(snapshot),
        "total": {
            "modules": str(totals.modules),
            "minutes": say_count(totals.counted_minutes),
            "hours": totals.contact_hours,
            "ceu": totals.ceu,
            "beside": say_credits(totals.credits),
        },
        "beside": bool(totals.credits),
        "stated": [_stated(line) for line in snapshot.stated],
        "legend": _in_two([{"term": row.term, "meaning": row.meaning} for row in snapshot.legend]),
        "seal": _in_fours(snapshot.seal),
    }


def say_scope(snapshot: TranscriptSnapshot) -> str:
    """What part of the record it is, in a sentence."""
    scope = snapshot.scope
    if scope.is_whole:
        return "The complete record of credit earned here."
    said = []
    if scope.courses:
        titles = dict.fromkeys(line.course_title for line in snapshot.lines)
        named = ", ".join(f"“{title}”" for title in titles)
        said.append(f"of {named}" if len(titles) <= _MOST_NAMED else f"of {len(titles)} courses")
    if scope.module:
        said.append("of one module")
    if scope.since:
        said.append(f"from {say_day(scope.since)}")
    if scope.until:
        said.append(f"to {say_day(scope.until)}")
    return f"An extract {' '.join(said)}; the record may hold more."


def say_credits(credits_: Sequence[C]) -> list[str]:
    """Such as ["2.5 PDH", "2.50 LU Hour"], in the order of the types; each stays on one line."""
    return [f"{one.amount} {_short(one.credit_type)}".replace(" ", NO_BREAK) for one in in_order(credits_)]


def in_order(credits_: Sequence[C]) -> list[C]:
    """In the order in which the types of credit are listed, not by name."""
    return sorted(credits_, key=lambda one: (_PLACES.get(one.credit_type, len(_PLACES)), one.credit_type))


def sentence(text: str) -> str:
    """The text with a full stop at its end."""
    return text if text.endswith(".") else f"{text}."


def _short(credit_type: str) -> str:
    known = TYPES.get(credit_type)
    return known.short if known else credit_type


def _named(snapshot: TranscriptSnapshot) -> str:
    names = dict.fromkeys((line.earned_as for line in snapshot.lines), True)
    part = "in part " if names.pop("", None) else ""
    return f"Earned {part}under the name {', '.join(names)}." if names else ""


def _summary(snapshot: TranscriptSnapshot) -> list[dict[str, str]]:
    totals = snapshot.totals
    ethics = sum(part.counted_minutes for part in totals.by_category if part.label == "ethics")
    beside = totals.credits if len(totals.credits) <= _MOST_BESIDE else ()
    return [
        {"label": "Modules completed", "value": str(totals.modules)},
        {"label": "Contact hours", "value": totals.contact_hours},
        {"label": "Continuing education units", "value": totals.ceu},
        *({"label": _title(one.credit_type), "value": one.amount} for one in in_order(beside)),
        {"label": "Contact hours in ethics", "value": contact_hours_text(ethics)},
    ]


def _title(credit_type: str) -> str:
    known = TYPES.get(credit_type)
    return capital(known.plural) if known else credit_type


def _types(snapshot: TranscriptSnapshot) -> list[dict[str, str]]:
    rules: dict[str, dict[str, None]] = {}
    for line in snapshot.lines:
        for credit in line.credits if line.status.counts else ():
            rules.setdefault(credit.credit_type, {})[credit.rule_id] = None
    return [
        {"label": _title(one.credit_type), "rules": ", ".join(rules[one.credit_type]), "amount": one.amount}
        for one in in_order(snapshot.totals.credits)
    ]


def _course(lines: Sequence[TranscriptLine], everywhere: Mapping[str, str]) -> View:
    first, shared = lines[0], _shared(lines)
    return {
        "title": breakable(first.course_title, _LONG_IN_TITLE),
        "code": breakable(first.course_code),
        "versions": ", ".join(dict.fromkeys(line.course_version for line in lines)),
        "rules": ", ".join(dict.fromkeys(line.rule_id for line in lines)),
        "shared": _sentences({name: fact for name, fact in shared.items() if name not in everywhere}),
        "awards": list(dict.fromkeys(line.award_url for line in lines if line.award_url)),
        "lines": [_line(line, shared) for line in lines],
        "beside": any(line.credits for line in lines),
        "total": _sum(subtotal(first.course_code, lines), "Course total"),
    }


def _sentences(facts: Mapping[str, str]) -> str:
    return " ".join(sentence(breakable(text)) for text in facts.values())


def _facts(line: TranscriptLine) -> dict[str, str]:
    """What is said of a line in words; of a whole course where all its lines say the same."""
    facts = {
        "mode": capital(say_mode(line)),
        "place": f"At {line.place}" if line.place else "",
        "began": f"Began {say_day(line.began_on)}" if line.began_on else "",
        "zone": f"Dates in {line.zone}",
        "instructors": f"Taught by {say_instructors([line])}" if line.instructors else "",
        "event": "Each module is a credit event of its own" if line.event is CreditEvent.MODULES else "",
        "method": line.assessment_method,
        "attendance": line.attendance,
        "identity": say_identity(line),
        "approvals": f"Approved by {say_approvals(line)}" if line.approvals else "",
        "name": f"Earned under the name {line.earned_as}" if line.earned_as else "",
    }
    return {name: fact for name, fact in facts.items() if fact}


def _shared(lines: Sequence[TranscriptLine]) -> dict[str, str]:
    """The facts that all these lines have in common: said once above them instead of in each."""
    shared = _facts(lines[0]) if lines else {}
    for line in lines[1:]:
        facts = _facts(line)
        shared = {name: fact for name, fact in shared.items() if facts.get(name) == fact}
    return shared


def _line(line: TranscriptLine, shared: Mapping[str, str]) -> View:
    own = [fact for name, fact in _facts(line).items() if name not in shared]
    return {
        "number": str(line.module_number),
        "title": breakable(line.module_title),
        "detail": breakable(" · ".join(own)),
        "outcomes": breakable("; ".join(one.title for one in line.outcomes)),
        "categories": [breakable(words) for words in say_subjects(line)],
        "completed": say_short_day(line.completed_on).replace(" ", NO_BREAK),
        "outcome": capital(line.outcome),
        "mark": _MARKS.get(line.status, ""),
        "minutes": _bracketed(line, say_count(line.counted_minutes)),
        "hours": _bracketed(line, line.contact_hours),
        "ceu": line.ceu,
        "beside": say_credits(line.credits),
    }


def _bracketed(line: TranscriptLine, figure: str) -> str:
    return figure if line.status.counts else f"({figure})"


def _stated(line: StatedLine) -> dict[str, str]:
    provider = ", ".join(part for part in (line.provider, line.provider_number) if part)
    return {
        "completed": say_short_day(line.completed_on),
        "title": breakable(line.title),
        "detail": breakable(" · ".join(part for part in (provider, line.place, line.instructor) if part)),
        "category": breakable(say_category(line.category)),
        "hours": line.contact_hours,
        "said": breakable(line.said),
    }


def _in_two(rows: list[dict[str, str]]) -> list[list[dict[str, str]]]:
    """The rows in two columns of nearly the same amount of text, in reading order."""

    def left_over(cut: int) -> int:
        left, right = (sum(len("".join(row.values())) for row in part) for part in (rows[:cut], rows[cut:]))
        return abs(left - right)

    cut = min(range(len(rows) + 1), key=left_over)
    return [rows[:cut], rows[cut:]]


def _in_fours(fingerprint: str) -> str:
    """A fingerprint as people compare it, in groups of four."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))


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
        "beside": say_credits(part.credits),
    }
