"""The parts of a transcript: who issued it, to whom, its lines and its sums."""

from dataclasses import dataclass, field  # not the light one: what is signed cannot be changed as it runs either
from datetime import date
from enum import StrEnum

from assessments.credit.rules import ceu_text, contact_hours_text
from assessments.transcripts.canonical import ADDED
from assessments.transcripts.pieces import (
    CleanText,
    CreditTotal,
    IdentityEvidence,
    Instructor,
    LicenceShown,
    LineApproval,
    LineCredit,
    LinePart,
    OutcomeMet,
)
from courses.packages.models import CreditEvent
from fourweek.letters.cleaning import clean_text

_LATER = {ADDED: True}


class LineStatus(StrEnum):
    """What became of a line. Only active and amended lines carry credit."""

    ACTIVE = "active"
    AMENDED = "amended"
    REVOKED = "revoked"
    REPEAT = "repeat-no-credit"

    @property
    def counts(self) -> bool:
        return self in {LineStatus.ACTIVE, LineStatus.AMENDED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval(CleanText):
    """An accreditation or approval as it was granted: `statement` is printed word for word."""

    body: str
    number: str
    statement: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer(CleanText):
    """The institution that stands behind the record. No approval is claimed unless it is listed here."""

    name: str
    address: tuple[str, ...]
    registrar: str
    contact: str
    approvals: tuple[Approval, ...] = ()

    def __post_init__(self) -> None:
        CleanText.__post_init__(self)
        object.__setattr__(self, "address", tuple(map(clean_text, self.address)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner(CleanText):
    """The person by legal name as of now, and a number that is random and no national identifier."""

    legal_name: str
    number: str
    licences: tuple[LicenceShown, ...] = field(default=(), metadata=_LATER)


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptLine(CleanText):
    """One completed module, on a day in `zone`. The texts of contact hours and CEU are made from the integers.

    `attendance` is of the whole course, such as "Attended 3 of 4 live sessions"; "" where none was kept. Since the
    second schema `entry` names the ledger entry behind the line, `parts` how its minutes divide among categories,
    `credits` what it is worth beside the CEU, `began_on` the first day of the course, `approvals` those of the
    institution that held on the day of completion, `earned_as` the learner's legal name of that day where it was
    another, and `event` what was rounded once.
    """

    course_code: str
    course_title: str
    course_version: str
    module_number: int
    module_title: str
    category: str
    delivery: str
    completed_on: date
    zone: str
    counted_minutes: int
    ceu_tenths: int
    rule_id: str
    outcome: str = "demonstrated"
    assessment_method: str
    award_url: str | None = None
    status: LineStatus = LineStatus.ACTIVE
    contact_hours: str = ""
    ceu: str = ""
    attendance: str = field(default="", metadata=_LATER)
    entry: str = field(default="", metadata=_LATER)
    parts: tuple[LinePart, ...] = field(default=(), metadata=_LATER)
    credits: tuple[LineCredit, ...] = field(default=(), metadata=_LATER)
    mode: str = field(default="", metadata=_LATER)
    place: str = field(default="", metadata=_LATER)
    began_on: date | None = field(default=None, metadata=_LATER)
    instructors: tuple[Instructor, ...] = field(default=(), metadata=_LATER)
    outcomes: tuple[OutcomeMet, ...] = field(default=(), metadata=_LATER)
    identity: IdentityEvidence | None = field(default=None, metadata=_LATER)
    approvals: tuple[LineApproval, ...] = field(default=(), metadata=_LATER)
    earned_as: str = field(default="", metadata=_LATER)
    event: CreditEvent = field(default=CreditEvent.COURSE, metadata=_LATER)

    def __post_init__(self) -> None:
        CleanText.__post_init__(self)
        if not self.status.counts and self.ceu_tenths:
            raise ValueError(f"A line that is {self.status} carries no credit.")
        if self.parts and sum(part.counted_minutes for part in self.parts) != self.counted_minutes:
            raise ValueError("The parts of a line add up to its minutes.")
        object.__setattr__(self, "contact_hours", self.contact_hours or contact_hours_text(self.counted_minutes))
        object.__setattr__(self, "ceu", self.ceu or ceu_text(self.ceu_tenths))


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryTotal:
    """The exact time of the lines of one category. It has no CEU: the total is rounded once, never by category."""

    label: str
    modules: int
    counted_minutes: int
    contact_hours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtotal:
    """Minutes and tenths of the lines that share `label`: a course or a calendar year."""

    label: str
    modules: int
    counted_minutes: int
    contact_hours: str
    ceu_tenths: int
    ceu: str
    credits: tuple[CreditTotal, ...] = field(default=(), metadata=_LATER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums of frozen integers over the lines that count; nothing is rounded again."""

    modules: int
    counted_minutes: int
    contact_hours: str
    ceu_tenths: int
    ceu: str
    by_category: tuple[CategoryTotal, ...]
    by_year: tuple[Subtotal, ...]
    credits: tuple[CreditTotal, ...] = field(default=(), metadata=_LATER)
