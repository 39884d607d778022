"""An app served by a thread of this process, so that a test has a real address and the app's own house."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from fourweek import logs
from fourweek.server import configure
from tests.servers import HOST

PATIENCE_S = 30


def held_port() -> tuple[socket.socket, str]:
    """A socket that holds a free port, and the address people then use."""
    held = socket.socket()
    held.bind((HOST, 0))
    return held, f"http://{HOST}:{held.getsockname()[1]}"


@contextmanager
def served(app: FastAPI, held: socket.socket) -> Iterator[None]:
    """Answer on `held` while inside."""
    logs.configure(quiet=True)
    server = uvicorn.Server(configure(app, stop_seconds=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [held]})
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)
        held.close()
