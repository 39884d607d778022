"""Static files, kept by browsers for ever when asked for with the fingerprint of their content."""

from starlette.datastructures import QueryParams
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOREVER = "public, max-age=31536000, immutable"


class FingerprintedFiles(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        asked = QueryParams(scope.get("query_string", b""))
        response.headers["cache-control"] = FOREVER if "v" in asked else "public, max-age=300"
        return response
