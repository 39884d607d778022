"""Saving one grader's scoring, version by version."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, update

from assessments.evidence.models import Step
from assessments.grading.access import Found, held_submission, need_grader
from assessments.grading.carrying import Carried, still_asked
from assessments.grading.claims import RATED, TO_SETTLE, drop, renew, take, taken_words
from assessments.grading.errors import Clashed, Kept
from assessments.grading.forms import Typed
from assessments.grading.models import Purpose, Rating, RatingLine, RatingState
from assessments.grading.queries import RATING, RATING_LINE, carried_into, criteria_of, kept_rating
from assessments.grading.rules import Criterion, Scoring, draft_problems
from assessments.grading.words import clock
from assessments.remarks.notes import note_problems
from fourweek.accounts.access import Visitor
from fourweek.database import add, new_id
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.light import dataclass

PURPOSES = {Step.RATING: Purpose.FIRST, Step.SECOND: Purpose.SECOND, Step.RECONCILING: Purpose.RECONCILING}
"""What a rating is given for, by what the submission waits for."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A stored rating; `at` is the real clock."""

    rating_id: str
    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Desk:
    """A submission on the visitor's desk: theirs to rate, with what they stored so far.

    `criteria` are those that are asked; `carried` were met before.
    """

    found: Found
    rubric: tuple[Criterion, ...]
    carried: dict[str, Carried]
    kept: Kept | None

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return still_asked(self.rubric, self.carried)


def save(
    conn: Connection, visitor: Visitor, submission_id: str, typed: Typed, lasts: timedelta, *, claim: bool = False
) -> Saved:
    """Keep a draft and renew the lease (`claim`: take the lease first if the submission is free).

    The note in the form is for `remarking` to write down. Raises Invalid for what no draft may hold, and Clashed when
    the page shows something else than what is stored.
    """
    found = held_submission(conn, visitor, submission_id)
    need_grader(found)
    if claim and found.waits and take(conn, visitor, submission_id, lasts):
        found = held_submission(conn, visitor, submission_id)
    desk = at_desk(conn, visitor, found, typed)
    if problems := draft_problems(desk.criteria, typed.scoring):
        raise Invalid(problems)
    return keep(conn, visitor, desk, typed.scoring, lasts)


def save_typed(conn: Connection, visitor: Visitor, submission_id: str, typed: Typed, lasts: timedelta) -> Saved:
    """`save` for what the page saves by itself: the note is kept as well, as one that is being typed."""
    if problems := note_problems(typed.note):
        raise Invalid(problems)
    saved = save(conn, visitor, submission_id, typed, lasts)
    if typed.note:  # the save has emptied it
        conn.execute(update(RATING).where(RATING.c.id == saved.rating_id).values(note=typed.note))
    return saved


def at_desk(conn: Connection, visitor: Visitor, found: Found, typed: Typed) -> Desk:
    """The submission if it may be rated from this page: right one, waiting, claimed, and as the page shows it."""
    if (typed.submission_id, typed.attempt, typed.rubric_id) != (found.id, found.attempt, found.rubric_id):
        raise Clashed(_("This form belongs to another submission."))
    kept = kept_rating(conn, found.id, visitor.me.id)
    _need_claim(visitor, found, kept)
    need_version(visitor, kept, typed)
    return Desk(found, criteria_of(conn, found.rubric_id), carried_into(conn, found, visitor.now.school), kept)


def need_version(visitor: Visitor, kept: Kept | None, typed: Typed) -> None:
    """Raise Clashed unless the page shows what is stored, or means to replace it."""
    current = kept.version if kept else 0
    if current not in (typed.version, typed.over):
        at = clock(kept.saved_at, visitor.me.zone) if kept else ""
        raise Clashed(_("Another page saved this rating at {time}.", time=at), kept=kept, over=current)


def finish(conn: Connection, visitor: Visitor, desk: Desk, scoring: Scoring, lasts: timedelta) -> Saved:
    """Write the scoring for good: the rating is done, and the submission leaves the desk."""
    saved = keep(conn, visitor, desk, scoring, lasts, done=True)
    drop(conn, desk.found.id)
    return saved


def keep(
    conn: Connection, visitor: Visitor, desk: Desk, scoring: Scoring, lasts: timedelta, *, done: bool = False
) -> Saved:
    """Write the scoring as the next version, a draft unless it is `done`, and renew the lease."""
    real, kept = visitor.now.real, desk.kept
    saved = Saved(kept.id if kept else new_id(), kept.version + 1 if kept else 1, real)
    values = {
        "version": saved.version,
        "comment": scoring.comment,
        "note": "",
        "saved_at": real,
        "purpose": PURPOSES[desk.found.step],
        "state": RatingState.DONE if done else RatingState.DRAFT,
        "done_at": real if done else None,
    }
    if kept:
        conn.execute(update(RATING).where(RATING.c.id == kept.id).values(values))
        conn.execute(delete(RATING_LINE).where(RATING_LINE.c.rating_id == kept.id))
    else:
        row = Rating(id=saved.rating_id, submission_id=desk.found.id, grader_id=visitor.me.id, saved_at=real)
        add(conn, row.model_copy(update=values))
    lines = [_line(saved.rating_id, criterion, scoring) for criterion in desk.criteria]
    if lines:
        add(conn, *lines)
    renew(conn, visitor, desk.found.id, lasts)
    return saved


def _need_claim(visitor: Visitor, found: Found, kept: Kept | None) -> None:
    if not found.waits:
        raise Clashed(found.gone_words, kept=kept)
    if found.step is Step.RECONCILING:
        raise Clashed(TO_SETTLE, kept=kept)
    if kept is not None and kept.done:
        raise Clashed(RATED, kept=kept)
    if found.claim is None:
        raise Clashed(_("The claim on this submission was given back."), kept=kept, claimable=True)
    if found.claim.grader_id != visitor.me.id:
        ended = not found.claim.lasts(visitor.now.real)
        raise Clashed(
            _("Your claim had ended. {who_has_it}", who_has_it=taken_words(found, visitor)),
            kept=kept,
            claimable=ended,
        )


def _line(rating_id: str, criterion: Criterion, scoring: Scoring) -> RatingLine:
    level = criterion.level(scoring.level(criterion.key))
    return RatingLine(
        rating_id=rating_id,
        criterion_id=criterion.id,
        level_id=level.id if level else None,
        comment=scoring.comment_on(criterion.key),
    )
