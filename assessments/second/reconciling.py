"""Settling two ratings that differ: a lead who gave neither reads both and decides."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, bindparam, select

from assessments.deciding.rules import Rule
from assessments.evidence.models import Step
from assessments.grading.access import Found, held_submission, need_lead
from assessments.grading.errors import Clashed
from assessments.grading.forms import Typed
from assessments.grading.models import Outcome, Purpose, Way
from assessments.grading.queries import DoneRating, current_decision, given_ratings, kept_rating
from assessments.grading.ratings import Desk, Saved, finish, keep, need_version
from assessments.grading.rules import Criterion, Scoring, decision_problems, draft_problems, same
from assessments.grading.screen import Screen, screen
from assessments.grading.settling import Bench, Result, bench_of, new_decision, settle
from assessments.second.asked import SECOND, close
from assessments.second.models import SampledFor
from fourweek.accounts.access import Visitor
from fourweek.errors import Conflict, Forbidden, Invalid, NotFound
from fourweek.language import N_, _
from fourweek.light import dataclass

RATED_ONE = N_("You gave one of the two ratings. Another lead settles this.")
WHY = {
    SampledFor.NEW_RUBRIC: N_("It was rated twice because its rubric was new."),
    SampledFor.SAMPLE: N_("It was rated twice because it was drawn."),
    SampledFor.NOT_YET: N_("It was rated twice because the first rating said “not yet”."),
    SampledFor.BY_HAND: N_("It was rated twice because a lead asked for it."),
}
_WHY = select(SECOND.c.why).where(SECOND.c.submission_id == bindparam("submission"))


@dataclass(frozen=True, slots=True)
class Said:
    """What one rating says of a criterion; `below`: it is under what is required."""

    level: str
    below: bool
    comment: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A criterion with what the two ratings say of it; `level` is the key of the level on which both stand, or ""."""

    criterion: Criterion
    first: Said
    second: Said
    level: str


@dataclass(frozen=True, slots=True)
class TwoRatings:
    """The page. `screen` holds the evidence and, in `scoring`, what the form shows; `open`: it waits to be settled."""

    screen: Screen
    pairs: tuple[Pair, ...]
    comments: tuple[str, str]
    graders: tuple[str, str]
    why: str
    open: bool
    clash: str = ""

    @property
    def form_shown(self) -> bool:
        return self.open or bool(self.clash)

    @property
    def apart(self) -> int:
        """On how many criteria the two give different levels."""
        return sum(not pair.level for pair in self.pairs)

    def typed(self, typed: Typed, *, errors: dict[str, str] | None = None, clash: str = "") -> "TwoRatings":
        """The same page with what was typed still on it."""
        shown = replace(
            self.screen, scoring=typed.scoring, version=max(typed.version, 0), saved="", errors=errors or {}
        )
        return replace(self, screen=shown, clash=clash)


def two_ratings(conn: Connection, visitor: Visitor, submission_id: str) -> TwoRatings:
    """Both ratings side by side, to be settled or as they were; the screen's statements and two more.

    For leads; one who gave a rating reads both only once it is decided. Raises NotFound while a second rating is not
    done, so that nobody who might give it has seen the first.
    """
    page = screen(conn, visitor, submission_id)
    found = page.found
    need_lead(found)
    first, second = _both(conn, found)
    is_open = found.waits and found.step is Step.RECONCILING
    if is_open and found.rated:
        raise Forbidden(RATED_ONE)
    pairs = tuple(_pair(one, first.scoring, second.scoring, page.look.rule) for one in page.criteria)
    start = Scoring(
        {pair.criterion.key: pair.level for pair in pairs if pair.level},
        {pair.criterion.key: pair.first.comment for pair in pairs if pair.level},
    )
    kept = page.kept if page.kept is not None and page.kept.purpose is Purpose.RECONCILING else None
    return TwoRatings(
        screen=replace(page, scoring=kept.scoring if kept else start, saved=page.saved if kept else "", errors={}),
        pairs=pairs,
        comments=(first.scoring.comment, second.scoring.comment),
        graders=(first.grader, second.grader),
        why=_(WHY[conn.execute(_WHY, {"submission": found.id}).scalar_one()]),
        open=is_open,
    )


