"""Where the schema is published, for everybody and every site."""

import json
from functools import cache
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.schemas.making import schema_of
from assessments.transcripts.document import SCHEMA, TranscriptSnapshot
from fourweek.accounts.declaring import public
from fourweek.edge import house

router = APIRouter()
NAME: Final = f"{SCHEMA.replace('/', '-')}.json"
TITLE: Final = "A transcript, certificate or audit packet as data"
HEADERS: Final = {"access-control-allow-origin": "*", "cache-control": "public, max-age=86400"}


@router.get(f"/schemas/{NAME}", name="document-schema")
@public
async def document_schema(request: Request) -> Response:
    data = published(f"{house(request).settings.public_url}/schemas/{NAME}")
    return Response(data, media_type="application/schema+json", headers=HEADERS)


@cache
def published(address: str) -> bytes:
    """The schema's bytes; its `$id` is the address that it is published at."""
    return json.dumps(schema_of(TranscriptSnapshot, address, TITLE), ensure_ascii=False, indent=2).encode() + b"\n"
