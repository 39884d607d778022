"""Words that are kept and said later: a notice is written once, and read in the language of whoever reads it.

What is kept is JSON: `{"say": …}` with what the sentence is made of. Plain text, as older rows have, is said as it is.
"""

from collections.abc import Callable, Mapping
from typing import Any

from fourweek.language import _, n_

Kept = dict[str, Any]
_KINDS: dict[str, Callable[..., str]] = {}


def kind_of_words(name: str, say: Callable[..., str]) -> None:
    """Teach how one kind of kept words is said: `say` gets what was kept beside its name."""
    _KINDS[name] = say


def keep_words(message: str, /, **values: object) -> Kept:
    """A sentence marked with `N_`, to be said later; values are texts, numbers, or kept words themselves."""
    return {"say": "sentence", "of": message, "values": values}


def keep_count(one: str, many: str, count: int, /, **values: object) -> Kept:
    """A sentence that counts, to be said later; both its forms stand in a call of `n_` or are marked with `N_`."""
    return {"say": "count", "one": one, "many": many, "count": count, "values": values}


def keep(name: str, /, **parts: object) -> Kept:
    """Words of a kind that was taught with `kind_of_words`."""
    return {"say": name, **parts}


def say(kept: object) -> str:
    """Kept words in the language spoken; a text, a number or nothing as it is."""
    if not isinstance(kept, Mapping) or "say" not in kept:
        return "" if kept is None else str(kept)
    parts = {name: value for name, value in kept.items() if name != "say"}
    return _KINDS[kept["say"]](**parts)


def _sentence(of: str, values: Mapping[str, object]) -> str:
    return _(of, **{name: say(value) for name, value in values.items()})


def _count(one: str, many: str, count: int, values: Mapping[str, object]) -> str:
    return n_(one, many, count, **{name: say(value) for name, value in values.items()})


kind_of_words("sentence", _sentence)
kind_of_words("count", _count)
