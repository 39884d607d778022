"""Which letters the vendored font can set. Others would be empty boxes, and scripts that join or stack be misspelt."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from assessments.badges.picture.fitting import font

_SIZE: Final = 40
_NO_CHARACTER: Final = "\uffff"
_SCRIPTS: Final = ("LATIN", "GREEK", "CYRILLIC")
_WESTERN: Final = 0x24F
"""Up to here every letter is Latin, whatever its name says."""
_SELECTORS: Final = re.compile("[\ufe00-\ufe0f]")
"""They say whether the sign before them is in colour, and are nothing by themselves."""
_SAID: Final = ("L", "M", "N")


def settable(text: str) -> str:
    """The text in composed form, without signs that the font lacks; "" if it lacks one of its letters or figures."""
    composed = _SELECTORS.sub("", unicodedata.normalize("NFC", text))
    kept = "".join(character for character in composed if character.isspace() or _known(character))
    said = [character for character in composed if unicodedata.category(character)[0] in _SAID]
    return " ".join(kept.split()) if said and all(map(_known, said)) else ""


@lru_cache(maxsize=2048)
def _known(character: str) -> bool:
    """Whether the font draws it, and it is written as it stands, one beside the other."""
    if unicodedata.category(character)[0] == "M":
        return False
    is_far = ord(character) > _WESTERN and character.isalpha()
    if is_far and not unicodedata.name(character, "").startswith(_SCRIPTS):
        return False
    return _drawn(character) != _drawn(_NO_CHARACTER)


def _drawn(character: str) -> tuple[tuple[int, int], bytes]:
    mask = font(_SIZE, bold=True).getmask(character)
    return mask.size, bytes(mask)
