"""What somebody gave to be checked: a code, the address of a badge, or a file. Looked at without the database."""

import hashlib
import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from assessments.badges.baking import BakingError, extract
from assessments.badges.checks import Issuers, Report, check_credential
from assessments.badges.desk import our_keys
from assessments.badges.plain import UnreadableError, read_json
from assessments.transcripts.codes import code_hash, normalise
from fourweek.clock import real_time
from fourweek.settings import Settings

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_TYPED: Final = 300
_PNG, _PDF, _CSV = b"\x89PNG", b"%PDF-", b"\xef\xbb\xbf"
NO_CODE: Final = "A code has 16 letters and digits in groups of four. Check it against the document."
NO_ADDRESS: Final = "That is not the address of a badge of ours. Give the badge itself as a file, or its code."
NO_FILE: Final = "This file is empty."
_SLUG = re.compile(r"[2-9A-Za-z]{22}")
_NUMBER = re.compile(rb"T-\d{4}-\d{6,9}")


class Kind(Enum):
    """`DOCUMENT`: a file that might be a transcript, known by its digest alone."""

    CODE = auto()
    SLUG = auto()
    BADGE = auto()
    DOCUMENT = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Given:
    """What was given, as the record is asked for it.

    `key` is the code's hash, the badge's slug or the file's SHA-256; `numbers` are the document numbers that a PDF says
    it has; `why` says what is wrong with something that is nothing we can check.
    """

    kind: Kind
    key: str = ""
    report: Report | None = None
    proof: str = ""
    numbers: tuple[str, ...] = ()
    why: str = ""


def given_text(typed: str) -> Given:
    """A code in any spelling, or the address of a badge."""
    if code := normalise(typed[:MOST_TYPED]):
        return Given(Kind.CODE, code_hash(code))
    last = typed.strip()[:MOST_TYPED].partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2]
    if _SLUG.fullmatch(last):
        return Given(Kind.SLUG, last)
    return Given(Kind.NOTHING, why=NO_ADDRESS if "://" in typed else NO_CODE)


def given_file(data: bytes, settings: Settings) -> Given:
    """A badge as JSON or PNG, or the file of a transcript. Checks signatures: never on the loop."""
    if not data.strip():
        return Given(Kind.NOTHING, why=NO_FILE)
    if data.startswith((_PDF, _CSV)):
        numbers = tuple(sorted({found.decode() for found in _NUMBER.findall(data)})[:5]) if data[:5] == _PDF else ()
        return Given(Kind.DOCUMENT, hashlib.sha256(data).hexdigest(), numbers=numbers)
    try:
        credential = extract(data) if data.startswith(_PNG) else data
        if credential is None:
            return Given(Kind.NOTHING, why="The picture carries no badge. Programs that shrink pictures often drop it.")
        return _badge(read_json(credential), our_keys(settings), settings)
    except (BakingError, UnreadableError) as error:
        return Given(Kind.NOTHING, why=str(error))


def slug_of(credential_id: str, settings: Settings) -> str:
    """The slug in the id of one of our badges; "" for any other id."""
    before = f"{settings.public_url}/badges/"
    slug = credential_id.removeprefix(before)
    return slug if credential_id.startswith(before) and _SLUG.fullmatch(slug) else ""


def proof_of(credential: Any) -> str:
    """The value of a badge's first proof: different for every signed form."""
    proofs = credential.get("proof") if isinstance(credential, dict) else None
    first = proofs[0] if isinstance(proofs, list) and proofs else proofs
    value = first.get("proofValue") if isinstance(first, dict) else None
    return value if isinstance(value, str) else ""


def _badge(credential: Any, issuers: Issuers, settings: Settings) -> Given:
    report = check_credential(credential, issuers=issuers, now=real_time())
    return Given(Kind.BADGE, slug_of(report.credential_id, settings), report, proof_of(credential))
