"""How the interface answers: JSON with its headers, and what the description says of it."""

from typing import Any, Final, Protocol

from pydantic import BaseModel
from starlette.responses import Response

from assessments.api import shapes
from assessments.api.checking import JSON

FOR_ALL: Final = {"access-control-allow-origin": "*", "cache-control": "no-cache", "x-robots-tag": "noindex"}
OWN: Final = {"cache-control": "no-store", "x-robots-tag": "noindex", "referrer-policy": "no-referrer"}
_WORDS: Final = {
    401: "Not signed in, or a token that opens nothing",
    403: "A token without the scope that is asked for, or a second factor has to be set up first",
    404: "Not there",
    410: "Withdrawn, or its page was taken down",
    413: "Too large",
    415: "Of a kind that is not taken",
    422: "Nothing that can be checked",
    429: "Too many checks from this network address; `Retry-After` says when to go on",
    503: "Busy",
}


class Paged(Protocol):
    """One page of a list."""

    @property
    def page(self) -> int: ...

    @property
    def per_page(self) -> int: ...

    @property
    def total(self) -> int: ...


def answers(shape: type[BaseModel], said: str, *problems: int) -> dict[int | str, dict[str, Any]]:
    """What a route may answer, for the description."""
    content: dict[int | str, dict[str, Any]] = {200: {"model": shape, "description": said}}
    return content | {status: {"model": shapes.Problem, "description": _WORDS[status]} for status in problems}


def as_json(shape: BaseModel, headers: dict[str, str] = FOR_ALL) -> Response:
    return Response(shape.model_dump_json(), media_type=JSON, headers=headers)


def link_header(found: Paged, address: str) -> dict[str, str]:
    """RFC 8288: the pages there are around this one of the list at `address`."""
    last = max(1, -(-found.total // found.per_page))
    pages = {"first": 1, "prev": found.page - 1, "next": found.page + 1, "last": last}
    there = {name: number for name, number in pages.items() if 1 <= number <= last}
    return {"link": ", ".join(f'<{address}?page={number}>; rel="{name}"' for name, number in there.items())}
