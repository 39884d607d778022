"""Files in one tar and out of it again, for what is small enough to be held at once."""

import io
import tarfile
from collections.abc import Mapping
from pathlib import Path


def pack(files: Mapping[str, Path]) -> bytes:
    """The files, each under its name there. Raises OSError for one that cannot be read."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT, dereference=True) as tar:
        for name, path in files.items():
            tar.add(path, name, recursive=False)
    return packed.getvalue()


def files_in(packed: bytes) -> dict[str, tuple[bytes, int]]:
    """The bytes and rights of each file in a tar, by its path there."""
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        return {one.name: (_bytes(tar, one), one.mode & 0o777) for one in tar if one.isfile()}


def _bytes(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    inside = tar.extractfile(member)
    return inside.read() if inside else b""
