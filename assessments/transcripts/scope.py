"""What part of a record a document is about, and how it shows it."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date, timedelta
from typing import Any, Self

from assessments.transcripts.canonical import ADDED
from assessments.transcripts.parts import TranscriptLine
from fourweek.light import dataclass
from fourweek.settings import PaperSize


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The whole record where nothing is set. Days are those of completion, both included.

    `module` is one of the single course named, by `module_key`, or a ledger entry. `board` is the key of the board that
    a packet is for. Stored as `stored()` writes it, with the keys that are set.
    """

    courses: tuple[str, ...] = field(default=(), metadata={ADDED: True})
    since: date | None = field(default=None, metadata={ADDED: True})
    until: date | None = field(default=None, metadata={ADDED: True})
    module: str = field(default="", metadata={ADDED: True})
    board: str = field(default="", metadata={ADDED: True})

    @property
    def is_whole(self) -> bool:
        """Whether it leaves no line of the record out."""
        return not (self.courses or self.since or self.until or self.module)

    def holds(self, line: TranscriptLine) -> bool:
        """Whether a line belongs to it."""
        return (
            (not self.courses or line.course_code in self.courses)
            and (self.since is None or self.since <= line.completed_on)
            and (self.until is None or line.completed_on <= self.until)
            and (not self.module or self.module in {module_key(line), line.entry})
        )

    @property
    def end(self) -> date | None:
        """The day after the last; None where there is none."""
        return self.until + timedelta(days=1) if self.until and self.until < date.max else None

    def stored(self) -> dict[str, Any]:
        """As the column `scope` holds it; equal scopes give equal text."""
        named: dict[str, Any] = {
            "courses": list(self.courses),
            "from": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "module": self.module,
            "board": self.board,
        }
        return {key: value for key, value in named.items() if value}

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """The scope that `stored()` wrote."""
        return cls(
            courses=tuple(stored.get("courses", ())),
            since=_day(stored.get("from")),
            until=_day(stored.get("until")),
            module=stored.get("module", ""),
            board=stored.get("board", ""),
        )


WHOLE = Scope()


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a document shows its part: the sheet, ids of the licences named, credit from elsewhere, former names."""

    paper: PaperSize = PaperSize.LETTER
    licences: tuple[str, ...] = ()
    stated: bool = False
    names: bool = True

    def stored(self) -> dict[str, Any]:
        """As the column `options` holds it."""
        return {
            "paper": self.paper.value,
            "licences": list(self.licences),
            "stated": self.stated,
            "names": self.names,
        }


PLAIN = Options()


def module_key(line: TranscriptLine) -> str:
    """A module within its course, such as "1.0/3": it stays the same when its entry is corrected."""
    return f"{line.course_version}/{line.module_number}"


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
