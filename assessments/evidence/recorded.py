"""What a receipt keeps in English words that never change, said in the language of whoever reads it.

What fits none of our sentences, such as a row of before, is shown as it was kept. English comes out as it went in.
"""

import re
from collections.abc import Iterator
from datetime import date, time
from typing import Final

from courses.schedule.reasons import WORDS, Reason, ReasonKind
from courses.schedule.words import MONTHS, say_date, say_time
from fourweek.language import ENGLISH, N_, _, n_, spoken
from fourweek.light import dataclass

FURTHER: Final = N_("A further attempt; only the first one can be late.")
UNDATED: Final = N_("No date was set by which this was due.")
DUE: Final = N_("Due {when}. {why}")
_KEPT_DUE: Final = re.compile(
    r"Due [A-Z][a-z]+day (\d{1,2}) ([A-Z][a-z]+) (\d{4}), (\d\d):(\d\d) \(([^()]+)\)\. (.+)", re.DOTALL
)
_KEPT_DAY_OFF: Final = re.compile(r"Moved past a day off: (.+)\.", re.DOTALL)
_KEPT_PAUSE: Final = re.compile(r"Moved past a pause of the course: (.+)\.", re.DOTALL)
_KEPT_RESULT: Final = re.compile(r"(\d+) of (\d+) right, try (\d+); (passed|not passed, (\d+) were needed)")


@dataclass(frozen=True, slots=True)
class Recorded:
    """Words for a page; `lang` is "en" where they stand as they were kept and the page speaks otherwise, else ""."""

    words: str
    lang: str = ""


def say_late_rule(kept: str) -> Recorded:
    """By which date an attempt was late or in time."""
    said = _(kept) if kept in {FURTHER, UNDATED} else " ".join(_due(kept))
    if said or not kept:
        return Recorded(said)
    return Recorded(kept, "" if spoken() == ENGLISH else ENGLISH)


def say_result(kept: str) -> str:
    """What came of a knowledge check, such as "7 of 8 right, try 2; passed"."""
    found = _KEPT_RESULT.fullmatch(kept)
    if found is None:
        return kept
    right, asked, number, _outcome, needed = found.groups()
    if needed is None:
        return _("{right} of {asked} right, try {number}; passed", right=right, asked=asked, number=number)
    return n_(
        "{right} of {asked} right, try {number}; not passed, {count} were needed",
        "{right} of {asked} right, try {number}; not passed, {count} were needed",
        int(needed),
        right=right,
        asked=asked,
        number=number,
    )


def _due(kept: str) -> Iterator[str]:
    """The sentence, if every part of it is known."""
    found = _KEPT_DUE.fullmatch(kept)
    if found is None or found[2] not in MONTHS:
        return
    try:
        day = date(int(found[3]), MONTHS.index(found[2]) + 1, int(found[1]))
        at = time(int(found[4]), int(found[5]))
    except ValueError:
        return
    if why := _reason(found[7]):
        when = _("{date}, {time} ({zone})", date=say_date(day), time=say_time(at), zone=found[6])
        yield _(DUE, when=when, why=why)


def _reason(kept: str) -> str:
    for kind, pattern in ((ReasonKind.DAY_OFF, _KEPT_DAY_OFF), (ReasonKind.PAUSE, _KEPT_PAUSE)):
        if found := pattern.fullmatch(kept):
            return Reason(kind, found[1]).words
    return next((_(words) for words in WORDS.values() if words == kept), "")
