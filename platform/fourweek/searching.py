"""Looking for a word in columns of text, the same on both databases."""

from typing import Any

from sqlalchemy import ColumnElement, or_


def holds(word: str, *columns: ColumnElement[Any]) -> ColumnElement[bool]:
    """One of the columns holds the word, in capitals or small letters.

    SQLite knows capitals of ASCII only, so other letters are looked for in each of their usual spellings.
    """
    spellings = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize(), word.title()}
    return or_(*(column.icontains(one, autoescape=True) for column in columns for one in sorted(spellings)))
