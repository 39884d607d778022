"""From a request's body to what was asked for: the document is durable before its row names it."""

from typing import Final

import anyio.to_thread
from fastapi import Request

from assessments.evidence.kinds import wrong_kind
from assessments.evidence.names import clean_name, ending_of
from assessments.evidence.photos import cleaned
from assessments.names.service import Asked, Evidence
from assessments.uploads.limits import need_upload
from fourweek.edge import house
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.multipart import Arrived
from fourweek.scanning.waiting import note_arrived
from fourweek.storage import disk_as_busy
from fourweek.uploads import THREADS, arriving, keep
from fourweek.words import say_size

ACCEPT: Final = (".pdf", ".jpg", ".jpeg", ".png", ".webp")
LARGEST: Final = 20 * 1024**2
LONGEST_TYPED: Final = 2_000


@dataclass(frozen=True, slots=True)
class Sent:
    """What was asked for, and what is wrong with the document, "" for nothing."""

    asked: Asked
    wrong: str


async def taken_in(request: Request) -> Sent:
    """The form with its document, if one was chosen. A document that no row names in the end goes after a day.

    Raises TooMany.
    """
    ours = house(request)
    await need_upload(request)
    async with arriving(request, ours.store, LARGEST, ours.settings.form_limit) as body:
        typed = {key: value[:LONGEST_TYPED] for key, value in body.fields}
        chosen = next((one for one in body.files if one.part == "evidence" and one.name), None)
        evidence, wrong = (Evidence(), "") if chosen is None else await _kept(request, chosen)
        asked = Asked(
            kind=typed.get("kind", ""),
            name=typed.get("name", ""),
            why=typed.get("why", ""),
            suppress=typed.get("suppress") == "1",
            evidence=evidence,
        )
        return Sent(asked, wrong)


async def _kept(request: Request, arrived: Arrived) -> tuple[Evidence, str]:
    """The document in the store, without the place where it was photographed, or why it was not taken."""
    name = clean_name(arrived.name)
    if arrived.too_large:
        return Evidence(), _("This file is larger than {largest}.", largest=say_size(LARGEST))
    if not arrived.size:
        return Evidence(), _("This file is empty.")
    if words := wrong_kind(ending_of(name), arrived.head, ACCEPT):
        return Evidence(), words
    with disk_as_busy():
        changed = await anyio.to_thread.run_sync(cleaned, arrived.spooled, ending_of(name), limiter=THREADS)
    if changed is not None:
        arrived.size, arrived.sha256 = changed.size, changed.sha256
    await keep(house(request).store, arrived)
    await note_arrived(house(request), [arrived.sha256])
    return Evidence(arrived.sha256, name), ""
