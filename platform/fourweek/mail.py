"""How letters leave: written as files under the home folder, or by SMTP when it is set."""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from jinja2 import Environment, Template, UndefinedError

from fourweek.language import _, speaking, spoken
from fourweek.mail_html import Look, html_of
from fourweek.notices.kinds import title_of
from fourweek.outbox import Letter, Send
from fourweek.safety import Danger, is_near, meant
from fourweek.settings import Settings

TIMEOUT = 20
_GAPS = re.compile(r"\n(?:[ \t]*\n){2,}")


class _Whole(UnstructuredHeader, BaseHeader):
    """A header on one line, however long: mail programs do not read an address that was encoded to be cut."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Whole)
POLICY = SMTP.clone(header_factory=_HEADERS)


class InEachLanguage(Protocol):
    """The templates: `env` has them in the language spoken."""

    @property
    def env(self) -> Environment: ...


def sender(settings: Settings, templates: InEachLanguage) -> Send:
    """The way mail leaves this installation. Templates are `email/<kind>.txt`, whose first line is the subject."""
    carry = _by_smtp(settings) if settings.smtp_url else _to_files(settings.mail)

    def send(letter: Letter) -> None:
        with speaking(letter.language or settings.language):
            carry(letter.message_id, compose(letter, settings, templates.env))

    return send


def compose(letter: Letter, settings: Settings, env: Environment) -> EmailMessage:
    """The message for a letter, in the language spoken: as text and HTML, and with how to turn such mail off."""
    host = urlsplit(settings.public_url).hostname or "localhost"
    values = {
        "data": letter.data,
        "base_url": settings.public_url,
        "institution": settings.institution,
        "registrar": settings.registrar_contact or f"{settings.public_url}/issuer",
    }
    subject, _end, body = env.get_template(f"email/{letter.kind}.txt").render(values).partition("\n")
    message = EmailMessage(policy=POLICY)
    subject, body = " ".join(subject.split()), _GAPS.sub("\n\n", body).lstrip("\n")
    message["Subject"] = subject
    message["From"] = settings.mail_from or f"fourweek@{host}"
    message["To"] = letter.to
    message["Date"] = letter.at
    message["Message-ID"] = f"<{letter.message_id}@{host}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday note answers it
    way_out = f"{settings.public_url}/unsubscribe/{letter.unsubscribe}/{letter.kind}" if letter.unsubscribe else ""
    if way_out:
        message["List-Unsubscribe"] = f"<{way_out}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    foot = _foot(letter.kind, way_out, settings.public_url)
    look = Look(settings.institution, settings.public_url, settings.institution_colour, spoken())
    message.set_content(f"{body}\n\n-- \n{foot}" if foot else body)
    message.add_alternative(html_of(subject, body, foot, look), subtype="html")
    return message


def subject_line(env: Environment, kind: str, data: Mapping[str, Any], institution: str) -> str:
    """The first line of a letter alone, as its subject says it; the kind's title where the row no longer fits."""
    try:
        line = _first_line(env, kind).render(data=data, institution=institution)
    except UndefinedError:
        return _(title_of(kind))
    return " ".join(line.split())


@lru_cache(maxsize=100)
def _first_line(env: Environment, kind: str) -> Template:
    assert env.loader is not None  # noqa: S101
    source, _name, _fresh = env.loader.get_source(env, f"email/{kind}.txt")
    return env.overlay(autoescape=False).from_string(source.partition("\n")[0])


def _foot(kind: str, way_out: str, base_url: str) -> str:
    """Under the signature mark: how to get no more of these; nothing where they cannot be turned off."""
    if not way_out:
        return ""
    no_more = _("No more mail of this kind ({kind}):", kind=_(title_of(kind)))
    return f"{no_more}\n{way_out}\n{_('What you are told, and how:')}\n{base_url}/notices/choices\n"


def _to_files(folder: Path) -> Callable[[str, EmailMessage], None]:
    def carry(name: str, message: EmailMessage) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = folder / f".{name}.part"
        part.write_bytes(bytes(message))
        part.rename(folder / f"{name}.eml")

    return carry


class PlainMailError(RuntimeError):
    """A mail server elsewhere that offers no TLS: letters with links in them do not go there in the open."""

    def __init__(self) -> None:
        super().__init__("The mail server offers no TLS. If that is meant, name it in FOURWEEK_INSECURE: mail.")


def _by_smtp(settings: Settings) -> Callable[[str, EmailMessage], None]:
    def carry(_name: str, message: EmailMessage) -> None:
        with mail_server(settings) as server:
            server.send_message(message)

    return carry


@contextmanager
def mail_server(settings: Settings) -> Iterator[smtplib.SMTP]:
    """The mail server, greeted and signed in to. `smtps://` speaks TLS from the start, `smtp://` as soon as it can.

    Raises PlainMailError for one elsewhere that cannot, unless that is meant.
    """
    parts = urlsplit(settings.smtp_url)
    with _connected(parts) as server:
        server.ehlo_or_helo_if_needed()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        elif parts.scheme == "smtp" and not (is_near(parts.hostname or "") or meant(settings, Danger.MAIL)):
            raise PlainMailError
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server


def _connected(parts: SplitResult) -> smtplib.SMTP:
    host = parts.hostname or "localhost"
    if parts.scheme == "smtps":
        return smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=ssl.create_default_context())
    return smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT)
