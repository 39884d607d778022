"""What holds for every route, whatever it does: walked over the route table, so that none can be forgotten."""

import inspect
from typing import Any

import pytest
from fastapi.routing import APIRoute

from fourweek.accounts.declaring import access_of, signed_in
from fourweek.app import ROUTERS, create_app
from fourweek.edge import House
from fourweek.settings import Settings
from tests import factories
from tests.visits import Browser

SAFE = {"GET", "HEAD", "OPTIONS"}
AT_WORK = "/cohorts/{cohort_id}/modules/{number}/assignments/{key}"
# Rights that are asked for before a large body is taken in, and so before its token is known.
ROSTER_TABLE = "/staff/cohorts/{cohort_id}/roster/import"
UPLOADS = f"{AT_WORK}/uploads/{{slot}}"  # no forms: their token is in a header, and what refuses them is JSON
BEFORE_THE_BODY = {
    "/authoring/upload",
    "/authoring/import-skills",
    f"{AT_WORK}/draft",
    f"{AT_WORK}/submit",
    "/record/{learner_number}/name",
    ROSTER_TABLE,
    UPLOADS,
    f"{UPLOADS}/{{upload_id}}",
}

# Whoever has the address may do the one thing it is for: a mail program posts there, with no page before (RFC 8058);
# a badge's page is the same for every guest, and its check takes nothing from the request.
BY_ITS_ADDRESS = {"/unsubscribe/{token}/{kind}", "/badges/{slug}/check"}
FOR_PROGRAMS = "/api/"  # takes no cookie to write anything, shows no page, and says what is wrong as JSON


def _routes() -> list[APIRoute]:
    found = [route for router in ROUTERS for route in router.routes]
    return [route for route in found if isinstance(route, APIRoute)]


def _filled(route: APIRoute) -> str:
    """The route's path with something in every place."""
    path = route.path
    for name, convertor in route.param_convertors.items():
        for shape in (f"{{{name}:path}}", f"{{{name}}}", f"{{{name}:int}}"):
            path = path.replace(shape, "1")
        assert convertor is not None
    return path


def _methods(route: APIRoute) -> list[str]:
    return sorted(route.methods or ())


UNSAFE = [route for route in _routes() if set(_methods(route)) - SAFE]


@pytest.mark.parametrize("route", _routes(), ids=lambda r: f"{_methods(r)[0]} {r.path}")
def test_route_is_async_named_once_and_declares_its_access(route: APIRoute) -> None:
    assert inspect.iscoroutinefunction(route.endpoint)
    declared = access_of(route.endpoint)
    assert declared is not None
    assert not (declared == signed_in and route.param_convertors), "whose is what its address names?"
    assert [other.path for other in _routes() if other.name == route.name] == [route.path]


@pytest.fixture
def people(house: House) -> dict[str, str]:
    return {"learner": house.db.write_now(factories.person)}


def test_unsafe_routes_refuse_a_request_without_a_token(people: dict[str, str], browser: Any) -> None:
    learner = browser(people["learner"])
    for route in UNSAFE:
        answer = learner.request(_methods(route)[-1], _filled(route), data={"kept": "what I typed"})
        if route.path.startswith(FOR_PROGRAMS):
            assert answer.status_code == 415, f"{route.path} answered {answer.status_code}"
            continue
        if route.path in BEFORE_THE_BODY | BY_ITS_ADDRESS:
            assert answer.status_code in {403, 404}, f"{route.path} answered {answer.status_code}"
            continue
        assert answer.status_code == 422, f"{route.path} answered {answer.status_code}"
        assert "what I typed" in answer.text, route.path


def test_demo_clock_exists_in_a_demonstration_only(settings: Settings, browser: Any) -> None:
    assert browser().post("/demo/clock").status_code == 404
    demo = create_app(settings.model_copy(update={"demo": True}))
    visitor = Browser(demo)
    assert visitor.submit("/sign-in", "/demo/clock", step="3600").status_code == 303
    visitor.close()
    demo.state.house.db.close()
