"""A language in which every sentence that goes through a catalogue stands in brackets: what does not, is seen."""

from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations

import pytest

from fourweek.language import speaking

OPEN, SHUT = "⟦", "⟧"
CODE = "es"
"""The language that is spoken so."""


class Brackets(NullTranslations):
    """Says every message in brackets; one that was said already as it is."""

    def gettext(self, message: str) -> str:
        return message if message.startswith(OPEN) else f"{OPEN}{message}{SHUT}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002
        return self.gettext(message)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:  # noqa: ARG002
        return self.ngettext(msgid1, msgid2, n)

    def plural(self, n: int) -> int:
        return int(n != 1)


@contextmanager
def in_brackets() -> Iterator[None]:
    """Everything inside is said in brackets, but for what is said in English whoever asks."""
    ways = {"en": NullTranslations(), CODE: Brackets(), "ar": NullTranslations()}
    with pytest.MonkeyPatch.context() as patch, speaking(CODE):
        patch.setattr("fourweek.language.catalogue", ways.__getitem__)
        patch.setattr("fourweek.language.templates.catalogue", ways.__getitem__)
        yield
