"""Whether files can be opened at all. Everything here blocks and takes its time: it runs outside of transactions."""

from collections.abc import Iterable

from assessments.completeness.queries import File
from assessments.completeness.rules import Trouble
from assessments.showing.derived import Derived
from assessments.showing.drawing import Wanted, draw_now
from assessments.showing.kinds import HEAD, Way, way_of
from assessments.showing.limits import PDF_BYTES, PICTURE_BYTES
from fourweek.errors import NotFound
from fourweek.language import N_
from fourweek.storage import Store

DRAWN = {"application/pdf": (Way.PDF, PDF_BYTES)}
PICTURES = (Way.PICTURE, PICTURE_BYTES)


def troubles(store: Store, derived: Derived, files: Iterable[File]) -> dict[str, tuple[Trouble, ...]]:
    """What is wrong with files, by the key of their slot. Raises Busy where the store cannot be asked.

    A PDF and a picture are drawn, as they are for looking at them; archives and the rest are not opened. Files are
    called by their numbers, since a name may say whose they are.
    """
    found: dict[str, tuple[Trouble, ...]] = {}
    for file in files:
        if words := _trouble(store, derived, file):
            found[file.requirement] = (*found.get(file.requirement, ()), Trouble(file.number, words))
    return found


def _trouble(store: Store, derived: Derived, file: File) -> str:
    if not file.size:
        return N_("{title}: file {number} is empty.")
    is_picture = file.media_type.startswith("image/")
    way, most = PICTURES if is_picture else DRAWN.get(file.media_type, (Way.NONE, 0))
    if way is Way.NONE or file.size > most:
        return ""
    try:
        opens = way_of(file.media_type, _head(store, file)) is way and _drawn(store, derived, file, way)
    except NotFound:
        return N_("{title}: file {number} is not in the store; the people who run this school should look.")
    if opens:
        return ""
    return N_("{title}: file {number} does not open: it may be damaged or locked with a password.")


def _drawn(store: Store, derived: Derived, file: File, way: Way) -> bool:
    return draw_now(derived, store, Wanted(file.sha256, way)) is not None


def _head(store: Store, file: File) -> bytes:
    with store.open(file.sha256, range(min(HEAD, file.size))) as handle:
        return handle.read(HEAD)
