"""Searching the lessons of one cohort that are open for the visitor."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from courses.catalogue.rules import search_words
from courses.learning.access import Reader, View, reader
from courses.learning.queries import open_lessons
from courses.learning.ranking import Found, bare, pattern, ranked, words_of
from courses.paging import PER_PAGE, Pager, offset, pager, query
from fourweek.accounts.access import Visitor
from fourweek.language import _, n_
from fourweek.light import dataclass

LONGEST = 200
BEFORE, AROUND = 60, 240


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an excerpt, plain text; `is_hit` where it is one of the words."""

    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A lesson that was found; `about` says in which module, and under which heading where one holds the words."""

    title: tuple[Piece, ...]
    href: str
    about: str
    excerpt: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """`address` is that of the cohort's pages. `typed` is what was asked for; `words` says how much was found, ""
    before anything was asked."""

    address: str
    course_title: str
    typed: str
    words: str
    hits: tuple[Hit, ...]
    pager: Pager
    view: View | None = None


def search_page(conn: Connection, visitor: Visitor, cohort_id: str, typed: str, number: int) -> SearchPage:
    """What is found in open modules, and only there. Raises NotFound for people without a place. Two statements."""
    return search_for(conn, reader(conn, visitor, cohort_id), visitor.now.school, typed, number)


def search_for(conn: Connection, found: Reader, now: datetime, typed: str, number: int) -> SearchPage:
    """What this reader finds at `now`. Nothing is read of modules that are not open for them: neither lines, excerpts,
    numbers nor the order can tell of those."""
    typed = "".join(c for c in typed if c.isprintable())[:LONGEST].strip()
    words = words_of(search_words(typed))
    open_numbers = [n for n, dates in enumerate(found.all_dates(now), 1) if found.may_read(dates, now)]
    lessons = open_lessons(conn, found.cohort.version_id, open_numbers) if words and open_numbers else ()
    hits = ranked(lessons, words)
    start, address = offset(number), f"{found.address}/search"
    return SearchPage(
        address=found.address,
        course_title=found.cohort.course_title,
        typed=typed,
        words=_say_found(hits, len(words), number) if words else "",
        hits=tuple(_hit(found.address, one, words) for one in hits[start : start + PER_PAGE]),
        pager=pager(number, len(hits), lambda other: address + query(q=typed, page=other)),
        view=found.view,
    )


def excerpt(text: str, words: Sequence[str]) -> tuple[Piece, ...]:
    """A short piece of composed `text` around the first of the bare `words` in it, as `marked` cuts it."""
    first = pattern(words).search(bare(text))
    start = max(0, first.start() - BEFORE) if first else 0
    if start and first:
        start = text.find(" ", start, first.start()) + 1 or start
    shown = " ".join(text[start : start + AROUND].split())
    return marked(("… " if start else "") + shown + (" …" if start + AROUND < len(text) else ""), words)


def marked(text: str, words: Sequence[str]) -> tuple[Piece, ...]:
    """The composed text cut into what is one of the words and what is not."""
    pieces, end = [], 0
    for match in pattern(words).finditer(bare(text)):
        pieces += [Piece(text[end : match.start()], False), Piece(text[match.start() : match.end()], True)]
        end = match.end()
    return tuple(piece for piece in (*pieces, Piece(text[end:], False)) if piece.text)


def _hit(base: str, found: Found, words: Sequence[str]) -> Hit:
    lesson, heading = found.lesson, found.heading
    href = f"{base}/modules/{lesson.module_number}/lessons/{lesson.slug}"
    return Hit(
        title=marked(lesson.title, words),
        href=f"{href}#{heading.anchor}" if heading else href,
        about=_say_place(lesson.module_number, heading.text if heading else ""),
        excerpt=excerpt(lesson.text, words),
    )


def _say_place(number: int, heading: str) -> str:
    if not heading:
        return _("Module {number}", number=number)
    return _("Module {number}, under “{heading}”", number=number, heading=heading)


def _say_found(hits: Sequence[Found], asked: int, number: int) -> str:
    if not hits and number == 1:
        return _("Nothing found in the modules that are open.")
    if offset(number) >= len(hits):
        return _("There is no such page of what was found.")
    if hits[0].words < asked:
        return n_(
            "No lesson that is open holds all of these words. {count} lesson with some of them",
            "No lesson that is open holds all of these words. {count} lessons with some of them",
            len(hits),
        )
    return n_("{count} lesson found", "{count} lessons found", len(hits))
