"""The newest announcement stands on the cohort's page, for those it concerns."""

from datetime import timedelta
from typing import Any

from courses.announcements.models import Announcement
from fourweek.clock import real_time
from fourweek.database import add, new_id
from tests.courses.announcements.conftest import Hall


def _post(hall: Hall, title: str, minutes: int, **changes: Any) -> None:
    row = Announcement(
        id=new_id(),
        cohort_id=hall.school.cohort,
        title=title,
        body="b",
        html="<p>b</p>",
        author_id=hall.ivan,
        posted_at=real_time() - timedelta(minutes=minutes),
        **changes,
    )
    hall.db.write_now(add, row)


def test_overview_shows_the_newest_that_concerns_its_reader(hall: Hall, browser: Any) -> None:
    people = {"alice": hall.school.alice, "erin": hall.erin, "ivan": hall.ivan}

    def shown() -> dict[str, list[str]]:
        pages = {name: browser(person).get(hall.school.at()).text for name, person in people.items()}
        titles = ("Oldest", "For evenings", "Withdrawn")
        return {name: [title for title in titles if title in page] for name, page in pages.items()}

    assert shown() == {"alice": [], "erin": [], "ivan": []}
    _post(hall, "Oldest", 30)
    _post(hall, "For evenings", 20, section_id=hall.section)
    _post(hall, "Withdrawn", 10, withdrawn_at=real_time(), withdrawn_by=hall.ivan)
    assert shown() == {"alice": ["Oldest"], "erin": ["For evenings"], "ivan": ["For evenings"]}


def test_module_page_leads_to_its_questions(hall: Hall, browser: Any) -> None:
    there = hall.school.at("/modules/1/questions")
    assert f'href="{there}"' in browser(hall.school.alice).get(hall.school.at("/modules/1")).text
