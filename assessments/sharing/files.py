"""Giving a file of a document, exactly as it was made."""

from typing import Final

from fastapi import Request
from starlette.responses import Response

from assessments.sharing.documents import MEDIA_TYPES, Document
from fourweek.edge import house
from fourweek.errors import NotFound
from fourweek.files import SANDBOX
from fourweek.storage import Store
from fourweek.storage.aside import read_aside

PRIVATE: Final = {
    "cache-control": "private, no-store",
    "content-security-policy": SANDBOX,
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
}


async def give(request: Request, document: Document, ending: str) -> Response:
    """The file with this ending, as a download. Raises NotFound where the document has none."""
    if ending not in document.files:
        raise NotFound
    data = await read_aside(_bytes, house(request).store, document.files[ending])
    disposition = f'attachment; filename="{document.file_name(ending)}"'
    return Response(data, media_type=MEDIA_TYPES[ending], headers={**PRIVATE, "content-disposition": disposition})


def _bytes(store: Store, sha256: str) -> bytes:
    with store.open(sha256) as file:
        return file.read()
