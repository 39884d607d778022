"""Names of uploaded files: kept as text only, never used as a path. Pure."""

import unicodedata

from fourweek.heaps import composed

LONGEST = 255
NAMELESS = "file"
# Control characters, marks that turn or hide text, halves of characters, private ones, line and paragraph ends.
UNWANTED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean_name(name: str) -> str:
    """The last part of a name as it may be shown: composed, one line, at most 255 bytes with its ending kept."""
    last = composed(name).replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(char for char in last if unicodedata.category(char) not in UNWANTED)
    plain = " ".join(shown.split()).strip(". ")
    if shown.strip().startswith(".") and plain and "." not in plain:
        plain = f"{NAMELESS}.{plain}"
    return _shortened(plain) or NAMELESS


def ending_of(name: str) -> str:
    """The ending of a cleaned name in lower case with its dot, "" without one."""
    stem, dot, ending = name.rpartition(".")
    return f".{ending.lower()}" if stem and dot else ""


def _shortened(name: str) -> str:
    if len(name.encode()) <= LONGEST:
        return name
    ending = ending_of(name)
    if len(ending.encode()) > LONGEST // 4:
        ending = ""
    stem = name[: len(name) - len(ending)].encode()[: LONGEST - len(ending.encode())]
    return stem.decode(errors="ignore").rstrip(". ") + ending
