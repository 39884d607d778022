"""What the grading screen shows: evidence, rubric, rating, and every attempt with its decisions."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import field, replace

from sqlalchemy import Connection

from assessments.appeals.errors import StillBlind
from assessments.assignments.models import RequirementKind
from assessments.checks.graded import GradedCheck, graded_checks
from assessments.deciding.words import say_rule
from assessments.evidence.compared import ComparedSlot, TwoTexts, what_changed
from assessments.evidence.models import Step
from assessments.grading.access import Found, graded_submission
from assessments.grading.attempts import AttemptView, Completeness, DecidedView, attempts
from assessments.grading.carrying import Carried, still_asked
from assessments.grading.errors import Clashed, Kept
from assessments.grading.forms import COMMENT, LEVEL
from assessments.grading.handed_in import Slot, slots
from assessments.grading.looked_at import NOT_ASKED, LookedAt, looked_at
from assessments.grading.queries import carried_into, criteria_of, kept_rating
from assessments.grading.remarking import WHOLE, on_the_desk
from assessments.grading.rules import Criterion, Scoring, barred
from assessments.grading.stages import Stage
from assessments.grading.words import clock
from assessments.remarks.bank import Offered, offered
from assessments.remarks.notes import notes_of
from assessments.showing.same_files import SameFile, same_files
from assessments.terms.promise import Calendar, read_days
from assessments.terms.words import say_clock
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.errors import Forbidden, NotFound
from fourweek.language import _
from fourweek.language.lists import in_a_row
from fourweek.light import dataclass

SHORT, MOST_OFFERED = 40_000, 30
"""Characters of texts whose changes are told on the screen itself; comments of the bank offered on one criterion."""


@dataclass(frozen=True, slots=True)
class Differs:
    """One answer that differs between the page and what is stored, by the name of its field.

    `take`: the stored one was chosen.
    """

    field: str
    title: str
    typed: str
    kept: str
    take: bool = False

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
class NoteView:
    author: str
    at: Said
    text: str


@dataclass(frozen=True, slots=True)
class Past:
    """What the decision on an earlier attempt says of one criterion."""

    attempt: int
    level: str
    comment: str


@dataclass(frozen=True, slots=True)
class Screen:
    """The page. `scoring` is what the form shows (stored, or as typed), `version` the stored version it builds on.

    `criteria` are those that are asked in this attempt; `carried` were met in an earlier one. `notes` are those that
    this visitor may read; `note` is one being typed. `bank` holds the comments on offer. `texts` are those of the
    attempt before beside this one's, `changed` what differs, by the keys of slots, where they are short. `left` says
    what is left of the promise, with its tone; `rule` in words by which rule levels become an outcome.
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
    notes: tuple[NoteView, ...] = ()
    note: str = ""
    bank: tuple[Offered, ...] = ()
    texts: tuple[TwoTexts, ...] = ()
    changed: Mapping[str, ComparedSlot] = field(default_factory=dict)
    look: LookedAt = NOT_ASKED
    rule: tuple[str, ...] = ()
    back: str = ""
    off: str = ""
    left: tuple[str, str] = ("", "plain")

    @property
    def may_call_off(self) -> bool:
        """Whether the visitor leads, gave no rating, and a second one is to come that nobody has on the desk."""
        found = self.found
        is_begun = found.step is Step.SECOND and bool(self.claim) and not self.free
        return found.may_review and found.waits and found.second_asked and not (found.rated or is_begun or self.mine)

    @property
    def form_shown(self) -> bool:
        """On the grader's own desk, and wherever something typed would be lost otherwise."""
        return (
            self.mine
            or self.clash is not None
            or any(name not in {"reason", "note", "back", "off"} for name in self.errors)
        )

    @property
    def decisions_shown(self) -> bool:
        """Whoever has yet to judge it, without knowing what others think, sees no decision that was sent back."""
        if not self.found.waits:
            return True
        if self.mine:
            return self.found.step is Step.RATING
        return self.found.may_change or (self.kept is not None and self.kept.done)

    @property
    def decision(self) -> DecidedView | None:
        return self.attempt.decision

    @property
    def barred(self) -> str:
        """Why no levels can make this “demonstrated”: required checks that are not passed, by the keys of `checks`."""
        asked = [slot for slot in self.slots if slot.kind is RequirementKind.CHECK and slot.required]
        unpassed = [slot.title for slot in asked if slot.key not in self.checks or not self.checks[slot.key].passed]
        return barred(unpassed) if unpassed else ""

    @property
    def completeness(self) -> Completeness:
        return self.attempt.completeness

    @property
    def return_message(self) -> str:
        """The message that returns it as incomplete: as typed, or begun with what the rules found."""
        return self.message or ("" if self.completeness.checked_by else self.completeness.message)

    def past(self, criterion: Criterion) -> list[Past]:
        """What earlier attempts were told of a criterion, newest first."""
        told = [(one.number, line) for one in self.earlier if one.decision for line in one.decision.lines]
        return [Past(number, line.level, line.comment) for number, line in told if line.key == criterion.key]

    def offered(self, criterion: str) -> list[Offered]:
        """Comments of the bank for a criterion, by its key, and for any; "" for the comment on the whole."""
        fitting = [one for one in self.bank if one.criterion in ("", criterion)]
        return sorted(fitting, key=lambda one: one.criterion != criterion)[:MOST_OFFERED]

    def judged_on(self, criterion: Criterion) -> str:
        """Titles of the requirements a criterion is judged on."""
        return in_a_row(slot.title for slot in self.slots if slot.key in criterion.judged_on)

    def error(self, name: str) -> str | None:
        return self.errors.get(name)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What is wrong, as (id of the control, sentence)."""
        return [(f"field-{name}", sentence) for name, sentence in self.errors.items()]


def screen(conn: Connection, visitor: Visitor, submission_id: str) -> Screen:
    """One submission as the visitor may see it; seven statements, eight for a further attempt, one more on the
    visitor's own desk, with checks, and for a lead.

    Raises NotFound as `graded_submission` does, and StillBlind for whoever is to judge an appeal about it first.
    """
    found = graded_submission(conn, visitor, submission_id)
    if found.blind:
        raise StillBlind
    every = attempts(conn, visitor, found)
    this = next(one for one in every if one.submission_id == found.id)
    kept = kept_rating(conn, found.id, visitor.me.id)
    rubric, met = criteria_of(conn, found.rubric_id), carried_into(conn, found, visitor.now.school)
    mine = on_the_desk(found, visitor)
    earlier = tuple(one for one in every if one.number < found.attempt)
    decision = this.decision
    handed_in = slots(conn, found, earlier[0].submission_id if earlier else "")
    look = looked_at(conn, found, decision.id if decision else None, visitor.now.school)
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
        saved=_("Saved {time}", time=clock(kept.saved_at, visitor.me.zone)) if kept else "",
        claim=_claim_words(found, visitor),
        mine=mine,
        free=_is_free(found, visitor),
        attempt=this,
        earlier=earlier,
        may_post=look.stage is Stage.READY and _may_post(found, visitor, decision),
        may_undo=decision is not None and decision.undo,
        same=same_files(conn, visitor, found.id) if found.may_review else (),
        notes=_notes(conn, visitor, found),
        note=kept.note if kept else "",
        bank=offered(conn, visitor, found.id) if mine else (),
        look=look,
        rule=say_rule(look.rule, rubric),
        left=_left(found, visitor),
        texts=tuple(slot.texts for slot in handed_in if slot.texts),
    )


def _is_free(found: Found, visitor: Visitor) -> bool:
    """Whether the visitor may claim it now."""
    theirs = found.given_to in {None, visitor.me.id} or found.may_review
    held = found.claim is not None and found.claim.lasts(visitor.now.real)
    return found.waits and not found.rated and found.step is not Step.RECONCILING and theirs and not held


def _may_post(found: Found, visitor: Visitor, decision: DecidedView | None) -> bool:
    """Whether it is for the visitor to post the decision, once it is ready."""
    if decision is None or decision.is_posted:
        return False
    return found.may_change or decision.by_id == visitor.me.id


async def with_changes(page: Screen) -> Screen:
    """The page with what changed in its texts since the attempt before, where they are short enough to be told here."""
    if not page.texts or sum(len(one.before) + len(one.after) for one in page.texts) > SHORT:
        return page
    return replace(page, changed={one.key: one for one in await what_changed(page.texts)})


def _notes(conn: Connection, visitor: Visitor, found: Found) -> tuple[NoteView, ...]:
    own = zone(visitor.me.zone)
    notes = notes_of(conn, visitor, found.id, on_my_desk=on_the_desk(found, visitor), leads=found.may_change)
    return tuple(NoteView(one.author, say_instant(one.at, own, own, visitor.now.real), one.text) for one in notes)


def _checks(conn: Connection, found: Found, handed_in: Iterable[Slot]) -> Mapping[str, GradedCheck]:
    """The checks that were tried, by key; no statement where none is asked for."""
    if all(slot.kind is not RequirementKind.CHECK for slot in handed_in):
        return {}
    return graded_checks(conn, found.enrolment_id, found.assignment_id, found.attempt)


def changing(conn: Connection, visitor: Visitor, submission_id: str) -> Screen:
    """The page on which a decision is changed, filled in with the one that holds. For leads and the registrar."""
    page = screen(conn, visitor, submission_id)
    if not page.found.may_change:
        raise Forbidden(_("Only the lead of this cohort or the registrar may change a decision."))
    if page.decision is None:
        raise NotFound
    return replace(page, scoring=page.decision.scoring)


def clash_of(page: Screen, typed: Scoring, error: Clashed, taken: Collection[str] = ()) -> Clash:
    """What the page says of a refused save; `taken` are the fields whose stored answers were chosen already."""
    kept = error.kept.scoring if error.kept else None
    differs = differences(page.criteria, typed, kept)
    chosen = tuple(replace(one, take=one.field in taken) for one in differs)
    return Clash(error.message, chosen, error.over, error.claimable)


def differences(criteria: Iterable[Criterion], typed: Scoring, kept: Scoring | None) -> tuple[Differs, ...]:
    """Where two scorings say something else, in words."""
    if kept is None:
        return ()
    found = []
    for one in criteria:
        title = _("Level for “{title}”", title=one.title)
        found.append(Differs(f"{LEVEL}{one.key}", title, _level(one, typed), _level(one, kept)))
        said = typed.comment_on(one.key), kept.comment_on(one.key)
        found.append(Differs(f"{COMMENT}{one.key}", _("Comment on “{title}”", title=one.title), *said))
    found.append(Differs(WHOLE, _("Comment on the whole"), typed.comment, kept.comment))
    return tuple(one for one in found if one.typed != one.kept)


def _carried(criterion: Criterion, carried: Carried) -> CarriedView:
    level = criterion.level(carried.level)
    return CarriedView(
        criterion.title,
        _("Met in attempt {number}: {level}", number=carried.attempt, level=level.title if level else carried.level),
    )


def _level(criterion: Criterion, scoring: Scoring) -> str:
    level = criterion.level(scoring.level(criterion.key))
    return level.title if level else ""


def _claim_words(found: Found, visitor: Visitor) -> str:
    if not found.waits or (found.rated and not found.may_review):
        return ""
    if found.claim is None:
        return _given_words(found, visitor)
    until, lasts = clock(found.claim.until, visitor.me.zone), found.claim.lasts(visitor.now.real)
    if found.claim.grader_id == visitor.me.id:
        return (
            _("Yours until {time}.", time=until)
            if lasts
            else _("Your claim ended at {time}; a save renews it.", time=until)
        )
    name = found.claim.grader_name
    return (
        _("{name} has this submission until {time}.", name=name, time=until)
        if lasts
        else _("{name}'s claim ended at {time}.", name=name, time=until)
    )


def _given_words(found: Found, visitor: Visitor) -> str:
    if found.given_to is None or found.rated or found.step is Step.RECONCILING:
        return ""
    return (
        _("This is given to you.")
        if found.given_to == visitor.me.id
        else _("This is given to {name}.", name=found.given_name)
    )


def _left(found: Found, visitor: Visitor) -> tuple[str, str]:
    """What is left of the promise while the work waits, and in which tone."""
    if not found.waits:
        return "", "plain"
    calendar = Calendar(zone(found.cohort_zone), read_days(found.holidays))
    return say_clock(found.promised_at, calendar, visitor.now.school)
