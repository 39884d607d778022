"""A search never tells of a module that is not open to that very reader: no line, excerpt, count, page or order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from courses.catalogue.models import Lesson
from courses.cohorts.models import Extension, Section
from courses.enrolment.models import Enrolment
from courses.learning.search_page import SearchPage, search_page
from courses.viewing.opening import ACT as OPENED
from courses.viewing.pages import search_as
from fourweek.accounts.models import Role
from fourweek.audit.service import record
from fourweek.database import Database, add, new_id, table
from fourweek.errors import NotFound
from tests import factories as make
from tests.courses.learning.school import OPENS, WEEK, School, build
from tests.visits import Browser

NOON = OPENS + timedelta(hours=12)
PAGES = 30
"""Lessons about the needle in each module, more than stand on one page of what is found."""


@dataclass(slots=True)
class Hidden:
    """Module n of the course has a needle of its own, "needle-n", and is open or not."""

    school: School
    db: Database

    def find(self, person: str, typed: str = "needle", number: int = 1, at: datetime = NOON) -> SearchPage:
        return self.db.read_now(search_page, make.visitor(person, at), self.school.cohort, typed, number)

    def modules_found(self, person: str, at: datetime = NOON) -> set[str]:
        """Of which modules anything is told, by every page of every question that could tell."""
        told: set[str] = set()
        for typed in ("needle", "haystack title", *(f"needle-{number}" for number in range(1, 5))):
            for page in (self.find(person, typed, number, at) for number in range(1, 6)):
                told |= {hit.about[len("Module ")] for hit in page.hits}
        return told


@pytest.fixture
def hidden(db: Database) -> Hidden:
    def fill(conn: Connection) -> School:
        school = build(conn)
        for number, module in enumerate(school.made.modules, 1):
            add(conn, *(_page(module, number, place) for place in range(10, 10 + PAGES)))
        return school

    return Hidden(db.write_now(fill), db)


def _page(module: str, number: int, place: int) -> Lesson:
    return Lesson(
        id=new_id(),
        module_id=module,
        position=place,
        slug=f"page-{place}",
        title=f"Needle title {number}",
        html="<p>…</p>",
        plain_text=f"A needle-{number} in the haystack, told {number} times.",
        headings=[{"level": 2, "text": f"Needle {number}", "anchor": "needle"}],
    )


def _extension(hidden: Hidden, **values: Any) -> None:
    row = Extension(id=new_id(), enrolment_id=hidden.school.enrolment, reason="Away.", **values)
    hidden.db.write_now(add, row)


def test_nothing_is_told_before_the_first_module_opens(hidden: Hidden) -> None:
    page = hidden.find(hidden.school.alice, at=OPENS - timedelta(seconds=1))
    assert (page.hits, page.words) == ((), "Nothing found in the modules that are open.")
    assert (page.pager.words, page.pager.previous, page.pager.next) == ("Page 1 of 1", None, None)


def test_counts_and_pages_are_of_what_is_open(hidden: Hidden) -> None:
    alice = hidden.school.alice
    for week, of_pages in ((0, 2), (1, 3), (3, 5)):
        page = hidden.find(alice, at=NOON + week * WEEK)
        assert page.words == f"{PAGES * (week + 1)} lessons found"
        assert page.pager.words == f"Page 1 of {of_pages}"
    last = hidden.find(alice, number=2)
    assert (len(last.hits), last.pager.next) == (PAGES - 25, None)
    assert hidden.find(alice, number=3).words == "There is no such page of what was found."


def test_a_word_of_a_closed_module_is_as_one_that_is_nowhere(hidden: Hidden) -> None:
    """Not even "some of the words" may differ."""
    for typed in ("needle-2", "haystack needle-2", "told 2 times"):
        there, nowhere = (
            hidden.find(hidden.school.alice, typed),
            hidden.find(hidden.school.alice, typed.replace("2", "7")),
        )
        assert (there.words, there.hits) == (nowhere.words, nowhere.hits)


def test_modules_open_one_by_one(hidden: Hidden) -> None:
    found = [hidden.modules_found(hidden.school.alice, NOON + week * WEEK) for week in range(4)]
    assert found == [{"1"}, {"1", "2"}, {"1", "2", "3"}, {"1", "2", "3", "4"}]


def test_a_section_with_later_dates_finds_later(hidden: Hidden) -> None:
    def fill(conn: Connection) -> None:
        row = Section(id=new_id(), cohort_id=hidden.school.cohort, name="Later", start_date=(OPENS + WEEK).date())
        add(conn, row)
        mine = table(Enrolment)
        conn.execute(update(mine).where(mine.c.id == hidden.school.enrolment).values(section_id=row.id))

    hidden.db.write_now(fill)
    found = [hidden.modules_found(hidden.school.alice, NOON + week * WEEK) for week in (0, 1, 2)]
    assert found == [set(), {"1"}, {"1", "2"}]


def test_an_extension_opens_for_one_person_while_it_is_in_force(hidden: Hidden) -> None:
    _extension(hidden, opens_all=True, granted_at=NOON, expires_at=NOON + timedelta(hours=2))
    hours = (-1, 1, 3)
    found = [hidden.modules_found(hidden.school.alice, NOON + timedelta(hours=hour)) for hour in hours]
    assert found == [{"1"}, {"1", "2", "3", "4"}, {"1"}]


def test_who_has_no_place_or_left_is_told_nothing(hidden: Hidden) -> None:
    for person in (hidden.school.bob, hidden.school.carol, hidden.school.dora, hidden.school.greta):
        with pytest.raises(NotFound):
            hidden.find(person)


def test_staff_find_everything(hidden: Hidden) -> None:
    visitor = make.visitor(hidden.school.lena, NOON, (Role.GRADER, hidden.school.cohort))
    page = hidden.db.read_now(search_page, visitor, hidden.school.cohort, "needle", 1)
    assert page.words == f"{4 * PAGES} lessons found"


def test_a_view_finds_what_its_learner_found_then(hidden: Hidden) -> None:
    lead = make.visitor(hidden.school.lena, NOON, (Role.LEAD, ""))
    why = "Alice asked for help"
    hidden.db.write_now(record, OPENED, "person", hidden.school.alice, at=NOON, actor_id=lead.me.id, reason=why)

    def words(at: str) -> str:
        whose = (hidden.school.cohort, hidden.school.enrolment, at)
        return hidden.db.read_now(search_as, lead, whose, "needle", 1).words

    found = [words(f"{at:%Y-%m-%dT%H:%M}") for at in (OPENS - WEEK, NOON, NOON + WEEK)]
    assert found == ["Nothing found in the modules that are open.", "30 lessons found", "60 lessons found"]
    assert words("now") == "30 lessons found"


def test_the_page_as_it_is_sent_holds_no_word_of_what_is_closed(
    hidden: Hidden, browser: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fourweek.edge.real_time", lambda: NOON)
    for number in (1, 2, 3):
        page = browser(hidden.school.alice).get(hidden.school.at(f"/search?q=needle&page={number}")).text
        assert [f"needle-{module}" in page for module in (2, 3, 4)] == [False] * 3
        assert [f"Needle title {module}" in page for module in (2, 3, 4)] == [False] * 3
