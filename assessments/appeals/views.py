"""What pages show of appeals, as frozen values."""

from collections.abc import Mapping
from dataclasses import field

from assessments.appeals.queries import Argued
from assessments.checks.graded import GradedCheck
from assessments.evidence.compared import ComparedSlot
from assessments.grading.access import Found
from assessments.grading.handed_in import Slot
from assessments.grading.rules import Criterion, Scoring
from assessments.grading.screen import Clash
from courses.paging import Pager
from courses.schedule.words import Said
from fourweek.language.lists import in_a_row
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message of a thread; `own` is the reader's, `by` names anybody else as the reader may know them."""

    by: str
    own: bool
    at: Said
    text: str


@dataclass(frozen=True, slots=True)
class AppealView:
    """An appeal as its learner reads it. `words` say how it stands; `may_say` and `may_take_back` what can be done."""

    id: str
    words: str
    tone: str
    about: str
    opened: Said
    promised: Said | None
    overdue: bool
    argued: tuple[Argued, ...]
    thread: tuple[MessageView, ...]
    may_say: bool
    may_take_back: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One criterion of an appeal's form, with what was decided. Without `open` there is nothing higher to ask for."""

    key: str
    title: str
    level: str
    met: bool
    comment: str
    open: bool
    ticked: bool
    argument: str


@dataclass(frozen=True, slots=True)
class FormView:
    """The form of a new appeal against `decision_id`; `until` is the last minute that it is taken.

    `anonymous`: whoever judges is not to know whose work it is.
    """

    decision_id: str
    outcome: str
    tone: str
    comment: str
    until: Said
    choices: tuple[Choice, ...]
    anonymous: bool


@dataclass(frozen=True, slots=True)
class MinePage:
    """The learner's page of one attempt's appeals, newest first. Without a `form`, `closed` says why there is none.

    `unsent` is what was typed and found no place, as (title, text), so that it can be copied.
    """

    path: str
    crumbs: tuple[tuple[str, str | None], ...]
    title: str
    kicker: str
    appeals: tuple[AppealView, ...]
    form: FormView | None
    closed: str
    errors: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    unsent: tuple[tuple[str, str], ...] = ()
    message: str = ""

    def error(self, name: str) -> str | None:
        return self.errors.get(name)

    @property
    def summary(self) -> list[tuple[str | None, str]]:
        return summary_of(self.errors)


@dataclass(frozen=True, slots=True)
class FirstLine:
    """What was decided on one criterion, beside the level that the appeal's rating gives."""

    title: str
    level: str
    comment: str
    own_level: str
    own_comment: str


@dataclass(frozen=True, slots=True)
class First:
    """The first reasoning, shown once the blind rating is done; `changed` says that it is not the one appealed."""

    decision_id: str
    outcome: str
    tone: str
    comment: str
    lines: tuple[FirstLine, ...]
    changed: bool
    adjusted: str


@dataclass(frozen=True, slots=True)
class DeskPage:
    """An appeal for its grader or a lead. `scoring` is what the form shows, `version` the stored one it builds on.

    `changed` stays empty: what changed since the attempt before is a page of its own here. `first` is None while
    whoever looks must not see it. `able` are (id, name) of those a lead may give it to.
    """

    id: str
    found: Found
    words: str
    tone: str
    holder: str
    opened: Said
    promised: Said | None
    overdue: bool
    argued: tuple[Argued, ...]
    slots: tuple[Slot, ...]
    checks: Mapping[str, GradedCheck]
    criteria: tuple[Criterion, ...]
    scoring: Scoring
    version: int
    saved: str
    rates: bool
    closes: bool
    may_take: bool
    may_say: bool
    first: First | None
    able: tuple[tuple[str, str], ...]
    thread: tuple[MessageView, ...]
    reason: str = ""
    answer: str = ""
    message: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    clash: Clash | None = None
    changed: Mapping[str, ComparedSlot] = field(default_factory=dict)

    def judged_on(self, criterion: Criterion) -> str:
        """Titles of the requirements a criterion is judged on."""
        return in_a_row(slot.title for slot in self.slots if slot.key in criterion.judged_on)

    def argument(self, criterion: Criterion) -> str:
        return next(one.argument for one in self.argued if one.key == criterion.key)

    def error(self, name: str) -> str | None:
        return self.errors.get(name)

    @property
    def summary(self) -> list[tuple[str | None, str]]:
        return summary_of(self.errors)


@dataclass(frozen=True, slots=True)
class Row:
    """One appeal of a list; `holder` says in words who has it."""

    id: str
    title: str
    meta: str
    words: str
    tone: str
    holder: str
    promised: Said | None
    overdue: bool
    may_take: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """Appeals of one part; `parts` are (value, words, count)."""

    part: str
    parts: tuple[tuple[str, str, int], ...]
    rows: tuple[Row, ...]
    pager: Pager
    figures: tuple[tuple[str, int], ...]


def summary_of(errors: Mapping[str, str]) -> list[tuple[str | None, str]]:
    """What is wrong, as (id of the control, sentence); None for the form as a whole."""
    return [(f"field-{name}" if name else None, sentence) for name, sentence in errors.items()]
