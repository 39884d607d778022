"""Names of uploaded packages, made harmless. Pure."""

import unicodedata

from fourweek.heaps import composed

LONGEST_NAME = 200


def clean_name(name: str) -> str:
    """The last part of a path, without what does not print or turns the direction of reading."""
    plain = composed(name).replace("\\", "/").rpartition("/")[2]
    shown = "".join(sign for sign in plain if unicodedata.category(sign)[0] != "C").strip()
    return shown[-LONGEST_NAME:] or "package.zip"
