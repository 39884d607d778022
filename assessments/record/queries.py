"""Reading people and ledgers for the registrar. Everybody else gets NotFound."""

from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, or_, select, true

from assessments.assignments.queries import MODULE
from assessments.corrections.models import CreditProposal
from assessments.credit.ledger import ENTRY, LEDGER
from assessments.merging.models import PersonMerge
from assessments.names.queries import formerly
from courses.cohorts.queries import VERSION
from courses.paging import PER_PAGE, offset
from fourweek.accounts.access import PERSON, Permission, SignedIn, Visitor
from fourweek.database import table
from fourweek.errors import Forbidden, NotFound
from fourweek.language import N_, _
from fourweek.searching import holds

PROPOSAL, MERGE = table(CreditProposal), table(PersonMerge)
OWN = N_("Nobody decides about their own record.")
ANOTHER = N_("Ask another registrar.")
_TAKING_BACK, _FIRST = ENTRY.alias("taking_back"), ENTRY.alias("first")
# The proposal or the merge behind an entry, and a proposal about it that waits.
_CAUSE, _WAITING = PROPOSAL.alias("cause"), PROPOSAL.alias("waiting")
_PROPOSER, _APPROVER = PERSON.alias("proposer"), PERSON.alias("approver")
_LEDGER_ENTRIES: Select[Any] = (
    select(ENTRY, MODULE.c.title.label("module_title"), VERSION.c.title.label("course_title"))
    .add_columns(_TAKING_BACK.c.seq.label("taken_back_by"), _FIRST.c.seq.label("first"), _WAITING.c.id.label("waiting"))
    .add_columns(_PROPOSER.c.display_name.label("proposer"), _APPROVER.c.display_name.label("approver"))
    .join(LEDGER, LEDGER.c.id == ENTRY.c.ledger_id)
    .join(MODULE, MODULE.c.id == ENTRY.c.module_id)
    .join(VERSION, VERSION.c.id == MODULE.c.version_id)
    .outerjoin(_TAKING_BACK, _TAKING_BACK.c.reverses_id == ENTRY.c.id)
    .outerjoin(_FIRST, _FIRST.c.id == ENTRY.c.repeat_of_id)
    .outerjoin(_WAITING, and_(_WAITING.c.entry_id == ENTRY.c.id, _WAITING.c.decided_at.is_(None)))
    .outerjoin(_CAUSE, _CAUSE.c.id == ENTRY.c.cause_id)
    .outerjoin(MERGE, MERGE.c.id == ENTRY.c.cause_id)
    .outerjoin(_PROPOSER, _PROPOSER.c.id == func.coalesce(_CAUSE.c.proposed_by, MERGE.c.proposed_by))
    .outerjoin(_APPROVER, _APPROVER.c.id == func.coalesce(_CAUSE.c.decided_by, MERGE.c.decided_by))
)
_OF_PERSON = (
    _LEDGER_ENTRIES.where(LEDGER.c.person_id == bindparam("person"))
    .order_by(ENTRY.c.seq.desc())
    .limit(PER_PAGE)
    .offset(bindparam("skipped"))
)
_KEPT = PERSON.alias("kept")
_PERSON: Select[Any] = (
    select(PERSON.c.id, PERSON.c.legal_name, LEDGER.c.entries, LEDGER.c.id.label("ledger_id"))
    .add_columns(_KEPT.c.legal_name.label("kept_name"), _KEPT.c.learner_number.label("kept_number"))
    .outerjoin(LEDGER, LEDGER.c.person_id == PERSON.c.id)
    .outerjoin(_KEPT, _KEPT.c.id == PERSON.c.merged_into_id)
    .where(PERSON.c.learner_number == bindparam("learner"))
)


def registrar(visitor: Visitor) -> SignedIn:
    """The visitor if they keep the record; raises NotFound for everybody else who is signed in."""
    if not visitor.me.may(Permission.KEEP_RECORD):
        raise NotFound
    return visitor.me


def another(visitor: Visitor, person_id: str) -> SignedIn:
    """The same for what is decided about somebody's credit, which is never one's own: Forbidden."""
    me = registrar(visitor)
    if me.id == person_id:
        raise Forbidden(_(OWN), what_to_do=_(ANOTHER))
    return me


def learners(conn: Connection, words: str, number: int) -> tuple[list[Row[Any]], int]:
    """One page of the people whose name holds every word, or whose learner number begins with them; two statements.

    A former name counts as far as it may be shown.
    """
    in_name = and_(*(holds(word, PERSON.c.legal_name) for word in words.split()), true())
    fits = or_(
        in_name, formerly(words.split()), func.lower(PERSON.c.learner_number).startswith(words.lower(), autoescape=True)
    )
    wanted: Select[Any] = (
        select(PERSON.c.legal_name, PERSON.c.learner_number, LEDGER.c.entries, PERSON.c.merged_into_id)
        .outerjoin(LEDGER, LEDGER.c.person_id == PERSON.c.id)
        .where(fits)
        .order_by(PERSON.c.legal_name, PERSON.c.learner_number)
        .limit(PER_PAGE)
        .offset(offset(number))
    )
    total = conn.execute(select(func.count()).select_from(PERSON).where(fits)).scalar_one()
    return list(conn.execute(wanted).all()), total


def one_learner(conn: Connection, learner_number: str) -> Row[Any]:
    """Who has this learner number: `id`, `legal_name`, the ledger's `entries` and id (None while there is none), and
    `kept_name` and `kept_number` of the account that it was merged into. Raises NotFound."""
    found = conn.execute(_PERSON, {"learner": learner_number.replace("\0", "")}).first()
    if found is None:
        raise NotFound
    return found


def person_id_of(conn: Connection, learner_number: str) -> str:
    """Who has this learner number. Raises NotFound."""
    return str(one_learner(conn, learner_number).id)


def ledger_entries(conn: Connection, person_id: str, number: int) -> list[Row[Any]]:
    """One page of a person's ledger, newest first; one statement."""
    return list(conn.execute(_OF_PERSON, {"person": person_id, "skipped": offset(number)}).all())
