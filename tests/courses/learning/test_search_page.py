"""Searching what is open, and only that."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from courses.catalogue.models import Lesson
from courses.learning.search_page import Piece, SearchPage, excerpt, search_page
from fourweek.database import Database, add, new_id
from tests import factories as make
from tests.courses.learning.school import OPENS, School, build
from tests.statements import statements

AtTime = Callable[[datetime], None]
NOON = OPENS + timedelta(hours=12)


def _lesson(conn: Connection, school: School, place: int, text: str, title: str = "A page", headings: Any = ()) -> None:
    row = Lesson(
        id=new_id(),
        module_id=school.made.modules[0],
        position=place,
        slug=f"page-{place}",
        title=title,
        html="<p>…</p>",
        plain_text=text,
        headings=list(headings),
    )
    add(conn, row)


def _text(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def _find(db: Database, school: School, typed: str, person: str | None = None, number: int = 1) -> SearchPage:
    visitor = make.visitor(person or school.alice, NOON)
    return db.read_now(search_page, visitor, school.cohort, typed, number)


@pytest.fixture
def found(db: Database) -> School:
    def fill(conn: Connection) -> School:
        school = build(conn)
        _lesson(
            conn, school, 50, "Über die Schwelle: 100% of nothing_here and <b>angle</b> brackets.", "Café and Ärger"
        )
        return school

    return db.write_now(fill)


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("body", ["Secret lesson 1.0", "Secret lesson 1.1"]),
        ("BODY 1.1", ["Secret lesson 1.1"]),
        ("lesson 1.0", ["Secret lesson 1.0"]),
        ("über", ["Café and Ärger"]),
        ("uber CAFE arger", ["Café and Ärger"]),
        ("U\u0308ber", ["Café and Ärger"]),
        ("bod", ["Secret lesson 1.0", "Secret lesson 1.1"]),
        ("here", ["Café and Ärger"]),
        ("ody", []),
        ("ÜBER café", ["Café and Ärger"]),
        ("100%", ["Café and Ärger"]),
        ("%", ["Café and Ärger"]),
        ("nothing_here", ["Café and Ärger"]),
        ("secret_body", []),
        ("'; drop", []),
        ("a\x00b", []),
    ],
)
def test_search_finds_every_word_in_open_modules(db: Database, found: School, typed: str, titles: list[str]) -> None:
    page = _find(db, found, typed)
    assert [_text(hit.title) for hit in page.hits] == titles
    assert page.words.startswith("1 " if len(titles) == 1 else f"{len(titles)} " if titles else "Nothing found")


def test_search_for_nothing_asks_nothing(db: Database, found: School) -> None:
    with statements(db) as count:
        page = _find(db, found, "  ")
    assert (page.words, page.hits, count.number) == ("", (), 1)


def test_search_shows_some_of_the_words_where_no_lesson_has_all(db: Database, found: School) -> None:
    page = _find(db, found, "1.1 angle body 2.0")
    titles = [_text(hit.title) for hit in page.hits]
    assert titles == ["Secret lesson 1.1", "Secret lesson 1.0", "Café and Ärger"]
    assert page.words == "No lesson that is open holds all of these words. 3 lessons with some of them"


def test_search_puts_titles_before_headings_before_text(db: Database, found: School) -> None:
    def fill(conn: Connection) -> None:
        _lesson(conn, found, 60, "Budget budget budget.")
        _lesson(conn, found, 61, "Of the budget.", headings=[{"level": 2, "text": "The budget", "anchor": "budget"}])
        _lesson(conn, found, 62, "Nothing.", "Budgets")

    db.write_now(fill)
    hits = _find(db, found, "budget").hits
    assert [hit.href.rpartition("/")[2] for hit in hits] == ["page-62", "page-61#budget", "page-60"]
    assert [hit.about for hit in hits] == ["Module 1", "Module 1, under “The budget”", "Module 1"]
    assert hits[0].title == (Piece("Budget", True), Piece("s", False))


def test_search_escapes_what_it_shows(found: School, browser: Any, at_time: AtTime) -> None:
    at_time(NOON)
    page = browser(found.alice).get(found.at("/search?q=%3Cb%3Eangle")).text
    assert "<mark>&lt;b&gt;angle</mark>&lt;/b&gt; brackets." in page
    assert "<b>" not in page


def test_search_of_staff_covers_the_whole_course(found: School, browser: Any, at_time: AtTime) -> None:
    at_time(NOON)
    assert "Secret lesson <mark>4.0</mark>" in browser(found.lena).get(found.at("/search?q=4.0")).text


def test_search_is_paged_with_one_statement_more(db: Database, found: School) -> None:
    def fill(conn: Connection) -> None:
        for place in range(100, 160):
            _lesson(conn, found, place, f"needle {place}")

    db.write_now(fill)
    with statements(db) as count:
        page = _find(db, found, "needle")
    assert (count.number, len(page.hits), page.words) == (2, 25, "60 lessons found")
    assert page.pager.next == f"/cohorts/{found.cohort}/search?q=needle&page=2"
    assert len(_find(db, found, "needle", number=3).hits) == 10
    assert _find(db, found, "needle", number=9).words == "There is no such page of what was found."


def test_excerpt_cuts_around_the_first_word() -> None:
    text = "before " * 30 + "the needle in it " + "after " * 60
    pieces = excerpt(text, ["needle"])
    assert pieces[0].text.startswith("… ")
    assert pieces[1] == Piece("needle", True)
    assert pieces[-1].text.endswith(" …")
    assert len("".join(piece.text for piece in pieces)) < 260
    assert excerpt("Short.", ["nowhere"]) == (Piece("Short.", False),)
    assert excerpt("", ["x"]) == ()
