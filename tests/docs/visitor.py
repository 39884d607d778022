"""Somebody's browser before a proxy: speaks TLS to a name that leads to this machine, and comes from an address."""

import http.client
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.bench.requests import PART
from tests.servers import HOST
from tests.visits import forms

NAME = "learn.example.edu"
FORM = "application/x-www-form-urlencoded"
PIECE = 1024 * 1024
"""Bytes that are made at a time, so that a large file is never in memory."""


class _Line(http.client.HTTPSConnection):
    """Asks for the name at its usual port, and is led to where the proxy listens here."""

    def __init__(self, port: int, trusted: ssl.SSLContext, source: str) -> None:
        super().__init__(NAME, context=trusted, timeout=120)
        self._here, self._trusted, self._source = port, trusted, source

    def connect(self) -> None:
        plain = socket.create_connection((HOST, self._here), self.timeout, (self._source, 0))
        self.sock = self._trusted.wrap_socket(plain, server_hostname=NAME)


class Visitor:
    """Keeps its cookies. `source` is the address it comes from."""

    def __init__(self, port: int, authority: Path, source: str = HOST) -> None:
        self._port, self._source = port, source
        self._trusted = ssl.create_default_context(cafile=str(authority))
        self.cookies: dict[str, str] = {}
        self.marks: set[str] = set()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, str], str]:
        """Status, headers by small names, and text. `_` in a header's name stands for `-`."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            told["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        with closing(_Line(self._port, self._trusted, self._source)) as line:
            line.request(method, path, body, told)
            answer = line.getresponse()
            for cookie in answer.headers.get_all("set-cookie", []):
                name, _, value = cookie.split(";")[0].partition("=")
                self.cookies[name] = value
                self.marks |= {mark.strip() for mark in cookie.split(";")[1:]}
            return (
                answer.status,
                {name.lower(): value for name, value in answer.headers.items()},
                answer.read().decode(),
            )

    def sign_in(self, address: str, password: str) -> int:
        fields = forms(self.ask("GET", "/sign-in")[2])["/sign-in"] | {"address": address, "password": password}
        return self.ask("POST", "/sign-in", urlencode(fields), Content_Type=FORM, Origin=f"https://{NAME}")[0]

    def send_file(self, action: str, fields: dict[str, Any], part: str, size: int) -> int:
        """One file of `size` bytes as a browser without scripts sends it."""
        texts = "".join(
            f'--{PART}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        )
        head = (
            f'{texts}--{PART}\r\nContent-Disposition: form-data; name="{part}"; filename="large.txt"\r\n\r\n'.encode()
        )
        tail = f"\r\n--{PART}--\r\n".encode()
        kind = f"multipart/form-data; boundary={PART}"
        length = str(len(head) + size + len(tail))
        return self.ask("POST", action, _all(head, size, tail), Content_Type=kind, Content_Length=length)[0]


def _all(head: bytes, size: int, tail: bytes) -> Iterator[bytes]:
    yield head
    yield from pieces(size)
    yield tail


def pieces(size: int) -> Iterator[bytes]:
    """Text of so many bytes."""
    piece = b"wave after wave\n" * (PIECE // 16)
    for at in range(0, size, PIECE):
        yield piece[: size - at]
