"""Every time on every page names its zone, and says it in the viewer's own where the two differ.

The demonstration school is walked link by link as several of its people, who all live where no cohort is. What is
public is the same for everybody and therefore left out, and so is what people typed and what a receipt recorded.
"""

import re
from collections import Counter, deque
from collections.abc import Iterator
from datetime import datetime
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import Connection, select, update

from fourweek.accounts.access import PERSON
from fourweek.accounts.declaring import access_of
from fourweek.app import ROUTERS, create_app
from tests.fourweek.cli.conftest import Schools
from tests.fourweek.cli.schools import School
from tests.visits import Browser

HERE = "Asia/Kathmandu"
OF_A_KIND = 8
"""So many pages of one route are looked at for each person."""

ALONE = {"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
SILENT = {"script", "style", "textarea", "option"}
WRITTEN = {"demo", "prose", "handed-text", "as-typed", "as-recorded"}
"""The bar of the demonstration, which shows its own clock, and what people or receipts wrote down in words."""

PUBLIC_FOR_THEM = {"course", "courses", "series"}
MARKS = {"notice-open"}
CLOCK = re.compile(r"(?<![\d:])(?:[01]\d|2[0-3]):[0-5]\d(?![\d:])")
ZONE = r"([A-Za-z]+(?:/[A-Za-z_+-]+)*)(?:, UTC[+−][\d:]+)?"
SAID = re.compile(rf" \({ZONE}\)(?:; [^()]* your time \({ZONE}\))?")
OWN = f"your time ({HERE}"
SHORT = re.compile(r"[A-Z][a-z]{2} \d{1,2} [A-Z][a-z]{2} \d{4}, $")
A_RULE = "23:59 lasts through 23:59:59"
"""Of every wall clock, so without a zone."""

FOR_LEARNERS = {"home", "cohort", "module", "lesson", "assignment", "receipt", "join", "notices", "sessions", "session"}
FOR_LEARNERS |= {"announcements", "announcement", "questions", "courses", "course", "calendar"}
FOR_STAFF = {"staff-cohort", "cohort-dates", "cohort-rules", "cohort-progress", "roster", "roster-requests", "place"}
FOR_STAFF |= {
    "extension",
    "extensions",
    "extension-end",
    "grading-posting",
    "cohort-sessions",
    "attendance",
    "sections",
}
FOR_STAFF |= {"staff-questions", "staff-sessions", "view-overview", "view-module", "cohort-version", "grading-screen"}


class Times(HTMLParser):
    """The times of a page: in `whens` those of the macro, in `text` everything else that is read."""

    def __init__(self) -> None:
        super().__init__()
        self.whens: list[dict[str, str]] = []
        self.outside: list[str] = []
        self.text = ""
        self.links: list[str] = []
        self._open: list[tuple[str, set[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "a":
            self.links.append(given.get("href", ""))
        if tag in ALONE:
            return
        self._open.append((tag, set(given.get("class", "").split())))
        if "when" in self._open[-1][1]:
            self.whens.append({"words": "", "own": "", "at": ""})
        elif tag == "time" and not self._is_in({"when"}):
            self.outside.append(given.get("datetime", ""))
        elif tag == "time":
            self.whens[-1]["at"] = given["datetime"]

    def handle_endtag(self, tag: str) -> None:
        while tag not in ALONE and self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if any(tag in SILENT for tag, _ in self._open) or self._is_in(WRITTEN):
            return
        if not self._is_in({"when"}):
            self.text += data
        elif self._is_in({"when-also"}):
            self.whens[-1]["own"] += data
        elif any(tag == "time" for tag, _ in self._open):
            self.whens[-1]["words"] += data

    def _is_in(self, classes: set[str]) -> bool:
        return any(classes & found for _, found in self._open)


def troubles(html: str) -> Iterator[str]:
    """What is wrong with the times of a page, a sentence each."""
    found = Times()
    found.feed(html)
    for when in found.whens:
        named = re.search(rf"\({ZONE}\)$", when["words"])
        if named is None:
            yield f"no zone: {when['words']}"
        elif _differ(named[1], datetime.fromisoformat(when["at"])) and OWN not in when["own"]:
            yield f"not in one's own zone: {when['words']}"
    for at in found.outside:
        yield f"a time that the macro did not write: {at}"
    text = re.sub(r"\s+", " ", found.text).replace(A_RULE, "")
    for clock in CLOCK.finditer(text):
        if not _is_said(text, clock):
            yield f"in plain text: {text[max(0, clock.start() - 60) : clock.end() + 60]}"


def _differ(zone: str, at: datetime) -> bool:
    return at.astimezone(ZoneInfo(zone)).utcoffset() != at.astimezone(ZoneInfo(HERE)).utcoffset()


def _is_said(text: str, clock: re.Match[str]) -> bool:
    """Whether a clock in plain text is followed by zones, is one's own, or stands in a table above which the zone is
    said, and how far one's own clock is from it."""
    after = text[clock.end() : clock.end() + 120]
    if said := SAID.match(after):
        return HERE in (said[1], said[2])
    if after.startswith(f" {OWN}"):
        return True
    return bool(SHORT.search(text[: clock.start()])) and f"Your clock ({HERE}) is" in text


ROUTES = [
    route
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute) and "GET" in (route.methods or ()) and route.name not in MARKS
]


def _route(path: str) -> str | None:
    """The name of the page of an address; None for one that is not walked."""
    for route in ROUTES:
        if route.path_regex.match(path):
            declared = access_of(route.endpoint)
            private = declared is not None and not declared.for_guests
            return route.name if private or route.name in PUBLIC_FOR_THEM else None
    return None


def walk(visitor: Browser, start: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """(name of the route, address, page), following links."""
    waiting, seen, looked_at = deque(start), set(start), Counter[str]()
    while waiting:
        address = waiting.popleft()
        name = _route(urlsplit(address).path)
        if name is None or looked_at[name] >= OF_A_KIND:
            continue
        looked_at[name] += 1
        answer = visitor.get(address)
        if name == "view-as" and answer.status_code == 200:  # whoever looks on says why first
            here = urlsplit(address).path
            answer = visitor.submit(address, here, reason="They asked about their dates.")
        links = [answer.headers["location"]] if answer.status_code == 303 else []
        if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html"):
            yield name, address, answer.text
            page = Times()
            page.feed(answer.text)
            links = page.links
        for link in links:
            parts = urlsplit(urljoin(f"http://testserver{address}", link))
            below = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.netloc == "testserver" and below not in seen:
                seen.add(below)
                waiting.append(below)


@pytest.fixture
def school(schools: Schools) -> School:
    """What a page says of a time is the same whatever database it came from."""
    return schools("sqlite")


@pytest.fixture
def far_away(school: School) -> Iterator[School]:
    """The school, while everybody lives in HERE."""

    def move(conn: Connection) -> dict[str, str]:
        before = {row.id: row.zone for row in conn.execute(select(PERSON.c.id, PERSON.c.zone))}
        conn.execute(update(PERSON).values(zone=HERE))
        return before

    def move_back(conn: Connection) -> None:
        for person, zone in before.items():
            conn.execute(update(PERSON).where(PERSON.c.id == person).values(zone=zone))

    before = school.db.write_now(move)
    yield school
    school.db.write_now(move_back)


@pytest.mark.parametrize(
    ("who", "start", "reached"),
    [
        ("amara", ("/home", "/courses"), FOR_LEARNERS),
        ("weiling", ("/home", "/courses"), FOR_LEARNERS),
        ("zaneta", ("/home", "/transcript", "/courses"), {"home", "cohort", "transcript", "receipt"}),
        ("tom", ("/grading", "/home"), {"home", "grading", "grading-screen"}),
        ("rosa", ("/home", "/grading/posting"), FOR_STAFF),
    ],
)
def test_every_time_names_its_zone_and_the_viewers(
    far_away: School, who: str, start: tuple[str, ...], reached: set[str]
) -> None:
    visitor = Browser(create_app(far_away.house.settings), far_away.people[who])
    seen, wrong = set(), []
    for name, address, page in walk(visitor, start):
        seen.add(name)
        wrong += [f"{name} {address}: {words}" for words in troubles(page)]
    visitor.app.state.house.db.close()  # type: ignore[attr-defined]
    assert wrong == []
    assert reached - seen == set()


@pytest.mark.parametrize(
    ("html", "count"),
    [
        ('<span class="when"><time datetime="2026-12-07T08:00:00Z">7 December, 09:00</time></span>', 1),
        ('<span class="when"><time datetime="2026-12-07T08:00:00Z">09:00 (Europe/Berlin)</time></span>', 1),
        ('<span class="when"><time datetime="2026-12-07T08:00:00Z">13:45 (Asia/Kathmandu)</time></span>', 0),
        ('<time datetime="2026-12-07T08:00:00Z">today</time>', 1),
        ("<p>Saved 09:00</p>", 1),
        ("<p>Saved 09:00 (Asia/Kathmandu)</p>", 0),
        ("<p>since 09:00 (Europe/Berlin)</p>", 1),
        ("<p>since 09:00 (Europe/Berlin); 13:45 your time (Asia/Kathmandu)</p>", 0),
        ("<p>due Sun 15 Nov 2026, 23:59</p>", 1),
        ("<p>Your clock (Asia/Kathmandu) is ahead.</p><p>due Sun 15 Nov 2026, 23:59</p>", 0),
        ('<div class="prose">It fired at 10:15.</div>', 0),
    ],
)
def test_the_walk_would_see_a_time_without_its_zone(html: str, count: int) -> None:
    assert len(list(troubles(html))) == count
