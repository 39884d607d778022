"""How letters leave: written as files under the home folder, or by SMTP when it is set."""

import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import unquote, urlsplit

from jinja2 import Environment

from fourweek.outbox import Letter, Send
from fourweek.settings import Settings

TIMEOUT = 20


def sender(settings: Settings, env: Environment) -> Send:
    """The way mail leaves this installation. Templates are `email/<kind>.txt`, whose first line is the subject."""
    carry = _by_smtp(settings.smtp_url) if settings.smtp_url else _to_files(settings.mail)

    def send(letter: Letter) -> None:
        carry(letter.message_id, compose(letter, settings, env))

    return send


def compose(letter: Letter, settings: Settings, env: Environment) -> EmailMessage:
    """The message for a letter: plain text, a subject, a stable Message-ID."""
    host = urlsplit(settings.public_url).hostname or "localhost"
    values = {"data": letter.data, "base_url": settings.public_url, "institution": settings.institution}
    subject, _, body = env.get_template(f"email/{letter.kind}.txt").render(values).partition("\n")
    message = EmailMessage(policy=SMTP)
    message["Subject"] = " ".join(subject.split())
    message["From"] = settings.mail_from or f"fourweek@{host}"
    message["To"] = letter.to
    message["Date"] = letter.at
    message["Message-ID"] = f"<{letter.message_id}@{host}>"
    message.set_content(body.lstrip("\n"))
    return message


def _to_files(folder: Path) -> Callable[[str, EmailMessage], None]:
    def carry(name: str, message: EmailMessage) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = folder / f".{name}.part"
        part.write_bytes(bytes(message))
        part.rename(folder / f"{name}.eml")

    return carry


def _by_smtp(url: str) -> Callable[[str, EmailMessage], None]:
    parts = urlsplit(url)

    def carry(_name: str, message: EmailMessage) -> None:
        with smtplib.SMTP(parts.hostname or "localhost", parts.port or 25, timeout=TIMEOUT) as server:
            if server.has_extn("starttls") or parts.scheme == "smtps":
                server.starttls(context=ssl.create_default_context())
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)

    return carry
