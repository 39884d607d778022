"""The file of a certificate on its way in: kind by name and first bytes, a photo without its place, then kept."""

from typing import Final

import anyio.to_thread

from assessments.evidence.kinds import wrong_kind
from assessments.evidence.names import clean_name, ending_of
from assessments.evidence.photos import cleaned
from assessments.stated.service import Certificate
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.multipart import Arrived
from fourweek.storage import Store, disk_as_busy
from fourweek.uploads import THREADS, keep
from fourweek.words import say_size

MOST_BYTES: Final = 10 * 1024 * 1024
ENDINGS: Final = (".pdf", ".png", ".jpg", ".jpeg")


async def kept_certificate(store: Store, arrived: Arrived) -> Certificate:
    """The certificate, durable in the store. Raises Invalid for a file that cannot be taken, Busy as disks do."""
    name = clean_name(arrived.name)
    ending = ending_of(name)
    if words := _refusal(arrived, ending):
        raise Invalid({"certificate": words})
    with disk_as_busy():
        changed = await anyio.to_thread.run_sync(cleaned, arrived.spooled, ending, limiter=THREADS)
    if changed is not None:
        arrived.size, arrived.sha256 = changed.size, changed.sha256
    await keep(store, arrived)
    return Certificate(arrived.sha256, name[-200:])


def _refusal(arrived: Arrived, ending: str) -> str:
    if arrived.too_large:
        return _(
            "The file is larger than {most_bytes}. Choose it again in a smaller form.", most_bytes=say_size(MOST_BYTES)
        )
    if not arrived.size:
        return _("The file is empty. Choose it again.")
    return wrong_kind(ending, arrived.head, ENDINGS)
