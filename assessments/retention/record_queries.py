"""Reading what the end of a record's period is about: whose papers are left, when each record was last changed."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, exists, extract, func, or_, select, union_all

from assessments.corrections.models import CreditProposal
from assessments.credit.ledger import ENTRY, LEDGER
from assessments.licences.queries import LICENCE
from assessments.merging.models import PersonMerge
from assessments.names.queries import CHANGE
from assessments.retention.queries import HOLD
from assessments.retention.record_rules import Papers, RecordKeeps
from assessments.stated.queries import STATED
from assessments.transcripts.queries import TRANSCRIPT
from assessments.transcripts.stored import KEPT
from courses.enrolment.access import ENROLMENT
from courses.paging import PER_PAGE, offset
from fourweek.accounts.access import PERSON
from fourweek.database import table
from fourweek.light import dataclass

PROPOSAL, MERGE = table(CreditProposal), table(PersonMerge)
NAME_PAPER_LEFT = CHANGE.c.evidence_sha256 != ""
CERTIFICATE_LEFT = STATED.c.evidence_sha256 != ""
LICENCE_LEFT = LICENCE.c.removed_at.is_not(None) & (LICENCE.c.number != "")

# Whatever adds to a record begins its period anew.
_CHANGED = union_all(
    select(LEDGER.c.person_id, ENTRY.c.recorded_at.label("at")).join(ENTRY, ENTRY.c.ledger_id == LEDGER.c.id),
    select(CHANGE.c.person_id, func.coalesce(CHANGE.c.decided_at, CHANGE.c.asked_at)),
    select(TRANSCRIPT.c.person_id, TRANSCRIPT.c.issued_at),
    select(STATED.c.person_id, func.coalesce(STATED.c.removed_at, STATED.c.entered_at)),
    select(LICENCE.c.person_id, func.coalesce(LICENCE.c.removed_at, LICENCE.c.made_at)),
).subquery()
_LEFT = union_all(
    select(TRANSCRIPT.c.person_id).where(KEPT),
    select(CHANGE.c.person_id).where(NAME_PAPER_LEFT),
    select(STATED.c.person_id).where(CERTIFICATE_LEFT),
    select(LICENCE.c.person_id).where(LICENCE_LEFT),
).subquery()
_LAST = (
    select(_CHANGED.c.person_id, func.max(_CHANGED.c.at).label("last"))
    .where(_CHANGED.c.person_id.in_(select(_LEFT.c.person_id)))
    .group_by(_CHANGED.c.person_id)
    .subquery()
)
_HELD = exists(
    select(HOLD.c.id)
    .where(
        HOLD.c.lifted_at.is_(None),
        or_(
            HOLD.c.person_id == PERSON.c.id,
            HOLD.c.cohort_id.in_(
                select(ENROLMENT.c.cohort_id).where(ENROLMENT.c.person_id == PERSON.c.id).correlate(PERSON)
            ),
        ),
    )
    .correlate(PERSON)
)
_OPEN = or_(
    exists(select(CHANGE.c.id).where(CHANGE.c.person_id == PERSON.c.id, CHANGE.c.decided_at.is_(None))),
    exists(
        select(PROPOSAL.c.id)
        .join(ENTRY, ENTRY.c.id == PROPOSAL.c.entry_id)
        .join(LEDGER, LEDGER.c.id == ENTRY.c.ledger_id)
        .where(LEDGER.c.person_id == PERSON.c.id, PROPOSAL.c.decided_at.is_(None))
        .correlate(PERSON)
    ),
    exists(
        select(MERGE.c.id).where(
            or_(MERGE.c.kept_id == PERSON.c.id, MERGE.c.gone_id == PERSON.c.id), MERGE.c.decided_at.is_(None)
        )
    ),
)


def _count(source: Any, left: ColumnElement[bool], label: str) -> ColumnElement[int]:
    found = select(func.count()).select_from(source).where(source.c.person_id == PERSON.c.id, left)
    return found.correlate(PERSON).scalar_subquery().label(label)


_DUE: Select[Any] = (
    select(PERSON.c.id, PERSON.c.legal_name, PERSON.c.learner_number, _LAST.c.last)
    .add_columns(_HELD.label("held"), _OPEN.label("open"))
    .join(_LAST, _LAST.c.person_id == PERSON.c.id)
    .where(_LAST.c.last < bindparam("before"))
)
_COUNTED = (
    _DUE.add_columns(
        _count(TRANSCRIPT, KEPT, "documents"),
        _count(CHANGE, NAME_PAPER_LEFT, "name_papers"),
        _count(STATED, CERTIFICATE_LEFT, "certificates"),
        _count(LICENCE, LICENCE_LEFT, "licences"),
    )
    .order_by(_LAST.c.last, PERSON.c.id)
    .limit(bindparam("most"))
    .offset(bindparam("skipped"))
)
_NUMBER = _DUE.with_only_columns(func.count())
_YEARS = (
    select(extract("year", _LAST.c.last).label("year"), func.count().label("people"))
    .group_by(extract("year", _LAST.c.last))
    .order_by(extract("year", _LAST.c.last))
    .limit(100)
)
_FREE = _DUE.with_only_columns(PERSON.c.id).where(~_HELD, ~_OPEN)


@dataclass(frozen=True, slots=True)
class DueRecord:
    """A person whose papers are over their period, and what keeps them all the same; None when they are to go."""

    person_id: str
    name: str
    number: str
    last: datetime
    papers: Papers
    keeps: RecordKeeps | None


def due_records(conn: Connection, before: datetime, number: int) -> tuple[tuple[DueRecord, ...], int]:
    """One page of those whose record was last changed before that, the oldest first, and how many; two statements."""
    keys = {"before": before, "most": PER_PAGE, "skipped": offset(number)}
    rows = conn.execute(_COUNTED, keys).all()
    return tuple(map(_due, rows)), int(conn.execute(_NUMBER, {"before": before}).scalar_one())


def free_number(conn: Connection, before: datetime) -> int:
    """How many of them nothing keeps."""
    return int(conn.execute(_FREE.with_only_columns(func.count()), {"before": before}).scalar_one())


def free_people(conn: Connection, before: datetime, most: int, *, erased: bool = False) -> list[str]:
    """The first `most` of them that nothing keeps, the oldest first; of those who were erased alone, if so wanted."""
    wanted = _FREE.where(PERSON.c.erased_at.is_not(None)) if erased else _FREE
    free = wanted.order_by(_LAST.c.last, PERSON.c.id).limit(most)
    return list(conn.execute(free, {"before": before}).scalars())


def years_of_last_change(conn: Connection) -> tuple[tuple[int, int], ...]:
    """(year, people) of everybody with papers left, the oldest year first, at most 100."""
    return tuple((int(row.year), row.people) for row in conn.execute(_YEARS))


def papers_of(conn: Connection, before: datetime, people: Collection[str]) -> dict[str, Papers]:
    """What is left of these people's papers, as far as they are over their period and nothing keeps them."""
    wanted = _COUNTED.where(PERSON.c.id.in_(people), ~_HELD, ~_OPEN)
    rows = conn.execute(wanted, {"before": before, "most": len(people), "skipped": 0})
    return {row.id: _papers(row) for row in rows}


def _due(row: Row[Any]) -> DueRecord:
    keeps = RecordKeeps.HOLD if row.held else RecordKeeps.OPEN if row.open else None
    return DueRecord(row.id, row.legal_name, row.learner_number, row.last, _papers(row), keeps)


def _papers(row: Row[Any]) -> Papers:
    return Papers(row.documents, row.name_papers, row.certificates, row.licences)
