"""What somebody gave to be checked: a code, an address of ours, a file or its text. Read, and not yet judged."""

import hashlib
import io
import os
import re
from collections.abc import Mapping
from dataclasses import field, replace
from enum import Enum, auto
from typing import Any, BinaryIO, Final

from assessments.badges.baking import BakingError, extract
from assessments.badges.jwt import JwtError, read_jwt
from assessments.badges.plain import MAX_BYTES, MAX_RECORD_BYTES, UnreadableError, is_record, read_json
from assessments.badges.proof import ProofError, our_kind_of_proofs
from assessments.badges.sentences import Sentence, why_of
from assessments.badges.svg_baking import extract_svg
from assessments.transcripts.codes import code_hash, normalise
from fourweek.language import N_
from fourweek.light import dataclass

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_PDF: Final = 24 * 1024 * 1024
"""An audit packet may hold certificates that somebody else made."""
_PIECE: Final = 1024 * 1024
_OVERLAP: Final = 64
_MOST_NUMBERS: Final = 5
MOST_TYPED: Final = 300
_PNG, _PDF, _CSV = b"\x89PNG", b"%PDF-", b"\xef\xbb\xbf"
NO_CODE: Final = N_("A code has 16 letters and digits in groups of four. Check it against the document.")
NO_ADDRESS: Final = N_("That is not the address of a badge of ours. Give the badge itself as a file, or its code.")
NO_FILE: Final = N_("This file is empty.")
NO_BADGE: Final = N_("The picture carries no badge. Programs that shrink pictures often drop it.")
_SLUG = re.compile(r"[2-9A-Za-z]{22}")
_BADGE_ADDRESS = re.compile(r"(?:^|/)badges/([2-9A-Za-z]{22})(?:/[a-z.-]*)?/?")
_LIST_ADDRESS = re.compile(r"(?:^|/)status/[0-9]{1,9}/?")
_NUMBER = re.compile(rb"[TCPL]-\d{4}-\d{6,9}")
_SEAL = b"/ByteRange"
_OUR_JSON = b'"schema":"fourweek-'
_WHOLE = ("{", "<svg", "<?xml", "eyJ")  # how the text of a badge begins
_CODE_ADDRESS = re.compile(r"[?&]code=([^&#]{1,60})")
_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")


class Kind(Enum):
    """`SLUG`: the address of a badge of ours. `BADGE` carries an embedded proof, `TOKEN` is a VC-JWT.

    `RECORD`: a learner record (CLR 2.0), as JSON or VC-JWT. `LIST`: the address of one of our status lists.
    `DOCUMENT`: a file that might be a document of ours, known by its digest.
    """

    CODE = auto()
    SLUG = auto()
    LIST = auto()
    BADGE = auto()
    TOKEN = auto()
    DOCUMENT = auto()
    RECORD = auto()
    NOTHING = auto()


FILE_KINDS: Final = frozenset({Kind.BADGE, Kind.TOKEN, Kind.DOCUMENT, Kind.RECORD})
GUESSED: Final = frozenset({Kind.CODE, Kind.SLUG})
"""What somebody might try at random."""


@dataclass(frozen=True, slots=True)
class Given:
    """What was given, as the record is asked for it.

    `key` is the code's hash, the file's SHA-256, or the slug that a badge claims; `form` is what tells one signed form
    from another: the value of its proof, or the SHA-256 of a token; of a learner record, the hash of the code that it
    claims. `content` is the parsed JSON, `token` the JWT.
    `numbers` are the document numbers that a file says it has, `pdf` the file itself where it is a PDF that may be
    sealed; `why` says what is wrong with what cannot be checked, in English: pages `say` it.
    """

    kind: Kind
    key: str = ""
    content: Any = None
    token: str = ""
    form: str = ""
    numbers: tuple[str, ...] = ()
    pdf: BinaryIO | None = field(default=None, repr=False, compare=False)
    why: str = ""

    @property
    def credential(self) -> Mapping[str, Any]:
        """The badge's own statements, empty for anything else. Whether they are true is not known here."""
        return self.content if isinstance(self.content, dict) else {}


def given_text(typed: str) -> Given:
    """A code in any spelling, an address of ours, or the text of a badge. Whole badges: not on the loop."""
    said = typed.strip()
    if said.startswith(_WHOLE) or len(said) > MOST_TYPED:
        return given_file(said.encode("utf-8", "replace"))
    if code := normalise(code_in(said) or said):
        return Given(Kind.CODE, code_hash(code))
    plain = said.partition("?")[0].partition("#")[0]
    if _SLUG.fullmatch(plain):
        return Given(Kind.SLUG, plain)
    if slug := slug_of(plain):
        return Given(Kind.SLUG, slug)
    if _LIST_ADDRESS.search(plain):
        return Given(Kind.LIST)
    return Given(Kind.NOTHING, why=NO_ADDRESS if "://" in said else NO_CODE)


