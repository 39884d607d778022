"""Text as documents may hold it."""

from fourweek.letters.cleaning import clean_text

__all__ = ["clean_text"]
