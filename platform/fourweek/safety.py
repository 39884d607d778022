"""Settings that would put a school in danger: which of them stop a start, and which are only said."""

import ipaddress
import stat
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from fourweek.light import dataclass
from fourweek.livery.palette import taken_for
from fourweek.settings import Settings

LEAST_WORK: Final = 35840
"""KiB times passes: the least of the five argon2id settings that OWASP's password storage cheat sheet names."""
WIDEST = {4: 8, 6: 16}
"""A network of proxies with fewer fixed bits than these is nobody's own."""
SHORTEST_TOKEN: Final = 16
DEMO_MARKS = ("demo.json", ".demo-unfinished")


class Danger(StrEnum):
    """What FOURWEEK_INSECURE may name, when it is meant."""

    HTTP = "http"
    ADDRESS = "address"
    DEMO = "demo"
    WEBHOOKS = "webhooks"
    PASSWORDS = "passwords"
    PROXIES = "proxies"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Unsafe:
    """One setting that is not safe: what is wrong, what to do. `refused`: nothing starts like that."""

    setting: str
    words: str
    what_to_do: str
    refused: bool = False

    def __str__(self) -> str:
        return f"{self.setting}: {self.words} {self.what_to_do}"


def look_over(settings: Settings) -> list[Unsafe]:
    """Everything unsafe about the settings and the rights on keys, what is refused first."""
    found = [one for look in _LOOKS for one in look(settings)]
    return sorted(found, key=lambda one: not one.refused)


def meant(settings: Settings, danger: Danger) -> bool:
    """Whether the operator said that this is meant."""
    return danger in _named(settings)


def _named(settings: Settings) -> set[str]:
    return {part.strip() for part in settings.insecure.split(",") if part.strip()}


