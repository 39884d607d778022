"""The small parts that lines of a document are made of. All text in them is clean."""

from dataclasses import field, fields
from datetime import date

from assessments.credit.rules import contact_hours_text
from assessments.transcripts.canonical import ADDED
from fourweek.letters.cleaning import clean_text
from fourweek.light import dataclass


class CleanText:
    """Every string that enters a document is composed and freed of hidden characters."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for own in fields(self):  # type: ignore[arg-type]
            value = getattr(self, own.name)
            if type(value) is str:
                object.__setattr__(self, own.name, clean_text(value))


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePart(CleanText):
    """The minutes of one line that belong to one category. The parts of a line add up to its counted minutes."""

    category: str
    counted_minutes: int
    contact_hours: str = ""

    def __post_init__(self) -> None:
        CleanText.__post_init__(self)
        object.__setattr__(self, "contact_hours", self.contact_hours or contact_hours_text(self.counted_minutes))


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCredit(CleanText):
    """Credit beside the CEU: whole `steps` of `step` units ("1/2") by rule `rule_id`, written as `amount` ("2.5")."""

    credit_type: str
    rule_id: str
    steps: int
    step: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineApproval(CleanText):
    """An approval of the institution that held on the day of completion, and the course's number there if any."""

    body: str
    number: str
    course_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instructor(CleanText):
    """Who taught, with what makes them fit to."""

    name: str
    credential: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeMet(CleanText):
    """A competency of the course that was demonstrated; `key` is its name within the course."""

    key: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityEvidence(CleanText):
    """How and when somebody made sure who the learner is; `result` is "confirmed" or "not confirmed"."""

    method: str
    checked_on: date
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceShown(CleanText):
    """A licence of the learner, shown by their choice. `source` is "stated" or "checked", then on `checked_on`."""

    profession: str
    jurisdiction: str
    number: str
    source: str
    checked_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedLine(CleanText):
    """Credit from elsewhere, as the learner states it: in no total of ours. `said` is what its certificate says.

    The certificate itself, where one was handed in, is named by its file name and SHA-256 in packets.
    """

    title: str
    provider: str
    provider_number: str
    category: str
    mode: str
    place: str
    instructor: str
    completed_on: date
    minutes: int
    contact_hours: str = ""
    said: str
    evidence_name: str = field(default="", metadata={ADDED: True})
    evidence_sha256: str = field(default="", metadata={ADDED: True})

    def __post_init__(self) -> None:
        CleanText.__post_init__(self)
        object.__setattr__(self, "contact_hours", self.contact_hours or contact_hours_text(self.minutes))


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditTotal(CleanText):
    """The sum of one credit type over lines that count, as text ("17.5"): the frozen amounts, never rounded again."""

    credit_type: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseShown(CleanText):
    """How many modules a version of a course has, for documents that say whether all of it was completed."""

    code: str
    version: str
    modules: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardNeed(CleanText):
    """The least that a board asks for of some categories, and what was earned of it; exact minutes and hours.

    `stated_minutes` is what comes to it from elsewhere.
    """

    title: str
    needed_minutes: int
    minutes: int
    stated_minutes: int
    needed_hours: str = ""
    hours: str = ""

    def __post_init__(self) -> None:
        CleanText.__post_init__(self)
        object.__setattr__(self, "needed_hours", self.needed_hours or contact_hours_text(self.needed_minutes))
        object.__setattr__(self, "hours", self.hours or contact_hours_text(self.minutes))


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardEstimate(CleanText):
    """What the lines of a packet come to by a board's rule `rule_id`; an estimate, never an award.

    What is asked for is for a renewal window of so many `months`, whatever the period of the packet. `required`,
    `earned` and `missing` are units as text, rounded once; `with_stated` is what was earned together with what is
    stated from elsewhere, "" where nothing is. Nothing is carried over from the period before.
    """

    board: str
    title: str
    rule_id: str
    unit: str
    months: int
    required: str
    earned: str
    missing: str
    with_stated: str
    earned_minutes: int
    needs: tuple[BoardNeed, ...]
    cut: tuple[str, ...]
    note: str
