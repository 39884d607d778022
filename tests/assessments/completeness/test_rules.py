"""What the rules say of evidence, from plain values."""

import pytest
from hypothesis import given as by
from hypothesis import settings
from hypothesis import strategies as st

from assessments.assignments.models import RequirementKind
from assessments.completeness.rules import Held, Trouble, findings, given, is_the_question, message
from assessments.evidence.rules import Asked, Given

QUESTION = "<p>Say in <em>your own</em> words what your users &amp; colleagues feel.</p>"
ANSWER = "They wait for the gate, and call the desk when it stays shut."


def text(words: str, key: str = "report", prompt: str = QUESTION, fewest: int = 1, most: int = 500) -> Held:
    asked = Asked(key, key.capitalize(), RequirementKind.TEXT, min_words=fewest, max_words=most)
    return Held(asked, prompt, Given(text=words))


def said(*held: Held) -> list[tuple[str, str]]:
    return [(one.requirement, str(one.words)) for one in findings(held)]


def test_good_evidence_has_no_findings() -> None:
    files = Held(Asked("proof", "Proof", RequirementKind.FILES, max_items=2), "", Given(files=2))
    links = Held(Asked("links", "Links", RequirementKind.LINKS), "", Given(links=("https://example.org/a",)))
    assert said(text(ANSWER, fewest=5, most=50), files, links) == []


def test_what_is_missing_or_out_of_range_is_said_slot_by_slot() -> None:
    short = text("Two words.", fewest=5)
    empty = Held(Asked("proof", "Proof", RequirementKind.FILES), "", Given())
    link = Held(Asked("links", "Links", RequirementKind.LINKS), "", Given(links=("ftp://example.org",)))
    optional = Held(Asked("more", "More", RequirementKind.FILES, required=False), "", Given())
    found = said(short, empty, link, optional)
    assert found[0] == ("report", "Report: 2 words, at least 5 are asked for.")
    assert found[1] == ("proof", "Proof: no file yet.")
    assert found[2][0] == "links"
    assert "is not a web address" in found[2][1]
    assert len(found) == 3


def test_checks_are_left_to_their_own_rules() -> None:
    assert said(Held(Asked("quiz", "Quiz", RequirementKind.CHECK), "", Given())) == []


def test_troubles_of_files_stand_with_their_slot() -> None:
    files = Held(
        Asked("proof", "Proof", RequirementKind.FILES),
        "",
        Given(files=1),
        (Trouble(1, "{title}: file {number} is empty."),),
    )
    assert said(text(ANSWER), files) == [("proof", "Proof: file 1 is empty.")]
    assert message([{"words": "One."}, {"words": "Two."}]) == "One.\nTwo."


@pytest.mark.parametrize(
    ("words", "is_it"),
    [
        ("Say in your own words what your users & colleagues feel.", True),
        ("SAY IN YOUR OWN WORDS: what your users, colleagues feel\n\nI do not know.", True),
        ("Say in your own words what your users & colleagues feel: they wait for the gate all night.", False),
        (ANSWER, False),
        ("", False),
    ],
)
def test_the_question_given_back_is_no_answer(words: str, is_it: bool) -> None:  # noqa: FBT001
    assert is_the_question(words, QUESTION) is is_it
    assert not is_the_question("Write it.", "<p>Write it.</p>")  # too short to tell


def test_the_same_text_twice_is_found_once() -> None:
    assert said(text(ANSWER), text(ANSWER + " ", key="summary")) == [
        ("summary", "Summary: the same text as in “Report”."),
    ]


def test_given_says_what_stands_in_a_slot() -> None:
    assert given(RequirementKind.TEXT, ["One."], (), 0) == Given(text="One.")
    assert given(RequirementKind.FILES, ["", ""], (), 2) == Given(files=2)
    assert given(RequirementKind.LINKS, (), (), 0).is_empty


@by(st.text(max_size=200), st.text(max_size=100))
@settings(max_examples=60, deadline=None)
def test_any_text_gets_an_answer(words: str, prompt: str) -> None:
    assert all(found.words for found in findings([text(words, prompt=prompt)]))
