"""Finding pages by following links, as one person, breadth first."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2

from fourweek.light import dataclass
from tests.browser.rounds.routes import page_of
from tests.browser.rounds.schools import School
from tests.visits import forms

PATIENCE_S = 30
LOOKED_AT = 8
"""So many pages of a kind are searched for links: what only one of them leads to is found as well."""

MARKS = {"language", "notice-open", "provider-sign-in"}
"""Addresses that do something or only lead on."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page somebody can reach: its name, and its address below the school's."""

    page: str
    path: str


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


class Walker:
    """One person's way through the school at `base`."""

    def __init__(self, school: School, who: str) -> None:
        self.base = school.base
        cookies = {school.cookie: school.sign_in(who)} if who else {}
        self.client = httpx2.Client(base_url=school.base, timeout=PATIENCE_S, cookies=cookies, trust_env=False)

    def __enter__(self) -> "Walker":
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def walk(self, starts: Iterable[str], most: int = LOOKED_AT) -> Iterator[Found]:
        """Every page that links lead to from `starts`, up to `most` of a kind."""
        waiting, seen, looked_at = deque(starts), set[str](), Counter[str]()
        while waiting:
            path = waiting.popleft()
            page = page_of(path)
            if path in seen or not page or page in MARKS or looked_at[page] >= most:
                continue
            seen.add(path)
            looked_at[page] += 1
            answer = self.client.get(path)
            if is_page(answer):
                yield Found(page, path)
            waiting.extend(self._links(path, answer))

    def submit(self, path: str, action: str, files: Any = None, **values: str) -> str:
        """Send the form of a page with that action; the address where one then is, "" where it is refused."""
        form = forms(self.client.get(path).text)[action]
        answer = self.client.post(action, data=form | values, files=files)
        return str(answer.headers.get("location", ""))

    def _links(self, path: str, answer: httpx2.Response) -> list[str]:
        """Addresses below the school's own, with their query."""
        links = [answer.headers["location"]] if "location" in answer.headers else []
        if is_page(answer):
            parser = _Links()
            parser.feed(answer.text)
            links += parser.found
        whole = (urlsplit(urljoin(self.base + path, link)) for link in links)
        here = urlsplit(self.base).netloc
        return [one.path + (f"?{one.query}" if one.query else "") for one in whole if one.netloc == here]


def is_page(answer: httpx2.Response) -> bool:
    return answer.status_code == 200 and answer.headers.get("content-type", "").startswith("text/html")
