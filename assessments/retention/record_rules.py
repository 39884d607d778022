"""How long the papers of a record are kept. Pure.

The bare line stays for good: who, what, when and how much. What goes with its period are the files and snapshots of
issued documents, what was handed in with changes of a name or with credit from elsewhere, and numbers of licences that
their holders removed.
"""

from datetime import UTC, date, datetime
from enum import StrEnum

from fourweek.light import dataclass


class RecordKeeps(StrEnum):
    """Why the papers of a record stay although their period is over."""

    HOLD = "hold"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Papers:
    """What is left of one person's papers, counted."""

    documents: int = 0
    name_papers: int = 0
    certificates: int = 0
    licences: int = 0

    @property
    def all(self) -> int:
        return self.documents + self.name_papers + self.certificates + self.licences


def kept_until(last: datetime, years: int) -> date:
    """The first day on which papers may go whose record was changed last at `last`: seven full years after that year
    ends is 1 January of its year and eight."""
    return date(last.astimezone(UTC).year + years + 1, 1, 1)


def due_before(now: datetime, years: int) -> datetime:
    """Records whose last change was before this instant are over their period at `now`."""
    return datetime(now.astimezone(UTC).year - years, 1, 1, tzinfo=UTC)
