"""Letters about questions: to those who teach when one is asked, to those who took part when it is replied to."""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, or_, select

from courses.cohorts.scopes import holds_in
from courses.enrolment.access import ENROLMENT
from courses.enrolment.models import EnrolmentState
from courses.questions.access import Member, Spot
from courses.questions.queries import QUESTION, REPLY, is_staff
from courses.typed_markdown import excerpt
from fourweek import outbox
from fourweek.accounts.access import GRANT, PERSON, Visitor
from fourweek.accounts.models import Role

TEACHERS = (Role.INSTRUCTOR, Role.LEAD)

_SECTION: Any = (
    select(ENROLMENT.c.section_id)
    .join(QUESTION, QUESTION.c.author_id == ENROLMENT.c.person_id)
    .where(ENROLMENT.c.cohort_id == bindparam("cohort"), QUESTION.c.id == bindparam("question"))
    .scalar_subquery()
)
_TEACHERS = (
    select(GRANT.c.person_id, GRANT.c.scope_id)
    .join(PERSON, PERSON.c.id == GRANT.c.person_id)
    .where(
        GRANT.c.role.in_(TEACHERS),
        holds_in(bindparam("cohort"), _SECTION),
        PERSON.c.disabled_at.is_(None),
    )
)
_HAS_PLACE = exists().where(
    ENROLMENT.c.person_id == PERSON.c.id,
    ENROLMENT.c.cohort_id == bindparam("cohort"),
    ENROLMENT.c.state != EnrolmentState.WITHDRAWN,
)
_TOOK_PART = select(PERSON.c.id).where(
    or_(
        PERSON.c.id.in_(select(QUESTION.c.author_id).where(QUESTION.c.id == bindparam("question"))),
        PERSON.c.id.in_(select(REPLY.c.author_id).where(REPLY.c.question_id == bindparam("question"))),
    ),
    or_(_HAS_PLACE, is_staff(PERSON.c.id)),
    PERSON.c.disabled_at.is_(None),
)


def tell_asked(conn: Connection, visitor: Visitor, member: Member, question_id: str, title: str, body: str) -> None:
    """Write to those who teach the cohort."""
    data = _said(member, title, body, f"{member.address}/{question_id}")
    people = sorted(_teachers(conn, member, question_id) - {member.me.id})
    mails = [outbox.Mail(f"question_asked:{question_id}:{person}", person, data) for person in people]
    outbox.post_all(conn, "question_asked", mails, now=visitor.now.real)


def tell_replied(
    conn: Connection, visitor: Visitor, member: Member, question: Row[Any], reply_id: str, body: str, path: str
) -> None:
    """Write to the asker and to everybody who replied before."""
    data = _said(member, question.title, body, path)
    people = sorted(_took_part(conn, member, question.id) - {member.me.id})
    mails = [outbox.Mail(f"question_replied:{reply_id}:{person}", person, data) for person in people]
    outbox.post_all(conn, "question_replied", mails, now=visitor.now.real)


def call_back(conn: Connection, member: Member, spot: Spot) -> None:
    """Take back what has not left yet about a question, or about one reply: it is hidden."""
    if spot.reply_id:
        people = _took_part(conn, member, spot.question_id)
        keys = [f"question_replied:{spot.reply_id}:{person}" for person in people]
    else:
        keys = [f"question_asked:{spot.question_id}:{person}" for person in _teachers(conn, member, spot.question_id)]
    outbox.withdraw(conn, *keys)


def _teachers(conn: Connection, member: Member, question_id: str) -> set[str]:
    """Those who teach this very course, cohort or section; where nobody does, those who teach in the institution."""
    rows = conn.execute(_TEACHERS, {"cohort": member.cohort_id, "question": question_id}).all()
    scoped = {row.person_id for row in rows if row.scope_id}
    return scoped or {row.person_id for row in rows}


def _took_part(conn: Connection, member: Member, question_id: str) -> set[str]:
    return set(conn.execute(_TOOK_PART, {"question": question_id, "cohort": member.cohort_id}).scalars())


def _said(member: Member, title: str, body: str, path: str) -> dict[str, Any]:
    cohort = member.reader.cohort
    return {
        "course": cohort.course_title,
        "cohort": cohort.name,
        "number": member.number,
        "title": title,
        "text": excerpt(body),
        "by": member.me.name,
        "path": path,
    }
