"""Putting the pages of a module's questions together."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from courses.learning.words import Pill
from courses.paging import PER_PAGE, offset, pager, query
from courses.questions.access import Member, Spot, member_of, module_title, question_of
from courses.questions.forms import PostForm
from courses.questions.pages import Post, QuestionLine, QuestionsPage, ThreadPage
from courses.questions.queries import Show, question_rows, reply_row, reply_rows
from courses.questions.rules import Stands, is_editable, stands
from courses.schedule.words import Said
from fourweek.accounts.access import Visitor
from fourweek.database import new_id
from fourweek.language import _, n_, p_

TONES = {Stands.OPEN: "waiting", Stands.ANSWERED: "good", Stands.CLOSED: "plain", Stands.HIDDEN: "warn"}


def questions_page(conn: Connection, visitor: Visitor, spot: Spot, typed_show: str, number: int) -> QuestionsPage:
    """A module's questions, newest first. As many statements for a full page as for an empty one."""
    return questions_for(conn, member_of(conn, visitor, spot), typed_show, number)


def questions_for(conn: Connection, member: Member, typed_show: str, number: int) -> QuestionsPage:
    """The questions of the module as this member sees them."""
    show = Show(typed_show) if typed_show in set(Show) else Show.ALL
    rows = question_rows(conn, member.cohort_id, member.number, show, offset(number), member.until)
    chosen = "" if show is Show.ALL else show.value
    return QuestionsPage(
        cohort_id=member.cohort_id,
        address=member.reader.address,
        view=member.reader.view,
        course_title=member.reader.cohort.course_title,
        number=member.number,
        module_title=module_title(conn, member),
        show=show,
        lines=tuple(_line(row, member) for row in rows),
        pager=pager(number, rows[0].total if rows else 0, lambda n: query(show=chosen, page=n)),
    )


def thread_page(
    conn: Connection,
    visitor: Visitor,
    spot: Spot,
    number: int | None,
    typed: PostForm | None = None,
    errors: Mapping[str, str] | None = None,
    preview: str = "",
) -> ThreadPage:
    """A question with one page of its replies, the last page without a `number`."""
    page = thread_for(conn, member_of(conn, visitor, spot), spot.question_id, number)
    return replace(page, typed=typed or page.typed, errors=errors or {}, preview=preview)


def thread_for(conn: Connection, member: Member, question_id: str, number: int | None) -> ThreadPage:
    """A question as this member sees it; in a view it takes nothing."""
    row, until = question_of(conn, member, question_id), member.until
    seen, number = member.sees(row), number or last_page(row.in_thread)
    replies = reply_rows(conn, member.cohort_id, row, offset(number), until) if seen else []
    answer = reply_row(conn, member.cohort_id, row.id, row.answer_id, until) if seen and row.answer_id else None
    writes = member.reader.view is None
    settled = writes and (member.teaches or row.author_id == member.me.id)
    is_open = writes and row.closed_at is None and row.hidden_at is None
    return ThreadPage(
        cohort_id=member.cohort_id,
        address=member.reader.address,
        view=member.reader.view,
        course_title=member.reader.cohort.course_title,
        number=member.number,
        question_id=row.id,
        title=row.title if seen else _(Stands.HIDDEN.value),
        pill=say_stands(row),
        is_closed=row.closed_at is not None,
        question=post_of(row, row.asked_at, member, editable=is_open),
        answer=post_of(answer, answer.said_at, member, editable=is_open) if answer else None,
        replies=tuple(post_of(one, one.said_at, member, editable=is_open) for one in replies),
        pager=pager(number, row.in_thread if seen else 0, lambda n: query(page=n)),
        may_reply=is_open,
        may_settle=settled and row.hidden_at is None,
        settled=tuple(_settled(row, member)) if member.teaches else (),
        teaches=member.teaches,
        typed=PostForm(new_id()),
        errors={},
        preview="",
    )


def post_of(row: Row[Any], posted_at: datetime, member: Member, *, editable: bool) -> Post:
    """A question or reply as the member sees it."""
    mine = row.author_id == member.me.id and row.hidden_at is None
    return Post(
        id=row.id,
        by=row.by,
        is_staff=row.staff,
        posted=member.say(posted_at),
        html=row.html if member.sees(row) else "",
        hidden=_say_hidden(row, member),
        is_hidden=row.hidden_at is not None,
        may_edit=mine and editable and is_editable(posted_at, member.now),
    )


def say_stands(row: Row[Any]) -> Pill:
    state = stands(row.answered_at, row.closed_at, row.hidden_at)
    words = p_("a question", "Closed") if state is Stands.CLOSED else _(state.value)
    return Pill(words, TONES[state])


def say_replies(count: int) -> str:
    return n_("{count} reply", "{count} replies", count) if count else _("no reply")


def last_page(count: int) -> int:
    """The page on which the last of so many replies stands."""
    return max(1, -(-count // PER_PAGE))


def _say_hidden(row: Row[Any], member: Member) -> str:
    """Whose and why, to those who may know; "" for what is not hidden."""
    if row.hidden_at is None:
        return ""
    if member.teaches:
        when = member.say(row.hidden_at).words
        return _("Hidden by {name} on {when}: {reason}", name=row.hider, when=when, reason=row.hidden_reason)
    if row.author_id == member.me.id:
        return _("Hidden by staff: {reason}", reason=row.hidden_reason)
    return _("Hidden by staff.")


def _settled(row: Row[Any], member: Member) -> Iterator[tuple[str, Said]]:
    """Who said which reply answers the question, and who closed it."""
    if row.answered_at:
        yield _("Answer marked by {name}", name=row.marker or _("somebody not known")), member.say(row.answered_at)
    if row.closed_at:
        yield _("Closed by {name}", name=row.closer or _("somebody not known")), member.say(row.closed_at)


def _line(row: Row[Any], member: Member) -> QuestionLine:
    return QuestionLine(
        title=row.title if member.sees(row) else _(Stands.HIDDEN.value),
        href=f"{member.address}/{row.id}",
        by=row.by,
        is_staff=row.staff,
        asked=member.say(row.asked_at),
        replies=say_replies(row.replies),
        pill=say_stands(row),
    )
