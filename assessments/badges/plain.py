"""What a credential may look like as plain JSON before JSON-LD sees it, within bounds that keep all later work small.

JSON-LD ignores nulls and empty sets and knows several spellings of one statement: somebody could put words into a
signed file, or hide some, without breaking its signature. So only one spelling is taken.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from assessments.badges.sentences import Sentence
from fourweek.language import N_

MAX_BYTES: Final = 512 * 1024
MAX_RECORD_BYTES: Final = 1_500_000
"""Of a learner record (CLR), which holds badges whole."""
MAX_DEPTH: Final = 24
MAX_VALUES: Final = 3000
MAX_RECORD_VALUES: Final = 30_000
MAX_LIST: Final = 300
MAX_TEXT: Final = 100_000
_GREATEST_INTEGER: Final = 2**53 - 1

# Canonical N-Quads escape these differently from one implementation to the next; lone surrogates cannot be written.
_UNSAFE_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_ESCAPED_HALF = re.compile(rb"\\u[dD][89abcdefABCDEF]")
_ODD_BLANK = re.compile(r"[\t\x0b\x0c\x85\u2028\u2029]")


class UnreadableError(ValueError):
    """Not JSON, or larger than any badge; says why in a sentence."""


class LoosePartsError(ValueError):
    """The document says something that a signature would not cover, or could be read in two ways."""


def read_json(data: bytes, *, most: int = MAX_BYTES) -> Any:
    """JSON from outside: at most `most` bytes, UTF-8, no key twice, no NaN, whole letters. Raises UnreadableError."""
    if len(data) > most:
        raise UnreadableError(Sentence(N_("The file is larger than any badge ({most} KiB)."), most=most // 1024))
    try:
        value = _parsed(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise UnreadableError(N_("The file is not text in UTF-8.")) from None
    if _ESCAPED_HALF.search(data):
        _refuse_halves(value)
    return value


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except UnreadableError:
        raise
    except RecursionError:
        raise UnreadableError(N_("The file is nested more deeply than any badge.")) from None
    except json.JSONDecodeError as error:
        said = Sentence(
            N_("The file is not JSON (line {line}, column {column})."), line=error.lineno, column=error.colno
        )
        raise UnreadableError(said) from None
    except ValueError:
        raise UnreadableError(N_("The file has a number with more digits than any badge.")) from None


def _refuse_halves(value: Any) -> None:
    """JSON can name half of a surrogate pair, which no answer about the file could hold."""
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (UnicodeEncodeError, RecursionError):
        raise UnreadableError(N_("The file holds half of a character, which can be written nowhere.")) from None


def write_json(document: dict[str, Any]) -> bytes:
    """The bytes to store and to serve as they are. Any later rewriting of them is somebody else's."""
    return (json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode("utf-8")


def clean_text(text: str) -> str:
    """Text as a badge may carry it: lines end in a line feed, other control characters are gone or blanks."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSAFE_TEXT.sub("", _ODD_BLANK.sub(" ", lines)).strip()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnreadableError(N_("The file says one thing twice in the same place."))
    return found


def _no_constant(name: str) -> float:
    raise UnreadableError(Sentence(N_("The file has a number that is none ({name})."), name=name))


def plain_copy(value: Any, depth: int = 0) -> Any:
    """A copy in which a number without a fraction is an integer. Raises LoosePartsError for what is not taken.

    Other languages read 2.0 as 2, and the two have different canonical forms.
    """
    if depth > MAX_DEPTH:
        raise LoosePartsError(N_("It is nested too deeply."))
    if isinstance(value, dict):
        return {_key(key): _part(key, part, depth) for key, part in _filled(value).items()}
    if isinstance(value, list):
        if len(value) > MAX_LIST:
            raise LoosePartsError(Sentence(N_("A list has more than {most} entries."), most=MAX_LIST))
        return [plain_copy(part, depth + 1) for part in _filled(value)]
    return _scalar(value)


def refuse_oversize(document: object) -> None:
    """Raises LoosePartsError for more values than a badge or a learner record has, or more lists about one thing than
    can be merged fast."""
    most = MAX_RECORD_VALUES if is_record(document) else MAX_VALUES
    about: Counter[str] = Counter()
    for count, value in enumerate(_values(document), start=1):
        if count > most:
            raise LoosePartsError(N_("It holds more values than any badge."))
        if isinstance(value, dict) and isinstance(value.get("id"), str):
            about[value["id"]] += sum(len(part) for part in value.values() if isinstance(part, list))
    if about and max(about.values()) > 2 * MAX_LIST:
        raise LoosePartsError(N_("It describes one thing over and over."))


def is_record(document: object) -> bool:
    """Whether it says that it is a learner record (CLR 2.0)."""
    types = document.get("type") if isinstance(document, dict) else None
    return isinstance(types, list) and "ClrCredential" in types


def _values(document: object) -> Iterator[object]:
    waiting = [document]
    while waiting:
        value = waiting.pop()
        yield value
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _part(key: str, part: Any, depth: int) -> Any:
    return part if key == "@context" else plain_copy(part, depth + 1)


def _filled(value: Any) -> Any:
    if not value:
        raise LoosePartsError(N_("A list or object is empty."))
    return value


def _key(key: object) -> str:
    if not isinstance(key, str) or ":" in key or (key.startswith("@") and key != "@context"):
        raise LoosePartsError(Sentence(N_("“{name}” is not a name that a badge uses."), name=str(key)))
    return key


def _scalar(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _number(value)
    raise LoosePartsError(N_("A value is missing (null) or of no kind that JSON knows."))


def _text(value: str) -> str:
    if len(value) > MAX_TEXT:
        raise LoosePartsError(N_("A text is longer than any in a badge."))
    if _UNSAFE_TEXT.search(value):
        raise LoosePartsError(N_("A text holds control characters."))
    return value


def _number(value: float) -> float:
    if not math.isfinite(value) or abs(value) > _GREATEST_INTEGER:
        raise LoosePartsError(N_("A number is too large to be read alike everywhere."))
    return int(value) if float(value).is_integer() else value
