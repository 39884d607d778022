"""Where hostile visitors go: a school, its people, and every form that it shows them."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from fastapi import FastAPI

from fourweek.edge import cookie_name
from tests.hostile.files import File
from tests.hostile.reading import Form, Page
from tests.hostile.sending import Sending, as_shown, believable, send, send_file, sendings, timed, troubles
from tests.hostile.walking import inside, route_of, walk
from tests.visits import Browser

STRANGE = ("1", "../1", "' OR 1=1", "9" * 20, "0" * 26, "")
LEFT_ALONE = {"sign-out", "demo-clock"}


@dataclass(frozen=True, slots=True)
class Found:
    """A form that somebody is shown."""

    who: str
    page: str
    action: str
    form: Form


@dataclass(slots=True)
class Ground:
    """A school with its visitors by name ("" for a guest); `people` are their ids."""

    app: FastAPI
    people: Mapping[str, str]
    visitors: dict[str, Browser] = field(default_factory=dict)
    seen: dict[str, list[Found]] = field(default_factory=dict)

    def visitor(self, who: str) -> Browser:
        """Their browser; signed in again where a form signed them out."""
        if who not in self.visitors:
            self.visitors[who] = Browser(self.app)
            self.visitors[who].base_url = self.visitors[who].house.settings.public_url
        visitor = self.visitors[who]
        if who and not visitor.cookies.get(cookie_name(visitor.house.settings)):
            visitor.sign_in_as(self.people[who])
        return visitor

    def look_around(self, who: str, start: tuple[str, ...], of_a_kind: int) -> Iterator[str]:
        """Read the forms of every page that they reach, by route and fields; gives what is dangerous on them."""
        for address, page in walk(self.visitor(who), start, of_a_kind):
            yield from self.note(who, address, page)

    def note(self, who: str, address: str, page: Page) -> list[str]:
        """Remember the forms of a page; what is dangerous on it."""
        for form in page.forms:
            action = inside(address, form.action or address)
            name = route_of("POST", action) if action else None
            if action and name and form.method == "post" and name not in LEFT_ALONE:
                kind = f"{name} {' '.join(sorted(form.fields))}"
                self.seen.setdefault(kind, []).append(Found(who, address, action, form))
        return [f"{who} {address}: {danger}" for danger in page.dangers]

    def look_again(self) -> list[str]:
        """What is dangerous on the pages that have forms, as those who were shown them."""
        pages = {(one.who, one.page) for found in self.seen.values() for one in found}
        answers = ((who, page, self.visitor(who).get(page)) for who, page in sorted(pages))
        return [
            f"{who} {page}: {danger}"
            for who, page, answer in answers
            if answer.headers.get("content-type", "").startswith("text/html")
            for danger in Page(answer.text).dangers
        ]

    def attack(self, times: int, seed: int, who: str | None = None) -> list[str]:
        """Send so many hostile forms, every kind in turn; what went wrong, a sentence each."""
        chance = random.Random(seed)  # noqa: S311 repeatable
        ids = (*self.people.values(), *STRANGE)
        kinds = [some for found in self.seen.values() if (some := [one for one in found if who in {None, one.who}])]
        wrong = []
        for number in range(times):
            found = chance.choice(kinds[number % len(kinds)])
            sending = next(sendings(found.form, chance, ids))
            wrong += self._sent(found, sending, multipart=found.form.multipart, htmx=chance.random() < 0.2)
        return wrong

    def plant(self, rounds: int, seed: int) -> list[str]:
        """Send every form with scripts in all its words and the rest as it should be, so that much of it is kept."""
        chance = random.Random(seed)  # noqa: S311 repeatable
        wrong = []
        for found in [found for kind in self.seen.values() for found in kind[:1]] * rounds:
            sending = believable(found.form, chance)
            wrong += self._sent(found, sending, multipart=found.form.multipart, htmx=False)
        return wrong

    def fields_for_files(self) -> list[tuple[Found, str]]:
        """Every field that takes a file, each once for its kind of form."""
        return [(found[0], name) for found in self.seen.values() for name in found[0].form.files]

    def throw(self, found: Found, field: str, file: File) -> list[str]:
        """Send a hostile file, under its own name and under one that the field asks for; what went wrong."""
        wrong = []
        for ending in ("", *found.form.files[field][:1]):
            fields, name = as_shown(found.form, random.Random(0)), file[0] + ending  # noqa: S311 repeatable
            visitor = self.visitor(found.who)
            answer, took = timed(partial(send_file, visitor, found.action, fields, field, (name, file[1])))
            wrong += [f"{found.who} {found.action} {name[:60]!r}: {what}" for what in troubles(answer, took)]
        return wrong

    def _sent(self, found: Found, sending: Sending, *, multipart: bool, htmx: bool) -> list[str]:
        visitor = self.visitor(found.who)
        answer, took = timed(lambda: send(visitor, found.action, sending, multipart=multipart, htmx=htmx))
        if answer.status_code == 303 and answer.headers["location"].startswith("/sign-in") and found.who:
            visitor.sign_in_as(self.people[found.who])
        sent = ", ".join(f"{name}={value[:30]!r}" for name, value in sending.pairs[:12])
        where = f"{found.who or 'a guest'} {found.action} ({sending.way}: {sent})"
        return [f"{where}: {what}" for what in troubles(answer, took)]

    def close(self) -> None:
        for visitor in self.visitors.values():
            visitor.close()
