"""What those who grade anonymously get of a file: a copy without metadata, with a digest of its own."""

from dataclasses import replace
from pathlib import Path

from assessments.cleaning.kinds import Clean, clean_way
from assessments.showing import limits
from assessments.showing.derived import Derived
from assessments.showing.drawing import Wanted, drawn
from assessments.showing.kinds import HEAD
from fourweek.files import StoredFile
from fourweek.light import dataclass
from fourweek.storage import Store
from fourweek.storage.aside import read_aside


@dataclass(frozen=True, slots=True)
class CleanCopy:
    """`file` is what is served; `path` is where the copy lies, None where the file itself holds no metadata."""

    file: StoredFile
    path: Path | None


async def clean_copy(store: Store, derived: Derived, file: StoredFile, names: tuple[str, ...]) -> CleanCopy | None:
    """The copy, which is made where it is not there yet; None for what cannot be cleaned. Raises Busy, NotFound.

    `names` are the author's: what is called by them in an archive is renamed.
    """
    head = await read_aside(_head, store, file) if file.size else b""
    way = clean_way(file.media_type, head)
    if way is Clean.AS_IS:
        return CleanCopy(file, None)
    if way is Clean.NONE or file.size > limits.CLEANED_BYTES:
        return None
    found = await drawn(derived, store, Wanted(file.sha256, way, names=names if way is Clean.ARCHIVE else ()))
    if found is None:
        return None
    made, size = found.copy, int(found.said["size"])
    return CleanCopy(replace(file, sha256=made.sha256, size=size), made.path)


def _head(store: Store, file: StoredFile) -> bytes:
    with store.open(file.sha256, range(min(HEAD, file.size))) as handle:
        return handle.read(HEAD)
