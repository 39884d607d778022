"""The one question that every way out asks of a file somebody sent: may it leave, and to whom.

What decides is the row, not the setting: what was held stays held when the scanner is turned off. Without a row, as in
a school that asks no scanner, every file leaves.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, select

from fourweek.database import table
from fourweek.errors import Forbidden
from fourweek.language import N_, _
from fourweek.scanning.models import ScanState, ScanVerdict

VERDICT = table(ScanVerdict)
CHECKED_WORDS: Final = N_("Being checked for harmful content")
HELD_WORDS: Final = N_("Held back: the check for harmful content found something")


class BeingChecked(Forbidden):
    title = N_("This file is being checked")
    what_to_do = N_("Come back in a few minutes.")

    def __init__(self) -> None:
        super().__init__(_("Every file is checked for harmful content before others can open it."))


class HeldBack(Forbidden):
    title = N_("This file is held back")
    what_to_do = N_("Whoever sent it can send another file.")

    def __init__(self) -> None:
        super().__init__(_("The check for harmful content found something in it."))


def verdict_of(sha256: Any) -> ColumnElement[Any]:
    """The column `verdict` of a statement that reads files: `pending`, `held`, or None for what leaves as it is."""
    held = select(VERDICT.c.state).where(VERDICT.c.sha256 == sha256, VERDICT.c.state != ScanState.CLEAN)
    return held.correlate(sha256.table).scalar_subquery().label("verdict")


def stays(verdict: ScanState | None, *, mine: bool) -> str:
    """Why a file may not leave now, in words; "" where it may. Its owner has their own while it is checked.

    What others are told (`mine` False) is also how a file stands, for those who see its name.
    """
    if verdict is ScanState.HELD:
        return HELD_WORDS
    return CHECKED_WORDS if verdict is ScanState.PENDING and not mine else ""


def let_out(verdict: ScanState | None, *, mine: bool) -> None:
    """Raises HeldBack or BeingChecked for a file that stays."""
    if stays(verdict, mine=mine):
        raise HeldBack if verdict is ScanState.HELD else BeingChecked
