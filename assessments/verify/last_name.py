"""Whether a typed last name is the one on a document. Pure."""

import re
import unicodedata
from collections.abc import Iterator

_MARKS = dict.fromkeys(range(0x0300, 0x0370))
_ALIKE = str.maketrans(
    {**dict.fromkeys("‐‑‒–—−﹣－", "-"), **dict.fromkeys("’‘ʼʹ′＇`´", "'"), **dict(zip("ıłøđ", "ilod", strict=True))}
)
_FAMILY_FIRST = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff]+")
_ADDITIONS = frozenset({"jr", "sr", "ii", "iii", "iv"})
_WITH_ADDITION = 2
LONGEST = 200


def is_last_name(typed: str, name: str) -> bool:
    """Whether `typed` is the last name in `name`: its last word, its last several, or the whole.

    An addition such as "Jr." may be left out. Case, accents on letters, white space and the kind of hyphen or
    apostrophe do not matter. In names written in Han, Kana or Hangul the family name comes first: there the first word
    counts too, or the first one or two signs.
    """
    said = _plain(typed[:LONGEST])
    return bool(said) and said in set(_last_names(_plain(name)))


def _last_names(name: str) -> Iterator[str]:
    words = name.split(" ")
    for start in range(len(words)):
        yield " ".join(words[start:])
    if len(words) > _WITH_ADDITION and words[-1].rstrip(".") in _ADDITIONS:
        yield from (" ".join(words[start:-1]).rstrip(",") for start in range(1, len(words) - 1))
    if _FAMILY_FIRST.fullmatch(name.replace(" ", "")):
        yield from ((words[0],) if len(words) > 1 else (name[:1], name[:2]))


def _plain(text: str) -> str:
    """As names are compared: NFC at the end, so that what has no simpler form stays what it is."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.casefold()).casefold())
    bare = unicodedata.normalize("NFD", folded.translate(_ALIKE)).translate(_MARKS)
    visible = "".join(sign for sign in bare if unicodedata.category(sign) not in {"Cc", "Cf"} or sign.isspace())
    return " ".join(unicodedata.normalize("NFC", visible).split())
