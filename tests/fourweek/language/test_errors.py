"""What went wrong is said in the language of whoever asked; programs and whatever is kept for many get it as it is."""

from gettext import NullTranslations
from typing import Any

import pytest

from courses.schedule.reasons import ReasonKind, because
from fourweek import language
from fourweek.errors import NotFound, TooMany
from fourweek.language import speaking
from fourweek.words import say_size


class _Marking(NullTranslations):
    """Says of every sentence that it went through; of one that did already nothing more, as no catalogue has it."""

    def gettext(self, message: str) -> str:
        return message if message.startswith("<") else f"<{message}>"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"<{msgid1 if n == 1 else msgid2}>"


@pytest.fixture(autouse=True)
def _spanish(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "catalogue", lambda code: NullTranslations() if code == "en" else _Marking())


def test_an_error_says_what_its_class_says_in_the_language_spoken() -> None:
    with speaking("es"):
        missing, waiting = NotFound(), TooMany(121)
    assert (missing.message, missing.advice) == (f"<{NotFound.title}>", f"<{NotFound.what_to_do}>")
    assert waiting.advice == "<Wait 3 minutes, then try again. Nothing was changed.>"
    assert NotFound().message == NotFound.title


def test_a_page_speaks_and_the_interface_for_programs_keeps_english(browser: Any) -> None:
    asks = {"accept-language": "es"}
    page = browser().get("/cohorts/nothing/here", headers=asks)
    assert (page.status_code, "&lt;There is nothing here&gt;" in page.text) == (404, True)
    data = browser().get("/api/nothing", headers=asks)
    assert (data.status_code, data.json()["title"]) == (404, "There is nothing here")


def test_a_reason_that_is_kept_for_a_class_is_said_to_each_of_its_readers() -> None:
    why = because(ReasonKind.DAY_OFF, title="Founders' day")
    assert why.words == "Moved past a day off: Founders' day."
    with speaking("es"):
        assert (why.words, say_size(5000)) == ("<Moved past a day off: Founders' day.>", "<5 KB>")
