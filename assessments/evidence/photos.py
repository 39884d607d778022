"""Photos say where they were taken. That is taken out before their digest, unless the learner keeps it."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from assessments.photos import jpeg, png, webp
from assessments.photos.editing import Broken, Edit, put_in_place
from fourweek.language import N_
from fourweek.storage.store import Kept, digest_of

REMOVED = N_("Location data was removed.")
"""Kept with the file in English; said where it is shown."""
KEEP_PLACE = "keep_place-"
"""What the form calls the choice to keep it, before the slot's key."""
_WAYS: dict[str, Callable[[BinaryIO], Iterable[Edit]]] = {
    ".jpg": jpeg.edits,
    ".jpeg": jpeg.edits,
    ".png": png.edits,
    ".webp": webp.edits,
}
PHOTOS = frozenset(_WAYS)


def without_place(spooled: Path, ending: str) -> bool:
    """Take location data out of a file by its `ending` (".jpg"), before its digest; whether there was any.

    Pixels and other metadata stay as they are. A file that is not built as its name says is left alone. The file is
    replaced, not written to: another name of the same bytes keeps them. May take long; raises OSError as disks do.
    """
    if (way := _WAYS.get(ending)) is None:
        return False
    try:
        with spooled.open("rb") as handle:
            edits = list(way(handle))
    except Broken:
        return False
    if edits:
        put_in_place(spooled, edits)
    return bool(edits)


def cleaned(spooled: Path, ending: str) -> Kept | None:
    """What the file is once `without_place` took something out; None where there was nothing."""
    if not without_place(spooled, ending):
        return None
    with spooled.open("rb") as handle:
        return digest_of(handle)
