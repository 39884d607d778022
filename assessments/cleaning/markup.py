"""XML parts of office documents without the names of people: their words and their looks stay. Pure.

Nothing is parsed: what stands in a tag is replaced where it stands, so that nothing in it is ever acted upon.
"""

import re

NOBODY = b"Author"
_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]+:)?([\w.-]+)[^<>]*>")
_TAG = re.compile(rb"<[A-Za-z_][^<>]*>")
_VALUE = rb"\s*=\s*(?:\"[^\"]*\"|'[^']*')"
# Parts that only describe: nothing in them is part of the document.
_DESCRIPTIONS = frozenset({b"coreProperties", b"Properties", b"document-meta"})
# Parts that list people; there even plain words such as "name" are theirs.
_LISTS = frozenset({b"cmAuthorLst", b"authorLst", b"personList", b"people", b"users"})
_WHO = re.compile(rb"(\s(?:[\w.-]+:)?(?:author|initials|userId|providerId|userName))" + _VALUE)
_LISTED = re.compile(rb"(\s(?:[\w.-]+:)?(?:author|name|displayName|initials|userId|providerId))" + _VALUE)
_PATH = re.compile(rb"(<(?:[\w.-]+:)?absPath\s[^<>]*?\burl)" + _VALUE)
_NAMED = re.compile(
    rb"(<(?:[\w.-]+:)?(?:author|creator|initial-creator|printed-by|creator-initials|sender-initials|author-name|"
    rb"author-initials|lastModifiedBy|manager|DisplayName|AccountId)(?:\s[^<>]*)?(?<!/)>)[^<]+(?=</)"
)
_PRINTER = re.compile(rb"(<(?:[\w.-]+:)?config-item\s[^<>]*?name=\"[^\"]*Printer[^\"]*\"[^<>]*(?<!/)>)[^<]+(?=</)")
_DECLARED = re.compile(r"(<\?xml[^>]*?encoding=)(?:\"[^\"]*\"|'[^']*')")
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def without_names(markup: bytes) -> bytes:
    """The part with nobody named in it; one that only describes the document says nothing any more."""
    markup = _narrow(markup)
    root = _ROOT.search(markup)
    name = root[1] if root else b""
    if root and name in _DESCRIPTIONS:
        return _emptied(markup, root)
    who = _LISTED if name in _LISTS else _WHO
    if who.search(markup):
        markup = _TAG.sub(lambda tag: who.sub(_nobody, tag[0]), markup)
    markup = _PATH.sub(lambda found: found[1] + b'=""', markup)
    return _PRINTER.sub(rb"\1", _NAMED.sub(_named_nobody, markup))


def _narrow(markup: bytes) -> bytes:
    """In UTF-8, where it was in UTF-16."""
    if not markup.startswith(_WIDE):
        return markup
    return _DECLARED.sub(r'\1"UTF-8"', markup.decode("utf-16", "strict")).encode()


def _emptied(markup: bytes, root: re.Match[bytes]) -> bytes:
    """The root alone, with its namespaces."""
    opening = root[0]
    if opening.endswith(b"/>"):
        return markup[: root.end()]
    name = re.match(rb"<([\w.:-]+)", opening)
    assert name is not None  # noqa: S101 it was found as a tag
    return markup[: root.start()] + opening + b"</" + name[1] + b">"


def _nobody(found: re.Match[bytes]) -> bytes:
    return found[1] + b'="' + NOBODY + b'"'


def _named_nobody(found: re.Match[bytes]) -> bytes:
    return found[1] + NOBODY
