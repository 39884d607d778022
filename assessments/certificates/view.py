"""The words on a certificate: everything formatted here, so that the template only lays out."""

from collections.abc import Iterable, Iterator, Sequence

from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.parts import Approval, Issuer, Learner, TranscriptLine
from assessments.transcripts.sums import category_totals, subtotal
from assessments.transcripts.view import View, breakable, common, say_category, say_count, say_day
from assessments.transcripts.words import capital, say_instructors, say_licence, say_mode, say_place

_LONG_IN_TITLE = 40


def view_of(snapshot: TranscriptSnapshot) -> View:
    """A tree of texts and lists for a certificate on its own."""
    return common(snapshot) | {"certificate": certificate_of(snapshot, snapshot.lines)}


def certificate_of(snapshot: TranscriptSnapshot, lines: Sequence[TranscriptLine]) -> View:
    """What a certificate of these lines says; they count, and are of one course."""
    first, whole = lines[0], subtotal("course", lines)
    is_course = not snapshot.scope.module
    return {
        "sentence": _sentence(snapshot, lines),
        "title": breakable(first.course_title if is_course else first.module_title, _LONG_IN_TITLE),
        "below": _below(first, is_course=is_course),
        "completed": _completed(lines),
        "figures": [
            {"value": whole.contact_hours, "label": "contact hours"},
            {"value": whole.ceu, "label": "CEU"},
            *({"value": one.amount, "label": one.credit_type} for one in whole.credits),
        ],
        "facts": [{"label": label, "text": breakable(text)} for label, text in _facts(lines) if text],
        "modules": [_module(line) for line in lines] if is_course else [],
        "outcomes": list(dict.fromkeys(breakable(one.title) for line in lines for one in line.outcomes)),
        "approvals": list(_approvals(snapshot.issuer, lines)),
        "licences": [say_licence(one) for one in snapshot.learner.licences],
        "name": breakable(snapshot.learner.legal_name, _LONG_IN_TITLE),
        "number": snapshot.learner.number,
        "earned_as": _earned_as(snapshot.learner, lines),
        "rules": _rules(lines),
    }


def say_modes(lines: Iterable[TranscriptLine]) -> str:
    """How it was taught, each way once."""
    return "; ".join(dict.fromkeys(filter(None, map(say_mode, lines))))


def say_places(lines: Iterable[TranscriptLine]) -> str:
    """Where it was taught, such as "online"; "" where nobody said."""
    return "; ".join(dict.fromkeys(filter(None, map(say_place, lines))))


def say_subjects(lines: Iterable[TranscriptLine]) -> str:
    """The exact time of each category, such as "Technical 7:35, Ethics 2:25"."""
    return ", ".join(f"{say_category(part.label)} {part.contact_hours}" for part in category_totals(lines))


def say_period(lines: Sequence[TranscriptLine]) -> str:
    """From the first day of the course to the day of the last line, in the zone of the days."""
    first = min(line.began_on or line.completed_on for line in lines)
    last = max(line.completed_on for line in lines)
    days = say_day(last) if first == last else f"{say_day(first)} to {say_day(last)}"
    return f"{days} ({', '.join(dict.fromkeys(line.zone for line in lines))})"


def _sentence(snapshot: TranscriptSnapshot, lines: Sequence[TranscriptLine]) -> str:
    """The course is called completed only where all its modules are here."""
    if snapshot.scope.module:
        return "has completed the module"
    done, modules = len({line.module_number for line in lines}), snapshot.modules_of(lines[0])
    if modules and done >= modules:
        return "has completed the course"
    when = " in this period" if snapshot.scope.since or snapshot.scope.until else ""
    number = f"{done} of the {modules} modules" if modules else say_modules(done)
    return f"has completed{when} {number} of the course"


def say_modules(number: int) -> str:
    return "one module" if number == 1 else f"{number} modules"


def _below(line: TranscriptLine, *, is_course: bool) -> str:
    course = f"Course {line.course_code}, version {line.course_version}"
    return course if is_course else f"Module {line.module_number} of “{line.course_title}”. {course}"


def _completed(lines: Sequence[TranscriptLine]) -> str:
    return f"Completed on {say_day(max(line.completed_on for line in lines))}"


def _facts(lines: Sequence[TranscriptLine]) -> Iterator[tuple[str, str]]:
    yield "Dates", say_period(lines)
    yield "How it was taught", capital(say_modes(lines))
    yield "Place", capital(say_places(lines))
    yield "Instructor", say_instructors(lines)
    yield "Subjects, in hours", say_subjects(lines)
    yield "Counted time", f"{say_count(sum(line.counted_minutes for line in lines))} minutes"
    yield "Assessment", "; ".join(dict.fromkeys(line.assessment_method for line in lines))
    yield "Result", capital("; ".join(dict.fromkeys(line.outcome for line in lines)))
    yield "Attendance", "; ".join(dict.fromkeys(line.attendance for line in lines if line.attendance))
    yield "Identity", say_identity(lines)


def say_identity(lines: Iterable[TranscriptLine]) -> str:
    """How and when somebody made sure who the learner is."""
    checks = dict.fromkeys(line.identity for line in lines if line.identity)
    return capital("; ".join(f"{one.result}, {one.method}, {say_day(one.checked_on)}" for one in checks))


def _module(line: TranscriptLine) -> dict[str, str]:
    return {
        "title": f"{line.module_number}. {breakable(line.module_title)}",
        "completed": say_day(line.completed_on),
        "minutes": say_count(line.counted_minutes),
        "hours": line.contact_hours,
        "ceu": line.ceu,
    }


def _approvals(issuer: Issuer, lines: Sequence[TranscriptLine]) -> Iterator[dict[str, str]]:
    """Those that held for one of the lines, word for word as they were granted."""
    claimed = {(one.body, one.number): one.course_number for line in lines for one in line.approvals}
    for row in issuer.approvals:
        if (row.body, row.number) in claimed:
            yield _approval(row, claimed[row.body, row.number])


def _approval(row: Approval, course_number: str) -> dict[str, str]:
    course = f", course number {course_number}" if course_number else ""
    return {"body": row.body, "number": f"provider number {row.number}{course}", "statement": row.statement}


def _earned_as(learner: Learner, lines: Iterable[TranscriptLine]) -> str:
    names = dict.fromkeys(line.earned_as for line in lines if line.earned_as and line.earned_as != learner.legal_name)
    return ", ".join(names)


def _rules(lines: Sequence[TranscriptLine]) -> str:
    used = dict.fromkeys([*(line.rule_id for line in lines), *(one.rule_id for line in lines for one in line.credits)])
    return ", ".join(used)
