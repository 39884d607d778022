"""What a document says, frozen: the one source of its PDF, its JSON and its CSV.

A snapshot is taken once, from a record and an instant, and stored as its canonical JSON. Everything shown is in it:
a document made again years later from the same snapshot says the same, whatever has changed since.
"""

import re
from collections.abc import Iterable
from dataclasses import field
from datetime import UTC, date, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from assessments.credit.rules import Rule
from assessments.transcripts.canonical import ADDED, NotCanonical, dump, load
from assessments.transcripts.codes import normalise
from assessments.transcripts.errors import AlteredSnapshot
from assessments.transcripts.legend import LegendRow, legend_rows
from assessments.transcripts.models import DocumentKind
from assessments.transcripts.parts import Issuer, Learner, LineStatus, Totals, TranscriptLine
from assessments.transcripts.pieces import BoardEstimate, CleanText, CourseShown, StatedLine
from assessments.transcripts.scope import WHOLE, Scope
from assessments.transcripts.sums import in_print_order, totals_of
from courses.packages.models import CreditEvent
from fourweek.language import _
from fourweek.light import dataclass

FIRST_SCHEMA = "fourweek-transcript/1"
SCHEMA = "fourweek-transcript/2"
_LATER = {ADDED: True}
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentIdentity(CleanText):
    """How the document is named and checked. The address holds the code and nothing else about the person."""

    number: str
    code: str
    verify_host: str
    verify_url: str
    replaces: str | None = None

    def __post_init__(self) -> None:
        CleanText.__post_init__(self)
        if normalise(self.code) != self.code:
            raise ValueError("The code is kept in its plain form of 16 characters.")
        if not _NUMBER.fullmatch(self.number):
            raise ValueError("A document number has capital letters, digits and hyphens.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptSnapshot(CleanText):
    """A whole document. `issued_on` and `as_of` are days in `zone`; lines are in the order they are printed.

    Documents of the first schema have none of the fields that came later, and are printed as they were then. `paper`
    is the sheet of the PDF; `ledger_entries` and `ledger_head` say up to where the ledger was read; `stated` is credit
    from elsewhere, in no total. `seal` is the fingerprint of the certificate that the PDF is sealed with.
    """

    schema: str = SCHEMA
    issuer: Issuer
    learner: Learner
    document: DocumentIdentity
    issued_at: datetime
    issued_on: date
    as_of: date
    zone: str
    lines: tuple[TranscriptLine, ...]
    totals: Totals
    legend: tuple[LegendRow, ...]
    kind: DocumentKind = field(default=DocumentKind.TRANSCRIPT, metadata=_LATER)
    scope: Scope = field(default=WHOLE, metadata=_LATER)
    paper: str = field(default="", metadata=_LATER)
    ledger_entries: int = field(default=0, metadata=_LATER)
    ledger_head: str = field(default="", metadata=_LATER)
    stated: tuple[StatedLine, ...] = field(default=(), metadata=_LATER)
    seal: str = field(default="", metadata=_LATER)
    courses: tuple[CourseShown, ...] = field(default=(), metadata=_LATER)
    estimate: BoardEstimate | None = field(default=None, metadata=_LATER)

    def __post_init__(self) -> None:
        CleanText.__post_init__(self)
        if self.schema not in {FIRST_SCHEMA, SCHEMA}:
            raise ValueError(f"The schema {self.schema!r} is not known here.")
        if self.issued_at.tzinfo is None:
            raise ValueError("The instant of issue needs a zone.")

    @property
    def file_stem(self) -> str:
        """The name of every file made from it, without ending and without anything about the person."""
        return f"{self.kind}-{self.document.number}"

    def modules_of(self, line: TranscriptLine) -> int:
        """How many modules the course of a line has; 0 where the document does not say."""
        wanted = (line.course_code, line.course_version)
        return next((one.modules for one in self.courses if (one.code, one.version) == wanted), 0)

    def to_json(self) -> bytes:
        """The canonical bytes: what is stored, hashed, attached to the PDF and downloaded."""
        return dump(self)

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """The snapshot that `to_json` wrote. Raises AlteredSnapshot for any other bytes."""
        try:
            snapshot = load(cls, data)
        except NotCanonical as error:
            raise AlteredSnapshot from error
        _check_sums(snapshot)
        return snapshot


def take_snapshot(
    *,
    issuer: Issuer,
    learner: Learner,
    document: DocumentIdentity,
    lines: Iterable[TranscriptLine],
    rules: Iterable[Rule],
    now: datetime,
    zone: ZoneInfo,
    **more: Any,
) -> TranscriptSnapshot:
    """Freeze a record as of `now` (the real clock). `zone` is the institution's, `rules` those that the lines name.

    `more` are the fields of the snapshot that may be left out.

    Raises ValueError for an instant without zone, or a zone without a name.
    """
    if now.tzinfo is None or not zone.key:
        raise ValueError("A transcript needs an instant and a named zone.")
    ordered = in_print_order(lines)
    issued_on = now.astimezone(zone).date()
    return TranscriptSnapshot(
        issuer=issuer,
        learner=learner,
        document=document,
        issued_at=now.astimezone(UTC).replace(microsecond=0),
        issued_on=issued_on,
        as_of=issued_on,
        zone=zone.key,
        lines=ordered,
        totals=totals_of(ordered),
        legend=legend_rows(
            rules,
            marked=any(line.status is not LineStatus.ACTIVE for line in ordered),
            apart=any(line.event is CreditEvent.MODULES for line in ordered),
        ),
        **more,
    )


def _check_sums(snapshot: TranscriptSnapshot) -> None:
    if _figures(snapshot.totals) != _figures(totals_of(snapshot.lines)):
        raise AlteredSnapshot(_("The totals of this transcript are not the sums of its lines."))


def _figures(totals: Totals) -> tuple[tuple[object, ...], ...]:
    return (
        (totals.modules, totals.counted_minutes, totals.ceu_tenths, totals.credits),
        *((part.label, part.modules, part.counted_minutes) for part in totals.by_category),
        *((part.label, part.modules, part.counted_minutes, part.ceu_tenths, part.credits) for part in totals.by_year),
    )
