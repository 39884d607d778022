"""What the pages about corrections show, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any, Final

from sqlalchemy import Connection, Row

from assessments.corrections import queries
from assessments.corrections.changes import Change, Typed, checked
from assessments.corrections.deciding import change_of
from assessments.corrections.models import ProposedAct
from assessments.corrections.plan import plan
from assessments.corrections.service import propose
from assessments.corrections.words import entry_words, event_words, new_words
from assessments.credit.chain import EntryKind
from assessments.credit.ledger import parts_of
from assessments.credit.models import ReasonCode
from assessments.record.queries import registrar
from courses.paging import Pager, pager, query
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.errors import NotFound
from fourweek.language import N_, _
from fourweek.light import dataclass
from fourweek.settings import Settings

REASONS: Final[Mapping[ReasonCode, str]] = {
    ReasonCode.RECORDED_IN_ERROR: N_("Recorded in error"),
    ReasonCode.DECISION_CHANGED: N_("The decision was changed"),
    ReasonCode.REPEATED: N_("Credited before for the same course"),
    ReasonCode.INTEGRITY: N_("The work was not the learner’s own"),
    ReasonCode.MERGED: N_("Two accounts were one person’s"),
}
_CHOICES = tuple((code.value, words) for code, words in REASONS.items() if code is not ReasonCode.MERGED)
ACTS: Final = (
    (
        ProposedAct.CORRECT.value,
        N_("Correct this entry"),
        N_("It is taken back and recorded anew with the minutes and the day below."),
    ),
    (
        ProposedAct.TAKE_BACK.value,
        N_("Take this entry back"),
        N_("Its credit goes; minutes and day below are not used."),
    ),
)
CATEGORIES: Final = ("technical", "ethics", "laws-rules", "management", "health-safety-welfare")
SPARE_ROWS: Final = 2
SHOWS: Final = (("open", N_("To decide")), ("decided", N_("Decided")))


@dataclass(frozen=True, slots=True)
class BadgeLink:
    """The badge of a course whose credit changes: `id` names its award."""

    id: str
    is_revoked: bool


@dataclass(frozen=True, slots=True)
class EntryPage:
    """An entry, and the form that proposes to change it, where `may_propose`; `proposal_id` is one that waits."""

    id: str
    learner_name: str
    learner_number: str
    module: str
    place: int
    says: str
    zone: str
    may_propose: bool
    proposal_id: str | None
    badge: BadgeLink | None
    reasons: tuple[tuple[str, str], ...]
    acts: tuple[tuple[str, str, str], ...]
    categories: tuple[str, ...]
    typed: Typed
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProposalRow:
    id: str
    learner: str
    module: str
    act: str
    proposed: Said
    by: str
    state: tuple[str, str]


@dataclass(frozen=True, slots=True)
class QueuePage:
    show: str
    shows: tuple[tuple[str, str], ...]
    proposals: tuple[ProposalRow, ...]
    total: int
    pager: Pager


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """`takes_back` and `writes` are the entries that approving it adds, in words; `course` what is left.

    `is_mine`: the visitor proposed it. `stands`: there is still something to change. `decided` is None while it waits.
    """

    proposal: ProposalRow
    learner_name: str
    learner_number: str
    entry_id: str
    why: str
    reason: str
    now: str
    takes_back: tuple[str, ...]
    writes: tuple[str, ...]
    course: str
    stands: bool
    is_mine: bool
    badge: BadgeLink | None
    decided: Said | None
    decided_by: str
    decided_why: str
    why_typed: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def entry_page(
    conn: Connection, visitor: Visitor, learner_number: str, entry_id: str, typed: Typed | None = None
) -> EntryPage:
    """One entry of a learner and the form; three statements. Raises NotFound for everybody but the registrar."""
    me = registrar(visitor)
    row = _of(conn, learner_number, entry_id)
    may = row.kind is not EntryKind.REVERSAL and row.taken_back_by is None and row.person_id != me.id
    return EntryPage(
        id=row.id,
        learner_name=row.legal_name,
        learner_number=row.learner_number,
        module=_module(row),
        place=row.seq,
        says=entry_words(row),
        zone=row.zone,
        may_propose=may,
        proposal_id=queries.open_proposal_of(conn, entry_id) if may else None,
        badge=_badge(conn, row.enrolment_id),
        reasons=_CHOICES,
        acts=ACTS,
        categories=CATEGORIES,
        typed=with_rows(typed or _as_it_is(row)),
    )


def propose_typed(conn: Connection, visitor: Visitor, learner_number: str, entry_id: str, typed: Typed) -> str:
    """Propose what was typed for an entry of this learner; returns the proposal's id. Raises as `propose` does."""
    registrar(visitor)
    row = _of(conn, learner_number, entry_id)
    change: Change = checked(typed, visitor.now.school.astimezone(zone(row.zone)).date())
    return propose(conn, visitor, entry_id, change)


