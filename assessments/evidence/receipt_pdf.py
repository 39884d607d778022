"""A receipt on paper: PDF/A-3a and PDF/UA-1, made anew from what is stored whenever it is asked for."""

import json
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from assessments.evidence.receipts import ReceiptPage
from assessments.transcripts.press import press
from assessments.transcripts.view import breakable
from fourweek.letters.cleaning import clean_text
from fourweek.letters.direction import isolated
from fourweek.letters.printing import missing_glyphs
from fourweek.light import dataclass

INSTEAD = "\ufffd"
_UNPRINTED = f"Where the paper has no letter for a sign of a name, {INSTEAD} stands for it; the fingerprint is exact."


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one receipt says on paper: its texts as JSON, and the instant it is dated with."""

    view: str
    paper: str
    at: datetime

    @property
    def etag(self) -> str:
        """Of the document that this sheet becomes."""
        said = "\0".join((self.view, self.paper)).encode()
        return f'"{sha256(_template() + said).hexdigest()}"'

    def press(self) -> bytes:
        """The document's bytes. Slow: not on the loop, not in a transaction. Raises DocumentFailed."""
        return press(_template(), {"view": self.view, "paper": self.paper}, self.at)


def sheet_of(page: ReceiptPage, institution: str, paper: str) -> Sheet:
    """The receipt as paper shows it; no sign in it hides or reorders others."""
    at = page.at
    view = {
        "institution": _printed(institution),
        "receipt": page.receipt,
        "stamp": {part: getattr(at, part) for part in ("year", "month", "day", "hour", "minute", "second")},
        "taken_back": page.taken_back.words if page.taken_back else "",
        "facts": [{"label": label, "value": _printed(value)} for label, value in _facts(page)],
        "lines": [
            {"name": _printed(one.name), "about": _printed(one.about), "size": one.size, "sha256": _grouped(one.sha256)}
            for one in page.lines
        ],
        "integrity": _printed(page.integrity),
    }
    printed = json.dumps(view, ensure_ascii=False)
    view["printed"] = _UNPRINTED if INSTEAD in printed else ""
    return Sheet(json.dumps(isolated(view), ensure_ascii=False), paper, at)


def _facts(page: ReceiptPage) -> tuple[tuple[str, str], ...]:
    return (
        ("Handed in by", ", ".join(page.people)),
        ("Course", f"{page.course}, {page.cohort}"),
        ("Assignment", f"Module {page.module_number}: {page.title}"),
        ("Attempt", str(page.attempt)),
        ("Received", page.handed_in.words),
        ("By the server's clock", page.handed_in.iso),
        ("Against the due date", "Late" if page.late else "In time"),
        ("Rule", page.late_rule.words),
        ("Kept", page.kept),
    )


def _printed(text: str) -> str:
    """The text in letters that the fonts have, with places to break long words."""
    clean = clean_text(text)
    missing: Any = dict.fromkeys(map(ord, missing_glyphs(clean)), INSTEAD)
    return breakable(clean.translate(missing))


def _grouped(digest: str) -> str:
    """A digest in groups of eight, so that two can be compared by eye."""
    return " ".join(digest[place : place + 8] for place in range(0, len(digest), 8))


@cache
def _template() -> bytes:
    return files("assessments.evidence").joinpath("receipt.typ").read_bytes()
