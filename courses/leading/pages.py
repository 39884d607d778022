"""The page that says who needs a word, and the same as a table for a spreadsheet."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from courses.coursework import Coursework
from courses.leading.queries import Class, Standing, class_of
from courses.leading.rules import Concern, Reason
from courses.paging import PER_PAGE, Pager, offset, pager, query
from courses.schedule.words import say_until
from fourweek.accounts.access import Permission, Visitor
from fourweek.language import ENGLISH, N_, _, speaking
from fourweek.light import dataclass
from fourweek.spreadsheets import safe_cell, written

LABELS = {
    Concern.BEHIND: N_("Behind"),
    Concern.STUCK: N_("Stuck"),
    Concern.WAITING: N_("Waiting for a grader"),
    Concern.UNSEEN: N_("Not seen"),
    Concern.ATTENDANCE: N_("Attendance missing"),
}
TONES = {
    Concern.BEHIND: "warn",
    Concern.STUCK: "warn",
    Concern.WAITING: "waiting",
    Concern.UNSEEN: "plain",
    Concern.ATTENDANCE: "info",
}
MEANINGS = (
    (N_("Behind"), N_("Required evidence is past due and was never handed in.")),
    (
        N_("Stuck"),
        N_(
            "Evidence came back more than once, or came back five days ago and nothing was begun since; no "
            "attempt is left; or a draft that is due was not touched for five days."
        ),
    ),
    (N_("Waiting for a grader"), N_("Evidence has waited five days or longer. It is not the learner's turn.")),
    (N_("Not seen"), N_("Not signed in during the last seven days, though a module is open.")),
    (N_("Attendance missing"), N_("A live session that the module asks for is over, and no attendance is recorded.")),
)
ALL, FINE = "all", "fine"
NEVER = datetime.min.replace(tzinfo=UTC)


def _by_name(one: Standing) -> tuple[str, str]:
    return (one.learner.name.casefold(), one.enrolment_id)


SORTS: dict[str, tuple[str, Callable[[Standing], Any]]] = {
    "": (N_("Most reasons first"), lambda one: (-len(one.reasons), *_by_name(one))),
    "name": (N_("By name"), _by_name),
    "seen": (N_("Longest unseen first"), lambda one: (one.learner.seen_at or NEVER, *_by_name(one))),
    "done": (N_("Fewest modules complete first"), lambda one: (one.done, *_by_name(one))),
}
HEADS = ("Name", "Section", "Modules complete", "Last seen", *LABELS.values())


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen in the address: whom to show, of which module, of which section, in which order."""

    show: str = ""
    module: str = ""
    section: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class ReasonLine:
    label: str
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    enrolment_id: str
    name: str
    section: str
    done: str
    seen: str
    reasons: tuple[ReasonLine, ...]


@dataclass(frozen=True, slots=True)
class LeadPage:
    """`counts` are (label, number, address of those alone); `shows`, `modules`, `sections` and `sorts` are options.

    `may_run`: the visitor may grant extensions and see the person's place too. `found` counts who fits.
    """

    cohort_id: str
    cohort_name: str
    course_title: str
    may_run: bool
    active: int
    counts: tuple[tuple[str, int, str], ...]
    chosen: Chosen
    shows: tuple[tuple[str, str], ...]
    modules: tuple[tuple[str, str], ...]
    sections: tuple[tuple[str, str], ...]
    sorts: tuple[tuple[str, str], ...]
    meanings: tuple[tuple[str, str], ...]
    found: int
    people: tuple[PersonLine, ...]
    csv: str
    pager: Pager


def lead_page(
    conn: Connection, visitor: Visitor, coursework: Coursework, cohort_id: str, *, chosen: Chosen, number: int
) -> LeadPage:
    """One page of those who need a word, or of whoever was chosen."""
    known = class_of(conn, visitor, coursework, cohort_id)
    chosen = _known(chosen, known)
    fitting = _fitting(known, chosen)
    given = {"show": chosen.show, "module": chosen.module, "section": chosen.section, "sort": chosen.sort}
    shown = fitting[offset(number) :][:PER_PAGE]
    return LeadPage(
        cohort_id=cohort_id,
        cohort_name=known.facts.name,
        course_title=known.facts.course_title,
        may_run=visitor.me.may(Permission.RUN_COHORT, cohort_id),
        active=len(known.people),
        counts=_counts(known),
        chosen=chosen,
        shows=_shows(),
        modules=(("", _("Every module")), *((str(n), _("Module {number}", number=n)) for n in _numbers(known))),
        sections=_sections(known),
        sorts=tuple((key, _(label)) for key, (label, _order) in SORTS.items()),
        meanings=tuple((_(label), _(meaning)) for label, meaning in MEANINGS),
        found=len(fitting),
        people=tuple(_line(one, visitor.now.real) for one in shown),
        csv=query(**given),
        pager=pager(number, len(fitting), lambda n: query(**given, page=n)),
    )


