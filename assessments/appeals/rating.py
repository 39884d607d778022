"""The blind rating of an appeal: saved version by version, then done, which shows the first reasoning."""

from dataclasses import replace

from sqlalchemy import Connection, delete, update

from assessments.appeals.access import Case, case_of, need_mine
from assessments.appeals.forms import Weighing
from assessments.appeals.models import AppealState
from assessments.appeals.queries import APPEAL
from assessments.appeals.rules import rating_problems
from assessments.grading.errors import Clashed, Kept
from assessments.grading.models import Purpose, Rating, RatingLine, RatingState
from assessments.grading.queries import RATING, RATING_LINE, criteria_of, kept_rating
from assessments.grading.ratings import Saved
from assessments.grading.rules import Criterion, Scoring, draft_problems
from assessments.grading.words import clock
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.database import add, new_id
from fourweek.errors import Invalid
from fourweek.language import _


def appealed(conn: Connection, case: Case) -> tuple[Criterion, ...]:
    """The criteria an appeal is about, with their levels; one statement."""
    keys = {one.key for one in case.appeal.argued}
    return tuple(one for one in criteria_of(conn, case.found.rubric_id) if one.key in keys)


def save(conn: Connection, visitor: Visitor, appeal_id: str, typed: Weighing) -> Saved:
    """Keep a draft. Raises Clashed where another page saved meanwhile or the appeal has moved on, and Invalid."""
    case, criteria, kept = _desk(conn, visitor, appeal_id, typed)
    if problems := draft_problems(criteria, typed.scoring):
        raise Invalid(problems)
    return keep(conn, visitor, case, criteria, kept, replace(typed.scoring, comment=""))


def done(conn: Connection, visitor: Visitor, appeal_id: str, typed: Weighing) -> None:
    """Finish the blind rating: it stays as it is, and the first reasoning may be read. A second press is nothing."""
    case = case_of(conn, visitor, appeal_id, deciding=True)
    if case.mine and case.appeal.state is AppealState.RATED:
        return
    case, criteria, kept = _desk(conn, visitor, appeal_id, typed)
    if problems := draft_problems(criteria, typed.scoring) or rating_problems(criteria, typed.scoring):
        raise Invalid(problems)
    saved = keep(conn, visitor, case, criteria, kept, replace(typed.scoring, comment=""))
    finished = {"state": RatingState.DONE, "done_at": visitor.now.real}
    conn.execute(update(RATING).where(RATING.c.id == saved.rating_id).values(finished))
    conn.execute(update(APPEAL).where(APPEAL.c.id == appeal_id).values(state=AppealState.RATED))
    record(conn, "appeal.rated", "appeal", appeal_id, at=visitor.now.real, actor_id=visitor.me.id)


def keep(
    conn: Connection,
    visitor: Visitor,
    case: Case,
    criteria: tuple[Criterion, ...],
    kept: Kept | None,
    scoring: Scoring,
) -> Saved:
    """Write the rating as its next version; the caller has locked, authorised and checked it.

    Its comment on the whole says why it was adjusted once the first reasoning was known, "" while it was not.
    """
    real = visitor.now.real
    saved = Saved(kept.id if kept else new_id(), kept.version + 1 if kept else 1, real)
    values = {"version": saved.version, "comment": scoring.comment, "saved_at": real}
    if kept:
        conn.execute(update(RATING).where(RATING.c.id == kept.id).values(values))
        conn.execute(delete(RATING_LINE).where(RATING_LINE.c.rating_id == kept.id))
    else:
        row = Rating(
            id=saved.rating_id,
            submission_id=case.found.id,
            grader_id=visitor.me.id,
            purpose=Purpose.APPEAL,
            saved_at=real,
        )
        add(conn, row.model_copy(update=values))
    add(conn, *(_line(saved.rating_id, criterion, scoring) for criterion in criteria))
    return saved


def need_version(visitor: Visitor, kept: Kept | None, typed: Weighing) -> None:
    """Raise Clashed, with what is stored, unless the page shows that or means to replace it."""
    current = kept.version if kept else 0
    if current not in (typed.version, typed.over):
        at = clock(kept.saved_at, visitor.me.zone) if kept else ""
        raise Clashed(_("Another page saved this rating at {time}.", time=at), kept=kept, over=current)


def _desk(
    conn: Connection, visitor: Visitor, appeal_id: str, typed: Weighing
) -> tuple[Case, tuple[Criterion, ...], Kept | None]:
    """An appeal that may be rated from this page, what it is about, and what is stored."""
    case = case_of(conn, visitor, appeal_id, deciding=True)
    need_mine(case)
    kept = kept_rating(conn, case.found.id, visitor.me.id)
    if case.appeal.state is AppealState.RATED:
        raise Clashed(_("You are done with rating this; it does not change any more."), kept=kept)
    if not case.appeal.runs:
        raise Clashed(gone_words(case), kept=kept)
    need_version(visitor, kept, typed)
    return case, appealed(conn, case), kept


def gone_words(case: Case) -> str:
    if case.appeal.state is AppealState.TAKEN_BACK:
        return _("The learner took this appeal back.")
    return _("This appeal is closed.")


def _line(rating_id: str, criterion: Criterion, scoring: Scoring) -> RatingLine:
    level = criterion.level(scoring.level(criterion.key))
    return RatingLine(
        rating_id=rating_id,
        criterion_id=criterion.id,
        level_id=level.id if level else None,
        comment=scoring.comment_on(criterion.key),
    )
