"""What the pages of an assignment show, as frozen values."""

from collections.abc import Mapping
from dataclasses import field, replace

from assessments.appeals.entry import Entry
from assessments.checks.views import CheckSlot
from assessments.coaching.views import CoachingView
from assessments.evidence.forms import Typed
from assessments.evidence.recorded import Recorded
from assessments.evidence.replaced import ChangedView
from assessments.retention.rules import Period
from courses.coursework import PublicCriterion
from courses.learning.access import View
from courses.schedule.words import Said
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class FileView:
    """`size` in words; `href` downloads the very bytes, `view` shows them, both "" where it is held
    back. `note` says what was done to it before, `checked` how it stands with the scanner, "" for nothing to say.
    """

    id: str
    name: str
    size: str
    sha256: str
    href: str
    note: str = ""
    view: str = ""
    checked: str = ""


@dataclass(frozen=True, slots=True)
class GoneView:
    """What is left of evidence whose period is over: `words` say since when."""

    name: str
    size: str
    sha256: str
    words: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """One slot of an attempt that was handed in; `check` leads to the tries of a knowledge check, "" otherwise."""

    title: str
    text: str
    links: tuple[str, ...]
    files: tuple[FileView, ...]
    gone: tuple[GoneView, ...] = ()
    check: str = ""


@dataclass(frozen=True, slots=True)
class LineView:
    """What was decided on one criterion."""

    criterion: str
    level: str
    met: bool
    comment: str


@dataclass(frozen=True, slots=True)
class AttemptView:
    """An attempt that was handed in; `outcome` and what follows only once a decision is posted.

    `changes` is what the learner said they changed; `compare` leads to what changed in its texts, "" for a first one.
    `by` is who judged it, as its learner may read it.
    `promised` is by when its learner hears what came of it, None once that is posted.
    """

    number: int
    handed_in: Said
    receipt: str
    late: bool
    late_rule: Recorded
    outcome: str
    tone: str
    comment: str
    lines: tuple[LineView, ...]
    items: tuple[ItemView, ...]
    taken_back: Said | None = None
    changes: str = ""
    compare: str = ""
    by: str = ""
    promised: Said | None = None
    is_overdue: bool = False
    appeal: Entry | None = None
    changed: ChangedView | None = None


@dataclass(frozen=True, slots=True)
class FeedbackView:
    """What was said in attempt `number` on the criteria that one slot is judged on and that are not met yet."""

    number: int
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True)
class LockedView:
    """A slot that this attempt does not open: `words` say why, `item` shows what was handed in."""

    words: str
    item: ItemView


@dataclass(frozen=True, slots=True)
class TakeBackView:
    """Taking back what waits: `words` say what comes of it, or, without an `action`, why it cannot be done."""

    number: int
    words: str
    action: str = ""


@dataclass(frozen=True, slots=True)
class SlotView:
    """One slot of the form. `seen` marks the state it shows; `other` is what another window saved meanwhile.

    `saved` says when it was saved, "" while nothing is kept in it; `named` what of its author it names, where grading
    is anonymous.
    """

    key: str
    name: str
    title: str
    prompt_html: str
    kind: str
    required: bool
    hint: str
    min_words: int | None
    max_words: int | None
    value: str
    seen: str
    files: tuple[FileView, ...]
    room: int
    accept: tuple[str, ...]
    error: str
    other: str | None
    saved: str = ""
    takes_photos: bool = False
    feedback: FeedbackView | None = None
    locked: LockedView | None = None
    check: CheckSlot | None = None
    named: str = ""


@dataclass(frozen=True, slots=True)
class DraftForm:
    """The form of the attempt that is worked on; `missing` says what stands between it and handing in.

    `changes` is where the learner says what they changed since the attempt before.
    """

    attempt: int
    saved: str
    slots: tuple[SlotView, ...]
    changes: SlotView | None
    missing: tuple[str, ...]
    integrity: str
    integrity_error: str
    agreed: bool


@dataclass(frozen=True, slots=True)
class AssignmentPage:
    """`path` is the assignment's address; `form` is there while something may be written.

    `anonymous`: grading is; `withheld`: what was handed in is not shown to staff who grade, since it is.
    `is_first`: the attempt that is or would be worked on is the first by the dates. `overtaken` says why the draft need
    not be handed in any more, "" otherwise. `rule` says how levels become the outcome, `hear` how soon a
    decision is promised.
    """

    path: str
    crumbs: tuple[tuple[str, str | None], ...]
    kicker: str
    title: str
    instructions_html: str
    required: bool
    state: str
    tone: str
    due: Said | None
    last: Said | None
    attempts_words: str
    asks: tuple[str, ...]
    criteria: tuple[PublicCriterion, ...]
    chosen: Mapping[str, str] = field(default_factory=dict)
    form: DraftForm | None = None
    closed: str = ""
    may_begin: bool = False
    earlier: tuple[AttemptView, ...] = ()
    take_back: TakeBackView | None = None
    is_first: bool = True
    conflicts: bool = False
    errors: tuple[tuple[str | None, str], ...] = ()
    unsent: tuple[tuple[str, str], ...] = ()
    view: View | None = None
    coaching: CoachingView | None = None
    period: Period | None = None
    kept: str = ""
    hear: str = ""
    anonymous: bool = False
    withheld: bool = False
    overtaken: str = ""
    rule: tuple[str, ...] = ()

    def with_kept(self, kept_days: int) -> "AssignmentPage":
        """The page with how long what is handed in is kept, in words; for staff nothing is said."""
        return replace(self, kept=self.period.words(kept_days)) if self.period else self


@dataclass(frozen=True, slots=True)
class SavedSlot:
    """What came of saving one slot: `wrong` says why it was not, `other` is what another window saved meanwhile.

    `closed` says why nothing can be handed in now, "" where it can.
    """

    path: str
    attempt: int
    key: str
    title: str
    name: str
    seen: str
    saved: str
    missing: tuple[str, ...]
    wrong: str
    other: str | None
    closed: str = ""
    named: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a sent form met: `typed` to show again, sentences by slot key, texts of another window by slot key."""

    typed: Typed = field(default_factory=Typed)
    wrong: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    unsent: bool = False


NO_TROUBLE = Trouble()
