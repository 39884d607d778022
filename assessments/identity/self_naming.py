"""Does a text name its author? For flags beside a slot: what is found is shown, and nothing is ever changed. Pure.

In running text a single part of a name counts only where it begins with a capital, so that "will" and "mark" stay
words; whole names, addresses and numbers count however they are written.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise

from fourweek.light import dataclass

SHORTEST_JOINED, SHORTEST_LOCAL = 5, 4
"""Letters from which a name written in one word, or the part of an address before the @, counts."""
_WORD = re.compile(r"[^\W\d_]+")
_BETWEEN = re.compile(r"[\s,.·_'’–-]{1,3}")
_SPECIAL = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


@dataclass(frozen=True, slots=True)
class Author:
    """What tells who somebody is; `names` are whole ones, as they are written."""

    names: tuple[str, ...]
    addresses: tuple[str, ...] = ()
    number: str = ""


@dataclass(frozen=True, slots=True)
class _Word:
    """A run of letters in a text: folded, where it stands, and whether it begins as names do."""

    folded: str
    start: int
    end: int
    capital: bool


def named_in(text: str, author: Author, *, running: bool = True) -> tuple[str, ...]:
    """What of the author is named in a text, in the author's own spelling; () for nothing.

    `running` is for sentences; file names and web addresses are seldom written with capitals.
    """
    words = tuple(_words(text))
    folded = _folded(text)
    found = [name for name in author.names if _has_whole(text, words, name)]
    if not found:
        found = list(_single_parts(folded, words, author.names, running=running))
    found += [one for one in author.addresses if _has_address(folded, one, author.names)]
    if author.number and _stands_alone(folded, _folded(author.number)):
        found.append(author.number)
    return tuple(dict.fromkeys(found))


def _folded(text: str) -> str:
    """Without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_SPECIAL))
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()


def _words(text: str) -> Iterator[_Word]:
    composed = unicodedata.normalize("NFC", text)
    for found in _WORD.finditer(composed):
        yield _Word(_folded(found[0]), found.start(), found.end(), not found[0][0].islower())


def _parts(name: str) -> tuple[str, ...]:
    """The words of a name, without initials."""
    return tuple(word.folded for word in _words(name) if len(word.folded) > 1)


def _has_whole(text: str, words: tuple[_Word, ...], name: str) -> bool:
    """Two different words of the name beside each other, in any order, or first and last in one word."""
    parts = _parts(name)
    if len(parts) < 2:
        return False
    first, last = parts[0], parts[-1]
    joined = {one for one in (first + last, last + first) if len(one) >= SHORTEST_JOINED}
    if any(word.folded in joined for word in words):
        return True
    composed, known = unicodedata.normalize("NFC", text), set(parts)
    return any(
        one.folded in known
        and two.folded in known
        and one.folded != two.folded
        and _BETWEEN.fullmatch(composed, one.end, two.start)
        for one, two in pairwise(words)
    )


def _single_parts(folded: str, words: tuple[_Word, ...], names: Iterable[str], *, running: bool) -> Iterator[str]:
    """The names' parts that are words of the text; scripts without case do not part their words either."""
    there = {word.folded for word in words if word.capital or not running}
    for name in names:
        for part in _words(name):
            own = unicodedata.normalize("NFC", name)[part.start : part.end]
            caseless = own.upper() == own.lower()
            if len(part.folded) > 1 and (part.folded in there or (caseless and part.folded in folded)):
                yield own


def _has_address(folded: str, address: str, names: Iterable[str]) -> bool:
    """The address, or what stands before its @ where that is more than one part of a name: "info" is a word."""
    whole = _folded(address)
    if _stands_alone(folded, whole):
        return True
    local = whole.partition("@")[0]
    parts = [part for name in names for part in _parts(name)]
    own = any(part in local and part != local for part in parts) or any(sign.isdigit() for sign in local)
    return own and len(local) >= SHORTEST_LOCAL and _stands_alone(folded, local)


def _stands_alone(folded: str, what: str) -> bool:
    """Whether it is there with no letter or digit right before or behind."""
    return re.search(rf"(?<![^\W_]){re.escape(what)}(?![^\W_])", folded) is not None
