"""A line to the server that can be cut: a proxy on the loopback that passes bytes on and counts them."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.servers import HOST

PIECE = 256 * 1024


class BrokenLine:
    """Passes everything on to `port`. Once `cut_after` bytes were sent upwards, it breaks every connection, once."""

    def __init__(self) -> None:
        self.port = 0
        self.sent = 0
        self.cut_after: int | None = None
        self.cuts = 0
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server((HOST, 0))

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._listener.getsockname()[1]}"

    def serve(self) -> None:
        with suppress(OSError):  # closed at the end
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection((HOST, self.port))
                with self._lock:
                    self._open |= {near, far}
                for source, target, upwards in ((near, far, True), (far, near, False)):
                    threading.Thread(target=self._pass, args=(source, target, upwards), daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._break()

    def _pass(self, source: socket.socket, target: socket.socket, upwards: bool) -> None:  # noqa: FBT001 by position in a thread
        with suppress(OSError):
            while data := source.recv(PIECE):
                if upwards and self._is_due(len(data)):
                    self._break()
                    return
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def _is_due(self, size: int) -> bool:
        with self._lock:
            self.sent += size
            due = self.cut_after is not None and self.sent >= self.cut_after
            if due:
                self.cut_after, self.cuts = None, self.cuts + 1
            return due

    def _break(self) -> None:
        with self._lock:
            for one in self._open:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()
            self._open.clear()


@contextmanager
def broken_line() -> Iterator[BrokenLine]:
    """One that listens; say to which port it leads before anybody uses it."""
    line = BrokenLine()
    thread = threading.Thread(target=line.serve)
    thread.start()
    yield line
    line.close()
    thread.join()
