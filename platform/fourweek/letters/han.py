"""Which country's shapes the Chinese characters of a text are meant in. Unicode writes them all with one number."""

import re
from collections.abc import Sequence
from typing import Final

_KANA: Final = re.compile("[\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9d]")
_HANGUL: Final = re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
_HAN: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
FAMILIES: Final = ("Noto Sans SC", "Noto Sans TC", "Noto Sans JP", "Noto Sans KR")
_WRITTEN_IN: Final = (("gb2312", "Noto Sans SC"), ("big5", "Noto Sans TC"), ("cp932", "Noto Sans JP"))


def han_families(text: str) -> Sequence[str]:
    """The four families of fonts, the one that `text` asks for first; the others have what it lacks.

    Kana are Japanese and hangul Korean. Else it is the first country whose own character set has every character of
    the text: the People's Republic (GB 2312), Taiwan (Big5), Japan (JIS X 0208). Simplified shapes where none does.
    """
    first = _family(text)
    return (first, *(family for family in FAMILIES if family != first))


def _family(text: str) -> str:
    if _KANA.search(text):
        return "Noto Sans JP"
    if _HANGUL.search(text):
        return "Noto Sans KR"
    characters = "".join(_HAN.findall(text))
    return next((family for codec, family in _WRITTEN_IN if _has(codec, characters)), FAMILIES[0])


def _has(codec: str, characters: str) -> bool:
    try:
        characters.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
