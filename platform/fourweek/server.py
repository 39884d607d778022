"""A server process: the port it holds, the memory it keeps, and uvicorn in it. `processes.py` runs several."""

import ctypes
import errno
import gc
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
NOTIFY = 1  # seconds between two calls of `notify`
M_ARENA_MAX = -8  # malloc.h


class AddressRefused(Exception):
    """Says why we cannot listen on an address, and what to do."""


def hold_port(host: str, port: int) -> socket.socket:
    """A socket that has the address for us; who connects waits until somebody answers. Raises AddressRefused."""
    held = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    if os.name == "posix":  # a restart need not wait for old connections; on Windows it would let two servers in
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind((host, port))
        held.listen()  # two sockets can be bound to one port until one of them listens
    except OSError as error:
        held.close()
        if error.errno == errno.EADDRINUSE:
            advice = "Stop what uses it, or set FOURWEEK_PORT to another number."
            raise AddressRefused(f"Port {port} is taken. {advice}") from None
        raise AddressRefused(f"Cannot listen on {host}, port {port}: {error.strerror}.") from None
    return held


@contextmanager
def without_collecting() -> Iterator[None]:
    """For imports: nothing they make is ever garbage, and looking for some costs a fifth of the start.

    What lives at the end is never searched: a search writes to every object, and so ends the sharing of memory between
    forked processes.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def configure(app: "ASGIApp", stop_seconds: int = 10) -> "uvicorn.Config":
    """How uvicorn serves the app, with all that takes imported. No forwarded header is believed.

    `stop_seconds` is how long running requests get when the server is told to stop.
    """
    import uvicorn  # noqa: PLC0415 heavy, and only servers need it

    from fourweek.patience import PatientProtocol  # noqa: PLC0415 as above

    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=stop_seconds,
        lifespan="on",
        timeout_notify=NOTIFY,
    )
    config.load()
    config.get_loop_factory()
    return config


def settle_memory() -> None:
    """For a process that has started no thread: all will share one malloc arena.

    In one each, every thread that ever hashed a password would keep the memory of a hash.
    """
    with suppress(OSError, AttributeError):  # other C libraries than glibc have no arenas
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def answer(
    config: "uvicorn.Config",
    held: socket.socket,
    notify: Callable[[], Awaitable[None]] | None = None,
    told: Callable[[], None] = lambda: None,
    *,
    parent: int | None = None,
) -> None:
    """Serve in this process until SIGTERM or SIGINT, then raise SystemExit(0).

    What is under way gets to finish, new requests are refused; a second signal ends it at once. `notify` is awaited
    once the app answers, and about every second from then on; `told` is called when it is told to stop.

    One that has a `parent`, named by its process id, leaves a second signal to it while it lives: a terminal and
    systemd tell all processes at once, and then the parent tells each of them too.
    """
    import uvicorn  # noqa: PLC0415 as above

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            if self.should_exit and parent == os.getppid():
                return
            if self.should_exit:
                os._exit(1)  # what was acknowledged is kept, however a process ends
            told()
            super().handle_exit(sig, frame)

    for number in STOP_SIGNALS:
        signal.signal(number, _leave)  # uvicorn takes them over while it runs, and raises them again when it is done
    config.callback_notify = notify
    Server(config).run(sockets=[held])


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
