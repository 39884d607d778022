"""No template is made of what somebody typed, and HTML is let through unescaped in a few places that are named here."""

import re

import pytest

from tests.house.sources import CODE, name, python_files, templates

FROM_STRINGS = re.compile(r"\b(?:from_string|Markup|Template)\(")
MADE_IN_CODE = {
    "platform/fourweek/mail.py": "the first line of a letter of ours: its subject",
    "platform/fourweek/pages.py": "a template of ours that is given nothing",
    "platform/fourweek/table_cards.py": "a table of ours, its own words repeated in it",
    "platform/fourweek/accounts/second/sealing.py": "a QR code, drawn by its library",
}
CLEANED = "sanitised when it was published or typed (nh3)"
UNESCAPED = {
    "templates/authoring/_check.html": CLEANED,
    "templates/authoring/preview.html": CLEANED,
    "templates/catalogue/course.html": CLEANED,
    "templates/checks/_answered.html": CLEANED,
    "templates/checks/_question.html": CLEANED,
    "templates/checks/check.html": CLEANED,
    "templates/evidence/_check.html": CLEANED,
    "templates/evidence/_files.html": CLEANED,
    "templates/evidence/_typed.html": CLEANED,
    "templates/learning/lesson.html": CLEANED,
    "templates/showing/view.html": CLEANED,
    "templates/ui/icons.html": "the shapes of our icons",
    "templates/ui/page.html": CLEANED,
    "templates/ui/rubric.html": CLEANED,
}
HTML = {"html", "attribution_html", "exemplar_html", "feedback_html", "prompt_html"}
SAFE = re.compile(r"\|\s*safe\b")


def test_templates_are_files_of_ours() -> None:
    found = {name(path) for path in python_files(*CODE) if FROM_STRINGS.search(path.read_text("utf-8"))}
    assert found == MADE_IN_CODE.keys()


def test_what_goes_unescaped_is_named_with_its_reason() -> None:
    assert {name(path) for path in templates() if SAFE.search(path.read_text("utf-8"))} == UNESCAPED.keys()


@pytest.mark.parametrize("path", [path for path in UNESCAPED if UNESCAPED[path] == CLEANED])
def test_only_what_is_called_html_goes_unescaped(path: str) -> None:
    source = next(one.read_text("utf-8") for one in templates() if name(one) == path)
    assert {found.split(".")[-1] for found in re.findall(r"([\w.]+)\s*\|\s*safe\b", source)} <= HTML
