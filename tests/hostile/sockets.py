"""Raw connections: requests that no browser sends, and ones that come a byte at a time."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.servers import HOST

MALFORMED: tuple[bytes, ...] = (
    b"\r\n\r\n\r\n\r\n",
    b"\0\0\0\0\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # the beginning of TLS
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET /\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: {host}\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: {host}\r\nHost: elsewhere.example\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n",
    b"GET http://elsewhere.example/ HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET http://[ HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET \xff\xfe HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET /%zz%00%ff HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET /../../../etc/passwd HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET /static/..%2f..%2fpyproject.toml HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: {host}\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
    b"GET / HTTP/1.1\r\nHost: {host}\r\nCookie: " + b"a=b; " * 20_000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: {host}\r\nRange: bytes=" + b"0-1," * 5_000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: {host}\r\nbad header\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost : {host}\r\n\tfolded\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    b"POST /sign-in HTTP/1.1\r\nHost: {host}\r\nContent-Length: -1\r\n\r\n",
    b"POST /sign-in HTTP/1.1\r\nHost: {host}\r\nContent-Length: " + b"9" * 30 + b"\r\n\r\n",
    b"POST /sign-in HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /sign-in HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nx",
    b"POST /sign-in HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    b"POST /sign-in HTTP/1.1\r\nHost: {host}\r\nContent-Type: multipart/form-data\r\nContent-Length: 3\r\n\r\nabc",
    b"NONSENSE /sign-in HTTP/1.1\r\nHost: {host}\r\n\r\n",
)
SLOW: tuple[bytes, ...] = (
    b"",
    b"GET /sign-in HTTP/1.1\r\nHost: {host}\r\nX-Slow: ",
    b"POST /sign-in HTTP/1.1\r\nHost: {host}\r\nContent-Type: "
    b"application/x-www-form-urlencoded\r\nContent-Length: 9999\r\n\r\na=",
    b"POST /nowhere HTTP/1.1\r\nHost: {host}\r\nContent-Length: 9999\r\n\r\n",
)
"""Beginnings; what follows comes a byte at a time."""
ENDLESS: tuple[bytes, ...] = (
    b"",
    b"GET /",
    b"GET / HTTP/1.1\r\nHost: {host}\r\nCookie: ",
    b"GET / HTTP/1.1\r\nHost: {host}\r\n",
    b"POST /sign-in HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nTail: ",
    b"POST /sign-in HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n1; ",
)
"""Beginnings; what follows has no end, and is no body."""


def asked(port: int, request: bytes, patience: float = 5) -> bytes:
    """What the server says to these bytes, up to 2 KB; b"" where it only closes the connection, or waits for more."""
    with socket.create_connection((HOST, port), timeout=patience) as line:
        try:
            line.sendall(_named(request, port))
            line.shutdown(socket.SHUT_WR)
            return line.recv(2048)
        except OSError:  # it did not wait for the rest
            return b""


def _named(request: bytes, port: int) -> bytes:
    return request.replace(b"{host}", f"{HOST}:{port}".encode())


@contextmanager
def dripping(port: int, count: int) -> Iterator[list[socket.socket]]:
    """So many connections that each have begun a request; `drip` sends a byte on all that are open."""
    lines = []
    try:
        for number in range(count):
            line = socket.create_connection((HOST, port), timeout=5)
            line.sendall(_named(SLOW[number % len(SLOW)], port))
            line.setblocking(False)
            lines.append(line)
        yield lines
    finally:
        for line in lines:
            line.close()


def drip(lines: list[socket.socket]) -> int:
    """Send a byte on each; how many of them are still open."""
    return sum(_is_open(line) for line in lines)


def _is_open(line: socket.socket) -> bool:
    try:
        line.send(b"a")
        while said := line.recv(65_536):
            assert b" 500 " not in said[:40]
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def swallowed(port: int, beginning: bytes, most: int) -> tuple[int, bytes]:
    """How much the server takes after such a beginning, at most `most` bytes, and the first of what it says."""
    taken, said, block = 0, b"", b"a" * 16_384
    with socket.create_connection((HOST, port), timeout=5) as line:
        try:
            line.sendall(_named(beginning, port))
            while taken < most:
                line.sendall(block)
                taken += len(block)
            line.settimeout(0.5)
        except OSError:  # it listens no longer
            pass
        with suppress(OSError):
            said = line.recv(2048)
    return taken, said


def seconds_until_cut(lines: list[socket.socket], patience: float, pause: float) -> float:
    """How long it took until the last of them was cut. Raises AssertionError where one never is."""
    began = time.monotonic()
    while drip(lines):
        assert time.monotonic() - began < patience, "a slow connection is never cut"
        time.sleep(pause)
    return time.monotonic() - began
