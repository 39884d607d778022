"""Whether a new password is among the first that are tried: pure, over a list of common ones, without the network.

What counts is what is left of it: runs such as `qwerty`, `1234` or `aaa` say nothing, nor do a few digits around a
word, nor digits in place of letters. Two common words are easily tried together; three are not.
"""

from collections.abc import Iterable
from typing import Final

from fourweek.accounts.wordlist import common_passwords
from fourweek.language import N_

COMMON: Final = N_("This is among the first that are tried. Take three or more words that do not belong together.")
OWN: Final = N_(
    "This says your name, your address or the school's. Take three or more words that do not belong together."
)

_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "abcdefghijklmnopqrstuvwxyz", "01234567890")
_RUN: Final = 4
_RUNS: Final = frozenset(
    row[start : start + _RUN] for line in _ROWS for row in (line, line[::-1]) for start in range(len(row) - _RUN + 1)
)
_LETTERS: Final = str.maketrans("013457@$!", "oieastasi")
_WORD: Final = 4
"""Letters that make a word worth looking at."""
_BESIDE, _ALONE = 6, 8
"""So many different signs make a password hard beside a word, and without one."""


def easy(password: str, about: Iterable[str] = ()) -> str | None:
    """Why a password is too easy, in a sentence; None where it is not. `about`: names and addresses of its person."""
    plain = password.casefold()
    own = own_words(about)
    for said in (plain, plain.translate(_LETTERS)):
        rest = _without_runs(said)
        letters = "".join(filter(str.isalpha, rest))
        if _is_own(letters, own):
            return OWN
        if len(set(rest) - set(letters)) < _BESIDE and _is_common(_period(letters)):
            return COMMON
    rest = _without_runs(plain)
    wordless = sum(map(str.isalpha, rest)) < _WORD and len(set(rest)) < _ALONE
    return COMMON if wordless or plain in common_passwords() else None


def own_words(about: Iterable[str]) -> frozenset[str]:
    """The words of names and addresses that are long enough to be looked for."""
    parts = "".join(sign if sign.isalpha() else " " for text in about for sign in f"{text.casefold()} ").split()
    return frozenset(part for part in parts if len(part) >= _WORD - 1)


def _without_runs(text: str) -> str:
    """The text without runs along the keyboard, the alphabet or the digits, and without repeated signs."""
    kept = [
        sign
        for place, sign in enumerate(text)
        if not any(text[start : start + _RUN] in _RUNS for start in range(max(0, place - _RUN + 1), place + 1))
        and text[max(0, place - 2) : place] != sign * 2
    ]
    return "".join(kept)


def _period(letters: str) -> str:
    """What a text repeats, the last time perhaps not to its end: itself where it repeats nothing."""
    return next((letters[:size] for size in range(1, len(letters)) if letters.startswith(letters[size:])), letters)


def _is_common(letters: str) -> bool:
    known = common_passwords()
    pairs = ((letters[:cut], letters[cut:]) for cut in range(_WORD - 1, len(letters) - _WORD + 2))
    paired = any(first in known and second in known for first, second in pairs)
    return 0 < len(letters) < _WORD or letters in known or paired


def _is_own(letters: str, own: frozenset[str]) -> bool:
    """Whether hardly anything is left without one's own words."""
    left = letters
    for word in sorted(own, key=len, reverse=True):
        left = left.replace(word, "")
    return left != letters and (len(left) < _WORD or left in common_passwords())
