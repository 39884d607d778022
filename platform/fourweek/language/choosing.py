"""Which language a request is answered in: that chosen in this browser, the person's, the browser's, the school's."""

from collections.abc import Iterator
from functools import lru_cache

from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from fourweek.language import LANGUAGES

COOKIE = "fourweek-language"
CHOSEN = "fourweek.language_chosen"
"""Says in the scope of a request that its browser chose a language, so that the person's own does not count here."""
LONGEST = 300


def chosen(headers: Headers) -> str:
    """The language that was chosen in this browser; "" for none of ours."""
    cookies = headers.get("cookie", "")
    if COOKIE not in cookies:
        return ""
    found = cookie_parser(cookies).get(COOKIE, "")
    return found if found in LANGUAGES else ""


@lru_cache(maxsize=256)
def asked_for(accept: str) -> str:
    """The first of our languages that a browser asks for (RFC 9110, 12.5.4); "" when it asks for none of them."""
    wishes = sorted(_wishes(accept[:LONGEST]), reverse=True)
    return next((code for weight, _order, code in wishes if weight > 0), "")


def _wishes(accept: str) -> Iterator[tuple[float, int, str]]:
    """(weight, minus the place it stands at, our code) of each language of ours that is named."""
    for place, part in enumerate(accept.split(",")):
        tag, _sign, weight = part.partition(";")
        code = tag.strip().lower().split("-")[0]
        if code in LANGUAGES:
            yield _weight(weight), -place, code


def _weight(said: str) -> float:
    """The weight of a wish, one where nothing is said; nought for what cannot be read."""
    name, _sign, value = said.strip().partition("=")
    if not name:
        return 1.0
    whole, _point, rest = value.strip().partition(".")
    readable = name.strip().lower() == "q" and whole in {"0", "1"} and len(rest) <= 3 and (not rest or rest.isdecimal())
    return min(1.0, float(value)) if readable and value.strip().isascii() else 0.0
