"""Addresses are read by their endpoints' types, without FastAPI's solver."""

from enum import StrEnum

import pytest
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.routing import APIRoute
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient

from fourweek.errors import NotFound
from fourweek.routing import call_directly


class Part(StrEnum):
    FREE = "free"
    MINE = "mine"


async def shown(request: Request, code: str, n: int, part: Part = Part.FREE, page: int = 1, q: str = "") -> Response:
    return PlainTextResponse(repr((request.method, code, n, part.value, page, q)))


async def asked(request: Request, found: str = Depends(lambda: "solved")) -> Response:
    return PlainTextResponse(f"{request.method} {found}")


@pytest.fixture
def browser() -> TestClient:
    router, app = APIRouter(), FastAPI()
    router.get("/at/{code}/{n}")(shown)
    router.get("/asked")(asked)
    app.router.routes.extend(router.routes)

    async def missing(_request: Request, _error: Exception) -> Response:
        return PlainTextResponse("not there", status_code=404)

    app.add_exception_handler(NotFound, missing)
    for route in app.routes:
        if isinstance(route, APIRoute):
            call_directly(route)
    return TestClient(app)


def test_parts_of_the_address_come_typed_and_defaults_stand(browser: TestClient) -> None:
    assert browser.get("/at/a%20b/3").text == "('GET', 'a b', 3, 'free', 1, '')"
    assert browser.get("/at/x/3?part=mine&page=2&q=a+b&other=1").text == "('GET', 'x', 3, 'mine', 2, 'a b')"
    assert browser.get("/at/x/3?page=2&page=5").text == "('GET', 'x', 3, 'free', 5, '')"


@pytest.mark.parametrize("address", ["x/y", "x/1.0", "x/٣", "x/1_0", "x/1?page=two", "x/1?page=", "x/1?part=other"])
def test_what_is_no_number_or_member_is_not_there(browser: TestClient, address: str) -> None:
    assert browser.get(f"/at/{address}").status_code == 404


def test_an_endpoint_that_asks_for_more_is_left_to_fastapi(browser: TestClient) -> None:
    assert browser.get("/asked").text == "GET solved"
