"""What in a name a second pair of eyes should see: letters of several scripts, and letters that only look Latin. Pure.

Nothing is refused for it: many names are written in two scripts. A look-alike lets one person hold two records.
"""

import unicodedata
from typing import Final

from fourweek.language import N_, NP_, _, n_
from fourweek.language.lists import in_a_row

# Letters that are drawn like a Latin one (after the confusables of UTS 39, as far as names use them).
_ALIKE: Final = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеѕіјорсухһԛԝ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονυ",
    "ABESIJKMHOPCTYXaesijopcyxhqw" + "ABEZHIKMNOPTYXovu",
)
_SCRIPTS: Final = (
    "LATIN",
    "GREEK",
    "CYRILLIC",
    "ARABIC",
    "HEBREW",
    "DEVANAGARI",
    "THAI",
    "HANGUL",
    "HIRAGANA",
    "KATAKANA",
    "CJK",
)
_SAID: Final = {
    "LATIN": N_("Latin"),
    "GREEK": N_("Greek"),
    "CYRILLIC": N_("Cyrillic"),
    "ARABIC": N_("Arabic"),
    "HEBREW": N_("Hebrew"),
    "DEVANAGARI": N_("Devanagari"),
    "THAI": N_("Thai"),
    "EAST ASIAN": N_("East Asian"),
    "OTHER": NP_("a script", "Other"),
}
_TOGETHER: Final = frozenset({"HIRAGANA", "KATAKANA", "CJK", "HANGUL"})


def script_of(char: str) -> str:
    """Such as "LATIN"; "EAST ASIAN" for those that are written together, "" for what belongs to no script."""
    if not char.isalpha():
        return ""
    first = unicodedata.name(char, "").split(" ", 1)[0].split("-", 1)[0]
    if first in _TOGETHER:
        return "EAST ASIAN"
    return first if first in _SCRIPTS else "OTHER"


def flags(name: str) -> tuple[str, ...]:
    """Sentences for staff: which letters of which script stand in one word or beside it; () for nothing."""
    found = [_of_word(word) for word in name.split()]
    scripts = dict.fromkeys(script for word in name.split() for script in _scripts(word))
    several = (
        ()
        if len(scripts) < 2
        else (
            n_(
                "Written in {count} script: {scripts}.",
                "Written in {count} scripts: {scripts}.",
                len(scripts),
                scripts=in_a_row(map(_said, scripts)),
            ),
        )
    )
    return (*(sentence for sentence in found if sentence), *several)


def drawn_alike(name: str) -> str:
    """The name in the Latin letters that it looks like, to look for somebody else who is called so."""
    return name.translate(_ALIKE)


def _of_word(word: str) -> str:
    scripts = _scripts(word)
    alike = [char for char in word if char.translate(_ALIKE) != char]
    if len(scripts) > 1:
        odd = min(scripts, key=lambda script: sum(script_of(char) == script for char in word))
        signs = [char for char in word if script_of(char) == odd]
        return _("One word mixes scripts: {signs}.", signs=_points(signs))
    letters = [char for char in word if char.isalpha()]
    if alike and len(alike) == len(letters) and len(letters) > 1:
        return _("A word looks Latin and is not: {alike}.", alike=_points(alike))
    return ""


def _scripts(word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(script for script in map(script_of, word) if script))


def _points(chars: list[str]) -> str:
    """Such as "а (U+0430 Cyrillic small letter a)"."""
    said = dict.fromkeys(
        f"{char} (U+{ord(char):04X} {unicodedata.name(char, 'no name').capitalize()})" for char in chars
    )
    return in_a_row(said)


def _said(script: str) -> str:
    return _(_SAID[script])
