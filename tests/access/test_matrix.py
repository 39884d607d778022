"""Whoever a route is declared for is let in, and nobody else, whichever way they ask."""

import itertools
from zlib import crc32

import pytest
from fastapi.routing import APIRoute

from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed_everywhere, signed_in
from tests.access.matrix import KNOWN_CHANGES, Matrix
from tests.access.people import PERSONAS, Persona, declared, is_let_in

GUEST, LEARNER = PERSONAS[:2]
STRANGERS = tuple(one for one in PERSONAS if one.name and not one.is_inside)


def turned(of: tuple[Persona, ...], route: APIRoute) -> tuple[Persona, ...]:
    """The same people, beginning with another one for each address."""
    first = crc32(route.path.encode()) % max(len(of), 1)
    return of[first:] + of[:first]


def few(route: APIRoute) -> tuple[Persona, ...]:
    """A guest, two who are let in and four who are not, among them two without any part in it."""
    if declared(route).for_guests or "{" not in route.path:
        return (GUEST, LEARNER, *turned(PERSONAS[2:], route)[:1])
    named = PERSONAS[1:]
    within = turned(tuple(one for one in named if is_let_in(route, one)), route)
    insiders = turned(tuple(one for one in named if one.is_inside and not is_let_in(route, one)), route)
    strangers = turned(tuple(one for one in STRANGERS if not is_let_in(route, one)), route)
    return (GUEST, *within[:2], *insiders[:2], *strangers[:2])


def two(route: APIRoute) -> tuple[Persona, ...]:
    """One who is let in and one who is not."""
    named = turned(PERSONAS[1:], route)
    within = (one for one in named if is_let_in(route, one))
    outside = (one for one in named if not is_let_in(route, one))
    return (*itertools.islice(within, 1), *itertools.islice(outside, 1))


def here_and_there(route: APIRoute) -> tuple[Persona, ...]:
    """The same two, for one route in four: `make prove` asks all of them."""
    return two(route) if crc32(route.path.encode()) % 4 == 0 else ()


def test_everybody_gets_what_the_route_declares(matrix: Matrix, engine: str) -> None:
    matrix.run(few if engine == "sqlite" else two)
    if engine == "sqlite":
        matrix.run_ways(here_and_there)
    assert dict(matrix.problems) == {}


@pytest.mark.slow
def test_everybody_in_every_way(matrix: Matrix) -> None:
    matrix.run()
    matrix.run_ways(lambda _route: PERSONAS)
    assert dict(matrix.problems) == {}
    assert matrix.asked > 20_000


def test_the_matrix_can_fail(engine: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that lets in whom it does not name, one that keeps out whom it names, and one that writes."""
    if engine != "sqlite":
        return
    matrix: Matrix = request.getfixturevalue("matrix")
    wrong = {"/home": allowed_everywhere(Permission.KEEP_RECORD), "/retention/new": signed_in}
    matrix.routes = tuple(one for one in matrix.routes if one.path in {*wrong, "/notices/{notice_id}/open"})
    for route in matrix.routes:
        if route.path in wrong:
            monkeypatch.setattr(route.endpoint, "access", wrong[route.path])
    monkeypatch.setitem(KNOWN_CHANGES, "/notices/{notice_id}/open", {})
    matrix.run(lambda _route: (LEARNER,))
    said = {promise: [one.split(" as ")[0] for one in broken] for promise, broken in matrix.problems.items()}
    assert said == {
        "as declared": ["GET /home", "GET /retention/new"],
        "reading changes nothing": ["GET /notices/{notice_id}/open"],
    }
