"""The nearest right word for a wrong one."""

from collections.abc import Iterable
from difflib import get_close_matches

from fourweek.language import _


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """A sentence with the nearest choice, with a space before it; empty where nothing is near."""
    near = get_close_matches(word, list(choices), n=1, cutoff=0.6)
    return _(' Did you mean "{near}"?', near=near[0]) if near else ""
