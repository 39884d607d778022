"""Baking (Open Badges 3.0, section 5.3): the credential travels inside the badge's SVG picture.

The standard knows two forms: a compact JWS in the attribute `verify`, or the credential as JSON in the element, in
CDATA. Both are read; a picture carries one of them. Ours carry the JSON with its proof, as our PNG pictures do.

Strangers' files are read with expat alone and never written back. A DTD written into the file is refused, and so is
every entity; the name of the public one of SVG, which drawing programs write, is taken and not followed.
"""

import re
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from assessments.badges.baking import BakingError
from assessments.badges.sentences import Sentence
from fourweek.language import N_

NAMESPACE: Final = "https://purl.imsglobal.org/ob/v3p0"
MAX_SVG_BYTES: Final = 8 * 1024 * 1024
MAX_ELEMENTS: Final = 200_000
MAX_DEPTH: Final = 200
MAX_NAMESPACE: Final = 300
"""Characters: the parser writes the whole name before that of each element in it."""
_SVG: Final = "http://www.w3.org/2000/svg svg"
_CREDENTIAL: Final = f"{NAMESPACE} credential"
_JWS: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_ROOT_REST: Final = re.compile(rb"""(?:[^>"']|"[^"]*"|'[^']*')*>""")


def bake_svg(svg: bytes, *, document: bytes = b"", jwt: str = "") -> bytes:
    """The picture with a credential in it, either as JSON (UTF-8) or as a compact JWS; one baked before is replaced.

    Raises BakingError for a file that is no SVG in UTF-8, ValueError unless exactly one form is given.
    """
    if bool(document) == bool(jwt):
        raise ValueError("A picture carries one credential, in one form.")
    plain, found = _without_badge(svg)
    head, tail = _opened(plain, found)
    element = _as_attribute(jwt) if jwt else _as_content(document)
    baked = head + element + tail
    if extract_svg(baked) != (jwt.encode() or document):
        raise BakingError(N_("The badge holds characters that an SVG picture cannot carry."))
    return baked


def extract_svg(svg: bytes) -> bytes | None:
    """The credential baked into the picture: JSON, or a compact JWS; None if there is none.

    Raises BakingError for a damaged picture, one with a DTD, and a badge that is not where or how it must be.
    """
    return _read(svg).credential()


def _without_badge(svg: bytes) -> tuple[bytes, "_Reading"]:
    found = _read(svg)
    if not found.spans:
        return svg, found
    for start, end in reversed(found.spans):
        svg = svg[:start] + svg[end:]
    return svg, _read(svg)


def _opened(svg: bytes, found: "_Reading") -> tuple[bytes, bytes]:
    """The file before and after the place right behind the root's opening tag, which knows our prefix."""
    bound = found.bound
    if bound not in {"", NAMESPACE}:
        raise BakingError(N_("The SVG picture uses the prefix “openbadges” for something else."))
    rest = _ROOT_REST.match(svg, found.root_at)
    if rest is None or svg[: rest.end()].endswith(b"/>"):
        raise BakingError(N_("The SVG picture is empty."))
    tag = svg[found.root_at : rest.end() - 1]
    prefix = b"" if bound else f' xmlns:openbadges="{NAMESPACE}"'.encode()
    return svg[: found.root_at] + tag + prefix + b">", svg[rest.end() :]


def _as_attribute(jwt: str) -> bytes:
    return f"\n<openbadges:credential verify={quoteattr(jwt)}></openbadges:credential>".encode()


def _as_content(document: bytes) -> bytes:
    data = document.replace(b"]]>", b"]]]]><![CDATA[>")
    return b"\n<openbadges:credential><![CDATA[" + data + b"]]></openbadges:credential>"


