"""Asking, replying, and changing what one has posted."""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from courses.questions.access import Member, Spot, member_of, post_at, question_of
from courses.questions.forms import PostForm
from courses.questions.letters import tell_asked, tell_replied
from courses.questions.models import Question, Reply
from courses.questions.queries import QUESTION, REPLY
from courses.questions.reading import last_page
from courses.questions.rules import MOST_POSTS, POSTS_WITHIN, TOO_LATE, TOO_MANY, is_editable, may_post
from fourweek.accounts.access import PERSON, Visitor
from fourweek.audit.service import record
from fourweek.database import add_once, lock
from fourweek.errors import Forbidden, Invalid
from fourweek.language import _

_HOLD = select(PERSON.c.id).where(PERSON.c.id == bindparam("person")).with_for_update(key_share=True)
_POSTS: Any = select(
    select(func.count())
    .select_from(QUESTION)
    .where(QUESTION.c.author_id == bindparam("person"), QUESTION.c.asked_at > bindparam("since"))
    .scalar_subquery()
    + select(func.count())
    .select_from(REPLY)
    .where(REPLY.c.author_id == bindparam("person"), REPLY.c.said_at > bindparam("since"))
    .scalar_subquery()
)


def ask(conn: Connection, visitor: Visitor, spot: Spot, typed: PostForm, html: str) -> str:
    """Post a question; returns its address, the same one for a form sent twice. Raises Invalid."""
    member = member_of(conn, visitor, spot)
    here = f"{member.address}/{typed.key}"
    row = Question(
        id=typed.key,
        cohort_id=spot.cohort_id,
        module_number=spot.module_number,
        author_id=member.me.id,
        title=typed.title,
        body=typed.body,
        html=html,
        asked_at=visitor.now.school,
    )
    if not add_once(conn, row):
        return here
    _check_posts(conn, visitor)
    note(conn, visitor, "question.ask", "question", row.id)
    tell_asked(conn, visitor, member, row.id, row.title, row.body)
    return here


def reply(
    conn: Connection,
    visitor: Visitor,
    spot: Spot,
    typed: PostForm,
    html: str,
) -> str:
    """Post a reply; returns its address, the same one for a form sent twice. Raises Invalid."""
    member, question = held_question(conn, visitor, spot)
    if question.closed_at or question.hidden_at:
        raise Invalid({"": _("This question takes no replies any more. Copy what you wrote if you want to keep it.")})
    row = Reply(
        id=typed.key,
        question_id=question.id,
        author_id=member.me.id,
        body=typed.body,
        html=html,
        said_at=visitor.now.school,
    )
    here = f"{member.address}/{question.id}"
    page = f"{here}?page={last_page(question.in_thread + 1)}#reply-{row.id}"
    if not add_once(conn, row):
        return f"{here}#reply-{row.id}"
    _check_posts(conn, visitor)
    if typed.answers and member.teaches:
        settle(conn, visitor, question, row.id)
    note(conn, visitor, "question.reply", "reply", row.id, question_id=question.id)
    tell_replied(conn, visitor, member, question, row.id, row.body, page)
    return page


def edit(
    conn: Connection,
    visitor: Visitor,
    spot: Spot,
    typed: PostForm,
    html: str,
) -> None:
    """Change what the visitor posted a moment ago. Raises Forbidden for somebody else's, Invalid too late."""
    member, question = held_question(conn, visitor, spot)
    post = own_post(conn, member, spot, question)
    posted_at = post.said_at if spot.reply_id else post.asked_at
    if question.closed_at or question.hidden_at or post.hidden_at or not is_editable(posted_at, visitor.now.school):
        raise Invalid({"": _(TOO_LATE)})
    if spot.reply_id:
        conn.execute(update(REPLY).where(REPLY.c.id == post.id).values(body=typed.body, html=html))
        note(conn, visitor, "reply.edit", "reply", post.id, question_id=question.id)
    else:
        values = {"title": typed.title, "body": typed.body, "html": html}
        conn.execute(update(QUESTION).where(QUESTION.c.id == post.id).values(values))
        note(conn, visitor, "question.edit", "question", post.id)


def own_post(conn: Connection, member: Member, spot: Spot, question: Row[Any]) -> Row[Any]:
    """The question or reply at the spot if the member wrote it. Raises NotFound or Forbidden."""
    post = post_at(conn, spot, question)
    if post.author_id != member.me.id:
        raise Forbidden(_("Only the person who wrote this can change it."))
    return post


def held_question(conn: Connection, visitor: Visitor, spot: Spot) -> tuple[Member, Row[Any]]:
    """A question of an open module, locked until the transaction ends. Raises NotFound."""
    member = member_of(conn, visitor, spot)
    lock(conn, QUESTION, spot.question_id)
    return member, question_of(conn, member, spot.question_id)


def settle(conn: Connection, visitor: Visitor, question: Row[Any], answer_id: str | None) -> None:
    """Note which reply answers a question; None: none does."""
    values = {"answer_id": answer_id, "answered_at": visitor.now.school, "answered_by": visitor.me.id}
    values = values if answer_id else dict.fromkeys(values)
    conn.execute(update(QUESTION).where(QUESTION.c.id == question.id).values(values))
    act = "question.answer" if answer_id else "question.unanswer"
    note(conn, visitor, act, "question", question.id, reply_id=answer_id or question.answer_id)


def note(
    conn: Connection, visitor: Visitor, act: str, kind: str, subject_id: str, *, reason: str = "", **detail: Any
) -> None:
    """The audit row of an act of the visitor."""
    at, actor = visitor.now.real, visitor.me.id
    record(conn, act, kind, subject_id, at=at, actor_id=actor, reason=reason, detail=detail)


def _check_posts(conn: Connection, visitor: Visitor) -> None:
    """Raise Invalid where what was just posted is more than an hour may hold; the transaction takes it back.

    Holds the author's row, so that two posts at once are counted one after the other.
    """
    conn.execute(_HOLD, {"person": visitor.me.id})
    since = visitor.now.school - POSTS_WITHIN
    posts: int = conn.execute(_POSTS, {"person": visitor.me.id, "since": since}).scalar_one()
    if not may_post(posts - 1):
        raise Invalid({"": _(TOO_MANY, count=MOST_POSTS)})
