"""Reading the two accounts of a merge, side by side, and the merges themselves."""

from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select

from assessments.badges.queries import AWARD
from assessments.credit.ledger import LEDGER
from assessments.merging.models import PersonMerge
from courses.enrolment.access import ENROLMENT
from courses.paging import PER_PAGE, offset
from fourweek.accounts.access import GRANT, PERSON
from fourweek.accounts.service import EMAIL
from fourweek.database import table
from fourweek.migrations.tables import metadata

MERGE = table(PersonMerge)
APPEAL = metadata.tables["appeal"]


def _number(of: Any) -> Any:
    return select(func.count()).select_from(of).where(of.c.person_id == PERSON.c.id).correlate(PERSON).scalar_subquery()


_OPEN_APPEALS = (
    select(func.count())
    .select_from(APPEAL)
    .where(APPEAL.c.opened_by == PERSON.c.id, APPEAL.c.closed_at.is_(None))
    .correlate(PERSON)
    .scalar_subquery()
)
_ACCOUNTS: Select[Any] = (
    select(PERSON.c.id, PERSON.c.learner_number, PERSON.c.legal_name, PERSON.c.created_at, PERSON.c.seen_at)
    .add_columns(PERSON.c.merged_into_id, PERSON.c.disabled_at, PERSON.c.erased_at)
    .add_columns(func.coalesce(LEDGER.c.entries, 0).label("entries"))
    .add_columns(_number(ENROLMENT).label("enrolments"), _number(AWARD).label("awards"))
    .add_columns(_number(GRANT).label("roles"), _OPEN_APPEALS.label("appeals"))
    .outerjoin(LEDGER, LEDGER.c.person_id == PERSON.c.id)
)
_BY_NUMBER = _ACCOUNTS.where(PERSON.c.learner_number.in_(bindparam("numbers", expanding=True)))
_BY_ID = _ACCOUNTS.where(PERSON.c.id.in_(bindparam("people", expanding=True)))
_ADDRESSES: Select[Any] = (
    select(EMAIL.c.person_id, EMAIL.c.address)
    .where(EMAIL.c.person_id.in_(bindparam("people", expanding=True)))
    .order_by(EMAIL.c.is_primary.desc(), EMAIL.c.address)
)
_GONE, _KEPT, _PROPOSER, _DECIDER = (PERSON.alias(name) for name in ("gone", "kept", "proposer", "decider"))
_MERGES: Select[Any] = (
    select(MERGE, _GONE.c.legal_name.label("gone_name"), _GONE.c.learner_number.label("gone_number"))
    .add_columns(_KEPT.c.legal_name.label("kept_name"), _KEPT.c.learner_number.label("kept_number"))
    .add_columns(_PROPOSER.c.display_name.label("proposer"), _DECIDER.c.display_name.label("decider"))
    .add_columns(_PROPOSER.c.merged_into_id.label("proposer_now"))
    .join(_GONE, _GONE.c.id == MERGE.c.gone_id)
    .join(_KEPT, _KEPT.c.id == MERGE.c.kept_id)
    .join(_PROPOSER, _PROPOSER.c.id == MERGE.c.proposed_by)
    .outerjoin(_DECIDER, _DECIDER.c.id == MERGE.c.decided_by)
)
_ONE = _MERGES.where(MERGE.c.id == bindparam("merge"))


def by_numbers(conn: Connection, *numbers: str) -> dict[str, Row[Any]]:
    """Accounts by learner number; unknown ones are left out."""
    wanted = [number.replace("\0", "") for number in numbers]
    return {row.learner_number: row for row in conn.execute(_BY_NUMBER, {"numbers": wanted})}


def by_ids(conn: Connection, *ids: str) -> dict[str, Row[Any]]:
    return {row.id: row for row in conn.execute(_BY_ID, {"people": list(ids)})}


def addresses(conn: Connection, *ids: str) -> dict[str, list[str]]:
    """The mail addresses of these people, the main one first."""
    found: dict[str, list[str]] = {one: [] for one in ids}
    for row in conn.execute(_ADDRESSES, {"people": list(ids)}):
        found[row.person_id].append(row.address)
    return found


def one_merge(conn: Connection, merge_id: str) -> Row[Any] | None:
    return conn.execute(_ONE, {"merge": merge_id.replace("\0", "")}).first()


def merges(conn: Connection, number: int, *, is_open: bool) -> tuple[list[Row[Any]], int]:
    """One page of the merges that wait, oldest first, or of those decided, newest first; two statements."""
    fits = MERGE.c.decided_at.is_(None) if is_open else MERGE.c.decided_at.is_not(None)
    order = MERGE.c.id if is_open else MERGE.c.decided_at.desc()
    wanted = _MERGES.where(fits).order_by(order, MERGE.c.id).limit(PER_PAGE).offset(offset(number))
    total = conn.execute(select(func.count()).select_from(MERGE).where(fits)).scalar_one()
    return list(conn.execute(wanted).all()), total
