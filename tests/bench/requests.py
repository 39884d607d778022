"""Raw HTTP requests, as the load client sends them."""

from hashlib import sha256
from urllib.parse import urlencode

COOKIE, GUEST_COOKIE = "fourweek", "fourweek-guest"
PART = "bench-part-3f1c"


def form_token(secret: str) -> str:
    """The token that a page's form carries for a cookie's value."""
    return sha256(b"form token " + secret.encode()).hexdigest()


def get(port: int, path: str, cookie: str = "", *, accept: str = "text/html") -> str:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{_cookie(COOKIE, cookie)}Accept: {accept}\r\n\r\n"


def post(port: int, path: str, fields: dict[str, str], *, cookie: str = "", guest: str = "") -> str:
    """A form as a browser sends it, with the token of the cookie it comes with."""
    body = urlencode({"form_token": form_token(cookie or guest)} | fields)
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"{_cookie(COOKIE, cookie)}{_cookie(GUEST_COOKIE, guest)}Accept: text/html\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )


def upload_head(port: int, path: str, cookie: str, size: int, slot: str, name: str) -> tuple[bytes, bytes]:
    """What stands before and after the `size` bytes of one file in a multipart form."""
    fields = "".join(
        f'--{PART}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
        for field, value in (("form_token", form_token(cookie)), ("attempt", "1"))
    )
    part = f'--{PART}\r\nContent-Disposition: form-data; name="{slot}"; filename="{name}"\r\nContent-Type: text/csv'
    opening, closing = f"{fields}{part}\r\n\r\n", f"\r\n--{PART}--\r\n"
    length = len(opening) + size + len(closing)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{_cookie(COOKIE, cookie)}Accept: text/html\r\n"
        f"Content-Type: multipart/form-data; boundary={PART}\r\nContent-Length: {length}\r\n\r\n"
    )
    return (head + opening).encode(), closing.encode()


def _cookie(name: str, value: str) -> str:
    return f"Cookie: {name}={value}\r\n" if value else ""
