"""Servers that are no help: one that says nothing, one that says nothing more, one that says no."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import SecretStr

from fourweek.storage.s3 import Bucket
from tests.servers import HOST

REFUSAL = (
    b"<Error><Code>SignatureDoesNotMatch</Code><AWSAccessKeyId>somebody</AWSAccessKeyId>"
    b"<StringToSign>unspeakable</StringToSign></Error>"
)
FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%s" % (len(REFUSAL), REFUSAL)
HALF = (
    b'HTTP/1.1 200 OK\r\ncontent-length: 3000000\r\netag: "x"\r\n'
    b"last-modified: Sun, 22 Nov 2026 09:00:00 GMT\r\n\r\n" + b"x" * 1_500_000
)


@contextmanager
def answering_with(answer: bytes) -> Iterator[str]:
    """A server that reads a request's head, sends `answer`, and then keeps the connection open in silence."""
    listening = socket.create_server((HOST, 0))
    opened: list[socket.socket] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
                opened.append(connection)
                connection.recv(65536)
                connection.sendall(answer)
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for connection in opened:
            connection.close()
        thread.join(5)


def at(endpoint: str) -> Bucket:
    """A bucket at that address."""
    return Bucket("bucket", "", endpoint, key="somebody", secret=SecretStr("unspeakable"))
