"""Which letters the vendored font can set. Others would be empty boxes, and scripts that join or stack be misspelt."""

import unicodedata
from functools import lru_cache
from typing import Final

from assessments.badges.picture.fitting import font

_SIZE: Final = 40
_NO_CHARACTER: Final = "\uffff"
_SCRIPTS: Final = ("LATIN", "GREEK", "CYRILLIC")
_SAID: Final = ("L", "M", "N")


def settable(text: str) -> str:
    """The text in composed form, without signs that the font lacks; "" if it lacks one of its letters or figures."""
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(character for character in composed if character.isspace() or _known(character))
    said = [character for character in composed if unicodedata.category(character)[0] in _SAID]
    return " ".join(kept.split()) if said and all(map(_known, said)) else ""


@lru_cache(maxsize=2048)
def _known(character: str) -> bool:
    """Whether the font draws it, and it is written as it stands, one beside the other."""
    if unicodedata.category(character)[0] == "M":
        return False
    if character.isalpha() and not unicodedata.name(character, "").startswith(_SCRIPTS):
        return unicodedata.category(character) in {"Lm", "Lo"} and character in "ªº"
    return _drawn(character) != _drawn(_NO_CHARACTER)


def _drawn(character: str) -> tuple[tuple[int, int], bytes]:
    mask = font(_SIZE, bold=True).getmask(character)
    return mask.size, bytes(mask)