def save_typed(conn: Connection, visitor: Visitor, submission_id: str, typed: Typed, lasts: timedelta) -> Saved:
    """Keep what a lead has typed so far of what counts; nobody else reads it.

    Raises Forbidden as `reconcile` does, Invalid for what no draft may hold, and Clashed where it is settled by now or
    another page of theirs saved meanwhile.
    """
    found = held_submission(conn, visitor, submission_id)
    need_lead(found)
    if not (found.waits and found.step is Step.RECONCILING):
        raise Clashed(_("This was settled meanwhile."))
    desk = _desk(conn, visitor, found, bench_of(conn, visitor, found), typed)
    if problems := draft_problems(desk.criteria, typed.scoring):
        raise Invalid(problems)
    return keep(conn, visitor, desk, typed.scoring, lasts)


def reconcile(
    conn: Connection,
    visitor: Visitor,
    submission_id: str,
    typed: Typed,
    *,
    lasts: timedelta,
    post_after: timedelta | None = None,
) -> Result:
    """Decide where two ratings differ, and post it too when `post_after` says how long that may still be undone.

    Raises Forbidden for whoever gave one of the two, Invalid for what is missing, and Clashed when it is settled by
    now. The same press twice decides once.
    """
    found = held_submission(conn, visitor, submission_id)
    need_lead(found)
    bench = bench_of(conn, visitor, found)
    if not (found.waits and found.step is Step.RECONCILING):
        return _settled(conn, visitor, found, bench, typed)
    desk = _desk(conn, visitor, found, bench, typed)
    problems = decision_problems(bench.criteria, typed.scoring, bench.unpassed, bench.holds.rule)
    if problems:
        raise Invalid(problems)
    saved, verdict = finish(conn, visitor, desk, typed.scoring, lasts), bench.verdict(typed.scoring)
    decision = new_decision(found, visitor, verdict.outcome, typed.scoring.comment)
    decision.rating_id, decision.rule_id, decision.way = saved.rating_id, bench.holds.id, Way.RECONCILED
    close(conn, visitor, found.id, agreed=False, reconciled_by=visitor.me.id)
    return settle(conn, visitor, found, decision, verdict.lines, post_after)


def _desk(conn: Connection, visitor: Visitor, found: Found, bench: Bench, typed: Typed) -> Desk:
    """What is being settled, if it may be from this page. Raises Forbidden and Clashed."""
    if found.rated:
        raise Forbidden(RATED_ONE)
    if (typed.submission_id, typed.attempt, typed.rubric_id) != (found.id, found.attempt, found.rubric_id):
        raise Clashed(_("This form belongs to another submission."))
    kept = kept_rating(conn, found.id, visitor.me.id)
    need_version(visitor, kept, typed)
    return Desk(found, bench.rubric, bench.carried, kept)


def _settled(conn: Connection, visitor: Visitor, found: Found, bench: Bench, typed: Typed) -> Result:
    """What this very press made a moment ago. Raises Conflict when there was nothing to settle, Clashed otherwise."""
    _both(conn, found)
    own = given_ratings(conn, found.id).get(Purpose.RECONCILING)
    made = current_decision(conn, found.id)
    if own is None or made is None:
        raise Conflict(found.gone_words if not found.waits else _("There are no two ratings to settle."))
    if own.grader_id == visitor.me.id and same(bench.criteria, own.scoring, typed.scoring):
        return Result(Outcome(made.outcome))
    raise Clashed(_("This was settled meanwhile."))


def _both(conn: Connection, found: Found) -> tuple[DoneRating, DoneRating]:
    """The first and the second rating. Raises NotFound unless both are done."""
    given = given_ratings(conn, found.id)
    if Purpose.FIRST not in given or Purpose.SECOND not in given:
        raise NotFound
    return given[Purpose.FIRST], given[Purpose.SECOND]


def _pair(criterion: Criterion, first: Scoring, second: Scoring, rule: Rule) -> Pair:
    one, other = first.level(criterion.key), second.level(criterion.key)
    return Pair(criterion, _said(criterion, first, rule), _said(criterion, second, rule), one if one == other else "")


def _said(criterion: Criterion, scoring: Scoring, rule: Rule) -> Said:
    level = criterion.level(scoring.level(criterion.key))
    below = level is not None and not criterion.met_by(level.key, rule)
    return Said(level.title if level else "", below, scoring.comment_on(criterion.key))
