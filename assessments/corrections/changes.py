"""What a registrar wants to change of an entry, checked before it is proposed. Pure."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from assessments.corrections.models import ProposedAct
from assessments.credit.models import ReasonCode
from fourweek.days import read_day
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.words import say_whole

MOST_WORDS: Final = 500
MOST_MINUTES: Final = 10_000
MOST_PARTS: Final = 8
EARLIEST: Final = date(1970, 1, 1)
CATEGORY: Final = re.compile(r"[a-z][a-z-]*(:[A-Z][A-Z-]{1,9})?")


@dataclass(frozen=True, slots=True)
class Change:
    """`parts` are (category, whole minutes) and `completed_on` the day that a correction would have."""

    act: ProposedAct
    code: ReasonCode
    words: str
    parts: tuple[tuple[str, int], ...] = ()
    completed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """The same as it was typed in a form."""

    act: str = ""
    code: str = ""
    words: str = ""
    parts: tuple[tuple[str, str], ...] = ()
    completed_on: str = ""


def checked(typed: Typed, today: date) -> Change:
    """What was typed as a change; `today` is the latest day that a module can have been completed on.

    Raises Invalid with a sentence for each field: `act`, `code`, `words`, `parts`, `completed_on`.
    """
    wrong = _wrong_reason(typed)
    act = ProposedAct(typed.act) if typed.act in set(ProposedAct) else None
    if act is None:
        wrong["act"] = _("Choose what is to become of the entry.")
    parts, day = _parts(typed.parts), read_day(typed.completed_on)
    if act is ProposedAct.CORRECT:
        if parts is None:
            wrong["parts"] = _(
                "Give whole minutes from 1 to {most} for each category, and each category once.",
                most=say_whole(MOST_MINUTES),
            )
        if day is None or not EARLIEST <= day <= today:
            wrong["completed_on"] = _("Give the day on which the module was completed; it is not in the future.")
    if wrong or act is None:
        raise Invalid(wrong)
    if act is ProposedAct.TAKE_BACK:
        return Change(act, ReasonCode(typed.code), typed.words.strip())
    return Change(act, ReasonCode(typed.code), typed.words.strip(), parts or (), day)


def _wrong_reason(typed: Typed) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if typed.code not in set(ReasonCode) - {ReasonCode.MERGED}:
        wrong["code"] = _("Choose a reason.")
    if not typed.words.strip():
        wrong["words"] = _("Say in a sentence why.")
    elif len(typed.words.strip()) > MOST_WORDS:
        wrong["words"] = _("Say it in at most {most} characters.", most=MOST_WORDS)
    return wrong


def _parts(typed: Sequence[tuple[str, str]]) -> tuple[tuple[str, int], ...] | None:
    """The rows that were filled in; None where one cannot be taken or none is left."""
    rows = [(category.strip(), minutes.strip()) for category, minutes in typed if category.strip() or minutes.strip()]
    if not 0 < len(rows) <= MOST_PARTS or len({category for category, _count in rows}) < len(rows):
        return None
    if not all(CATEGORY.fullmatch(category) and len(category) <= 60 and _whole(count) for category, count in rows):
        return None
    return tuple((category, int(minutes)) for category, minutes in rows)


def _whole(minutes: str) -> bool:
    return minutes.isascii() and minutes.isdigit() and len(minutes) < 6 and 0 < int(minutes) <= MOST_MINUTES
