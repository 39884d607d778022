"""What the pages about merges show, in words."""

from dataclasses import field
from typing import Any, Final

from sqlalchemy import Connection, Row

from assessments.corrections.words import credit_words
from assessments.merging import queries, transfer
from assessments.merging.service import refusal
from assessments.record.queries import registrar
from courses.paging import Pager, pager, query
from courses.schedule.words import Said, say_date, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.errors import NotFound
from fourweek.language import N_, _
from fourweek.light import dataclass
from fourweek.settings import Settings

SHOWS: Final = (("open", N_("To decide")), ("decided", N_("Decided")))


@dataclass(frozen=True, slots=True)
class Account:
    """One of two accounts. Addresses are masked but for their first sign and their domain."""

    name: str
    number: str
    addresses: tuple[str, ...]
    made: str
    seen: str
    entries: int
    enrolments: int
    awards: int
    roles: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What a merge would do to the ledgers, in words: entries that are transferred, and those that stood twice."""

    transferred: tuple[str, ...]
    twice: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewMergePage:
    """The form: first the number of the account that goes, then both side by side. `refused` says why it cannot be."""

    kept: Account
    gone: Account | None
    effect: Effect | None
    refused: str
    gone_typed: str = ""
    why: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MergeRow:
    id: str
    gone: str
    kept: str
    by: str
    proposed: Said
    state: tuple[str, str]


@dataclass(frozen=True, slots=True)
class QueuePage:
    show: str
    shows: tuple[tuple[str, str], ...]
    merges: tuple[MergeRow, ...]
    total: int
    pager: Pager


@dataclass(frozen=True, slots=True)
class MergePage:
    merge: MergeRow
    kept: Account
    gone: Account
    effect: Effect | None
    refused: str
    why: str
    may_approve: bool
    is_mine: bool
    decided: Said | None
    decided_by: str
    decided_why: str
    why_typed: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def new_page(conn: Connection, visitor: Visitor, kept: str, gone: str) -> NewMergePage:
    """The form for the account with learner number `kept`; six statements. Raises NotFound."""
    registrar(visitor)
    gone = gone.strip().upper()[:20]
    found = queries.by_numbers(conn, kept, gone)
    if kept not in found:
        raise NotFound
    mails = queries.addresses(conn, *(row.id for row in found.values()))
    wrong = {"gone": _("Nobody has this learner number.")} if gone and gone not in found else {}
    other = found.get(gone)
    refused = refusal(found[kept], other) if other else ""
    return NewMergePage(
        kept=_account(found[kept], mails),
        gone=_account(other, mails) if other else None,
        effect=_effect(conn, found[kept], other) if other and not refused else None,
        refused=refused,
        gone_typed=gone,
        errors=wrong,
    )


def queue_page(conn: Connection, visitor: Visitor, show: str, number: int, settings: Settings) -> QueuePage:
    """One page of the merges; two statements. Raises NotFound for everybody but the registrar."""
    registrar(visitor)
    chosen = show if show in dict(SHOWS) else "open"
    rows, total = queries.merges(conn, number, is_open=chosen == "open")
    return QueuePage(
        show=chosen,
        shows=SHOWS,
        merges=tuple(_row(row, settings) for row in rows),
        total=total,
        pager=pager(number, total, lambda n: query(show="" if chosen == "open" else chosen, page=n)),
    )


def merge_page(conn: Connection, visitor: Visitor, merge_id: str, settings: Settings) -> MergePage:
    """A merge, both accounts, and what approving it would do; seven statements. Raises NotFound."""
    me = registrar(visitor)
    row = queries.one_merge(conn, merge_id)
    if row is None:
        raise NotFound
    found = queries.by_ids(conn, row.gone_id, row.kept_id)
    mails = queries.addresses(conn, row.gone_id, row.kept_id)
    gone, kept = found[row.gone_id], found[row.kept_id]
    refused = refusal(kept, gone) if row.decided_at is None else ""
    return MergePage(
        merge=_row(row, settings),
        kept=_account(kept, mails),
        gone=_account(gone, mails),
        effect=_effect(conn, kept, gone) if row.decided_at is None and not refused else None,
        refused=refused,
        why=row.why,
        may_approve=me.id not in {row.proposed_by, row.gone_id, row.kept_id} and not refused,
        is_mine=me.id == row.proposed_by,
        decided=say_instant(row.decided_at, zone(settings.zone)) if row.decided_at else None,
        decided_by=row.decider or "",
        decided_why=row.decided_why,
    )


def masked(address: str) -> str:
    """ "alice@example.org" is "a…@example.org": enough to compare, not enough to write to."""
    name, _at, domain = address.partition("@")
    return f"{name[:1]}…@{domain}"


def _effect(conn: Connection, kept: Row[Any], gone: Row[Any]) -> Effect:
    moving = transfer.plan(conn, gone.id, kept.id)
    return Effect(
        transferred=tuple(_entry(one) for one in moving if one.stood is None),
        twice=tuple(_entry(one) for one in moving if one.stood is not None),
    )


def _entry(one: transfer.Moving) -> str:
    row = one.row
    of = {
        "course": row.course_title,
        "module": f"{row.module_number} {row.module_title}",
        "day": say_date(row.completed_on),
    }
    if one.stood:
        return _("{course}, {module}, completed {day}", **of)
    credit = credit_words(row.minutes, one.tenths, one.amounts)
    return _("{course}, {module}, completed {day}: {credit}", **of, credit=credit)


def _account(row: Row[Any], mails: dict[str, list[str]]) -> Account:
    return Account(
        name=row.legal_name,
        number=row.learner_number,
        addresses=tuple(masked(address) for address in mails[row.id]),
        made=say_date(row.created_at.date()),
        seen=say_date(row.seen_at.date()) if row.seen_at else _("never"),
        entries=row.entries,
        enrolments=row.enrolments,
        awards=row.awards,
        roles=row.roles,
    )


def _row(row: Row[Any], settings: Settings) -> MergeRow:
    return MergeRow(
        id=row.id,
        gone=f"{row.gone_name} ({row.gone_number})",
        kept=f"{row.kept_name} ({row.kept_number})",
        by=row.proposer,
        proposed=say_instant(row.proposed_at, zone(settings.zone)),
        state=_state(row),
    )


def _state(row: Row[Any]) -> tuple[str, str]:
    if row.decided_at is None:
        return _("To decide"), "waiting"
    if row.approved:
        return _("Merged"), "good"
    return (_("Taken back"), "plain") if row.decided_by == row.proposed_by else (_("Refused"), "bad")