def _read(svg: bytes) -> "_Reading":
    if len(svg) > MAX_SVG_BYTES:
        raise BakingError(Sentence(N_("The picture is larger than {most} MiB."), most=MAX_SVG_BYTES // 1024 // 1024))
    if not is_utf8(svg):
        raise BakingError(N_("The file is not an SVG picture, or one that is not written in UTF-8."))
    reading = _Reading(svg)
    try:
        reading.parser.Parse(svg, True)
    except expat.ExpatError as error:
        said = Sentence(N_("The file is not an SVG picture, or it is damaged: {why}."), why=str(error))
        raise BakingError(said) from error
    return reading


def is_utf8(data: bytes) -> bool:
    """Whether it is UTF-8 text; the parser would follow other marks at its beginning, whatever it is told."""
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False


class _Reading:
    """One pass over a picture: where its root begins, and every credential in it."""

    def __init__(self, svg: bytes) -> None:
        self.svg = svg
        self.root_at = 0
        self.bound = ""
        self.spans: list[tuple[int, int]] = []
        self._path: list[str] = []
        self._elements = 0
        self._misplaced = self._filled = False
        self._verify: str | None = None
        self._texts: list[str] = []
        self.parser = expat.ParserCreate("UTF-8", namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartNamespaceDeclHandler = self._namespace
        self.parser.XmlDeclHandler = self._declaration
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.SkippedEntityHandler = self._entity

    def credential(self) -> bytes | None:
        if not self.spans:
            return None
        if len(self.spans) > 1:
            raise BakingError(N_("The picture carries more than one badge, so it is not clear which one counts."))
        if self._misplaced or self._filled:
            raise BakingError(N_("The badge in the picture is not where Open Badges ask for it."))
        text = "".join(self._texts)
        if self._verify is None:
            if not text.strip():
                raise BakingError(N_("The badge in the picture is empty."))
            return text.encode()
        if text.strip():
            raise BakingError(N_("The picture carries its badge in two ways, so it is not clear which one counts."))
        if not _JWS.fullmatch(self._verify):
            raise BakingError(N_("What the picture names as its badge is no signed badge."))
        return self._verify.encode()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if not self._path:
            self._root(name)
        elif _CREDENTIAL in self._path:
            self._filled = True
        elif name == _CREDENTIAL:
            self._misplaced |= self._elements != 2
            self._verify = attributes.get("verify")
            self.spans.append((self.parser.CurrentByteIndex, 0))
        self._path.append(name)
        if len(self._path) > MAX_DEPTH or self._elements > MAX_ELEMENTS:
            raise BakingError(N_("The SVG picture has more parts than any badge needs."))

    def _root(self, name: str) -> None:
        if name != _SVG:
            raise BakingError(N_("The file is not an SVG picture."))
        self.root_at = self.parser.CurrentByteIndex

    def _end(self, name: str) -> None:
        self._path.pop()
        if name == _CREDENTIAL and _CREDENTIAL not in self._path:
            at = self.parser.CurrentByteIndex
            closed = self.svg.index(b">", at) + 1 if self.svg.startswith(b"</", at) else at
            self.spans[-1] = (self.spans[-1][0], closed)

    def _text(self, text: str) -> None:
        if self._path[-1] == _CREDENTIAL:
            self._texts.append(text)

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        if uri is not None and len(uri) > MAX_NAMESPACE:
            raise BakingError(N_("The SVG picture has a namespace with a name as long as none is."))
        if prefix == "openbadges" and not self._path:
            self.bound = uri or ""

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.upper() != "UTF-8":
            raise BakingError(N_("The SVG picture is not written in UTF-8."))

    def _doctype(self, _name: str, _system: str | None, _public: str | None, has_subset: int) -> None:
        if has_subset:
            raise BakingError(N_("The SVG picture declares a document type, which may hide things; it is not read."))

    def _entity(self, name: str, _is_parameter: bool) -> None:  # noqa: FBT001 called by expat
        raise BakingError(Sentence(N_("The SVG picture names an entity, “{name}”, that it does not hold."), name=name))
