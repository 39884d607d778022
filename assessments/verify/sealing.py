"""The seal of a PDF that is none of the files we made. A stranger's file is taken apart by a process of its own."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Final

from assessments.seal.keys import published, revocations
from assessments.showing.drawing import said_by_child
from fourweek.light import dataclass
from fourweek.settings import Settings

CHILD: Final = "verify.seal_child"


@dataclass(frozen=True, slots=True)
class SealFound:
    """`whole`: no byte differs since it was sealed. `ours`: it names a certificate of ours, broken or not.

    `fingerprint` is of the certificate that it names, "" where there is no seal that can be read; `revoked`: a seal of
    it proves nothing any more.
    """

    whole: bool = False
    ours: bool = False
    fingerprint: str = ""
    revoked: bool = False


def seal_of(pdf: BinaryIO, settings: Settings) -> SealFound:
    """What its seal is worth. Takes a second of one core, in little memory: not on the loop. Raises KeyFileError."""
    ours, revoked = published(settings), revocations(settings)
    with TemporaryDirectory(prefix="fourweek-seal-") as folder:
        source = Path(folder) / "given.pdf"
        pdf.seek(0)
        with source.open("wb") as copy:
            shutil.copyfileobj(pdf, copy)
        said: Mapping[str, Any] = said_by_child(CHILD, source, Path(folder) / "nothing") or {}
    fingerprint = str(said.get("fingerprint", ""))
    return SealFound(bool(said.get("whole")), fingerprint in ours, fingerprint, fingerprint in revoked)
