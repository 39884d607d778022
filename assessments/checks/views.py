"""What the pages of a knowledge check show, as frozen values. Before posting nothing in them says what is right."""

from courses.paging import Pager
from courses.schedule.words import Said
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class OptionView:
    """`value` is its place as shown; `html` is inline and sanitised."""

    value: str
    html: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class AskedView:
    """One question of the form. `seen` marks the saved answer; `other` is what another window saved, in words."""

    place: int
    kind: str
    prompt_html: str
    options: tuple[OptionView, ...]
    value: str
    unit: str
    seen: str
    error: str
    other: str | None

    @property
    def name(self) -> str:
        return f"answer-{self.place}"


@dataclass(frozen=True, slots=True)
class TryForm:
    """The open try."""

    attempt: int
    number: int
    of: str
    saved: str
    questions: tuple[AskedView, ...]


@dataclass(frozen=True, slots=True)
class ShownOption:
    """`right` is None while that is not told."""

    html: str
    chosen: bool
    right: bool | None


@dataclass(frozen=True, slots=True)
class AnsweredView:
    """One question of a try with its answer. `right`: whether it was answered right, None while that is not told.

    `wanted` is the right number in words, "" for choices and while it is not told.
    """

    prompt_html: str
    options: tuple[ShownOption, ...]
    given: str
    right: bool | None
    wanted: str = ""
    feedback_html: str = ""


@dataclass(frozen=True, slots=True)
class TryRow:
    """One try in a list; `href` leads to its questions, "" for one that is open."""

    attempt: int
    number: int
    verdict: str
    words: str
    tone: str
    at: Said | None
    href: str


@dataclass(frozen=True, slots=True)
class CheckPage:
    """`path` is the check's address, `back` the assignment's. `form` is there while a try takes answers."""

    path: str
    back: str
    crumbs: tuple[tuple[str, str | None], ...]
    kicker: str
    title: str
    prompt_html: str
    required: bool
    facts: tuple[tuple[str, str], ...]
    words: str
    tone: str
    begin: str
    closed: str
    form: TryForm | None
    rows: tuple[TryRow, ...]
    pager: Pager
    errors: tuple[tuple[str | None, str], ...] = ()
    conflicts: bool = False


@dataclass(frozen=True, slots=True)
class TryPage:
    """A finished try: what was asked and answered, and once it is told, what was right."""

    crumbs: tuple[tuple[str, str | None], ...]
    kicker: str
    title: str
    verdict: str
    words: str
    tone: str
    at: Said
    told: str
    questions: tuple[AnsweredView, ...]
    back: str


@dataclass(frozen=True, slots=True)
class CheckSlot:
    """A check in the evidence form: how it stands, and the way to it."""

    href: str
    action: str
    words: str
    tone: str
    rules: str


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """What came of saving one question: `remark` says why a number cannot be read yet, `wrong` why it was not saved.

    `other` is what another window saved.
    """

    path: str
    attempt: int
    number: int
    place: int
    seen: str
    saved: str
    remark: str
    wrong: str
    other: str | None
