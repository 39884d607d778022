"""An award as its earner sees it: what others see of it, its signed forms, and the evidence and addresses in it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, or_, select

from assessments.awards.evidence import CAN_BE_SHARED
from assessments.awards.models import AwardAddress
from assessments.badges.queries import AWARD, ISSUE
from assessments.badges.shown import AwardRecord, SignedForm, own_record, signed_form
from assessments.evidence.queries import EVIDENCE, SUBMISSION
from courses.paging import PER_PAGE, offset
from fourweek.accounts.access import Visitor
from fourweek.accounts.service import EMAIL
from fourweek.database import table
from fourweek.errors import Busy
from fourweek.language import _
from fourweek.light import dataclass

ADDRESS = table(AwardAddress)
_FORMS: Select[Any] = (
    select(ISSUE.c.number, ISSUE.c.why, ISSUE.c.issued_at)
    .where(ISSUE.c.award_id == bindparam("award"))
    .order_by(ISSUE.c.number.desc())
    .limit(PER_PAGE)
    .offset(bindparam("skipped"))
)
_FORM_COUNT = select(func.count()).select_from(ISSUE).where(ISSUE.c.award_id == bindparam("award"))
_KEPT: Select[Any] = (
    select(EVIDENCE.c.sha256, EVIDENCE.c.id, EVIDENCE.c.file_name)
    .join(SUBMISSION, SUBMISSION.c.id == EVIDENCE.c.submission_id)
    .join(AWARD, AWARD.c.enrolment_id == SUBMISSION.c.enrolment_id)
    .where(
        AWARD.c.id == bindparam("award"),
        EVIDENCE.c.sha256.in_(bindparam("digests", expanding=True)),
        EVIDENCE.c.kind.in_(CAN_BE_SHARED),
        EVIDENCE.c.purged_at.is_(None),
    )
    .order_by(EVIDENCE.c.id.desc())
)
_MINE: Select[Any] = (
    select(EMAIL.c.address, EMAIL.c.is_primary)
    .where(EMAIL.c.person_id == bindparam("person"), or_(EMAIL.c.is_primary, EMAIL.c.verified_at.is_not(None)))
    .order_by(EMAIL.c.is_primary.desc(), EMAIL.c.address)
)
_CHOSEN = select(ADDRESS.c.address).where(ADDRESS.c.award_id == bindparam("award")).order_by(ADDRESS.c.address)


@dataclass(frozen=True, slots=True)
class FormLine:
    """One signed form: its number, why it was made, and when."""

    number: int
    why: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class KeptPiece:
    """A piece of evidence that can be shared; `file_name` is "" for a text or link."""

    id: str
    file_name: str


@dataclass(frozen=True, slots=True)
class OwnAward:
    """`kept` are the pieces of evidence that can be shared, by their digests.

    `addresses` are the person's own, the main one first and then those that were confirmed; the award is made out to
    the main one and to `made_out_to`.
    """

    record: AwardRecord
    forms: tuple[FormLine, ...]
    form_count: int
    kept: dict[str, KeptPiece]
    addresses: tuple[str, ...]
    made_out_to: frozenset[str]


def own_award(conn: Connection, visitor: Visitor, slug: str, number: int) -> OwnAward:
    """The visitor's own award with page `number` of its signed forms; seven statements. Raises NotFound."""
    record = own_record(conn, visitor, slug)
    award = {"award": record.award_id}
    rows = conn.execute(_FORMS, award | {"skipped": offset(number)})
    mine = [row.address for row in conn.execute(_MINE, {"person": record.person_id})]
    return OwnAward(
        record=record,
        forms=tuple(FormLine(row.number, row.why, row.issued_at) for row in rows),
        form_count=conn.execute(_FORM_COUNT, award).scalar_one(),
        kept=can_be_shared(conn, record),
        addresses=tuple(mine),
        made_out_to=frozenset(conn.execute(_CHOSEN, award).scalars()),
    )


def can_be_shared(conn: Connection, record: AwardRecord) -> dict[str, KeptPiece]:
    """The award's evidence that is still kept, by its digests."""
    digests = [piece["sha256"] for piece in record.snapshot["evidence"]]
    if not digests:
        return {}
    rows = conn.execute(_KEPT, {"award": record.award_id, "digests": digests})
    return {row.sha256: KeptPiece(row.id, row.file_name) for row in rows}


def own_form(conn: Connection, visitor: Visitor, slug: str) -> SignedForm:
    """The newest signed form of the visitor's own award, also where its page is taken down. Raises NotFound, Busy."""
    record = own_record(conn, visitor, slug)
    if record.issue_id is None:
        raise Busy(_("This badge was awarded a moment ago and is being signed."))
    return signed_form(conn, record.issue_id)
