"""Names that are written from right to left, set among words that are written from left to right."""

import unicodedata
from typing import Any, Final

_BEGIN, _END = "\u2068", "\u2069"
_FROM_RIGHT: Final = {"R", "AL"}


def isolated(value: Any) -> Any:
    """Texts in lists and dicts, those with letters from right to left isolated (UAX 9, FSI and PDI): what stands
    beside such a name, a number in brackets or a full stop, keeps its place."""
    if isinstance(value, str):
        return f"{_BEGIN}{value}{_END}" if is_from_right(value) else value
    if isinstance(value, dict):
        return {key: isolated(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [isolated(one) for one in value]
    return value


def is_from_right(text: str) -> bool:
    return not text.isascii() and any(unicodedata.bidirectional(char) in _FROM_RIGHT for char in text)
