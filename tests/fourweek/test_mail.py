"""Letters by SMTP, to a little server that says what it was told."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from jinja2 import DictLoader, Environment

from fourweek.doctor.finding import State
from fourweek.doctor.services import mail_look
from fourweek.mail import PlainMailError, sender
from fourweek.outbox import Letter
from fourweek.settings import Settings
from tests.factories import START


class Env:
    """The one template of these tests."""

    env = Environment(loader=DictLoader({"email/posted.txt": "Judged: {{ data.title }}\n\nRead it.\n"}))  # noqa: S701


LETTER = Letter("m1", START, "alice@example.org", "posted", {"title": "Note 1"}, "t" * 43)


class Server(socketserver.ThreadingTCPServer):
    """Takes every letter; offers `extension` beside what every server has, and refuses what it is asked of it."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, extension: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.extension = extension
        self.told: list[str] = []


class _Talk(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            self.server.told.append(line)
            self._answer(line.upper())

    def _answer(self, asked: str) -> None:
        if asked.startswith("EHLO"):
            extensions = ["8BITMIME", *filter(None, [self.server.extension])]
            self._say("\r\n".join(["250-here", *(f"250-{one}" for one in extensions[:-1]), f"250 {extensions[-1]}"]))
        elif asked == "DATA":
            self._say("354 go on")
            while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
                self.server.told.append(line)
            self._say("250 taken")
        else:
            self._say({"STARTTLS": "454 not now", "QUIT": "221 bye"}.get(asked, "250 fine"))

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def _running(extension: str = "") -> Iterator[Server]:
    with Server(extension) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def _settings(server: Server, who: str = "") -> Settings:
    host, port = server.server_address[:2]
    return Settings(smtp_url=f"smtp://{who}{host!s}:{port}", base_url="https://school.example", demo=False)


def test_a_letter_leaves_by_smtp_with_its_headers() -> None:
    with _running() as server:
        sender(_settings(server), Env)(LETTER)
    told = server.told
    assert "rcpt TO:<alice@example.org>" in told
    assert "Subject: Judged: Note 1" in told
    assert "Message-ID: <m1@school.example>" in told
    assert "Auto-Submitted: auto-generated" in told
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in told
    assert "Read it." in told


def test_a_password_is_not_said_where_tls_is_offered_and_fails() -> None:
    with _running("STARTTLS") as server, pytest.raises(OSError, match="not now"):
        sender(_settings(server, "user:secret@"), Env)(LETTER)
    assert "STARTTLS" in server.told
    assert not any(line.upper().startswith(("AUTH", "MAIL")) for line in server.told)


def test_letters_go_nowhere_far_in_the_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server elsewhere without TLS, or with somebody before it who takes the offer away, gets nothing."""
    monkeypatch.setattr("fourweek.mail.is_near", lambda _host: False)
    with _running() as server:
        settings = _settings(server, "user:secret@")
        with pytest.raises(PlainMailError, match="no TLS"):
            sender(settings, Env)(LETTER)
        assert not any(line.upper().startswith(("AUTH", "MAIL")) for line in server.told)
        sender(_settings(server).model_copy(update={"insecure": "mail"}), Env)(LETTER)
        assert "Read it." in server.told


def test_the_doctor_greets_the_server_and_sends_only_where_it_is_told_to() -> None:
    with _running() as server:
        assert [one.state for one in mail_look(_settings(server), "")] == [State.OK]
        assert not any(line.upper().startswith("MAIL") for line in server.told)
        assert [one.state for one in mail_look(_settings(server), "me@example.org")] == [State.OK]
        assert "rcpt TO:<me@example.org>" in server.told
