"""The JSON-LD contexts a badge may name, kept as files and pinned by hash. Nothing is ever fetched.

A signature over RDF does not cover the list of contexts, so a context that is not pinned here is refused before
anything is made of the document. `SOURCES.md` says where each file is from.
"""

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Final

CREDENTIALS_V2: Final = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES: Final = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
OPEN_BADGES_EXTENSIONS: Final = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
LEARNER_RECORDS: Final = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"

PINNED: Final = {
    CREDENTIALS_V2: (
        "credentials-v2.json",
        "8a9f494a89ecc51db093e90e84713e07e84d6d9204364a9b3c7868b21751236f",
    ),
    OPEN_BADGES: (
        "ob-3.0.3.json",
        "ef2fa9c7846dce233cc166b43639027278be4ee44f00bb1d45c75de2dd0cd761",
    ),
    OPEN_BADGES_EXTENSIONS: (
        "ob-extensions.json",
        "146f85aa16effd7ca1da8056eb443f53ce1eca8a34186cb062832c0a97d889c3",
    ),
    LEARNER_RECORDS: (
        "clr-2.0.1.json",
        "880f1902d4158f2f33ce06af41b90719977cd1ea337a9de2e41edb3ff5e543d6",
    ),
}
"""Context address → (file beside this one, its SHA-256)."""

INLINE: Final = "a context written into the file"


class UnknownContextError(ValueError):
    """A context that is not pinned; the address is the message."""


class DamagedContextError(RuntimeError):
    """A pinned file no longer has its hash: the installation is damaged."""


@cache
def pinned_context(url: str) -> dict[str, Any]:
    """The pinned context at `url`. Raises UnknownContextError, or DamagedContextError if the file was changed."""
    if url not in PINNED:
        raise UnknownContextError(url)
    name, sha256 = PINNED[url]
    data = files(__name__).joinpath(name).read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise DamagedContextError(f"The file contexts/{name} is not the one that was pinned. Install fourweek again.")
    context: dict[str, Any] = json.loads(data)
    return context


def load_pinned(url: str, _options: object = None) -> dict[str, Any]:
    """The document loader given to PyLD: pinned contexts only. "static" lets PyLD keep the processed form."""
    document = pinned_context(url)
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": document,
        "tag": "static",
    }


def unpinned_contexts(document: object) -> tuple[str, ...]:
    """What `@context` names, here or in any part, that is not pinned: addresses, and INLINE for a written-in one."""
    return tuple(dict.fromkeys(name for name in _named_contexts(document) if name not in PINNED))


def _named_contexts(document: object) -> Iterator[str]:
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if "@context" in value:
                yield from _names(value["@context"])
            waiting.extend(part for key, part in value.items() if key != "@context")
        elif isinstance(value, list):
            waiting.extend(value)


def _names(context: object) -> Iterator[str]:
    for entry in context if isinstance(context, list) else [context]:
        yield entry if isinstance(entry, str) else INLINE
