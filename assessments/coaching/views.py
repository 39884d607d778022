"""What pages show of coaching, as frozen values."""

from courses.paging import Pager
from courses.schedule.words import Said
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class CoachingView:
    """What a learner sees after the last attempt. `action` is where a wish goes, "" where none can be sent now.

    `wish`, `asked` and `answer`, `answered` are of the newest coaching; `typed` and `error` of a wish not taken.
    """

    action: str
    wish: str = ""
    asked: Said | None = None
    answer: str = ""
    answered: Said | None = None
    granted: str = ""
    typed: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a list: `coaching_id` where one is open, else what is needed to begin one."""

    learner: str
    meta: str
    coaching_id: str = ""
    enrolment_id: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class ListPage:
    """Open ones, or learners at the end of their attempts, as `part` says."""

    part: str
    rows: tuple[Row, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class TalkPage:
    """One coaching for whoever leads the cohort; `closed` says since when, by `closer`."""

    id: str
    learner: str
    title: str
    about: str
    wish: str
    asked: Said
    submission_id: str
    answer: str = ""
    closed: Said | None = None
    closer: str = ""
    extra: int = 0
    typed_answer: str = ""
    typed_extra: str = "1"
    typed_reason: str = ""
    errors: tuple[tuple[str, str], ...] = ()
    is_clash: bool = False

    def error(self, name: str) -> str | None:
        return dict(self.errors).get(name)

    @property
    def summary(self) -> tuple[tuple[str, str], ...]:
        """The errors with the controls they are about."""
        return tuple((f"field-{name}", words) for name, words in self.errors)