def given_upload(file: BinaryIO) -> Given | None:
    """A file that somebody chose, which stays open; None for one that is too large. Reads it: not on the loop."""
    if file.read(len(_PDF)) == _PDF:
        return given_document(file) if file.seek(0, os.SEEK_END) <= MOST_PDF else None
    file.seek(0)
    data = file.read(MOST_BYTES + 1)
    return given_file(data) if len(data) <= MOST_BYTES else None


def given_document(file: BinaryIO) -> Given:
    """A file that might be a document of ours, read in pieces: its digest, and the numbers that it says."""
    file.seek(0)
    digest, numbers, sealed, before = hashlib.sha256(), set[bytes](), False, b""
    while piece := file.read(_PIECE):
        digest.update(piece)
        seen = before + piece
        numbers = set(sorted(numbers | set(_NUMBER.findall(seen)))[:_MOST_NUMBERS])
        sealed = sealed or _SEAL in seen
        before = seen[-_OVERLAP:]
    said = tuple(sorted(number.decode() for number in numbers))
    return Given(Kind.DOCUMENT, digest.hexdigest(), numbers=said, pdf=file if sealed else None)


def given_file(data: bytes) -> Given:
    """A badge as JSON, token, PNG or SVG, or the file of a document. Unpacks pictures: not on the loop."""
    if not data.strip():
        return Given(Kind.NOTHING, why=NO_FILE)
    if data.startswith((_PDF, _CSV)) or (data.startswith(b"{") and _OUR_JSON in data):
        return given_document(io.BytesIO(data))
    try:
        inside = _unpacked(data)
        return given_badge(inside) if inside is not None else Given(Kind.NOTHING, why=NO_BADGE)
    except (BakingError, UnreadableError) as error:
        return Given(Kind.NOTHING, why=why_of(error))


def given_badge(data: bytes) -> Given:
    """A badge that is in no picture. Raises UnreadableError."""
    text = data.strip()
    if text.startswith(b"eyJ") and _TOKEN.fullmatch(text.decode("utf-8", "replace")):
        return _given_token(text.decode("ascii"))
    given = given_content(read_json(data, most=MAX_RECORD_BYTES))
    if given.kind is Kind.RECORD:
        return replace(given, key=hashlib.sha256(data).hexdigest())
    if len(data) > MAX_BYTES:
        raise UnreadableError(Sentence(N_("The file is larger than any badge ({most} KiB)."), most=MAX_BYTES // 1024))
    return given


def given_content(content: Any) -> Given:
    """JSON that was read already, taken for a badge or a learner record with an embedded proof."""
    if is_record(content):
        return Given(Kind.RECORD, content=content, form=_claimed_code(content))
    named = content.get("id") if isinstance(content, dict) else None
    return Given(Kind.BADGE, slug_of(named) if isinstance(named, str) else "", content, form=proof_of(content))


def slug_of(address: str) -> str:
    """The slug in the address of a badge of ours, or of one of its files; "" for any other."""
    found = _BADGE_ADDRESS.search(address) if len(address) <= MOST_TYPED else None
    return found[1] if found and found.end() == len(address) else ""


def code_in(address: str) -> str:
    """What an address of the page for checking gives as its code, as the QR of a document has it; "" for any other."""
    found = _CODE_ADDRESS.search(address)
    return found[1] if found else ""


def _claimed_code(record: Mapping[str, Any]) -> str:
    """The hash of the code that a learner record goes by; "" for those of other institutions."""
    named = record.get("id")
    code = normalise(code_in(named)) if isinstance(named, str) else None
    return code_hash(code) if code else ""


def proof_of(content: Any) -> str:
    """The value of a badge's proof: different for every signed form. "" without one of our kind."""
    try:
        value = our_kind_of_proofs(content)[0].get("proofValue") if isinstance(content, dict) else ""
    except ProofError:
        return ""
    return value if isinstance(value, str) else ""


def _unpacked(data: bytes) -> bytes | None:
    if data.startswith(_PNG):
        return extract(data)
    return extract_svg(data) if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else data


def _given_token(token: str) -> Given:
    try:
        content = read_jwt(token).credential
    except JwtError:
        content = None
    digest = hashlib.sha256(token.encode("ascii")).hexdigest()
    if is_record(content):
        return Given(Kind.RECORD, digest, content, token, _claimed_code(content or {}))
    named = content.get("id") if content else None
    slug = slug_of(named) if isinstance(named, str) else ""
    return Given(Kind.TOKEN, slug, content, token, digest)
