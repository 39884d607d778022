"""What is said about a document of ours: facts to compare, and its lines where they may be seen. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from assessments.badges.checks import Verdict
from assessments.credit.rulebook import TYPES
from assessments.credit.rules import ceu_text, contact_hours_text
from assessments.sharing.documents import TITLES, say_standing
from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.parts import LineStatus, TranscriptLine
from assessments.transcripts.pieces import CreditTotal, LineCredit
from assessments.transcripts.view import by_course, say_count, say_day, say_short_day
from assessments.transcripts.words import say_subjects
from assessments.verify.last_name import is_last_name
from assessments.verify.queries import By, KnownDocument
from courses.schedule.words import say_instant
from courses.schedule.zones import zone
from fourweek.light import dataclass
from fourweek.settings import Settings

Facts = tuple[tuple[str, str], ...]
_STANDING: Final[Mapping[LineStatus, str]] = {
    LineStatus.ACTIVE: "Demonstrated",
    LineStatus.AMENDED: "Amended",
    LineStatus.REVOKED: "Revoked",
    LineStatus.REPEAT: "Repeat, no credit",
}
COMPARE: Final = (
    "Compare the totals and the number of lines with the document: a code that was copied can stand on a false one."
)
HIDDEN: Final = "The record was changed since in a way that only this match is shown."
_KNOWN: Final[Mapping[By, str]] = {
    By.CODE: "",
    By.FILE: "The file is exactly the one we made.",
    By.STRIPPED: "What it says is what we made, but its seal was taken off.",
    By.SIGNATURE: "We signed it, and nothing in it was changed.",
}
HOLDS: Final = "We issued it, and nothing that stands on it has been corrected since. It holds as of its date."
REVOKED_INSIDE: Final = "But a badge in it was revoked since: check each badge by itself."
NO_LONGER: Final = "We keep its files no longer; the record itself we keep."
WRONG_NAME: Final = "This is not the last name on the document. Type it as it stands there."


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line as whoever checks may see it."""

    module: str
    completed: str
    subject: str
    hours: str
    ceu: str
    others: str
    standing: str


@dataclass(frozen=True, slots=True)
class ShownCourse:
    """The lines of one course; `title` names it with its code."""

    title: str
    lines: tuple[ShownLine, ...]


@dataclass(frozen=True, slots=True)
class DocumentAnswer:
    """What there is to say. `asks_name`: a last name opens the lines; `name_error` says that a typed one did not."""

    verdict: Verdict
    sentence: str
    facts: Facts
    courses: tuple[ShownCourse, ...] = ()
    compare: str = ""
    asks_name: bool = False
    name_error: str = ""
    seal: str = ""


def document_answer(found: KnownDocument, last_name: str, settings: Settings) -> DocumentAnswer:
    """Reads the snapshot, which takes a moment for a long document: not on the loop. Raises AlteredSnapshot."""
    if not found.snapshot:
        return _gone(found, settings)
    said = TranscriptSnapshot.from_json(found.snapshot)
    if not found.standing.valid:
        facts = _facts(found, said, settings, name=_initials(found))
        return DocumentAnswer(Verdict.SUPERSEDED, _sentence(found), facts, seal=found.seal)
    opened = not found.hidden and is_last_name(last_name, said.learner.legal_name)
    name = said.learner.legal_name if opened or (found.name_shown and not found.hidden) else _initials(found)
    facts = (*_facts(found, said, settings, name=name), *_totals(found, said.totals.credits))
    may_see = not found.hidden and (opened or found.lines_shown)
    return DocumentAnswer(
        Verdict.VALID,
        _sentence(found),
        facts,
        courses=tuple(map(_course, by_course(said.lines))) if may_see else (),
        compare="" if found.by.is_whole else COMPARE,
        asks_name=not (may_see or found.hidden or found.by.is_whole),
        name_error=WRONG_NAME if last_name and not opened and not found.hidden else "",
        seal=found.seal,
    )


def _gone(found: KnownDocument, settings: Settings) -> DocumentAnswer:
    """Its files and snapshot went with their period: the row answers, without lines."""
    facts = _facts(found, None, settings, name=_initials(found))
    if not found.standing.valid:
        return DocumentAnswer(Verdict.SUPERSEDED, f"{_sentence(found)} {NO_LONGER}", facts)
    facts = (*facts, *_totals(found, ()))
    compare = "" if found.by.is_whole else COMPARE
    return DocumentAnswer(Verdict.VALID, f"{_sentence(found)} {NO_LONGER}", facts, compare=compare)


def _sentence(found: KnownDocument) -> str:
    holds = HOLDS if found.standing.valid else f"We issued it. {say_standing(found.standing)}"
    revoked = REVOKED_INSIDE if found.badge_revoked else ""
    return " ".join(part for part in (_KNOWN[found.by], holds, revoked, HIDDEN if found.hidden else "") if part)


def _initials(found: KnownDocument) -> str:
    return "" if found.hidden else found.initials


def _facts(found: KnownDocument, said: TranscriptSnapshot | None, settings: Settings, *, name: str) -> Facts:
    days = sorted(line.completed_on for line in said.lines if line.status.counts) if said else []
    covered = f"{say_day(days[0])} to {say_day(days[-1])}" if days else ""
    facts = (
        ("Document", f"{TITLES[found.kind]} {found.number}"),
        ("Issued by", said.issuer.name if said else settings.institution),
        ("Issued", say_instant(found.issued_at, zone(settings.zone)).words),
        ("Learner" if name != found.initials else "Learner’s initials", name),
        ("Completed", covered if found.standing.valid else ""),
    )
    return tuple((term, detail) for term, detail in facts if detail)


def _totals(found: KnownDocument, others: Iterable[CreditTotal]) -> Facts:
    return (
        ("Lines", str(found.lines)),
        ("Counted minutes", say_count(found.minutes)),
        ("Contact hours", contact_hours_text(found.minutes)),
        ("Continuing education units", ceu_text(found.tenths)),
        *((_title(credit), credit.amount) for credit in others),
    )


def _title(credit: CreditTotal) -> str:
    known = TYPES.get(credit.credit_type)
    words = known.plural if known else credit.credit_type
    return words[:1].upper() + words[1:]


def _course(lines: Sequence[TranscriptLine]) -> ShownCourse:
    return ShownCourse(f"{lines[0].course_title} ({lines[0].course_code})", tuple(map(_line, lines)))


def _line(line: TranscriptLine) -> ShownLine:
    return ShownLine(
        module=f"{line.module_number} {line.module_title}",
        completed=say_short_day(line.completed_on),
        subject=", ".join(say_subjects(line)),
        hours=line.contact_hours if line.status.counts else f"({line.contact_hours})",
        ceu=line.ceu,
        others=", ".join(map(_credit, line.credits)),
        standing=_STANDING[line.status],
    )


def _credit(credit: LineCredit) -> str:
    known = TYPES.get(credit.credit_type)
    return f"{credit.amount} {known.short if known else credit.credit_type}"
