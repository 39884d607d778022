"""One person's connection to the server, over plain sockets: a status line that arrived is an acknowledgement."""

import http.client
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.bench.requests import COOKIE, GUEST_COOKIE, PART, form_token
from tests.durability.school import PASSWORD
from tests.servers import HOST

FORM = "application/x-www-form-urlencoded"
PATIENCE = 60.0


class Gone(Exception):
    """The server did not answer: nobody knows what became of the request."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Header names are in small letters; of several alike, each value has its line.

    `body` is empty where the server died while it sent it.
    """

    asked: str
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Line:
    """A learner's browser without the browser: keeps the cookie of its sign-in for as long as it lives."""

    port: int
    address: str
    cookie: str = ""
    _open: http.client.HTTPConnection | None = field(default=None, repr=False)

    def sign_in(self) -> None:
        """Once; a sign-in that was acknowledged outlives the server too."""
        if self.cookie:
            return
        guest = f"guest-{self.address}"
        fields = {"form_token": form_token(guest), "address": self.address, "password": PASSWORD, "next": "/home"}
        headers = {"Cookie": f"{GUEST_COOKIE}={guest}", "Content-Type": FORM}
        answer = self._send("POST", "/sign-in", headers, urlencode(fields).encode())
        if answer.status != 303:
            raise AssertionError(f"{self.address} could not sign in: {answer.status}")
        cookies = [one.split(";")[0] for one in answer.headers["set-cookie"].split("\n")]
        self.cookie = next(one.removeprefix(f"{COOKIE}=") for one in cookies if one.startswith(f"{COOKIE}="))

    def get(self, path: str) -> str:
        """A page. Raises Gone when it did not come whole, AssertionError for another answer."""
        answer = self._send("GET", path, self._signed())
        if answer.status != 200:
            raise AssertionError(f"GET {path} answered {answer.status}")
        if not answer.body:
            raise Gone
        return answer.body.decode()

    def post(self, path: str, fields: dict[str, str], *, htmx: bool = False) -> Answer:
        body = urlencode({"form_token": form_token(self.cookie)} | fields).encode()
        asked_by = {"HX-Request": "true"} if htmx else {}
        return self._send("POST", path, self._signed() | {"Content-Type": FORM} | asked_by, body)

    def post_file(self, path: str, fields: dict[str, str], part: str, name: str, data: bytes) -> Answer:
        """A form with one file, as a browser without scripts sends it."""
        texts = "".join(
            f'--{PART}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
            for field, value in ({"form_token": form_token(self.cookie)} | fields).items()
        )
        opening = f'{texts}--{PART}\r\nContent-Disposition: form-data; name="{part}"; filename="{name}"\r\n'
        body = f"{opening}Content-Type: text/plain\r\n\r\n".encode() + data + f"\r\n--{PART}--\r\n".encode()
        kind = f"multipart/form-data; boundary={PART}"
        return self._send("POST", path, self._signed() | {"Content-Type": kind}, body)

    def tus(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Answer:
        ours = {"Tus-Resumable": "1.0.0", "X-Form-Token": form_token(self.cookie)}
        return self._send(method, path, self._signed() | ours | headers, body)

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def _signed(self) -> dict[str, str]:
        return {"Cookie": f"{COOKIE}={self.cookie}", "Accept": "text/html"}

    def _send(self, method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> Answer:
        if self._open is None:
            self._open = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
        try:
            self._open.request(method, path, body, headers)
            came = self._open.getresponse()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Gone from error
        named = {name.lower(): "\n".join(came.headers.get_all(name, [])) for name in came.headers}
        try:
            content = came.read()
        except (OSError, http.client.HTTPException):
            self.close()
            content = b""
        return Answer(f"{method} {path}", came.status, named, content)
