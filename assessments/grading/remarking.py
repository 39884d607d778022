"""What the rating form holds beside a rating: notes for other graders, and comments put in from the bank or into it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from assessments.completeness.service import mark_complete
from assessments.grading.access import Found, graded_submission
from assessments.grading.forms import COMMENT, LEVEL, Typed
from assessments.grading.queries import criteria_of, kept_rating
from assessments.grading.ratings import Saved, save
from assessments.grading.rules import Scoring
from assessments.remarks.bank import course_of, keep_comment
from assessments.remarks.notes import write_note
from fourweek.accounts.access import Visitor
from fourweek.errors import Invalid
from fourweek.language import _

WHOLE = "comment"
"""The field of the comment on the whole; "comment-…" are those on criteria."""
P = ParamSpec("P")
T = TypeVar("T")
Rates = Callable[Concatenate[Connection, Visitor, str, Typed, P], T]


def with_note(rates: Rates[P, T], *, judgeable: bool = False) -> Rates[P, T]:
    """`rates` and, in the same transaction, the note that stands in the form; `judgeable`: it says so, too."""

    def act(
        conn: Connection, visitor: Visitor, submission_id: str, typed: Typed, /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        done = rates(conn, visitor, submission_id, typed, *args, **kwargs)
        if typed.note:
            write_note(conn, visitor, submission_id, typed.note)
        if judgeable:
            mark_complete(conn, visitor, submission_id)
        return done

    return act


def add_note(conn: Connection, visitor: Visitor, submission_id: str, text: str) -> None:
    """A note on a submission that the visitor may see, decided or not. Raises NotFound, and Invalid for `note`."""
    graded_submission(conn, visitor, submission_id)
    write_note(conn, visitor, submission_id, text)


def save_chosen(
    conn: Connection, visitor: Visitor, submission_id: str, typed: Typed, lasts: timedelta, *, claim: bool = False
) -> Saved:
    """`ratings.save`, with the answers that are to be taken from the stored rating it replaces."""
    if typed.taken and typed.over is not None:
        kept = kept_rating(conn, submission_id, visitor.me.id)
        if kept is not None and kept.version == typed.over:
            typed = replace(typed, scoring=merged(typed.scoring, kept.scoring, typed.taken), taken=frozenset())
    return save(conn, visitor, submission_id, typed, lasts, claim=claim)


def keep_in_bank(
    conn: Connection, visitor: Visitor, submission_id: str, typed: Typed, lasts: timedelta, *, field: str
) -> Saved:
    """Save, and keep the comment that stands in `field` for further use. Raises Invalid and Clashed as a save does."""
    saved = save_chosen(conn, visitor, submission_id, typed, lasts)
    criterion = field.removeprefix(COMMENT) if field.startswith(COMMENT) else ""
    if criterion and all(criterion != one.key for one in criteria_of(conn, typed.rubric_id)):
        raise Invalid({WHOLE: _("That comment is on no criterion of this rubric.")})
    words = typed.scoring.comment_on(criterion) if criterion else typed.scoring.comment
    try:
        keep_comment(conn, visitor, course_of(conn, submission_id), criterion, words)
    except Invalid as error:
        raise Invalid({field: error.fields["text"]}) from error
    return saved


def merged(typed: Scoring, kept: Scoring, taken: frozenset[str]) -> Scoring:
    """A scoring with the answers in `taken`, by the names of their fields, as they are kept. Pure."""
    levels = {key: kept.level(key) for key in _keys(taken, LEVEL)}
    comments = {key: kept.comment_on(key) for key in _keys(taken, COMMENT)}
    whole = kept.comment if WHOLE in taken else typed.comment
    return Scoring({**typed.levels, **levels}, {**typed.comments, **comments}, whole)


def with_comment(scoring: Scoring, field: str, words: str) -> Scoring:
    """A scoring with words put at the end of the comment in `field`. Pure."""
    if field == WHOLE:
        return replace(scoring, comment=_after(scoring.comment, words))
    key = field.removeprefix(COMMENT)
    return replace(scoring, comments={**scoring.comments, key: _after(scoring.comment_on(key), words)})


def on_the_desk(found: Found, visitor: Visitor) -> bool:
    """Whether the visitor has this submission to rate it."""
    return found.waits and found.claim is not None and found.claim.grader_id == visitor.me.id


def _keys(names: frozenset[str], prefix: str) -> list[str]:
    return [name.removeprefix(prefix) for name in names if name.startswith(prefix)]


def _after(text: str, words: str) -> str:
    return f"{text}\n{words}" if text else words
