"""One try to hand a message over: resolved once, connected to that very address, followed nowhere, soon given up."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final

from fourweek.language import N_, _
from fourweek.light import dataclass
from fourweek.webhooks.destinations import Destination, NoWay, destination, resolve

SILENCE: Final = 10.0
WHOLE_TRY: Final = 15.0
MOST_READ: Final = 4096
MOST_SAID: Final = 300
AGENT: Final = "Fourweek-Webhooks/1"
TOO_MANY: Final = 429
_TROUBLES: Final[tuple[tuple[type[Exception], str], ...]] = (
    (TimeoutError, N_("No answer in time.")),
    (ConnectionRefusedError, N_("Nothing listens at that address.")),
    (ConnectionError, N_("It hung up without an answer.")),
    (HTTPException, N_("What answered does not speak HTTP.")),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """How a try ended. `status` is 0 without an answer; `problem` is "" for one that was taken."""

    status: int
    problem: str = ""

    @property
    def taken(self) -> bool:
        return not self.problem

    @property
    def closed_door(self) -> bool:
        """Whether the receiver as a whole is in trouble, so that its other messages had better wait as well."""
        return not self.taken and (self.status in {0, TOO_MANY} or self.status >= 500)


class _PinnedHTTP(HTTPConnection):
    """Connects to a number that was looked up before, and still asks for the host by its name."""

    def __init__(self, number: str, wanted: Destination) -> None:
        super().__init__(wanted.host, wanted.port, timeout=SILENCE)
        self.number = number

    def connect(self) -> None:
        self.sock = socket.create_connection((self.number, self.port), self.timeout)


class _PinnedHTTPS(HTTPSConnection):
    """The same over TLS: the certificate must be the host's."""

    def __init__(self, number: str, wanted: Destination, trust: ssl.SSLContext) -> None:
        super().__init__(wanted.host, wanted.port, timeout=SILENCE, context=trust)
        self.number, self.trust = number, trust

    def connect(self) -> None:
        plain = socket.create_connection((self.number, self.port), self.timeout)
        # The handshake comes after the socket is known by its owner, who may have to hang up in the middle of it.
        self.sock = self.trust.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock.do_handshake()


class Sender:
    """Sends messages. `inside` lets them go to private addresses and over plain http."""

    def __init__(self, *, inside: bool = False, trust: ssl.SSLContext | None = None) -> None:
        self._inside = inside
        self._trust = trust or ssl.create_default_context()

    def __call__(self, url: str, headers: Mapping[str, str], body: str) -> Answer:
        """Post the message. Never raises for what is the receiver's or the network's fault."""
        try:
            wanted = destination(url, inside=self._inside)
            number = resolve(wanted.host, wanted.port, inside=self._inside)
        except NoWay as problem:
            return Answer(0, str(problem))
        connection = _PinnedHTTPS(number, wanted, self._trust) if wanted.secure else _PinnedHTTP(number, wanted)
        try:
            return _post(connection, wanted.path, headers, body)
        except (OSError, HTTPException) as error:
            return Answer(0, _why(error))
        finally:
            connection.close()


def _post(connection: HTTPConnection, path: str, headers: Mapping[str, str], body: str) -> Answer:
    sent = {"content-type": "application/json", "user-agent": AGENT, "connection": "close", **headers}
    with _given_up(connection):
        connection.connect()
        connection.request("POST", path, body.encode(), sent)
        with connection.getresponse() as response:
            status = response.status
            start = b"" if 200 <= status < 300 else response.read(MOST_READ)
    return Answer(status, "" if 200 <= status < 300 else _said(status, start))


@contextlib.contextmanager
def _given_up(connection: HTTPConnection) -> Iterator[None]:
    """Whoever answers a byte at a time is hung up on: the whole try has an end, not its silences alone."""
    late = threading.Event()

    def hang_up() -> None:
        late.set()
        with contextlib.suppress(OSError, AttributeError):
            connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(WHOLE_TRY, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, HTTPException):
        if late.is_set():
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return _("No trusted connection: {reason}.", reason=error.reason or "TLS")
    return next((words for kind, words in _TROUBLES if isinstance(error, kind)), _("No connection."))


def _said(status: int, start: bytes) -> str:
    if 300 <= status < 400:
        return _("It answered {status}, which leads elsewhere; messages follow no redirect.", status=status)
    words = " ".join(start.decode("utf-8", "replace").replace("\0", "").split())[:MOST_SAID]
    return (
        _("It answered {status}: {value}", status=status, value=words)
        if words
        else _("It answered {status}.", status=status)
    )
