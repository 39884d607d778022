"""Answers for machines that watch over the server."""

from fastapi import APIRouter, Request
from sqlalchemy import Connection, text
from starlette.responses import PlainTextResponse, Response

from fourweek.accounts.declaring import public
from fourweek.edge import house

router = APIRouter()


@router.get("/healthz", name="healthz")
@public
async def alive(request: Request) -> Response:  # noqa: ARG001
    return PlainTextResponse("alive\n", headers={"cache-control": "no-store"})


@router.get("/readyz", name="readyz")
@public
async def ready(request: Request) -> Response:
    """Says ready when the database answers."""
    await house(request).db.read(_ask)
    return PlainTextResponse("ready\n", headers={"cache-control": "no-store"})


def _ask(conn: Connection) -> None:
    conn.execute(text("SELECT 1"))
