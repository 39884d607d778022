"""Whether a request asks for a page or for the signed file, by its Accept header, as browsers and wallets send it."""

from functools import lru_cache
from typing import Final

JSON_TYPES: Final = ("application/vc+ld+json", "application/ld+json", "application/json", "application/vc")
JWT_TYPE: Final = "application/vc+jwt"
TEXT_TYPE: Final = "text/plain"
PAGE_TYPES: Final = ("text/html", "application/xhtml+xml")
_LONGEST: Final = 2000


@lru_cache(maxsize=256)
def json_asked(accept: str) -> str | None:
    """The JSON type to answer with if one is named and no page is wanted more; None means the page.

    A wildcard asks for the page: what fetches previews of links sends nothing else.
    """
    return _asked(accept, JSON_TYPES)


@lru_cache(maxsize=256)
def file_asked(accept: str) -> str | None:
    """The same where there is a token, too: a JSON type, or JWT_TYPE or TEXT_TYPE for the token."""
    return _asked(accept, (*JSON_TYPES, JWT_TYPE, TEXT_TYPE))


def _asked(accept: str, types: tuple[str, ...]) -> str | None:
    wanted = _weights(accept[:_LONGEST])
    best = max(types, key=lambda name: wanted.get(name, 0))
    page = max(wanted.get(name, 0) for name in PAGE_TYPES)
    return best if wanted.get(best, 0) > page else None


def _weights(accept: str) -> dict[str, int]:
    """Media type → weight in thousandths."""
    found: dict[str, int] = {}
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        found[name] = max(found.get(name, 0), _weight(parameters))
    return found


def _weight(parameters: list[str]) -> int:
    given = next((text[2:] for text in parameters if text.startswith("q=")), "1")
    whole, _, rest = given.partition(".")
    digits = f"{whole}{rest:0<3.3}"
    return min(int(digits), 1000) if digits.isascii() and digits.isdigit() else 0
