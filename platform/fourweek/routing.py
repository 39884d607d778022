"""Endpoints called without FastAPI's solver where they take the request and plain values of the address alone."""

import inspect
import re
from collections.abc import Awaitable, Callable
from enum import StrEnum
from functools import partial
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import request_response

from fourweek.errors import NotFound

Endpoint = Callable[..., Awaitable[Response]]
Reader = Callable[[str], Any]
_WHOLE = re.compile(r"-?[0-9]{1,100}")


def call_directly(route: APIRoute) -> None:
    """Let the route read its address itself and call its endpoint; one that asks for more is left to FastAPI."""
    endpoint: Endpoint = route.endpoint
    wanted = dict(inspect.signature(endpoint, eval_str=True).parameters)
    if wanted.pop("request", None) is None:
        return
    readers = {name: _reader(one.annotation) for name, one in wanted.items()}
    in_path = [(name, read) for name, read in readers.items() if read and name in route.param_convertors]
    in_query = [
        (name, read)
        for name, read in readers.items()
        if read and name not in route.param_convertors and isinstance(wanted[name].default, str | int)
    ]
    if len(in_path) + len(in_query) < len(wanted):
        return

    async def answer(request: Request) -> Response:
        path, query = request.path_params, request.query_params if in_query else {}
        given = {name: read(path[name]) for name, read in in_path}
        given |= {name: read(query[name]) for name, read in in_query if name in query}
        try:
            return await endpoint(request, **given)
        finally:
            await request.close()  # the temporary files of its form

    route.app = request_response(answer)


def _reader(kind: Any) -> Reader | None:
    """What makes a value of this kind out of a part of an address; NotFound for a part that is none."""
    if kind is str:
        return str
    if kind is int:
        return _number
    return partial(_member, kind) if isinstance(kind, type) and issubclass(kind, StrEnum) else None


def _number(given: str) -> int:
    if not _WHOLE.fullmatch(given):
        raise NotFound
    return int(given)


def _member(kind: type[StrEnum], given: str) -> StrEnum:
    try:
        return kind(given)
    except ValueError:
        raise NotFound from None