def _refusal(settings: Settings, danger: Danger, setting: str, words: str, what_to_do: str) -> Unsafe:
    """Refused unless it is meant; then it is still said."""
    if meant(settings, danger):
        return Unsafe(setting, words, f"FOURWEEK_INSECURE says that this is meant ({danger}).")
    way_out = f"If it is meant, name it in FOURWEEK_INSECURE: {danger}."
    return Unsafe(setting, words, f"{what_to_do} {way_out}", refused=True)


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine alone."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def is_near(host: str) -> bool:
    """Whether it is this machine, or a private address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_private
    except ValueError:
        return is_loopback(host)


def is_public(settings: Settings) -> bool:
    """Whether others than this machine may come: by the address people use, or by the one we listen on."""
    return not (is_loopback(urlsplit(settings.public_url).hostname or "") and is_loopback(settings.host))


def _address(settings: Settings) -> Iterator[Unsafe]:
    name = "FOURWEEK_BASE_URL"
    if not settings.base_url and not is_loopback(settings.host):
        words = f"It is not set, but the server listens on {settings.host} for others than this machine."
        yield _refusal(settings, Danger.ADDRESS, name, words, "Set it to the address that people use.")
    elif not settings.secure and not is_loopback(urlsplit(settings.public_url).hostname or ""):
        words = f"Passwords and sign-ins would go over plain http to {settings.public_url}."
        yield _refusal(settings, Danger.HTTP, name, words, "Put a proxy with TLS in front and begin it with https://.")
    elif not settings.secure:
        yield Unsafe(
            name,
            "Pages go over plain http, so cookies have plain names and are not marked secure.",
            "That is right on this machine alone.",
        )
    elif is_loopback(urlsplit(settings.public_url).hostname or "") and not is_loopback(settings.host):
        yield Unsafe(name, "It is this machine's own, but others may come.", "Set it to the address that people use.")


def _demonstration(settings: Settings) -> Iterator[Unsafe]:
    if not settings.demo:
        return
    name = "FOURWEEK_DEMO"
    if is_public(settings):
        words = "Whoever opens the sign-in page of a demonstration is anybody in it, and others than this machine may."
        yield _refusal(settings, Danger.DEMO, name, words, "Leave it out, or listen on 127.0.0.1.")
    elif _holds_a_school(settings):
        words = f"{settings.home} is no demonstration's folder: real people would be there for everybody to be."
        yield _refusal(settings, Danger.DEMO, name, words, "Leave it out, or set FOURWEEK_HOME to another folder.")


def _holds_a_school(settings: Settings) -> bool:
    if any((settings.home / mark).exists() for mark in DEMO_MARKS):
        return False
    return any((settings.home / name).exists() for name in ("fourweek.sqlite3", "files"))


def _webhooks(settings: Settings) -> Iterator[Unsafe]:
    if settings.webhooks_inside and is_public(settings):
        words = "Who may add webhooks could have the server ask machines that only it can reach."
        yield _refusal(settings, Danger.WEBHOOKS, "FOURWEEK_WEBHOOKS_INSIDE", words, "Leave it out.")


def _passwords(settings: Settings) -> Iterator[Unsafe]:
    if settings.argon2_memory_kib * settings.argon2_rounds < LEAST_WORK and is_public(settings):
        words = "Passwords would be hashed too cheaply: a stolen database would be read."
        name = "FOURWEEK_ARGON2_MEMORY_KIB"
        yield _refusal(settings, Danger.PASSWORDS, name, words, "Leave it and FOURWEEK_ARGON2_ROUNDS out.")


def _proxies(settings: Settings) -> Iterator[Unsafe]:
    for part in filter(None, map(str.strip, settings.proxies.split(","))):
        network = ipaddress.ip_network(part, strict=False)
        if network.prefixlen < WIDEST[network.version]:
            words = f"{part} is nobody's own network: whoever wanted could write any address into X-Forwarded-For."
            yield _refusal(settings, Danger.PROXIES, "FOURWEEK_PROXIES", words, "Name the addresses of your proxies.")


def _mail(settings: Settings) -> Iterator[Unsafe]:
    name = "FOURWEEK_SMTP_URL"
    if not settings.smtp_url:
        if is_public(settings):
            words = f"It is not set: letters, with the links in them, are written to {settings.mail} and reach nobody."
            yield Unsafe(name, words, "Set it to your mail server.")
        return
    parts = urlsplit(settings.smtp_url)
    if parts.scheme == "smtp" and parts.port == 465:
        yield Unsafe(name, "Port 465 speaks TLS from the start, and smtp:// does not.", "Begin it with smtps://.")
    elif parts.scheme == "smtp" and meant(settings, Danger.MAIL) and not is_near(parts.hostname or ""):
        yield Unsafe(name, "Letters may go without TLS.", "FOURWEEK_INSECURE says that this is meant (mail).")


def _elsewhere(settings: Settings) -> Iterator[Unsafe]:
    """The database and the store, where they are other machines."""
    if settings.store_endpoint.startswith("http://") and not is_near(urlsplit(settings.store_endpoint).hostname or ""):
        yield Unsafe("FOURWEEK_STORE_ENDPOINT", "Evidence would go there without TLS.", "Begin it with https://.")
    parts = urlsplit(settings.database_url)
    far = parts.hostname is not None and not is_near(parts.hostname)
    if far and not settings.embedded and "sslmode=" not in parts.query:
        words = "The connection to the database takes TLS only if it is offered."
        yield Unsafe("FOURWEEK_DATABASE_URL", words, "Add ?sslmode=verify-full to it.")


def _institution(settings: Settings) -> Iterator[Unsafe]:
    if is_public(settings) and settings.institution == Settings.model_fields["institution"].default:
        words = f"Badges and transcripts are made in the name of {settings.institution}, for good."
        yield Unsafe("FOURWEEK_INSTITUTION", words, "Set it to your own before the first one is issued.")


def _colours(settings: Settings) -> Iterator[Unsafe]:
    """No danger, but worth a word: the colour on pages looks another than the one that was set."""
    colour = settings.institution_colour
    if taken := taken_for(colour):
        words = f"{colour} is too light for text on white; pages take {taken}, of the same hue."
        yield Unsafe("FOURWEEK_INSTITUTION_COLOUR", words, "Set a darker one if that is not yours.")


def _token(settings: Settings) -> Iterator[Unsafe]:
    if 0 < len(settings.metrics_token.get_secret_value()) < SHORTEST_TOKEN:
        words = f"It has fewer than {SHORTEST_TOKEN} characters."
        yield Unsafe("FOURWEEK_METRICS_TOKEN", words, "Take a random one: `openssl rand -hex 16`.", refused=True)


def _names(settings: Settings) -> Iterator[Unsafe]:
    for name in sorted(_named(settings) - set(Danger)):
        words = f"Nothing unsafe is called {name}."
        yield Unsafe("FOURWEEK_INSECURE", words, f"It may name {', '.join(Danger)}.", refused=True)


def _rights(settings: Settings) -> Iterator[Unsafe]:
    for path in open_to_others(settings.keys):
        words = f"{path} can be read by others on this machine."
        yield Unsafe("keys", words, f"Run `chmod go= {path}`; if somebody may have read it, rotate it.", refused=True)


def open_to_others(folder: Path) -> list[Path]:
    """Private files in the folder of keys that more than their owner may read or change."""
    if not folder.is_dir():
        return []
    private = (path for path in sorted(folder.iterdir()) if path.is_file() and path.suffix in {".pem", ".key"})
    return [path for path in private if stat.S_IMODE(path.stat().st_mode) & 0o077]


_LOOKS: tuple[Callable[[Settings], Iterator[Unsafe]], ...] = (
    _address,
    _demonstration,
    _rights,
    _webhooks,
    _passwords,
    _proxies,
    _token,
    _names,
    _mail,
    _elsewhere,
    _institution,
    _colours,
)
