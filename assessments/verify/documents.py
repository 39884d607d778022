"""What is said about a document of ours: facts to compare, and its lines where they may be seen. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from assessments.badges.checks import Verdict
from assessments.credit.rulebook import TYPES
from assessments.credit.rules import ceu_text, contact_hours_text
from assessments.sharing.documents import say_standing
from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.parts import LineStatus, TranscriptLine
from assessments.transcripts.pieces import CreditTotal, LineCredit
from assessments.transcripts.sums import minutes_by_category
from assessments.transcripts.view import TITLES, by_course, say_count
from assessments.verify.last_name import is_last_name
from assessments.verify.queries import By, KnownDocument
from courses.catalogue.categories import say_category
from courses.schedule.words import say_brief_day, say_day, say_instant
from courses.schedule.zones import zone
from fourweek.language import N_, NP_, _
from fourweek.language.lists import in_a_row
from fourweek.light import dataclass
from fourweek.settings import Settings

Facts = tuple[tuple[str, str], ...]
_STANDING: Final[Mapping[LineStatus, str]] = {
    LineStatus.ACTIVE: N_("Demonstrated"),
    LineStatus.AMENDED: N_("Amended"),
    LineStatus.REVOKED: NP_("a line", "Revoked"),
    LineStatus.REPEAT: N_("Repeat, no credit"),
}
COMPARE: Final = N_(
    "Compare the totals and the number of lines with the document: a code that was copied can stand on a false one."
)
HIDDEN: Final = N_("The record was changed since in a way that only this match is shown.")
_KNOWN: Final[Mapping[By, str]] = {
    By.CODE: "",
    By.FILE: N_("The file is exactly the one we made."),
    By.STRIPPED: N_("What it says is what we made, but its seal was taken off."),
    By.SIGNATURE: N_("We signed it, and nothing in it was changed."),
}
HOLDS: Final = N_("We issued it, and nothing that stands on it has been corrected since. It holds as of its date.")
REVOKED_INSIDE: Final = N_("But a badge in it was revoked since: check each badge by itself.")
NO_LONGER: Final = N_("We keep its files no longer; the record itself we keep.")
WRONG_NAME: Final = N_("This is not the last name on the document. Type it as it stands there.")


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
        compare="" if found.by.is_whole else _(COMPARE),
        asks_name=not (may_see or found.hidden or found.by.is_whole),
        name_error=_(WRONG_NAME) if last_name and not opened and not found.hidden else "",
        seal=found.seal,
    )


def _gone(found: KnownDocument, settings: Settings) -> DocumentAnswer:
    """Its files and snapshot went with their period: the row answers, without lines."""
    facts = _facts(found, None, settings, name=_initials(found))
    if not found.standing.valid:
        return DocumentAnswer(Verdict.SUPERSEDED, f"{_sentence(found)} {_(NO_LONGER)}", facts)
    facts = (*facts, *_totals(found, ()))
    compare = "" if found.by.is_whole else _(COMPARE)
    return DocumentAnswer(Verdict.VALID, f"{_sentence(found)} {_(NO_LONGER)}", facts, compare=compare)


def _sentence(found: KnownDocument) -> str:
    """Whole sentences, one after the other."""
    holds = (_(HOLDS),) if found.standing.valid else (_("We issued it."), say_standing(found.standing))
    revoked = _(REVOKED_INSIDE) if found.badge_revoked else ""
    return " ".join(filter(None, (_(_KNOWN[found.by]), *holds, revoked, _(HIDDEN) if found.hidden else "")))


def _initials(found: KnownDocument) -> str:
    return "" if found.hidden else found.initials


def _facts(found: KnownDocument, said: TranscriptSnapshot | None, settings: Settings, *, name: str) -> Facts:
    days = sorted(line.completed_on for line in said.lines if line.status.counts) if said else []
    covered = _("{first} to {last}", first=say_day(days[0]), last=say_day(days[-1])) if days else ""
    facts = (
        (_("Document"), _("{kind} {number}", kind=_(TITLES[found.kind]), number=found.number)),
        (_("Issued by"), said.issuer.name if said else settings.institution),
        (_("Issued"), say_instant(found.issued_at, zone(settings.zone)).words),
        (_("Learner") if name != found.initials else _("Learner’s initials"), name),
        (_("Completed"), covered if found.standing.valid else ""),
    )
    return tuple((term, detail) for term, detail in facts if detail)


def _totals(found: KnownDocument, others: Iterable[CreditTotal]) -> Facts:
    return (
        (_("Lines"), str(found.lines)),
        (_("Counted minutes"), say_count(found.minutes)),
        (_("Contact hours"), contact_hours_text(found.minutes)),
        (_("Continuing education units"), ceu_text(found.tenths)),
        *((_title(credit), credit.amount) for credit in others),
    )


def _title(credit: CreditTotal) -> str:
    known = TYPES.get(credit.credit_type)
    words = _(known.plural) if known else credit.credit_type
    return words[:1].upper() + words[1:]


def _course(lines: Sequence[TranscriptLine]) -> ShownCourse:
    return ShownCourse(f"{lines[0].course_title} ({lines[0].course_code})", tuple(map(_line, lines)))


def _line(line: TranscriptLine) -> ShownLine:
    return ShownLine(
        module=f"{line.module_number} {line.module_title}",
        completed=say_brief_day(line.completed_on),
        subject=_subjects(line),
        hours=line.contact_hours if line.status.counts else f"({line.contact_hours})",
        ceu=line.ceu,
        others=in_a_row(map(_credit, line.credits)),
        standing=_(_STANDING[line.status]),
    )


def _subjects(line: TranscriptLine) -> str:
    """One category by its name, several each with their minutes."""
    parts = minutes_by_category(line)
    if len(parts) == 1:
        return say_category(parts[0][0])
    return in_a_row(f"{say_category(category)} {minutes}" for category, minutes in parts)


def _credit(credit: LineCredit) -> str:
    known = TYPES.get(credit.credit_type)
    return f"{credit.amount} {_(known.short) if known else credit.credit_type}"
