"""docs/transcripts.md names every field that a document may have, and none that it has not."""

import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from typing import get_args, get_type_hints

from assessments.transcripts.document import SCHEMA, TranscriptSnapshot

PAGE = (Path(__file__).parents[3] / "docs" / "transcripts.md").read_text("utf-8")


def leaves(kind: type, above: str = "") -> Iterator[str]:
    """Every field of a dataclass tree by its path."""
    for name, hint in get_type_hints(kind).items():
        inner = next((part for part in (hint, *get_args(hint)) if is_dataclass(part)), None)
        if isinstance(inner, type):
            yield from leaves(inner, f"{above}{name}.")
        else:
            yield f"{above}{name}"


def test_the_documentation_names_every_field() -> None:
    rows = re.findall(r"^\| (`[^|]+) \|", PAGE[PAGE.index("## Every field") :], re.MULTILINE)
    told = [name for row in rows for name in re.findall(r"`([\w.]+)`", row)]
    assert sorted(told) == sorted(leaves(TranscriptSnapshot))
    assert SCHEMA in PAGE
