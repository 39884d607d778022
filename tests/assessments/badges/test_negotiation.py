"""Who gets the page and who the file."""

import pytest

from assessments.badges.negotiation import json_asked

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize("accept", ["", "*/*", BROWSER, "text/html", "image/png", "application/*", "nonsense;;q=x,,"])
def test_pages_are_for_browsers_and_whoever_does_not_ask(accept: str) -> None:
    assert json_asked(accept) is None


@pytest.mark.parametrize(
    ("accept", "answer"),
    [
        ("application/json", "application/json"),
        ("application/ld+json", "application/ld+json"),
        ("Application/VC+LD+JSON", "application/vc+ld+json"),
        ('application/ld+json; profile="https://www.w3.org/ns/credentials/v2", */*;q=0.1', "application/ld+json"),
        ("application/json, text/plain, */*", "application/json"),
        ("text/html;q=0.5, application/json;q=0.9", "application/json"),
        ("application/json;q=0.5, application/ld+json", "application/ld+json"),
    ],
)
def test_files_are_for_who_names_their_type(accept: str, answer: str) -> None:
    assert json_asked(accept) == answer


@pytest.mark.parametrize(
    "accept",
    [
        "text/html, application/json",
        "application/json;q=0.8, text/html;q=0.9",
        "application/json;q=0",
        "application/json;q=0.000, */*",
        "application/json;q=-1",
    ],
)
def test_the_page_wins_when_it_is_wanted_as_much(accept: str) -> None:
    assert json_asked(accept) is None


def test_a_very_long_header_is_read_in_part() -> None:
    assert json_asked("text/plain," * 1000 + "application/json") is None
