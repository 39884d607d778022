"""The comment bank: what a grader says again and again, their own or shared with everybody who grades a course."""

from typing import Any

from sqlalchemy import Connection, String, bindparam, or_, select, update

from assessments.assignments.models import Assignment
from assessments.evidence.models import Submission
from assessments.remarks.access import BANK, FoundComment, bank_comment, in_courses, need_lead, need_owner, reader
from assessments.remarks.models import BankComment
from courses.cohorts.queries import COURSE, VERSION
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.database import add, new_id, table
from fourweek.errors import Forbidden, Invalid, NotFound
from fourweek.language import _, n_
from fourweek.light import dataclass
from fourweek.prepared import Prepared
from fourweek.words import say_whole

SUBMISSION, ASSIGNMENT = table(Submission), table(Assignment)
LONGEST, SHOWN = 4_000, 200
"""Characters of a comment, and how many of a course a grading screen offers."""

_COURSE_OF = (
    select(VERSION.c.course_id)
    .join(ASSIGNMENT, ASSIGNMENT.c.version_id == VERSION.c.id)
    .join(SUBMISSION, SUBMISSION.c.assignment_id == ASSIGNMENT.c.id)
    .where(SUBMISSION.c.id == bindparam("submission", type_=String))
)
_OFFERED = Prepared(
    select(BANK.c.id, BANK.c.criterion_key, BANK.c.text, BANK.c.shared)
    .where(
        BANK.c.course_id == _COURSE_OF.scalar_subquery(),
        BANK.c.removed_at.is_(None),
        or_(BANK.c.shared, BANK.c.owner_id == bindparam("me", type_=String)),
    )
    .order_by(BANK.c.made_at.desc(), BANK.c.id.desc())
    .limit(SHOWN)
)
_SAME = select(BANK.c.id).where(
    BANK.c.course_id == bindparam("course"),
    BANK.c.owner_id == bindparam("owner"),
    BANK.c.criterion_key == bindparam("key"),
    BANK.c.text == bindparam("words"),
    BANK.c.removed_at.is_(None),
)
_IS_GRADED = select(COURSE.c.id).where(COURSE.c.id == bindparam("course"), in_courses("grades", COURSE.c.id))


@dataclass(frozen=True, slots=True)
class Offered:
    """A comment that a grading screen offers; `criterion` is its key, "" for any."""

    id: str
    criterion: str
    text: str
    shared: bool


def offered(conn: Connection, visitor: Visitor, submission_id: str) -> tuple[Offered, ...]:
    """The visitor's own and the shared comments of the submission's course, newest first; one statement.

    The caller has authorised the submission.
    """
    rows = _OFFERED.all(conn, submission=submission_id, me=visitor.me.id)
    return tuple(Offered(row.id, row.criterion_key, row.text, row.shared) for row in rows)


def words_of(conn: Connection, visitor: Visitor, comment_id: str) -> str:
    """The text of a comment that the visitor may read. Raises NotFound."""
    return bank_comment(conn, visitor, comment_id).text


def course_of(conn: Connection, submission_id: str) -> str:
    """The id of the course that a submission belongs to. The caller has authorised the submission."""
    return str(conn.execute(_COURSE_OF, {"submission": submission_id}).scalar_one())


def keep_comment(conn: Connection, visitor: Visitor, course_id: str, criterion_key: str, text: str) -> str:
    """Keep a comment of one's own for further use; its id. One that is there already is not kept twice.

    Raises Invalid for the field `text`. The caller has authorised the course.
    """
    _check(text)
    same = {"course": course_id, "owner": visitor.me.id, "key": criterion_key, "words": text}
    if there := conn.execute(_SAME, same).scalar():
        return str(there)
    row = _row(visitor, course_id, criterion_key, text)
    add(conn, row)
    _note(conn, visitor, "bank_comment.kept", row.id)
    return row.id


def add_for_course(conn: Connection, visitor: Visitor, course_id: str, text: str) -> None:
    """Keep a comment for any criterion of a course that the visitor grades. Raises NotFound, Invalid."""
    if conn.execute(_IS_GRADED, reader(visitor) | {"course": course_id}).first() is None:
        raise NotFound
    keep_comment(conn, visitor, course_id, "", text)


def edit(conn: Connection, visitor: Visitor, comment_id: str, text: str) -> None:
    """Put a new comment in the place of one's own: others who used it keep what they used. Raises Invalid."""
    found = bank_comment(conn, visitor, comment_id)
    need_owner(found)
    _check(text)
    if text == found.text:
        return
    _take_off(conn, visitor, found)
    row = _row(visitor, found.course_id, found.criterion_key, text)
    row.shared = found.shared and found.may_share
    add(conn, row)
    _note(conn, visitor, "bank_comment.edited", row.id, {"before": found.id})


def remove(conn: Connection, visitor: Visitor, comment_id: str) -> None:
    """Take a comment off the list: its owner, or a lead of the course one that is shared."""
    found = bank_comment(conn, visitor, comment_id)
    if not (found.may_change or (found.shared and found.may_share)):
        raise Forbidden(_("Only whoever wrote this comment or a lead of the course may remove it."))
    _take_off(conn, visitor, found)
    _note(conn, visitor, "bank_comment.removed", found.id)


def share(conn: Connection, visitor: Visitor, comment_id: str, *, shared: bool) -> None:
    """Show a comment to everybody who grades the course, or to its owner alone again: leads of the course only."""
    found = bank_comment(conn, visitor, comment_id)
    need_lead(found)
    if found.shared != shared:
        conn.execute(update(BANK).where(BANK.c.id == found.id).values(shared=shared))
        _note(conn, visitor, "bank_comment.shared" if shared else "bank_comment.unshared", found.id)


def _check(text: str) -> None:
    if not text.strip():
        raise Invalid({"text": _("Write the comment first.")})
    if len(text) > LONGEST:
        words = n_(
            "This has {size} character; at most {most} are kept in the bank. Shorten it.",
            "This has {size} characters; at most {most} are kept in the bank. Shorten it.",
            len(text),
            size=say_whole(len(text)),
            most=say_whole(LONGEST),
        )
        raise Invalid({"text": words})


def _row(visitor: Visitor, course_id: str, criterion_key: str, text: str) -> BankComment:
    return BankComment(
        id=new_id(),
        course_id=course_id,
        owner_id=visitor.me.id,
        criterion_key=criterion_key,
        text=text,
        made_at=visitor.now.real,
    )


def _take_off(conn: Connection, visitor: Visitor, found: FoundComment) -> None:
    conn.execute(update(BANK).where(BANK.c.id == found.id).values(removed_at=visitor.now.real))


def _note(conn: Connection, visitor: Visitor, act: str, comment_id: str, detail: dict[str, Any] | None = None) -> None:
    me = visitor.me.id
    record(conn, act, "bank_comment", comment_id, at=visitor.now.real, actor_id=me, detail=detail or {})
