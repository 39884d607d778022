"""Which lessons are found, and in which order."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from courses.learning.ranking import Heading, Searched, bare, composed, pattern, ranked, words_of


def _lesson(slug: str, title: str = "", text: str = "", *headings: str) -> Searched:
    return Searched(1, slug, title, tuple(Heading(one, one.lower()) for one in headings), text)


def _order(typed: str, *lessons: Searched) -> list[str]:
    return [one.lesson.slug for one in ranked(lessons, words_of(typed.split()))]


def test_more_words_then_title_then_heading_then_course_order() -> None:
    lessons = (
        _lesson("text", text="retry and budget"),
        _lesson("one", "Retry"),
        _lesson("heading", "", "budget", "On retry"),
        _lesson("title", "Retry", "budget"),
        _lesson("both", "A budget to retry"),
        _lesson("again", text="budget, retry"),
    )
    assert _order("retry budget", *lessons) == ["both", "title", "heading", "text", "again"]
    assert _order("retry budget nowhere", *lessons) == ["both", "title", "heading", "text", "again", "one"]
    assert _order("nowhere", *lessons) == []


def test_a_heading_is_named_that_holds_the_most() -> None:
    lesson = _lesson("a", "", "", "Budget", "Retry budget", "Budget to retry")
    found = ranked([lesson, _lesson("b", "Budget")], ("retry", "budget"))
    assert [one.heading and one.heading.text for one in found] == ["Retry budget"]


@pytest.mark.parametrize(
    ("typed", "text", "is_found"),
    [
        ("pump", "Pumps", True),
        ("ump", "Pumps", False),
        ("limit", "rate_limit", True),
        ("strom", "STRÖME", True),
        ("ströme", "strome", True),
        ("e\u0301tat", "État", True),
        ("Ελλας", "Ἑλλάς", True),
        ("100%", "about 100% of it", True),
        ("1.1", "11", False),
        ("ange", "Ångebåt", True),
        ("版", "第二版", True),
        ("한", "하늘", False),
        ("i", "İzmir", True),
    ],
)
def test_words_are_found_where_they_begin_without_accents(typed: str, text: str, *, is_found: bool) -> None:
    assert (_order(typed, _lesson("a", text=composed(text))) == ["a"]) is is_found


@given(some.text())
def test_bare_text_is_as_long_as_it_was(text: str) -> None:
    assert len(bare(text)) == len(text)
    assert bare(bare(text)) == bare(text)


@given(some.text(min_size=1).filter(lambda word: len(word.split()) == 1))
def test_every_word_finds_itself(word: str) -> None:
    (one,) = words_of(word.split())
    assert pattern([one]).search(bare(composed(f"before {word} after")))
