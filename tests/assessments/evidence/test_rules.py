"""What must be there before evidence can be handed in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.assignments.models import RequirementKind
from assessments.evidence.rules import (
    Asked,
    Given,
    clean_text,
    count_words,
    link_problem,
    links_in,
    what_is_missing,
)

TEXT = Asked("report", "Report", RequirementKind.TEXT, min_words=3, max_words=5)
FILES = Asked("proof", "Proof", RequirementKind.FILES, max_items=2)
LINKS = Asked("sources", "Sources", RequirementKind.LINKS, max_items=2)


def _words(asked: Asked, content: Given) -> tuple[str, ...]:
    return tuple(one.words for one in what_is_missing([asked], {asked.key: content}))


def test_missing_lists_every_empty_slot_in_order() -> None:
    found = what_is_missing([TEXT, FILES, LINKS], {})
    assert [(one.key, one.words) for one in found] == [
        ("report", "Report: no text yet."),
        ("proof", "Proof: no file yet."),
        ("sources", "Sources: no link yet."),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("one two", ("Report: 2 words, at least 3 are asked for.",)),
        ("one", ("Report: 1 word, at least 3 are asked for.",)),
        ("one two three", ()),
        ("one\ttwo\nthree four five", ()),
        ("one two three four five six", ("Report: 6 words, at most 5 are asked for.",)),
        (" \n\t ", ("Report: no text yet.",)),
    ],
)
def test_missing_text_by_words(text: str, words: tuple[str, ...]) -> None:
    assert _words(TEXT, Given(text=text)) == words


def test_missing_optional_slot_may_stay_empty_but_not_be_wrong() -> None:
    optional = Asked("more", "More", RequirementKind.TEXT, required=False, max_words=1)
    assert _words(optional, Given(text="  ")) == ()
    assert _words(optional, Given(text="two words")) == ("More: 2 words, at most 1 are asked for.",)


def test_missing_counts_files_and_links() -> None:
    assert _words(FILES, Given(files=2)) == ()
    assert _words(FILES, Given(files=3)) == ("Proof: 3 files, at most 2 asked for.",)
    links = ("https://a.example/1", "https://a.example/2", "https://a.example/3")
    assert _words(LINKS, Given(links=links[:2])) == ()
    assert _words(LINKS, Given(links=links)) == ("Sources: 3 links, at most 2 asked for.",)


@pytest.mark.parametrize("link", ["https://example.org/a?b=c#d", "http://localhost:8080", "HTTPS://münchen.example/ü"])
def test_link_fine(link: str) -> None:
    assert link_problem(link) == ""


@pytest.mark.parametrize(
    "link",
    [
        "example.org",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.org/",
        "https://",
        "https:///path",
        "//example.org/",
        "https://user:secret@example.org/",
        "https://example.org/a b",
        "https://example.org/\u202e",
        "https://[::1",
        "https://example.org:port/",
    ],
)
def test_link_refused(link: str) -> None:
    assert link_problem(link) != ""
    assert len(_words(LINKS, Given(links=(link,)))) == 1


@given(st.text())
def test_clean_text_is_stable_and_keeps_every_word(typed: str) -> None:
    kept = clean_text(typed)
    assert clean_text(kept) == kept
    assert not any(ord(char) < 32 and char not in "\n\t" for char in kept)
    printable = "".join(char for char in typed.replace("\r", "\n") if ord(char) >= 32 or char in "\n\t")
    assert kept.split() == printable.split()


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N"]), min_size=1)))
def test_links_in_takes_one_a_line(lines: list[str]) -> None:
    assert links_in("\r\n\r\n".join(lines)) == tuple(lines)


@given(st.text(), st.text())
def test_count_words_adds_up(one: str, other: str) -> None:
    assert count_words(f"{one} {other}") == count_words(one) + count_words(other)


@given(st.builds(Given, text=st.text(), links=st.lists(st.text()).map(tuple), files=st.integers(0, 9)))
def test_missing_says_one_thing_at_most_for_each_slot(content: Given) -> None:
    asked = [TEXT, FILES, LINKS]
    found = what_is_missing(asked, {slot.key: content for slot in asked})
    assert len({one.key for one in found}) == len(found) <= 3
    assert all(one.words for one in found)
