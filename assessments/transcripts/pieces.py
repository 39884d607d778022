"""The small parts that lines of a document are made of. All text in them is clean."""

from dataclasses import dataclass, fields
from datetime import date

from assessments.credit.rules import contact_hours_text
from assessments.transcripts.text import clean_text


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
    """Credit from elsewhere, as the learner states it: in no total of ours. `said` is what its certificate says."""

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