def lead_csv(conn: Connection, visitor: Visitor, coursework: Coursework, cohort_id: str, *, chosen: Chosen) -> bytes:
    """Everybody who fits, a row each, with their reasons by kind; in English, whoever asks."""
    with speaking(ENGLISH):
        known = class_of(conn, visitor, coursework, cohort_id)
        rows = [_row(one) for one in _fitting(known, _known(chosen, known))]
    return written(HEADS, ([safe_cell(cell) for cell in row] for row in rows))


def _shows() -> tuple[tuple[str, str], ...]:
    kinds = tuple((concern.value, _(label)) for concern, label in LABELS.items())
    return (("", _("Whoever may need a word")), *kinds, (FINE, _("Nothing to say")), (ALL, _("Everybody")))


def _numbers(known: Class) -> range:
    return range(1, known.facts.rules.module_count + 1)


def _sections(known: Class) -> tuple[tuple[str, str], ...]:
    names = sorted({one.section for one in known.people if one.section})
    return (("", _("Every section")), *((name, name) for name in names)) if names else ()


def _known(chosen: Chosen, known: Class) -> Chosen:
    """The same without what cannot be chosen."""
    return Chosen(
        show=chosen.show if chosen.show in dict(_shows()) else "",
        module=chosen.module if chosen.module in {str(n) for n in _numbers(known)} else "",
        section=chosen.section if chosen.section in dict(_sections(known)) else "",
        sort=chosen.sort if chosen.sort in SORTS else "",
    )


def _fitting(known: Class, chosen: Chosen) -> list[Standing]:
    number = int(chosen.module) if chosen.module else None
    found = [one for one in known.people if chosen.section in ("", one.section) and _fits(one, chosen.show, number)]
    return sorted(found, key=SORTS[chosen.sort][1])


def _fits(one: Standing, show: str, number: int | None) -> bool:
    if show == ALL:
        return number is None or one.is_about(None, number)
    if show == FINE:
        return not one.is_about(None, number)
    return one.is_about(Concern(show) if show else None, number)


def _counts(known: Class) -> tuple[tuple[str, int, str], ...]:
    kinds = tuple(
        (_(label), sum(one.is_about(concern, None) for one in known.people), query(show=concern.value))
        for concern, label in LABELS.items()
    )
    fine = sum(not one.reasons for one in known.people)
    return (*kinds, (_("Nothing to say"), fine, query(show=FINE)), (_("Completed the course"), known.completed, ""))


def _line(one: Standing, real: datetime) -> PersonLine:
    return PersonLine(
        enrolment_id=one.enrolment_id,
        name=one.learner.name,
        section=one.section,
        done=_("{done} of {total}", done=one.done, total=one.total),
        seen=say_until(one.learner.seen_at, real) if one.learner.seen_at else _("never"),
        reasons=tuple(ReasonLine(_(LABELS[why.concern]), TONES[why.concern], _words(why)) for why in one.reasons),
    )


def _words(why: Reason) -> str:
    if not why.module_number:
        return why.words
    return _("Module {number}: {what}", number=why.module_number, what=why.words)


def _row(one: Standing) -> Sequence[str]:
    seen = one.learner.seen_at
    return (
        one.learner.name,
        one.section,
        _("{done} of {total}", done=one.done, total=one.total),
        seen.strftime("%Y-%m-%d") if seen else "never",
        *("; ".join(_of_kind(one, concern)) for concern in LABELS),
    )


def _of_kind(one: Standing, concern: Concern) -> Iterable[str]:
    return (_words(why) for why in one.reasons if why.concern is concern)
