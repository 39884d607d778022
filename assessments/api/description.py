"""The description of the interface (OpenAPI 3.1), made from the routes and their shapes."""

import json
from copy import copy
from typing import Any, Final

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from fourweek.pages import PROBLEM

VERSION: Final = "1"

_ABOUT: Final = (
    "Badges, what they say, who issues them, and whether one holds. What is public may be read from any site without a "
    "key; what is one's own, with a token that was made for it. Errors are problems as RFC 9457 has them. Times are "
    "RFC 3339 with a zone; credit is text, never a float."
)


def description(router: APIRouter, *, institution: str, site: str, cookie: str) -> bytes:
    """JSON, for a site at that address; `cookie` is the name of the one that a sign-in leaves."""
    document = get_openapi(
        title=f"{institution}: badges",
        version=VERSION,
        openapi_version="3.1.0",
        description=_ABOUT,
        routes=[_without_head(route) for route in router.routes],
        servers=[{"url": site}],
    )
    sign_in = {"type": "apiKey", "in": "cookie", "name": cookie, "description": "The cookie of a sign-in on this site."}
    token = {
        "type": "http",
        "scheme": "bearer",
        "description": "An API token, made at /account/tokens, for its scopes.",
    }
    document["components"]["securitySchemes"] = {"signIn": sign_in, "token": token}
    for way in document["paths"].values():
        for operation in way.values():
            _as_they_are(operation)
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _without_head(route: BaseRoute) -> BaseRoute:
    """HEAD is answered as GET is, which goes without saying."""
    plain = copy(route)
    if isinstance(plain, APIRoute):
        plain.methods = set(plain.methods or ()) - {"HEAD"}
    return plain


def _as_they_are(operation: dict[str, Any]) -> None:
    """Errors leave as problems; the framework's own answer for a wrong address is never given."""
    for status, answer in list(operation["responses"].items()):
        content = answer.get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        if schema.get("$ref", "").endswith("/HTTPValidationError"):
            del operation["responses"][status]
        elif status != "200" and content:
            answer["content"] = {PROBLEM: content["application/json"]}
