"""Reading proposals, the entries that they are about, and the credit events that those belong to."""

from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select

from assessments.assignments.queries import MODULE
from assessments.badges.models import Award
from assessments.corrections.models import CreditProposal
from assessments.credit.chain import EntryKind
from assessments.credit.ledger import ENTRY, LEDGER
from courses.cohorts.queries import VERSION
from courses.paging import PER_PAGE, offset
from fourweek.accounts.access import ALLOWS, GRANT, PERSON, Permission
from fourweek.database import table

PROPOSAL, AWARD = table(CreditProposal), table(Award)
_TAKING_BACK = ENTRY.alias("taking_back")
_PROPOSER, _DECIDER = PERSON.alias("proposer"), PERSON.alias("decider")
_TARGET: Select[Any] = (
    select(ENTRY, LEDGER.c.person_id, _TAKING_BACK.c.id.label("taken_back_by"))
    .add_columns(PERSON.c.legal_name, PERSON.c.learner_number)
    .add_columns(MODULE.c.title.label("module_title"), VERSION.c.title.label("course_title"))
    .add_columns(VERSION.c.separate_events, VERSION.c.credit_types, VERSION.c.id.label("version_id"))
    .add_columns(VERSION.c.category.label("version_category"))
    .join(LEDGER, LEDGER.c.id == ENTRY.c.ledger_id)
    .join(PERSON, PERSON.c.id == LEDGER.c.person_id)
    .join(MODULE, MODULE.c.id == ENTRY.c.module_id)
    .join(VERSION, VERSION.c.id == MODULE.c.version_id)
    .outerjoin(_TAKING_BACK, _TAKING_BACK.c.reverses_id == ENTRY.c.id)
    .where(ENTRY.c.id == bindparam("entry"))
)
_STANDING: Select[Any] = (
    select(ENTRY, MODULE.c.title.label("module_title"))
    .join(MODULE, MODULE.c.id == ENTRY.c.module_id)
    .outerjoin(_TAKING_BACK, _TAKING_BACK.c.reverses_id == ENTRY.c.id)
    .where(
        ENTRY.c.enrolment_id == bindparam("enrolment"),
        ENTRY.c.kind != EntryKind.REVERSAL,
        _TAKING_BACK.c.id.is_(None),
    )
    .order_by(ENTRY.c.seq)
)
_PROPOSALS: Select[Any] = (
    select(PROPOSAL, LEDGER.c.person_id, PERSON.c.legal_name, PERSON.c.learner_number)
    .add_columns(MODULE.c.title.label("module_title"), VERSION.c.title.label("course_title"), ENTRY.c.module_number)
    .add_columns(_PROPOSER.c.display_name.label("proposer"), _DECIDER.c.display_name.label("decider"))
    .add_columns(_PROPOSER.c.merged_into_id.label("proposer_now"))
    .join(ENTRY, ENTRY.c.id == PROPOSAL.c.entry_id)
    .join(LEDGER, LEDGER.c.id == ENTRY.c.ledger_id)
    .join(PERSON, PERSON.c.id == LEDGER.c.person_id)
    .join(MODULE, MODULE.c.id == ENTRY.c.module_id)
    .join(VERSION, VERSION.c.id == MODULE.c.version_id)
    .join(_PROPOSER, _PROPOSER.c.id == PROPOSAL.c.proposed_by)
    .outerjoin(_DECIDER, _DECIDER.c.id == PROPOSAL.c.decided_by)
)
_ONE = _PROPOSALS.where(PROPOSAL.c.id == bindparam("proposal"))
_OPEN_OF_ENTRY: Select[Any] = select(PROPOSAL.c.id).where(
    PROPOSAL.c.entry_id == bindparam("entry"), PROPOSAL.c.decided_at.is_(None)
)
_AWARD: Select[Any] = (
    select(AWARD.c.id, AWARD.c.slug, AWARD.c.revoked_at)
    .where(AWARD.c.enrolment_id == bindparam("enrolment"), AWARD.c.withdrawn_at.is_(None))
    .order_by(AWARD.c.id.desc())
    .limit(1)
)
_KEEPERS = (
    select(PERSON.c.id)
    .join(GRANT, GRANT.c.person_id == PERSON.c.id)
    .where(
        GRANT.c.role.in_([role for role, allowed in ALLOWS.items() if Permission.KEEP_RECORD in allowed]),
        GRANT.c.scope_id == "",
        PERSON.c.disabled_at.is_(None),
    )
    .distinct()
    .order_by(PERSON.c.id)
)


def target(conn: Connection, entry_id: str) -> Row[Any] | None:
    """An entry, whose it is, what course and module it is of, how that counts, and `taken_back_by`."""
    return conn.execute(_TARGET, {"entry": entry_id}).first()


def standing(conn: Connection, entry: Row[Any]) -> list[Row[Any]]:
    """The entries of the same credit event that were not taken back, oldest first; `entry` is one of `target`."""
    rows = conn.execute(_STANDING, {"enrolment": entry.enrolment_id}).all()
    return [row for row in rows if not entry.separate_events or row.module_number == entry.module_number]


def one_proposal(conn: Connection, proposal_id: str) -> Row[Any] | None:
    """A proposal, whose ledger it is about, and the names of who proposed and who decided."""
    return conn.execute(_ONE, {"proposal": proposal_id.replace("\0", "")}).first()


def proposals(conn: Connection, number: int, *, is_open: bool) -> tuple[list[Row[Any]], int]:
    """One page of the proposals that wait, oldest first, or of those decided, newest first; two statements."""
    fits = PROPOSAL.c.decided_at.is_(None) if is_open else PROPOSAL.c.decided_at.is_not(None)
    order = PROPOSAL.c.id if is_open else PROPOSAL.c.decided_at.desc()
    wanted = _PROPOSALS.where(fits).order_by(order, PROPOSAL.c.id).limit(PER_PAGE).offset(offset(number))
    total = conn.execute(select(func.count()).select_from(PROPOSAL).where(fits)).scalar_one()
    return list(conn.execute(wanted).all()), total


def open_proposal_of(conn: Connection, entry_id: str) -> str | None:
    """The id of the proposal that waits about this entry, if there is one."""
    found: str | None = conn.execute(_OPEN_OF_ENTRY, {"entry": entry_id}).scalar()
    return found


def award_of(conn: Connection, enrolment_id: str) -> Row[Any] | None:
    """The newest badge that this enrolment led to: `id`, `slug`, `revoked_at`."""
    return conn.execute(_AWARD, {"enrolment": enrolment_id}).first()


def keepers(conn: Connection) -> list[str]:
    """Everybody who keeps the record."""
    return list(conn.execute(_KEEPERS).scalars())
