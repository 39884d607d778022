"""Hostile ways to send a form, and what no answer to any of them may be."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote_from_bytes

import httpx2

from fourweek.edge import TOKEN_FIELD
from tests.hostile import payloads
from tests.hostile.reading import Form, Page
from tests.visits import Browser

PATIENCE = 8.0  # seconds
TYPED = {"text", "textarea", "search", "email", "url", "tel", "number", "date", "time", "datetime-local", "password"}
WORDS = {"text", "textarea", "search"}
BOUNDARY = b"hostile-boundary"
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY.decode()}"
Pair = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Sending:
    """A way to send a form: what it is called in a report, and name and bytes of every field."""

    way: str
    pairs: tuple[Pair, ...]


def as_shown(form: Form, chance: random.Random) -> dict[str, bytes]:
    """What a visitor would send, with a button pressed where there are any."""
    values = {name: value.encode() for name, value in form.shown}
    pressed = [field for field in form.fields.values() if field.kind in {"button", "submit"} and field.values]
    if pressed:
        one = chance.choice(pressed)
        values[one.name] = chance.choice(one.values).encode()
    return values


def sendings(form: Form, chance: random.Random, ids: tuple[str, ...]) -> Iterator[Sending]:
    """Without end: one hostile way after another to send this form, whose own token stays as it is."""
    while True:
        shown = as_shown(form, chance)
        way = chance.choice(WAYS)
        yield Sending(way.__name__.lstrip("_"), tuple(way(form, shown, chance, ids)))


def _everywhere(form: Form, shown: dict[str, bytes], chance: random.Random, _ids: tuple[str, ...]) -> Iterator[Pair]:
    text = chance.choice(payloads.ALL).encode(errors="surrogatepass")
    for name, value in _all(form, shown):
        yield name, text if _is_typed(form, name) else value


def _each_another(form: Form, shown: dict[str, bytes], chance: random.Random, _ids: tuple[str, ...]) -> Iterator[Pair]:
    for name, value in _all(form, shown):
        yield name, chance.choice(payloads.ALL).encode() if _is_typed(form, name) else value


def _believable(form: Form, shown: dict[str, bytes], chance: random.Random, _ids: tuple[str, ...]) -> Iterator[Pair]:
    """Every field in its own kind, so that much of it is kept; words are scripts."""
    for name, value in _all(form, shown):
        yield name, _fitting(form, name, value, chance)


def believable(form: Form, chance: random.Random) -> Sending:
    """One such sending, with scripts alone for words."""
    shown = as_shown(form, chance)
    pairs = (
        (
            name,
            chance.choice(payloads.SCRIPTS).encode()
            if form.fields[name].kind in WORDS
            else _fitting(form, name, value, chance),
        )
        for name, value in _all(form, shown)
    )
    return Sending("believable", tuple(pairs))


def _one_field(form: Form, shown: dict[str, bytes], chance: random.Random, ids: tuple[str, ...]) -> Iterator[Pair]:
    """Also those that are no text: hidden ones, choices and buttons."""
    pairs = list(_believable(form, shown, chance, ids))
    changed = chance.choice([name for name, _ in pairs if name != TOKEN_FIELD] or [""])
    text = chance.choice((*payloads.ALL, *ids)).encode()
    return iter([(name, text if name == changed else value) for name, value in pairs])


def _of_others(form: Form, shown: dict[str, bytes], chance: random.Random, ids: tuple[str, ...]) -> Iterator[Pair]:
    for name, value in _all(form, shown):
        yield name, value if name == TOKEN_FIELD or _is_typed(form, name) else chance.choice(ids).encode()


def _missing(form: Form, shown: dict[str, bytes], chance: random.Random, ids: tuple[str, ...]) -> Iterator[Pair]:
    for name, value in _believable(form, shown, chance, ids):
        if name == TOKEN_FIELD or chance.random() < 0.5:
            yield name, value


def _repeated(form: Form, shown: dict[str, bytes], chance: random.Random, ids: tuple[str, ...]) -> Iterator[Pair]:
    for name, value in _believable(form, shown, chance, ids):
        yield from [(name, value)] * (1 if name == TOKEN_FIELD else chance.choice((1, 2, 9)))


def _surplus(form: Form, shown: dict[str, bytes], chance: random.Random, ids: tuple[str, ...]) -> Iterator[Pair]:
    yield from _believable(form, shown, chance, ids)
    for name, value in payloads.SURPLUS.items():
        if name not in form.fields:
            yield name, value.encode()


def _many(form: Form, shown: dict[str, bytes], chance: random.Random, ids: tuple[str, ...]) -> Iterator[Pair]:
    yield from shown.items()
    yield from ((f"field{number}", b"x") for number in range(chance.choice((400, 10_000))))


def _raw(form: Form, shown: dict[str, bytes], chance: random.Random, _ids: tuple[str, ...]) -> Iterator[Pair]:
    text = chance.choice(payloads.RAW)
    for name, value in _all(form, shown):
        yield name, b"a" + text + b"b" if _is_typed(form, name) else value


WAYS: tuple[Callable[[Form, dict[str, bytes], random.Random, tuple[str, ...]], Iterator[Pair]], ...] = (
    _everywhere,
    _each_another,
    _believable,
    _believable,
    _one_field,
    _one_field,
    _of_others,
    _missing,
    _repeated,
    _surplus,
    _many,
    _raw,
)


def _all(form: Form, shown: dict[str, bytes]) -> Iterator[Pair]:
    """Every field of the form, also those that are sent only when they are chosen; buttons only where pressed."""
    for name, field in form.fields.items():
        if name in shown or field.kind not in {"button", "submit"}:
            yield name, shown.get(name, field.values[0].encode() if field.values else b"")


def _is_typed(form: Form, name: str) -> bool:
    return name != TOKEN_FIELD and form.fields[name].kind in TYPED


def _fitting(form: Form, name: str, value: bytes, chance: random.Random) -> bytes:
    field = form.fields[name]
    if name == TOKEN_FIELD or field.kind == "hidden":
        return value
    if field.kind in WORDS:
        return chance.choice((*payloads.SCRIPTS, *payloads.TEMPLATES, *payloads.SIGNS)).encode()
    said: dict[str, tuple[str, ...]] = {
        "number": ("1", "7", "-1", "9" * 30),
        "date": ("2026-12-01", "2028-02-29", "9999-12-31", "0001-01-01"),
        "datetime-local": ("2026-12-01T10:00", "9999-12-31T23:59", "0001-01-01T00:00"),
        "time": ("02:30", "00:00", "23:59"),
        "email": ("someone@elsewhere.example", '"<x>"@elsewhere.example'),
        "url": ("https://elsewhere.example/'\"><script>x</script>", "javascript:1"),
    }
    choices = said.get(field.kind, field.values)
    return chance.choice(choices).encode() if choices else value


def send(visitor: Browser, action: str, sending: Sending, *, multipart: bool, htmx: bool) -> httpx2.Response:
    body = _in_parts(sending.pairs) if multipart else b"&".join(_quoted(*pair) for pair in sending.pairs)
    headers = {"content-type": MULTIPART if multipart else URLENCODED} | ({"hx-request": "true"} if htmx else {})
    return visitor.post(action, content=body, headers=headers)


def send_file(
    visitor: Browser, action: str, fields: dict[str, bytes], field: str, file: tuple[str, bytes]
) -> httpx2.Response:
    """The form with one file in it, whose name stands there byte for byte but for what would end it."""
    name = file[0].encode(errors="replace").replace(b'"', b"%22").replace(b"\r", b"%0D").replace(b"\n", b"%0A")
    part = b'--%s\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\nContent-Type: text/html\r\n\r\n%s\r\n'
    body = _parts(tuple(fields.items())) + part % (BOUNDARY, field.encode(), name, file[1]) + b"--%s--\r\n" % BOUNDARY
    return visitor.post(action, content=body, headers={"content-type": MULTIPART})


def _quoted(name: str, value: bytes) -> bytes:
    return f"{quote_from_bytes(name.encode())}={quote_from_bytes(value)}".encode()


def _in_parts(pairs: tuple[Pair, ...]) -> bytes:
    return _parts(pairs) + b"--%s--\r\n" % BOUNDARY


def _parts(pairs: tuple[Pair, ...]) -> bytes:
    return b"".join(
        b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (BOUNDARY, name.encode(), value)
        for name, value in pairs
    )


def troubles(answer: httpx2.Response, took: float) -> Iterator[str]:
    """What an answer is not allowed to be, a sentence each."""
    if answer.status_code >= 500:
        yield f"answered {answer.status_code}"
    if took > PATIENCE:
        yield f"took {took:.1f} s"
    if not answer.headers["content-security-policy"].startswith("default-src 'none'"):
        yield "has no policy"
    for name, value in answer.headers.multi_items():
        if payloads.MARK in name or (name == "set-cookie" and value.startswith(payloads.MARK)):
            yield f"has a header of the visitor: {name}"
    yield from _shown(answer)


def _shown(answer: httpx2.Response) -> Iterator[str]:
    to = answer.headers.get("location") or answer.headers.get("hx-redirect") or "/"
    if not to.startswith("/") or to.startswith(("//", "/\\")):
        yield f"leads to {to}"
    if answer.headers.get("content-type", "").startswith("text/html"):
        yield from Page(answer.text).dangers
    if "Traceback (most recent" in answer.text:
        yield "shows where it failed"


def timed(call: Callable[[], httpx2.Response]) -> tuple[httpx2.Response, float]:
    began = time.perf_counter()
    return call(), time.perf_counter() - began
