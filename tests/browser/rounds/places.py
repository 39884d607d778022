"""The list: every page, by an example for everybody who may see it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack
from itertools import islice

from fastapi.routing import APIRoute

from fourweek.light import dataclass
from tests.access.addresses import filled
from tests.access.people import PERSONAS, Persona, is_let_in
from tests.browser.rounds.routes import NO_PAGES, ROUTES
from tests.browser.rounds.schools import School
from tests.browser.rounds.walking import Found, Walker, is_page
from tests.browser.school import zipped_package

MORE = {"assignment": 4, "badge": 3, "check": 2, "grading-screen": 3, "lesson": 2, "module": 2, "my-badge": 2}
"""So many examples of a page whose cases differ that much; of others one."""

STARTS = ("/", "/home", "/account", "/sign-up", "/patterns")
WRONG = (("no such page", "/courses/nothing-there"), ("no right", "/people"), ("no such address", "/nothing"))
"""What everybody may run into."""

BY_HAND = {
    "first-run": "while nobody has an account; a school of its own has it",
    "second-factor-set-up": "tests/browser/rounds/states.py begins one",
    "sign-in-code": "tests/browser/rounds/states.py has one",
    "start": "only a demonstration greets; elsewhere it leads on",
    "view-as": "found by links: in the small world everybody who may look on does so already",
}
"""Pages that are there in the midst of something only."""

ASKING = {"terms": ("", "/terms"), "agree": ("alice", "/account/agree"), "provider": ("alice", "/account/provider")}
"""Pages that certain settings bring, by their page: who sees them, and where."""

SETTINGS = {"terms_version": "2026-01", "oidc_issuer": "https://id.example", "oidc_client_id": "fourweek"}


@dataclass(frozen=True, slots=True)
class Place:
    """An address as seen by somebody of a school, "" a guest."""

    school: str
    who: str
    page: str
    path: str

    @property
    def words(self) -> str:
        return f"{self.page} as {self.who or 'a guest'} ({self.school}, {self.path})"


def of_links(school: School, who: str) -> Iterator[Place]:
    """What links lead somebody to; in the demonstration after a few things that nobody in its story begins."""
    with Walker(school, who) as walker:
        begun = BEGUN[who](school, walker) if school.facts and who in BEGUN else []
        found = list(walker.walk([*STARTS, *_examples(school), *begun]))
        found += walker.walk(sorted(_searches(found)))
        found += (Found(page, path) for page, path in WRONG if walker.client.get(path).status_code in {403, 404})
    yield from (Place(school.name, who, one.page, one.path) for one in _few(found))


def some_of_links(school: School, who: str, wanted: Collection[str]) -> Iterator[Place]:
    """The first example of each page that is wanted, and no further step."""
    missing = set(wanted)
    with Walker(school, who) as walker:
        for one in walker.walk([*_examples(school), *STARTS], most=2):
            if one.page in missing:
                missing.remove(one.page)
                yield Place(school.name, who, one.page, one.path)
            if not missing:
                return
    raise AssertionError(f"{who} found no {', '.join(sorted(missing))}")


def of_addresses(school: School, known: Collection[str] = ()) -> Iterator[Place]:
    """Every page of the small world that is not `known`, each as the first who is let in."""
    assert school.world is not None
    with ExitStack() as closing:
        walkers = {one: closing.enter_context(Walker(school, one.name)) for one in PERSONAS}
        for route in ROUTES:
            if route.name not in {*known, *NO_PAGES, *BY_HAND}:
                path = filled(route, school.world.sides[0].names)
                yield from islice(_first(walkers, route, path), 1)


def _first(walkers: Mapping[Persona, Walker], route: APIRoute, path: str) -> Iterator[Place]:
    for one, walker in walkers.items():
        if is_let_in(route, one) and is_page(walker.client.get(path)):
            yield Place("world", one.name, route.name, path)


def of_settings(school: School) -> Iterator[Place]:
    """What SETTINGS bring, in the small world."""
    yield from (Place(school.name, who, page, path) for page, (who, path) in ASKING.items())


def _few(found: Iterable[Found]) -> Iterator[Found]:
    taken = Counter[str]()
    for one in found:
        taken[one.page] += 1
        if taken[one.page] <= MORE.get(one.page, 1):
            yield one


def _examples(school: School) -> list[str]:
    """Addresses that the demonstration names, public ones among them."""
    examples = [one for one in school.facts.get("examples", {}).values() if isinstance(one, str)]
    return [one.removeprefix(school.base) for one in examples if one.startswith(school.base)]


def _searches(found: Iterable[Found]) -> set[str]:
    """A form leads there, no link."""
    return {f"{one.path}/search?q=budget" for one in found if one.page in {"cohort", "view-overview"}}


def _looks_on(school: School, walker: Walker) -> list[str]:
    """A lead looks on with a learner's eyes."""
    ways = [one.path for one in walker.walk([f"/staff{school.cohort}/dates"]) if one.page == "view-as"]
    return [walker.submit(ways[0], ways[0], reason="They asked about their dates.")]


def _uploads(school: School, walker: Walker) -> list[str]:
    """An author sends the package of a course."""
    package = zipped_package(school.home).read_bytes()
    return [walker.submit("/authoring/upload", "/authoring/upload", files={"package": ("course.zip", package)})]


BEGUN = {"rosa": _looks_on, "marta": _uploads}
