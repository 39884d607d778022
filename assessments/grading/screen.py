"""What the grading screen shows: evidence, rubric, rating, and every attempt with its decisions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from assessments.assignments.models import RequirementKind
from assessments.checks.graded import GradedCheck, graded_checks
from assessments.grading.access import Found, graded_submission
from assessments.grading.attempts import AttemptView, DecidedView, attempts
from assessments.grading.carrying import Carried, still_asked
from assessments.grading.errors import Clashed, Kept
from assessments.grading.handed_in import Slot, slots
from assessments.grading.queries import carried_into, criteria_of, kept_rating
from assessments.grading.rules import Criterion, Scoring, barred
from assessments.grading.words import clock
from assessments.showing.same_files import SameFile, same_files
from courses.schedule.words import Said
from fourweek.accounts.access import Visitor
from fourweek.errors import Forbidden, NotFound


@dataclass(frozen=True, slots=True)
class Differs:
    """One answer that differs between the page and what is stored."""

    title: str
    typed: str
    kept: str

    @property
    def row(self) -> tuple[str, str, str]:
        return self.title, self.typed, self.kept


@dataclass(frozen=True, slots=True)
class Clash:
    """Why a save was refused, with both versions where they differ.

    `over` is the stored version that may be replaced on purpose; `claimable`: the submission may be claimed again.
    """

    message: str
    differs: tuple[Differs, ...]
    over: int | None
    claimable: bool


@dataclass(frozen=True, slots=True)
class CarriedView:
    """A criterion that is not asked again: `words` name the attempt that met it and its level."""

    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Screen:
    """The page. `scoring` is what the form shows (stored, or as typed), `version` the stored version it builds on.

    `criteria` are those that are asked in this attempt; `carried` were met in an earlier one.
    """

    found: Found
    handed_in: Said
    slots: tuple[Slot, ...]
    criteria: tuple[Criterion, ...]
    carried: tuple[CarriedView, ...]
    checks: Mapping[str, GradedCheck]
    kept: Kept | None
    scoring: Scoring
    version: int
    saved: str
    claim: str
    mine: bool
    free: bool
    attempt: AttemptView
    earlier: tuple[AttemptView, ...]
    may_post: bool
    may_undo: bool
    message: str = ""
    reason: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    clash: Clash | None = None
    same: tuple[SameFile, ...] = ()

    @property
    def form_shown(self) -> bool:
        """On the grader's own desk, and wherever something typed would be lost otherwise."""
        return self.mine or self.clash is not None or any(name != "reason" for name in self.errors)

    @property
    def decision(self) -> DecidedView | None:
        return self.attempt.decision

    @property
    def barred(self) -> str:
        """Why no levels can make this “demonstrated”: required checks that are not passed, by the keys of `checks`."""
        asked = [slot for slot in self.slots if slot.kind is RequirementKind.CHECK and slot.required]
        unpassed = [slot.title for slot in asked if slot.key not in self.checks or not self.checks[slot.key].passed]
        return barred(unpassed) if unpassed else ""

    def judged_on(self, criterion: Criterion) -> str:
        """Titles of the requirements a criterion is judged on."""
        return ", ".join(slot.title for slot in self.slots if slot.key in criterion.judged_on)

    def error(self, name: str) -> str | None:
        return self.errors.get(name)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What is wrong, as (id of the control, sentence)."""
        return [(f"field-{name}", sentence) for name, sentence in self.errors.items()]


def screen(conn: Connection, visitor: Visitor, submission_id: str) -> Screen:
    """One submission as the visitor may see it; five statements, six for a further attempt, one more with checks
    and one more for a lead.

    Raises NotFound as `graded_submission` does.
    """
    found = graded_submission(conn, visitor, submission_id)
    every = attempts(conn, visitor, found)
    this = next(one for one in every if one.submission_id == found.id)
    kept = kept_rating(conn, found.id, visitor.me.id)
    rubric, met = criteria_of(conn, found.rubric_id), carried_into(conn, found, visitor.now.school)
    held = found.claim
    mine = found.waits and held is not None and held.grader_id == visitor.me.id
    decision, handed_in = this.decision, slots(conn, found)
    return Screen(
        found=found,
        handed_in=this.handed_in,
        slots=handed_in,
        criteria=still_asked(rubric, met),
        carried=tuple(_carried(one, met[one.key]) for one in rubric if one.key in met),
        checks=_checks(conn, found, handed_in),
        kept=kept,
        scoring=kept.scoring if kept else Scoring(),
        version=kept.version if kept else 0,
        saved=f"Saved {clock(kept.saved_at, visitor.me.zone)}" if kept else "",
        claim=_claim_words(found, visitor),
        mine=mine,
        free=found.waits and (held is None or not held.lasts(visitor.now.real)),
        attempt=this,
        earlier=tuple(one for one in every if one.number < found.attempt),
        may_post=decision is not None
        and not decision.is_posted
        and (found.may_change or decision.by_id == visitor.me.id),
        may_undo=decision is not None and decision.undo,
        same=same_files(conn, visitor, found.id) if found.may_review else (),
    )


def _checks(conn: Connection, found: Found, handed_in: Iterable[Slot]) -> Mapping[str, GradedCheck]:
    """The checks that were tried, by key; no statement where none is asked for."""
    if all(slot.kind is not RequirementKind.CHECK for slot in handed_in):
        return {}
    return graded_checks(conn, found.enrolment_id, found.assignment_id, found.attempt)


def changing(conn: Connection, visitor: Visitor, submission_id: str) -> Screen:
    """The page on which a decision is changed, filled in with the one that holds. For leads and the registrar."""
    page = screen(conn, visitor, submission_id)
    if not page.found.may_change:
        raise Forbidden("Only the lead of this cohort or the registrar may change a decision.")
    if page.decision is None:
        raise NotFound
    return replace(page, scoring=page.decision.scoring)


def clash_of(page: Screen, typed: Scoring, error: Clashed) -> Clash:
    """What the page says of a refused save."""
    kept = error.kept.scoring if error.kept else None
    return Clash(error.message, differences(page.criteria, typed, kept), error.over, error.claimable)


def differences(criteria: Iterable[Criterion], typed: Scoring, kept: Scoring | None) -> tuple[Differs, ...]:
    """Where two scorings say something else, in words."""
    if kept is None:
        return ()
    found = []
    for one in criteria:
        title = f"Level for “{one.title}”"
        found.append(Differs(title, _level(one, typed), _level(one, kept)))
        found.append(Differs(f"Comment on “{one.title}”", typed.comment_on(one.key), kept.comment_on(one.key)))
    found.append(Differs("Comment on the whole", typed.comment, kept.comment))
    return tuple(one for one in found if one.typed != one.kept)


def _carried(criterion: Criterion, carried: Carried) -> CarriedView:
    level = criterion.level(carried.level)
    return CarriedView(criterion.title, f"Met in attempt {carried.attempt}: {level.title if level else carried.level}")


def _level(criterion: Criterion, scoring: Scoring) -> str:
    level = criterion.level(scoring.level(criterion.key))
    return level.title if level else ""


def _claim_words(found: Found, visitor: Visitor) -> str:
    if found.claim is None or not found.waits:
        return ""
    until, lasts = clock(found.claim.until, visitor.me.zone), found.claim.lasts(visitor.now.real)
    if found.claim.grader_id == visitor.me.id:
        return (
            f"Yours until {until}; every save renews it."
            if lasts
            else f"Your claim ended at {until}; a save renews it."
        )
    name = found.claim.grader_name
    return f"{name} has this submission until {until}." if lasts else f"{name}'s claim ended at {until}."
