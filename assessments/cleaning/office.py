"""Office documents (ISO 29500, ISO 26300) without names: packed anew, each part cleaned by what it is."""

import io
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from assessments.cleaning.bare import bare_jpeg, bare_png
from assessments.cleaning.markup import without_names

MOST_PARTS, MOST_BYTES, LARGEST_MARKUP = 5_000, 400 * 1024 * 1024, 48 * 1024 * 1024
PIECE = 1024 * 1024
DEEPEST = 2
"""Documents within documents: a table behind a chart, say."""
_MARKUP, _PACKED = (".xml", ".rels", ".rdf", ".vml"), (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp")
_PICTURES = {".jpg": bare_jpeg, ".jpeg": bare_jpeg, ".png": bare_png}
# Signatures hold their signer's certificate, and fit nothing any more.
_LEFT_OUT = ("_xmlsignatures/sig", "_xmlsignatures/_rels/", "META-INF/documentsignatures.xml")
_TYPE = "mimetype"
_KNOWN = frozenset({"[Content_Types].xml", _TYPE})


def draw(source: Path, target: Path, _number: int) -> dict[str, Any]:
    """Write it. Raises what zipfile raises, ValueError for what is too large or no document."""
    with source.open("rb") as packed, target.open("wb") as made:
        _pack(packed, made, [MOST_BYTES], 0)
    return {"ending": "bin", "size": target.stat().st_size}


def _pack(packed: BinaryIO, made: BinaryIO, left: list[int], depth: int) -> None:
    """`left` counts down the bytes that may still come out of it, whatever its parts say of their length."""
    if depth > DEEPEST:
        raise ValueError("too many documents in one another")
    with ZipFile(packed) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        parts = [part for part in old.infolist() if not part.is_dir() and not part.filename.startswith(_LEFT_OUT)]
        names = {part.filename for part in parts}
        if len(parts) > MOST_PARTS or len(names) < len(parts) or not names & _KNOWN:
            raise ValueError("no office document")
        for part in parts:
            about = ZipInfo(part.filename)
            about.compress_type = ZIP_STORED if part.filename == _TYPE else ZIP_DEFLATED
            with old.open(part) as reads, new.open(about, "w", force_zip64=True) as writes:
                _copy(part.filename, reads, writes, left, depth)


def _copy(name: str, reads: Any, writes: Any, left: list[int], depth: int) -> None:
    ending = Path(name.lower()).suffix
    if ending in _MARKUP:
        writes.write(without_names(_read(reads, left, LARGEST_MARKUP)))
    elif ending in _PICTURES:
        writes.write(_picture(ending, _read(reads, left, LARGEST_MARKUP)))
    elif ending in _PACKED:
        inner = io.BytesIO()
        _pack(io.BytesIO(_read(reads, left, LARGEST_MARKUP)), inner, left, depth + 1)
        writes.write(inner.getvalue())
    else:
        while piece := reads.read(PIECE):
            _count(len(piece), left)
            writes.write(piece)


def _picture(ending: str, data: bytes) -> bytes:
    """Some programs write pictures under the wrong ending."""
    if data.startswith(b"\x89PNG"):
        return bare_png(data)
    return bare_jpeg(data) if data.startswith(b"\xff\xd8") else _PICTURES[ending](data)


def _read(reads: Any, left: list[int], most: int) -> bytes:
    data: bytes = reads.read(min(most, left[0]) + 1)
    if len(data) > most:
        raise ValueError("a part is too large")
    _count(len(data), left)
    return data


def _count(length: int, left: list[int]) -> None:
    left[0] -= length
    if left[0] < 0:
        raise ValueError("too large once unpacked")
