"""One thing looked at: how it is, and what to do."""

from collections.abc import Callable, Iterator
from enum import StrEnum

from fourweek.errors import FourweekError
from fourweek.light import dataclass


class State(StrEnum):
    """`note` is worth knowing and no fault."""

    OK = "ok"
    NOTE = "note"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """`part` is what was looked at, `words` how it is, `what_to_do` "" where there is nothing to do."""

    part: str
    state: State
    words: str
    what_to_do: str = ""


Look = Callable[[], Iterator[Finding]]


def ok(part: str, words: str) -> Finding:
    return Finding(part, State.OK, words)


def note(part: str, words: str, what_to_do: str = "") -> Finding:
    return Finding(part, State.NOTE, words, what_to_do)


def fault(part: str, words: str, what_to_do: str) -> Finding:
    return Finding(part, State.FAULT, words, what_to_do)


def _said(error: Exception) -> str:
    """On one line; without the name of its kind where the words are meant for people."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}{f', {error.filename}' if error.filename else ''}."
    said = str(error).partition("\n")[0][:300]
    return said if isinstance(error, FourweekError) else f"{type(error).__name__}{f': {said}' if said else ''}"


def looked(part: str, look: Look) -> list[Finding]:
    """What a look found. One that cannot be ended is a fault of its own: the others go on."""
    found: list[Finding] = []
    try:
        found.extend(look())
    except Exception as error:  # noqa: BLE001 whatever ails it is what we are here for
        words = f"It cannot be looked at: {_said(error)}"
        found.append(fault(part, words, "See that what it names is there and may be used by this user."))
    return found
