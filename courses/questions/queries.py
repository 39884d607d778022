"""Reading questions and replies, each with its author's display name and whether that is one of the staff.

What a page shows is read up to an instant, `until`: EVER, but for staff who look on as of another one.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, case, exists, func, or_, select, true

from courses.cohorts.scopes import holds_within
from courses.learning.access import SERVES
from courses.paging import PER_PAGE
from courses.questions.models import Question, Reply
from fourweek.accounts.access import ALLOWS, GRANT, PERSON
from fourweek.database import INSTANT, table

QUESTION, REPLY = table(Question), table(Reply)
STAFF_ROLES = [role for role, allowed in ALLOWS.items() if allowed & set(SERVES)]
_COHORT: Any = bindparam("cohort")
EVER = datetime.max.replace(tzinfo=UTC)
_UNTIL: Any = bindparam("until", type_=INSTANT)
_HIDER, _CLOSER, _MARKER = PERSON.alias("hider"), PERSON.alias("closer"), PERSON.alias("marker")


class Show(StrEnum):
    """Which questions of a module are listed."""

    ALL = "all"
    OPEN = "open"
    ANSWERED = "answered"


def is_staff(person: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a person serves the cohort that is bound as `cohort`."""
    return exists().where(GRANT.c.person_id == person, holds_within(_COHORT), GRANT.c.role.in_(STAFF_ROLES))


def waits() -> ColumnElement[bool]:
    """Which questions wait for an answer (the condition of the index `ix_question_waiting`)."""
    return and_(QUESTION.c.answered_at.is_(None), QUESTION.c.closed_at.is_(None), QUESTION.c.hidden_at.is_(None))


def _by_then(instant: Any) -> Any:
    """The instant, if it had come by `until`."""
    return case((instant <= _UNTIL, instant)).label(instant.name)


def _count(*where: ColumnElement[bool]) -> Any:
    counted = select(func.count()).select_from(REPLY).where(REPLY.c.question_id == QUESTION.c.id, *where)
    return counted.correlate(QUESTION).scalar_subquery()


REPLIES = _count(REPLY.c.hidden_at.is_(None))
_ANSWER = case((QUESTION.c.answered_at <= _UNTIL, QUESTION.c.answer_id)).label("answer_id")
_IN_THREAD = _count(REPLY.c.id.is_distinct_from(_ANSWER), REPLY.c.said_at <= _UNTIL)
_REPLIES_THEN = _count(REPLY.c.said_at <= _UNTIL, or_(REPLY.c.hidden_at.is_(None), REPLY.c.hidden_at > _UNTIL))
_TIMED = frozenset({"answered_at", "answer_id", "closed_at", "hidden_at"})
_STATES = [_by_then(QUESTION.c[name]) for name in ("answered_at", "closed_at", "hidden_at")]
_ANSWERED, _CLOSED, _HIDDEN = (state.element for state in _STATES)
_SHOWN = {
    Show.ALL: true(),
    Show.OPEN: and_(_ANSWERED.is_(None), _CLOSED.is_(None), _HIDDEN.is_(None)),
    Show.ANSWERED: and_(_ANSWERED.is_not(None), _HIDDEN.is_(None)),
}
_LISTED: Any = (
    select(
        QUESTION.c.id,
        QUESTION.c.title,
        QUESTION.c.author_id,
        QUESTION.c.asked_at,
        *_STATES,
        PERSON.c.display_name.label("by"),
        is_staff(QUESTION.c.author_id).label("staff"),
        _REPLIES_THEN.label("replies"),
        func.count().over().label("total"),
    )
    .join(PERSON, PERSON.c.id == QUESTION.c.author_id)
    .where(
        QUESTION.c.cohort_id == _COHORT,
        QUESTION.c.module_number == bindparam("module"),
        QUESTION.c.asked_at <= _UNTIL,
    )
    .order_by(QUESTION.c.asked_at.desc(), QUESTION.c.id.desc())
    .limit(PER_PAGE)
    .offset(bindparam("offset"))
)
_LISTS = {show: _LISTED.where(condition) for show, condition in _SHOWN.items()}
_QUESTION: Any = (
    select(
        *(column for column in QUESTION.c if column.name not in _TIMED),
        *_STATES,
        _ANSWER,
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
        QUESTION.c.asked_at <= _UNTIL,
    )
)
_REPLY: Any = (
    select(
        *(column for column in REPLY.c if column.name not in _TIMED),
        _by_then(REPLY.c.hidden_at),
        PERSON.c.display_name.label("by"),
        is_staff(REPLY.c.author_id).label("staff"),
        _HIDER.c.display_name.label("hider"),
    )
    .join(PERSON, PERSON.c.id == REPLY.c.author_id)
    .outerjoin(_HIDER, _HIDER.c.id == REPLY.c.hidden_by)
    .where(REPLY.c.question_id == bindparam("question"), REPLY.c.said_at <= _UNTIL)
)
_ONE_REPLY = _REPLY.where(REPLY.c.id == bindparam("id"))
_THREAD = (
    _REPLY.where(REPLY.c.id != bindparam("answer"))
    .order_by(REPLY.c.said_at, REPLY.c.id)
    .limit(PER_PAGE)
    .offset(bindparam("offset"))
)


def question_rows(
    conn: Connection, cohort_id: str, module_number: int, show: Show, offset: int, until: datetime = EVER
) -> list[Row[Any]]:
    """One page of a module's questions, newest first, each with the `total`."""
    values = {"cohort": cohort_id, "module": module_number, "offset": offset, "until": until}
    return list(conn.execute(_LISTS[show], values))


def question_row(
    conn: Connection, cohort_id: str, module_number: int, question_id: str, until: datetime = EVER
) -> Row[Any] | None:
    """A question with all its columns; `in_thread` counts its replies apart from the answer."""
    values = {"id": question_id, "cohort": cohort_id, "module": module_number, "until": until}
    found: Row[Any] | None = conn.execute(_QUESTION, values).first()
    return found


def reply_row(
    conn: Connection, cohort_id: str, question_id: str, reply_id: str, until: datetime = EVER
) -> Row[Any] | None:
    values = {"id": reply_id, "question": question_id, "cohort": cohort_id, "until": until}
    found: Row[Any] | None = conn.execute(_ONE_REPLY, values).first()
    return found


def reply_rows(
    conn: Connection, cohort_id: str, question: Row[Any], offset: int, until: datetime = EVER
) -> list[Row[Any]]:
    """One page of the replies, oldest first, the answer left out."""
    answer = question.answer_id or ""
    values = {"question": question.id, "cohort": cohort_id, "answer": answer, "offset": offset, "until": until}
    return list(conn.execute(_THREAD, values))
