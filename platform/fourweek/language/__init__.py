"""Every sentence people read goes through here: `_("Due {when}.", when=words)` says it in the language of this request.

`N_` marks a sentence of a constant, which is then said with `_` where it is shown; `n_` knows the plural forms of each
language; `p_` sets words apart that are one in English and two elsewhere, and `NP_` does so for a constant. Templates
have the same, and `{% trans %}` (`language/templates.py`). The English sentence is the key; `language/catalogues` has
the others (docs/languages.md).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the pages. `name` is its own word for itself."""

    code: str
    name: str
    direction: str = "ltr"


LANGUAGES = {
    one.code: one
    for one in (Language("en", "English"), Language("es", "Español"), Language("ar", "العربية", direction="rtl"))
}
ENGLISH = "en"
CATALOGUES = Path(__file__).resolve().parent / "catalogues"
_SPOKEN: ContextVar[str] = ContextVar("fourweek.language", default=ENGLISH)


@cache
def catalogue(code: str) -> NullTranslations:
    """The sentences of a language; those of English are the keys themselves."""
    if code == ENGLISH:
        return NullTranslations()
    with (CATALOGUES / code / "fourweek.mo").open("rb") as compiled:
        return GNUTranslations(compiled)


def spoken() -> str:
    """Code of the language that this request, letter or command is answered in."""
    return _SPOKEN.get()


def speak(code: str) -> None:
    """Say everything in this language from here to the end of the request; one we do not have changes nothing."""
    if code in LANGUAGES:
        _SPOKEN.set(code)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Say everything in this language inside; one we do not have changes nothing."""
    token = _SPOKEN.set(code if code in LANGUAGES else spoken())
    try:
        yield
    finally:
        _SPOKEN.reset(token)


class Meant(str):
    """A sentence with the context it is meant in, for `_`; to whatever else reads it, the sentence alone."""

    __slots__ = ("context",)
    context: str

    def __new__(cls, context: str, message: str) -> "Meant":
        made = super().__new__(cls, message)
        made.context = context
        return made

    def __reduce__(self) -> tuple[type["Meant"], tuple[str, str]]:
        """What a copy is made of."""
        return Meant, (self.context, str(self))


@dataclass(frozen=True, slots=True)
class Speech:
    """The three ways to say a sentence, in one language. Values stand in it as `{name}`."""

    code: str

    def say(self, message: str, /, **values: object) -> str:
        """The sentence. One that is not translated yet is said in English."""
        if isinstance(message, Meant):
            return self.mean(message.context, str(message), **values)
        said = catalogue(self.code).gettext(message) if message and self.code != ENGLISH else message
        return said.format(**values) if values else said

    def count(self, one: str, many: str, count: int, /, **values: object) -> str:
        """The sentence for this count, which stands in it as `{count}`."""
        return catalogue(self.code).ngettext(one, many, count).format(count=count, **values)

    def mean(self, context: str, message: str, /, **values: object) -> str:
        """The sentence as it is meant in this context."""
        said = catalogue(self.code).pgettext(context, message)
        return said.format(**values) if values else said


_SPEECHES = {code: Speech(code) for code in LANGUAGES}


def _(message: str, /, **values: object) -> str:
    """The sentence in the language spoken."""
    return _SPEECHES[_SPOKEN.get()].say(message, **values)


def n_(one: str, many: str, count: int, /, **values: object) -> str:
    """The sentence for this count in the language spoken."""
    return _SPEECHES[_SPOKEN.get()].count(one, many, count, **values)


def p_(context: str, message: str, /, **values: object) -> str:
    """The sentence as it is meant in this context, in the language spoken."""
    return _SPEECHES[_SPOKEN.get()].mean(context, message, **values)


def say_in(code: str, message: str, /) -> str:
    """A sentence in the language of what it stands in, such as a course; in English where that is none of ours."""
    return _SPEECHES.get(code, _SPEECHES[ENGLISH]).say(message)


def N_(message: str, /) -> str:  # noqa: N802 the name that gettext gives it
    """Marks a sentence that is said with `_` later."""
    return message


def NP_(context: str, message: str, /) -> str:  # noqa: N802 like N_
    """Marks a sentence that is said with `_` later, as it is meant in this context."""
    return Meant(context, message)
