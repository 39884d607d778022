"""`python -m tests.fourweek.little_server PORT KIND`: two forked processes that say their number, or cannot start."""

import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from fourweek.processes import Processes
from fourweek.server import configure, hold_port


async def _number(request: Request) -> PlainTextResponse:
    time.sleep(float(request.query_params.get("seconds", "0")))  # noqa: ASYNC251 busy, so that the other one answers
    return PlainTextResponse(str(os.getpid()))


@asynccontextmanager
async def _refuse(_app: Starlette) -> AsyncIterator[None]:
    print(f"start {os.getpid()}", flush=True)
    raise RuntimeError("the cellar is under water")
    yield


def main() -> int:
    port, kind = int(sys.argv[1]), sys.argv[2]
    app = Starlette(routes=[Route("/", _number)], lifespan=_refuse if kind == "broken" else None)
    return 0 if Processes(2, configure(app), hold_port("127.0.0.1", port)).run() else 1


if __name__ == "__main__":
    sys.exit(main())
