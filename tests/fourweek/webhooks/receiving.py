"""A program that listens for messages, and answers as it is told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from sqlalchemy import Connection

from fourweek.database import add, new_id
from fourweek.webhooks.kinds import WORDS
from fourweek.webhooks.models import Webhook
from fourweek.webhooks.signing import new_secret
from tests import factories


@dataclass(slots=True)
class Listener:
    """What came in; `answer` is (status, headers, body) of what goes out."""

    url: str = ""
    answer: tuple[int, dict[str, str], bytes] = (204, {}, b"")
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def listening() -> Iterator[Listener]:
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            listener.got.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            status, headers, said = listener.answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    listener.url = f"http://127.0.0.1:{server.server_port}/badges?from=us"
    try:
        yield listener
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def webhook(conn: Connection, url: str = "https://example.org/hook", made_at: datetime = factories.START) -> Webhook:
    """A live webhook that is told of everything, with whoever made it."""
    made = Webhook(
        id=new_id(),
        url=url,
        title="Alumni system",
        secret=new_secret(),
        kinds=[kind.value for kind in WORDS],
        made_at=made_at,
        made_by=factories.person(conn),
    )
    add(conn, made)
    return made
