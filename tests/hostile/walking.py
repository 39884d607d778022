"""Going through a school as somebody: every page that links lead to, some of each kind."""

from collections import Counter, deque
from collections.abc import Iterator
from functools import cache
from urllib.parse import urljoin, urlsplit

from fastapi.routing import APIRoute

from fourweek.app import ROUTERS
from tests.hostile.reading import Page
from tests.visits import Browser

HERE = "http://testserver"


@cache
def routes() -> tuple[APIRoute, ...]:
    return tuple(route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute))


def route_of(method: str, address: str) -> str | None:
    """The name of the route that answers at an address."""
    path = urlsplit(address).path
    found = (route.name for route in routes() if method in (route.methods or ()) and route.path_regex.match(path))
    return next(found, None)


def inside(base: str, link: str) -> str | None:
    """The path and query of a link of ours; None for one that leads elsewhere."""
    try:
        parts = urlsplit(urljoin(HERE + base, link))
    except ValueError:
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "") if parts.netloc == urlsplit(HERE).netloc else None


def walk(visitor: Browser, start: tuple[str, ...], of_a_kind: int = 3) -> Iterator[tuple[str, Page]]:
    """(address, page) of so many pages of each route, following links and forms that only ask."""
    waiting, seen, looked_at = deque(start), set(start), Counter[str]()
    while waiting:
        address = waiting.popleft()
        name = route_of("GET", address)
        if name is None or looked_at[name] >= of_a_kind:
            continue
        looked_at[name] += 1
        answer = visitor.get(address)
        assert answer.status_code < 500, f"{address}: {answer.status_code}"
        links = [answer.headers["location"]] if answer.status_code == 303 else []
        if answer.status_code == 200 and answer.headers.get("content-type", "").startswith("text/html"):
            page = Page(answer.text)
            yield address, page
            links = page.links + [form.action for form in page.forms if form.method == "get" and form.action]
        for link in links:
            below = inside(address, link)
            if below is not None and below not in seen:
                seen.add(below)
                waiting.append(below)
