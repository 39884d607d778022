"""A pure ASGI layer: while nobody has an account all ways lead to the first run; and settings stay as said."""

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from fourweek.first_run.institution import Follower
from fourweek.first_run.opening import Opening

PATH = "/first-run"
BESIDE = frozenset({PATH, "/healthz", "/readyz", "/metrics"})
PARTS = ("/static/", "/institution/", "/language")
"""What its page is made of: style, colours and logo, another language."""


class Gate:
    """Outside of a first run it costs one look at a file."""

    def __init__(self, app: ASGIApp, opening: Opening, follower: Follower) -> None:
        self.app, self.opening, self.follower = app, opening, follower

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.follower.look()
            if self.opening.code is not None and _leads_there(scope) and await self.opening.is_open():
                await RedirectResponse(PATH, 303, {"cache-control": "no-store"})(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _leads_there(scope: Scope) -> bool:
    path = scope["path"]
    return path not in BESIDE and not path.startswith(PARTS)
