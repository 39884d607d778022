"""What can be said of evidence before anybody reads it: whether it is there, of the right length, and opens. Pure."""

import html
import re
from collections.abc import Iterable, Mapping, Sequence

from assessments.assignments.models import RequirementKind
from assessments.evidence.rules import NOTHING, Asked, Given, what_is_missing
from fourweek.language import _
from fourweek.language.stored import Kept, say
from fourweek.light import dataclass

FEWEST_WORDS = 4
"""A question or a text of fewer words is compared with nothing."""
OWN_WORDS = 5
"""Fewer words than these beside the question are no answer."""
_TAG = re.compile(r"<[^>]*>")
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that may stand in the way of judging; `requirement` is the key of its slot."""

    requirement: str
    words: Kept


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with file `number` of a slot; `words` are said with its title and the slot's."""

    number: int
    words: str


@dataclass(frozen=True, slots=True)
class Held:
    """One slot with what was handed in for it; `prompt_html` is the question, `troubles` are of its files."""

    asked: Asked
    prompt_html: str
    given: Given
    troubles: tuple[Trouble, ...] = ()


def findings(held: Sequence[Held]) -> tuple[Finding, ...]:
    """What the rules find, in the language spoken, slot by slot. Knowledge checks have rules of their own."""
    looked = [one for one in held if one.asked.kind is not RequirementKind.CHECK]
    missing = what_is_missing([one.asked for one in looked], {one.asked.key: one.given for one in looked})
    found = [Finding(one.key, one.words) for one in missing]
    for one in looked:
        key, title = one.asked.key, one.asked.title
        found += [Finding(key, _(trouble.words, title=title, number=trouble.number)) for trouble in one.troubles]
        if is_the_question(one.given.text, one.prompt_html):
            found.append(Finding(key, _("{title}: holds little more than the question itself.", title=title)))
    found += twice([one for one in looked if one.asked.kind is RequirementKind.TEXT])
    places = {one.asked.key: place for place, one in enumerate(looked)}
    return tuple(sorted(found, key=lambda one: places[one.requirement]))


def is_the_question(text: str, prompt_html: str) -> bool:
    """Whether a text is the question given back, or that and a word or two."""
    asked, said = _plain(_TAG.sub(" ", prompt_html)), _plain(text)
    if len(asked.split()) < FEWEST_WORDS or f" {asked} " not in f" {said} ":
        return False
    return len(f" {said} ".replace(f" {asked} ", " ").split()) < OWN_WORDS


def twice(texts: Iterable[Held]) -> list[Finding]:
    """Slots that hold the same text as one before them."""
    seen: dict[str, str] = {}
    found = []
    for one in texts:
        said = _plain(one.given.text)
        if len(said.split()) < FEWEST_WORDS:
            continue
        if said in seen:
            words = _("{title}: the same text as in “{other}”.", title=one.asked.title, other=seen[said])
            found.append(Finding(one.asked.key, words))
        seen.setdefault(said, one.asked.title)
    return found


def message(found: Iterable[Mapping[str, Kept]]) -> str:
    """The findings as the beginning of a message that returns the evidence, "" for none; a line each."""
    return "\n".join(say(one["words"]) for one in found)


def given(kind: RequirementKind, texts: Sequence[str], links: Sequence[str], files: int) -> Given:
    """What stands in a slot, from the pieces that are kept of it."""
    if kind is RequirementKind.TEXT:
        return Given(text="\n".join(texts))
    return Given(links=tuple(links), files=files) if texts or links or files else NOTHING


def _plain(text: str) -> str:
    """Words alone, in lower case, one space between them."""
    return _NO_WORD.sub(" ", html.unescape(text)).casefold().strip()