def queue_page(conn: Connection, visitor: Visitor, show: str, number: int, settings: Settings) -> QueuePage:
    """One page of the proposals; two statements. Raises NotFound for everybody but the registrar."""
    registrar(visitor)
    chosen = show if show in dict(SHOWS) else "open"
    rows, total = queries.proposals(conn, number, is_open=chosen == "open")
    return QueuePage(
        show=chosen,
        shows=SHOWS,
        proposals=tuple(_row(row, settings) for row in rows),
        total=total,
        pager=pager(number, total, lambda n: query(show="" if chosen == "open" else chosen, page=n)),
    )


def proposal_page(conn: Connection, visitor: Visitor, proposal_id: str, settings: Settings) -> ProposalPage:
    """A proposal and what approving it would do; four statements. Raises NotFound."""
    me = registrar(visitor)
    found = queries.one_proposal(conn, proposal_id)
    entry = queries.target(conn, found.entry_id) if found is not None else None
    if found is None or entry is None:
        raise NotFound
    stands = found.decided_at is None and entry.taken_back_by is None
    planned = plan(conn, entry, change_of(found)) if stands else None
    return ProposalPage(
        proposal=_row(found, settings),
        learner_name=found.legal_name,
        learner_number=found.learner_number,
        entry_id=found.entry_id,
        why=found.why,
        reason=_(REASONS[found.reason_code]),
        now=entry_words(entry),
        takes_back=tuple(f"{_numbered(row)}: {entry_words(row)}" for row in planned.taken_back) if planned else (),
        writes=tuple(f"{_numbered(new.row)}: {new_words(new)}" for new in planned.written) if planned else (),
        course=event_words(planned.left, entry) if planned else "",
        stands=stands,
        is_mine=found.proposed_by == me.id,
        badge=_badge(conn, entry.enrolment_id),
        decided=_instant(found.decided_at, settings),
        decided_by=found.decider or "",
        decided_why=found.decided_why,
    )


def with_rows(typed: Typed) -> Typed:
    """With empty rows at the end, for categories that the entry does not have yet."""
    rows = tuple(row for row in typed.parts if any(row))
    return Typed(typed.act, typed.code, typed.words, rows + (("", ""),) * SPARE_ROWS, typed.completed_on)


def _as_it_is(row: Row[Any]) -> Typed:
    parts = tuple((part.category, str(part.minutes)) for part in parts_of(row))
    return Typed(parts=parts, completed_on=row.completed_on.isoformat())


def _of(conn: Connection, learner_number: str, entry_id: str) -> Row[Any]:
    row = queries.target(conn, entry_id.replace("\0", ""))
    if row is None or row.learner_number != learner_number:
        raise NotFound
    return row


def _row(row: Row[Any], settings: Settings) -> ProposalRow:
    return ProposalRow(
        id=row.id,
        learner=f"{row.legal_name} ({row.learner_number})",
        module=_module(row),
        act=_({key: words for key, words, _hint in ACTS}[row.act.value]),
        proposed=say_instant(row.proposed_at, zone(settings.zone)),
        by=row.proposer,
        state=_state(row),
    )


def _state(row: Row[Any]) -> tuple[str, str]:
    if row.decided_at is None:
        return _("To decide"), "waiting"
    if row.approved:
        return _("Approved"), "good"
    return (_("Taken back"), "plain") if _own(row) else (_("Refused"), "bad")


def _own(row: Row[Any]) -> bool:
    return bool(row.decided_by == row.proposed_by)


def _module(row: Row[Any]) -> str:
    return f"{row.course_title}, {row.module_number} {row.module_title}"


def _numbered(row: Row[Any]) -> str:
    return _("Entry {number}, module {module}", number=row.seq, module=row.module_number)


def _badge(conn: Connection, enrolment_id: str) -> BadgeLink | None:
    award = queries.award_of(conn, enrolment_id)
    return BadgeLink(award.id, award.revoked_at is not None) if award else None


def _instant(instant: Any, settings: Settings) -> Said | None:
    return say_instant(instant, zone(settings.zone)) if instant else None


def rows_of(categories: Sequence[str], minutes: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The two columns of the form as rows."""
    return tuple(zip(categories, minutes, strict=False))
