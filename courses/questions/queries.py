"""Reading questions and replies, each with its author's display name and whether that is one of the staff."""

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, exists, func, or_, select, true

from courses.learning.access import SERVES
from courses.paging import PER_PAGE
from courses.questions.models import Question, Reply
from fourweek.accounts.access import ALLOWS, EVERYWHERE, GRANT, PERSON
from fourweek.database import table

QUESTION, REPLY = table(Question), table(Reply)
STAFF_ROLES = [role for role, allowed in ALLOWS.items() if allowed & set(SERVES)]
_COHORT: Any = bindparam("cohort")
_HIDER, _CLOSER, _MARKER = PERSON.alias("hider"), PERSON.alias("closer"), PERSON.alias("marker")


class Show(StrEnum):
    """Which questions of a module are listed."""

    ALL = "all"
    OPEN = "open"
    ANSWERED = "answered"


def is_staff(person: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a person serves the cohort that is bound as `cohort`."""
    scoped = or_(GRANT.c.scope_id == EVERYWHERE, GRANT.c.scope_id == _COHORT)
    return exists().where(GRANT.c.person_id == person, scoped, GRANT.c.role.in_(STAFF_ROLES))


def waits() -> ColumnElement[bool]:
    """Which questions wait for an answer (the condition of the index `ix_question_waiting`)."""
    return and_(QUESTION.c.answered_at.is_(None), QUESTION.c.closed_at.is_(None), QUESTION.c.hidden_at.is_(None))


def _count(*where: ColumnElement[bool]) -> Any:
    counted = select(func.count()).select_from(REPLY).where(REPLY.c.question_id == QUESTION.c.id, *where)
    return counted.correlate(QUESTION).scalar_subquery()


REPLIES = _count(REPLY.c.hidden_at.is_(None))
_IN_THREAD = _count(REPLY.c.id.is_distinct_from(QUESTION.c.answer_id))
_SHOWN = {
    Show.ALL: true(),
    Show.OPEN: waits(),
    Show.ANSWERED: and_(QUESTION.c.answered_at.is_not(None), QUESTION.c.hidden_at.is_(None)),
}
_LISTED: Any = (
    select(
        QUESTION.c.id,
        QUESTION.c.title,
        QUESTION.c.author_id,
        QUESTION.c.asked_at,
        QUESTION.c.answered_at,
        QUESTION.c.closed_at,
        QUESTION.c.hidden_at,
        PERSON.c.display_name.label("by"),
        is_staff(QUESTION.c.author_id).label("staff"),
        REPLIES.label("replies"),
        func.count().over().label("total"),
    )
    .join(PERSON, PERSON.c.id == QUESTION.c.author_id)
    .where(QUESTION.c.cohort_id == _COHORT, QUESTION.c.module_number == bindparam("module"))
    .order_by(QUESTION.c.asked_at.desc(), QUESTION.c.id.desc())
    .limit(PER_PAGE)
    .offset(bindparam("offset"))
)
_LISTS = {show: _LISTED.where(condition) for show, condition in _SHOWN.items()}
_QUESTION: Any = (
    select(
        QUESTION,
        PERSON.c.display_name.label("by"),
        is_staff(QUESTION.c.author_id).label("staff"),
        _HIDER.c.display_name.label("hider"),
        _CLOSER.c.display_name.label("closer"),
        _MARKER.c.display_name.label("marker"),
        _IN_THREAD.label("in_thread"),
    )
    .join(PERSON, PERSON.c.id == QUESTION.c.author_id)
    .outerjoin(_HIDER, _HIDER.c.id == QUESTION.c.hidden_by)
    .outerjoin(_CLOSER, _CLOSER.c.id == QUESTION.c.closed_by)
    .outerjoin(_MARKER, _MARKER.c.id == QUESTION.c.answered_by)
    .where(
        QUESTION.c.id == bindparam("id"),
        QUESTION.c.cohort_id == _COHORT,
        QUESTION.c.module_number == bindparam("module"),
    )
)
_REPLY: Any = (
    select(
        REPLY,
        PERSON.c.display_name.label("by"),
        is_staff(REPLY.c.author_id).label("staff"),
        _HIDER.c.display_name.label("hider"),
    )
    .join(PERSON, PERSON.c.id == REPLY.c.author_id)
    .outerjoin(_HIDER, _HIDER.c.id == REPLY.c.hidden_by)
    .where(REPLY.c.question_id == bindparam("question"))
)
_ONE_REPLY = _REPLY.where(REPLY.c.id == bindparam("id"))
_THREAD = (
    _REPLY.where(REPLY.c.id != bindparam("answer"))
    .order_by(REPLY.c.said_at, REPLY.c.id)
    .limit(PER_PAGE)
    .offset(bindparam("offset"))
)


def question_rows(conn: Connection, cohort_id: str, module_number: int, show: Show, offset: int) -> list[Row[Any]]:
    """One page of a module's questions, newest first, each with the `total`."""
    return list(conn.execute(_LISTS[show], {"cohort": cohort_id, "module": module_number, "offset": offset}))


def question_row(conn: Connection, cohort_id: str, module_number: int, question_id: str) -> Row[Any] | None:
    """A question with all its columns; `in_thread` counts its replies apart from the answer."""
    found: Row[Any] | None = conn.execute(
        _QUESTION, {"id": question_id, "cohort": cohort_id, "module": module_number}
    ).first()
    return found


def reply_row(conn: Connection, cohort_id: str, question_id: str, reply_id: str) -> Row[Any] | None:
    values = {"id": reply_id, "question": question_id, "cohort": cohort_id}
    found: Row[Any] | None = conn.execute(_ONE_REPLY, values).first()
    return found


def reply_rows(conn: Connection, cohort_id: str, question: Row[Any], offset: int) -> list[Row[Any]]:
    """One page of the replies, oldest first, the answer left out."""
    answer = question.answer_id or ""
    values = {"question": question.id, "cohort": cohort_id, "answer": answer, "offset": offset}
    return list(conn.execute(_THREAD, values))
