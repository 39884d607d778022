"""Searching the lessons of one cohort that are open for the visitor."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from courses.catalogue.rules import search_words
from courses.learning.access import reader
from courses.learning.queries import found_lessons
from courses.paging import PER_PAGE, Pager, offset, pager, query
from fourweek.accounts.access import Visitor

LONGEST = 200
BEFORE, AROUND = 60, 240


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an excerpt, plain text; `is_hit` where it is one of the words."""

    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class Hit:
    title: str
    href: str
    module: str
    excerpt: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """`typed` is what was asked for; `words` says how much was found, "" before anything was asked."""

    cohort_id: str
    course_title: str
    typed: str
    words: str
    hits: tuple[Hit, ...]
    pager: Pager


def search_page(conn: Connection, visitor: Visitor, cohort_id: str, typed: str, number: int) -> SearchPage:
    """What holds every word, in open modules only. Raises NotFound for people without a place. Three statements."""
    found, now = reader(conn, visitor, cohort_id), visitor.now.school
    typed = "".join(c for c in typed if c.isprintable())[:LONGEST].strip()
    words = search_words(typed)
    open_numbers = [n for n, dates in enumerate(found.all_dates(now), 1) if found.may_read(dates, now)]
    rows: list[Row[Any]] = []
    total = 0
    if words and open_numbers:
        version = found.cohort.version_id
        rows, total = found_lessons(conn, version, open_numbers, words, limit=PER_PAGE, offset=offset(number))
    address = f"/cohorts/{cohort_id}/search"
    return SearchPage(
        cohort_id=cohort_id,
        course_title=found.cohort.course_title,
        typed=typed,
        words=_say_found(total, number) if words else "",
        hits=tuple(_hit(cohort_id, row, words) for row in rows),
        pager=pager(number, total, lambda other: address + query(q=typed, page=other)),
    )


def excerpt(text: str, words: Sequence[str]) -> tuple[Piece, ...]:
    """A short piece of `text` around the first word found, cut into what is one of the words and what is not."""
    wanted = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)), re.IGNORECASE)
    first = wanted.search(text)
    start = max(0, first.start() - BEFORE) if first else 0
    shown = " ".join(text[start : start + AROUND].split())
    shown = ("… " if start else "") + shown + (" …" if start + AROUND < len(text) else "")
    pieces, end = [], 0
    for match in wanted.finditer(shown):
        pieces += [Piece(shown[end : match.start()], False), Piece(match.group(), True)]
        end = match.end()
    return tuple(piece for piece in (*pieces, Piece(shown[end:], False)) if piece.text)


def _hit(cohort_id: str, row: Row[Any], words: Sequence[str]) -> Hit:
    href = f"/cohorts/{cohort_id}/modules/{row.number}/lessons/{row.slug}"
    return Hit(row.title, href, f"Module {row.number}", excerpt(row.plain_text, words))


def _say_found(total: int, number: int) -> str:
    if not total and number > 1:
        return "There is no such page of what was found."
    if not total:
        return "Nothing found in the modules that are open."
    return "1 lesson found" if total == 1 else f"{total} lessons found"
