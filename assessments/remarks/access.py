"""Comments of the bank as a grader may hold them: fetched and authorised in one step."""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, Connection, String, and_, bindparam, exists, or_, select

from assessments.remarks.models import BankComment
from courses.cohorts.queries import COHORT, VERSION
from courses.enrolment.access import SECTION
from fourweek.accounts.access import EVERYWHERE, Permission, Visitor
from fourweek.database import table
from fourweek.errors import Forbidden, NotFound
from fourweek.language import _
from fourweek.light import dataclass

BANK = table(BankComment)


def in_courses(name: str, course: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a course is among those of the cohorts and sections that `scopes_of` names, or of all.

    Takes its values for `name`.
    """
    scopes: Any = bindparam(f"{name}_scopes", expanding=True)
    with_one = select(COHORT.c.id).join(VERSION, VERSION.c.id == COHORT.c.version_id)
    with_one = with_one.outerjoin(SECTION, SECTION.c.cohort_id == COHORT.c.id)
    served = or_(COHORT.c.id.in_(scopes), SECTION.c.id.in_(scopes))
    return or_(
        bindparam(f"{name}_everywhere", type_=Boolean), exists(with_one.where(VERSION.c.course_id == course, served))
    )


def scopes_of(visitor: Visitor, name: str, permission: Permission) -> dict[str, Any]:
    """Values for `in_courses`."""
    scopes = visitor.me.scopes(permission)
    return {f"{name}_everywhere": EVERYWHERE in scopes, f"{name}_scopes": sorted(scopes)}


LEADS = in_courses("leads", BANK.c.course_id)
_IS_MINE = BANK.c.owner_id == bindparam("me", type_=String)
READABLE = and_(BANK.c.removed_at.is_(None), or_(_IS_MINE, and_(BANK.c.shared, in_courses("grades", BANK.c.course_id))))
"""One's own comments, and those shared in courses that one grades; takes the values of `reader`."""

_FOUND = select(*BANK.c, _IS_MINE.label("is_mine"), LEADS.label("leads")).where(
    BANK.c.id == bindparam("comment"), READABLE
)


@dataclass(frozen=True, slots=True)
class FoundComment:
    """A comment that the visitor may read; `may_change` it as its owner, `may_share` it as a lead of the course."""

    id: str
    course_id: str
    owner_id: str
    criterion_key: str
    text: str
    shared: bool
    may_change: bool
    may_share: bool


def reader(visitor: Visitor) -> dict[str, Any]:
    """Values for READABLE and LEADS. Raises NotFound for somebody who grades nowhere."""
    if not visitor.me.may_anywhere(Permission.GRADE):
        raise NotFound
    grades, leads = (
        scopes_of(visitor, "grades", Permission.GRADE),
        scopes_of(visitor, "leads", Permission.REVIEW_GRADES),
    )
    return grades | leads | {"me": visitor.me.id}


def bank_comment(conn: Connection, visitor: Visitor, comment_id: str) -> FoundComment:
    """A comment of the bank. Raises NotFound for what is not there or not the visitor's to read."""
    row = conn.execute(_FOUND, reader(visitor) | {"comment": comment_id}).first()
    if row is None:
        raise NotFound
    return FoundComment(
        id=row.id,
        course_id=row.course_id,
        owner_id=row.owner_id,
        criterion_key=row.criterion_key,
        text=row.text,
        shared=row.shared,
        may_change=bool(row.is_mine),
        may_share=bool(row.leads),
    )


def need_owner(found: FoundComment) -> None:
    if not found.may_change:
        raise Forbidden(_("Only whoever wrote this comment may change it."))


def need_lead(found: FoundComment) -> None:
    if not found.may_share:
        raise Forbidden(_("Only a lead of this course shares comments."))
