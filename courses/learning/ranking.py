"""Which lessons a search finds, and in which order. Pure, so that both databases find the same."""

import re
from collections.abc import Iterable, Sequence
from unicodedata import combining, normalize

from fourweek.heaps import composed as joined
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Searched:
    """A lesson to look through; `text` is all of its words, those of its headings too."""

    module_number: int
    slug: str
    title: str
    headings: tuple[Heading, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """A lesson that holds some of the words: how many different ones in all, and in its title; `heading` is the first
    of those that hold the most, None where none holds any."""

    lesson: Searched
    words: int
    in_title: int
    in_headings: int
    heading: Heading | None


class _Bare(dict[int, str]):
    """Small letters without accents by code point, always one for one, so that places in a text stay what they are."""

    def __missing__(self, code: int) -> str:
        parts = normalize("NFD", chr(code))
        base = (parts[0] if all(map(combining, parts[1:])) else parts).lower()
        kept = self[code] = base if len(base) == 1 else chr(code)
        return kept


_BARE = _Bare()


def composed(text: str) -> str:
    """The text with each accent joined to its letter; `bare` takes accents off only then."""
    return joined(text)


def bare(text: str) -> str:
    """Composed text in small letters and without accents, as long as it was."""
    return text.translate(_BARE)


def words_of(typed: Iterable[str]) -> tuple[str, ...]:
    """Different words to look for, as `bare` leaves them."""
    return tuple(dict.fromkeys(bare(composed(word)) for word in typed))


def pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Finds any of these words in bare text: where a word begins, and within words in scripts that part none.

    An underscore parts words too, since lessons name things in code.
    """
    return re.compile("|".join(_begin(word) + re.escape(word) for word in sorted(words, key=len, reverse=True)))


def ranked(lessons: Iterable[Searched], words: Sequence[str]) -> list[Found]:
    """The lessons that hold every word, or where none does those that hold some; the best first.

    More different words go before fewer, those in the title before those in a heading before those in the text; what is
    alike stays in the course's order, in which `lessons` come.
    """
    patterns = [pattern([word]) for word in words]
    found = [one for lesson in lessons if (one := _found(lesson, patterns)).words]
    whole = [one for one in found if one.words == len(words)]
    return sorted(whole or found, key=lambda one: (-one.words, -one.in_title, -one.in_headings))


def _begin(word: str) -> str:
    return r"(?<![^\W_])" if word[0].islower() or word[0].isdigit() else ""


def _found(lesson: Searched, patterns: Sequence[re.Pattern[str]]) -> Found:
    title = _held(lesson.title, patterns)
    headings = [(_held(heading.text, patterns), heading) for heading in lesson.headings]
    within: set[int] = set().union(*(held for held, _ in headings))
    best = max(headings, key=lambda one: len(one[0]), default=None)
    return Found(
        lesson=lesson,
        words=len(title | within | _held(lesson.text, patterns)),
        in_title=len(title),
        in_headings=len(within),
        heading=best[1] if best and best[0] else None,
    )


def _held(text: str, patterns: Sequence[re.Pattern[str]]) -> set[int]:
    """Which of the patterns the text holds, by their places in the list."""
    looked = bare(text)
    return {place for place, one in enumerate(patterns) if one.search(looked)}
