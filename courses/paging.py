"""Long lists in pages: a number from the address, words and links for `ui.pager`. Pure."""

from collections.abc import Callable
from math import ceil
from urllib.parse import urlencode

from fourweek.language import _, n_
from fourweek.light import dataclass

PER_PAGE = 25
LAST_NUMBER = 10_000


@dataclass(frozen=True, slots=True)
class Pager:
    """What `ui.pager` shows; both links are None where one page is enough."""

    words: str
    previous: str | None
    next: str | None


def page_number(typed: str) -> int:
    """The number in an address, from 1; anything else is the first page."""
    return min(max(int(typed), 1), LAST_NUMBER) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 1


def offset(number: int, per_page: int = PER_PAGE) -> int:
    return (number - 1) * per_page


def pager(number: int, total: int, address: Callable[[int], str], per_page: int = PER_PAGE) -> Pager:
    """The pager of page `number` of `total` rows; `address` gives the link of another page."""
    pages = max(1, ceil(total / per_page))
    return Pager(
        words=_say_page(number, pages),
        previous=address(min(number - 1, pages)) if number > 1 else None,
        next=address(number + 1) if number < pages else None,
    )


def _say_page(number: int, pages: int) -> str:
    if number <= pages:
        return _("Page {number} of {pages}", number=number, pages=pages)
    return n_("There is only one page", "There are only {count} pages", pages)


def query(**values: str | int) -> str:
    """A query string of what is given, with its question mark; empty values and page 1 are left out."""
    given = {key: value for key, value in values.items() if value not in ("", 1)}
    return f"?{urlencode(given)}" if given else "?"
