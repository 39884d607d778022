"""Settling questions, and hiding what does not belong there."""

from typing import Any

from sqlalchemy import Connection, Row, update

from courses.questions.access import Spot, member_of, post_at, question_of
from courses.questions.letters import call_back
from courses.questions.pages import HidePage
from courses.questions.queries import QUESTION, REPLY
from courses.questions.service import held_question, note, settle
from fourweek.accounts.access import Permission, Visitor
from fourweek.errors import Conflict, Forbidden, Invalid
from fourweek.language import _

LONGEST_REASON = 500


def mark_answer(conn: Connection, visitor: Visitor, spot: Spot) -> None:
    """Mark the reply at the spot as the answer; without a reply, take the mark away. For asker and teachers."""
    question = _to_settle(conn, visitor, spot)
    if spot.reply_id and post_at(conn, spot, question).hidden_at:
        raise Conflict(_("That reply was hidden meanwhile."))
    if (question.answer_id or "") != spot.reply_id:
        settle(conn, visitor, question, spot.reply_id or None)


def set_closed(conn: Connection, visitor: Visitor, spot: Spot, *, closed: bool) -> None:
    """Close a question for further replies, or open it again. For the asker and those who teach."""
    question = _to_settle(conn, visitor, spot)
    if (question.closed_at is not None) == closed:
        return
    values = {"closed_at": visitor.now.school, "closed_by": visitor.me.id}
    values = values if closed else dict.fromkeys(values)
    conn.execute(update(QUESTION).where(QUESTION.c.id == question.id).values(values))
    note(conn, visitor, "question.close" if closed else "question.reopen", "question", question.id)


def hide_page(conn: Connection, visitor: Visitor, spot: Spot, reason: str = "", error: str | None = None) -> HidePage:
    """What is about to be hidden. Forbidden for those who only read it."""
    member = member_of(conn, visitor, spot)
    visitor.need(Permission.TEACH, spot.cohort_id)
    post = post_at(conn, spot, question_of(conn, member, spot.question_id))
    return HidePage(
        cohort_id=spot.cohort_id,
        course_title=member.reader.cohort.course_title,
        number=spot.module_number,
        question_id=spot.question_id,
        reply_id=spot.reply_id,
        by=post.by,
        html=post.html,
        reason=reason,
        error=error,
    )


def hide(conn: Connection, visitor: Visitor, spot: Spot, reason: str) -> None:
    """Hide a question or reply from everybody but its author and those who teach. Raises Invalid without a reason."""
    member, question = held_question(conn, visitor, spot)
    visitor.need(Permission.TEACH, spot.cohort_id)
    post = post_at(conn, spot, question)
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid({"reason": _("Give a reason of at most {count} characters.", count=LONGEST_REASON)})
    if post.hidden_at:
        raise Conflict(_("Somebody has hidden this already."))
    _set(conn, spot, hidden_at=visitor.now.school, hidden_by=visitor.me.id, hidden_reason=reason)
    if question.answer_id and question.answer_id == spot.reply_id:
        settle(conn, visitor, question, None)
    note(conn, visitor, f"{_kind(spot)}.hide", _kind(spot), post.id, reason=reason, question_id=question.id)
    call_back(conn, member, spot)


def show_again(conn: Connection, visitor: Visitor, spot: Spot) -> None:
    """Show to everybody again what was hidden."""
    _member, question = held_question(conn, visitor, spot)
    visitor.need(Permission.TEACH, spot.cohort_id)
    post = post_at(conn, spot, question)
    if post.hidden_at is None:
        return
    _set(conn, spot, hidden_at=None, hidden_by=None, hidden_reason="")
    note(conn, visitor, f"{_kind(spot)}.show", _kind(spot), post.id, question_id=question.id, was=post.hidden_reason)


def _to_settle(conn: Connection, visitor: Visitor, spot: Spot) -> Row[Any]:
    """A question that the visitor may settle. Forbidden for those who only read it, Conflict while it is hidden."""
    member, question = held_question(conn, visitor, spot)
    if not (member.teaches or question.author_id == member.me.id):
        raise Forbidden(_("Only the person who asked, or one of the staff, can do that."))
    if question.hidden_at:
        raise Conflict(_("This question is hidden."))
    return question


def _kind(spot: Spot) -> str:
    return "reply" if spot.reply_id else "question"


def _set(conn: Connection, spot: Spot, **values: Any) -> None:
    target, row_id = (REPLY, spot.reply_id) if spot.reply_id else (QUESTION, spot.question_id)
    conn.execute(update(target).where(target.c.id == row_id).values(values))
