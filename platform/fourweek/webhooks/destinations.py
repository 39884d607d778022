"""Where a message may go: over TLS, to a public address. An address that leads inside is refused, whoever named it."""

import re
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from fourweek.language import _
from fourweek.light import dataclass

LONGEST_URL = 500
_VISIBLE = re.compile(r"[!-~]+")
_PORTS = {"https": 443, "http": 80}
_TRANSLATED = ip_network("64:ff9b::/96")

Address = IPv4Address | IPv6Address


class NoWay(Exception):
    """There is no address to send to; says why in a sentence."""


@dataclass(frozen=True, slots=True)
class Destination:
    """An address taken apart. `path` carries the query."""

    secure: bool
    host: str
    port: int
    path: str


def url_problem(url: str, *, inside: bool) -> str:
    """Why a message cannot be sent to `url`, "" where it can. Asks no name server."""
    try:
        destination(url, inside=inside)
    except NoWay as problem:
        return str(problem)
    return ""


def destination(url: str, *, inside: bool) -> Destination:
    """The parts of `url`. Raises NoWay. `inside`: plain http and private addresses will do (tests, demonstrations)."""
    if len(url) > LONGEST_URL:
        raise NoWay(
            _(
                "The address has {count} characters; at most {longest_url} are kept.",
                count=len(url),
                longest_url=LONGEST_URL,
            )
        )
    if not _VISIBLE.fullmatch(url):
        raise NoWay(_("Write the whole address, with signs of ASCII alone, such as https://example.org/badges."))
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NoWay(_("That is not an address.")) from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise NoWay(_("Write the whole address, beginning with https://."))
    if parts.scheme == "http" and not inside:
        raise NoWay(_("The address must begin with https://."))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise NoWay(_("Leave user, password and #fragment out of the address."))
    _refuse_inside(parts.hostname, inside=inside)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Destination(parts.scheme == "https", parts.hostname, port or _PORTS[parts.scheme], path)


def resolve(host: str, port: int, *, inside: bool) -> str:
    """The one numeric address to connect to. Raises NoWay; also where any address of the name leads inside."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NoWay(_("The name {host} is not known to the name server.", host=host)) from None
    numbers = [str(entry[4][0]) for entry in found]
    for number in numbers:
        if not inside and not is_public(ip_address(number.partition("%")[0])):
            raise NoWay(_("{host} leads to a private address ({number}).", host=host, number=number))
    return numbers[0]


def is_public(address: Address) -> bool:
    """Whether it is reached over the internet. Addresses that carry another one are judged by that one too."""
    carried = _carried(address)
    open_to_all = address.is_global and not address.is_multicast and not address.is_reserved
    if carried is None:
        return open_to_all
    return is_public(carried)


def _carried(address: Address) -> IPv4Address | None:
    """The IPv4 address inside an IPv6 one: mapped, 6to4, Teredo or translated (NAT64)."""
    if isinstance(address, IPv4Address):
        return None
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def _refuse_inside(host: str, *, inside: bool) -> None:
    try:
        address = ip_address(host)
    except ValueError:
        if not inside and (host == "localhost" or host.endswith((".localhost", ".local", ".internal"))):
            raise NoWay(_("The address must be a public one.")) from None
        return
    if not inside and not is_public(address):
        raise NoWay(_("The address must be a public one."))
