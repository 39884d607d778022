"""What the pages of names show, in words."""

from dataclasses import field
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from assessments.evidence.names import ending_of
from assessments.names import listing
from assessments.names.listing import KINDS, Chosen
from assessments.names.models import NameChangeKind
from assessments.names.queries import names_of
from assessments.names.scripts import drawn_alike, flags
from assessments.names.service import Asked
from assessments.record.queries import person_id_of, registrar
from courses.paging import Pager, pager, query
from courses.schedule.words import Said, say_date, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON, Visitor
from fourweek.errors import NotFound
from fourweek.language import N_, _
from fourweek.light import dataclass
from fourweek.scanning.gate import let_out
from fourweek.settings import Settings

HIDDEN = N_("Not shown")
_FIRST = Asked(kind=NameChangeKind.CHANGE.value)
_NAME = select(PERSON.c.legal_name).where(PERSON.c.id == bindparam("person"))


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change; `state` is (words, tone). A name that is suppressed reads as HIDDEN."""

    id: str
    former: str
    name: str
    kind: str
    suppress: bool
    state: tuple[str, str]
    asked: Said
    asked_by: str
    why: str
    evidence: str
    decided: Said | None
    decided_by: str
    decided_why: str


@dataclass(frozen=True, slots=True)
class MyNamePage:
    """One's own legal name, what waits, what was decided, and the form with what was typed."""

    name: str
    former: tuple[tuple[str, str], ...]
    waits: bool
    may_withdraw: bool
    changes: tuple[ChangeRow, ...]
    pager: Pager
    typed: Asked = _FIRST
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LearnerNamePage:
    """The registrar's form for a learner, with the person's changes."""

    learner_number: str
    mine: MyNamePage


@dataclass(frozen=True, slots=True)
class QueueRow:
    change: ChangeRow
    called: str
    learner_number: str


@dataclass(frozen=True, slots=True)
class QueuePage:
    chosen: Chosen
    rows: tuple[QueueRow, ...]
    total: int
    pager: Pager


@dataclass(frozen=True, slots=True)
class DecidePage:
    """One change; `flags` are what a second pair of eyes should see, `alike` others with such a name."""

    change: ChangeRow
    called: str
    learner_number: str
    may_decide: bool
    flags: tuple[str, ...]
    alike: tuple[tuple[str, str], ...]
    why: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A document in the store, and what it is called."""

    sha256: str
    name: str


def my_name_page(conn: Connection, visitor: Visitor, number: int, settings: Settings) -> MyNamePage:
    """Four statements."""
    return _page(conn, visitor, visitor.me.id, number, settings)


def learner_name_page(
    conn: Connection, visitor: Visitor, learner_number: str, number: int, settings: Settings
) -> LearnerNamePage:
    """Five statements. Raises NotFound for an unknown number, and for everybody but the registrar."""
    registrar(visitor)
    person_id = person_id_of(conn, learner_number)
    return LearnerNamePage(learner_number, _page(conn, visitor, person_id, number, settings))


def queue_page(conn: Connection, visitor: Visitor, chosen: Chosen, number: int, settings: Settings) -> QueuePage:
    """One page of the changes; two statements. Raises NotFound for everybody but the registrar."""
    registrar(visitor)
    rows, total = listing.listed(conn, chosen, number)
    return QueuePage(
        chosen=chosen,
        rows=tuple(QueueRow(_row(row, settings, visitor), row.legal_name, row.learner_number) for row in rows),
        total=total,
        pager=pager(number, total, lambda n: query(q=chosen.words, show=chosen.show, page=n)),
    )


def decide_page(conn: Connection, visitor: Visitor, change_id: str, settings: Settings) -> DecidePage:
    """Two statements. Raises NotFound."""
    me = registrar(visitor)
    row = listing.one_change(conn, change_id)
    open_, name = row.decided_at is None, row.name
    alike = listing.called_alike(conn, row.person_id, (name, drawn_alike(name))) if open_ else []
    return DecidePage(
        change=_row(row, settings, visitor),
        called=row.legal_name,
        learner_number=row.learner_number,
        may_decide=open_ and me.id not in (row.asked_by, row.person_id),
        flags=flags(name) if open_ else (),
        alike=tuple((other.legal_name, other.learner_number) for other in alike),
    )


def evidence_file(conn: Connection, visitor: Visitor, change_id: str) -> KeptFile:
    """The document that was handed in, for the registrar and whoever asked. Raises NotFound, HeldBack, BeingChecked."""
    row = listing.one_change(conn, change_id)
    if visitor.me.id != row.asked_by:
        registrar(visitor)
    if not row.evidence_sha256:
        raise NotFound
    let_out(row.verdict, mine=visitor.me.id == row.asked_by)
    return KeptFile(row.evidence_sha256, _paper(row))


def _page(conn: Connection, visitor: Visitor, person_id: str, number: int, settings: Settings) -> MyNamePage:
    name: str = conn.execute(_NAME, {"person": person_id}).scalar_one()
    rows, total = listing.changes_of(conn, person_id, number)
    waiting = next((row for row in rows if row.decided_at is None), None)
    return MyNamePage(
        name=name,
        former=tuple((one.name, say_date(one.until)) for one in names_of(conn, person_id)),
        waits=waiting is not None,
        may_withdraw=waiting is not None and waiting.asked_by == visitor.me.id == person_id,
        changes=tuple(_row(row, settings, visitor) for row in rows),
        pager=pager(number, total, lambda n: query(page=n)),
    )


def _row(row: Row[Any], settings: Settings, visitor: Visitor) -> ChangeRow:
    here, viewer = zone(settings.zone), zone(visitor.me.zone)
    return ChangeRow(
        id=row.id,
        former=row.former or _(HIDDEN),
        name=row.name or _(HIDDEN),
        kind=_(KINDS[row.kind]),
        suppress=row.suppress,
        state=_state(row),
        asked=say_instant(row.asked_at, here, viewer),
        asked_by=row.asker,
        why=row.why if row.former else "",
        evidence=_paper(row) if row.evidence_sha256 else "",
        decided=say_instant(row.decided_at, here, viewer) if row.decided_at else None,
        decided_by=row.decider or "",
        decided_why=row.decided_why if row.former or row.approved else "",
    )


def _paper(row: Row[Any]) -> str:
    """What the document is called: people name files by what is in them, so of a suppressed name the kind alone."""
    name: str = row.evidence_name
    return name if row.former else f"evidence{ending_of(name)}"


def _state(row: Row[Any]) -> tuple[str, str]:
    if row.decided_at is None:
        return _("Waits for the registrar"), "waiting"
    return (N_("Approved"), "good") if row.approved else (_("Not approved"), "plain")
