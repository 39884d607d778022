"""The page on which a question is asked, and the one on which what was just posted is changed."""

from collections.abc import Mapping

from sqlalchemy import Connection

from courses.questions.access import Spot, member_of, module_title, question_of
from courses.questions.forms import PostForm
from courses.questions.pages import PostFormPage
from courses.questions.rules import TOO_LATE, is_editable
from courses.questions.service import own_post
from fourweek.accounts.access import Visitor
from fourweek.database import new_id
from fourweek.errors import Forbidden
from fourweek.language import _


def ask_page(
    conn: Connection,
    visitor: Visitor,
    spot: Spot,
    typed: PostForm | None = None,
    errors: Mapping[str, str] | None = None,
    preview: str = "",
) -> PostFormPage:
    """The form of a new question, with what was typed."""
    member = member_of(conn, visitor, spot)
    return PostFormPage(
        cohort_id=spot.cohort_id,
        course_title=member.reader.cohort.course_title,
        number=spot.module_number,
        module_title=module_title(conn, member),
        question_id="",
        reply_id="",
        typed=typed or PostForm(new_id()),
        errors=errors or {},
        preview=preview,
    )


def edit_page(
    conn: Connection,
    visitor: Visitor,
    spot: Spot,
    typed: PostForm | None = None,
    errors: Mapping[str, str] | None = None,
    preview: str = "",
) -> PostFormPage:
    """The form with what the visitor posted. Raises Forbidden when it is too late and nothing was typed yet."""
    member = member_of(conn, visitor, spot)
    question = question_of(conn, member, spot.question_id)
    post = own_post(conn, member, spot, question)
    posted_at = post.said_at if spot.reply_id else post.asked_at
    if typed is None and not is_editable(posted_at, visitor.now.school):
        raise Forbidden(_(TOO_LATE))
    return PostFormPage(
        cohort_id=spot.cohort_id,
        course_title=member.reader.cohort.course_title,
        number=spot.module_number,
        module_title=module_title(conn, member),
        question_id=spot.question_id,
        reply_id=spot.reply_id,
        typed=typed or PostForm(post.id, "" if spot.reply_id else post.title, post.body),
        errors=errors or {},
        preview=preview,
    )
