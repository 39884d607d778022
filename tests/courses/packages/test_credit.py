"""What a package may say of credit, and what is said when it says it wrongly."""

from datetime import date
from pathlib import Path

import pytest

from courses.catalogue.categories import is_category, say_category
from courses.packages import has_errors, read_package
from courses.packages.models import CreditEvent, ParsedActivity, ParsedCourse, ParsedPilot
from tests.courses.packages.factories import change, copy_course

BASIS = 'basis = "Counted with a watch."'
READING = 'kind = "lesson"\nminutes = 40\ncountable = true'
PILOT = "{ learners = 8, median_minutes = 41, on = 2026-03-14 }"
TEA = 'kind = "break"\nminutes = 10\ncountable = false'


def read(folder: Path, *changes: tuple[str, str]) -> tuple[ParsedCourse, list[str]]:
    course = copy_course(folder)
    for old, new in changes:
        change(course / "course.toml", old, new)
    found, problems = read_package(course)
    assert found is not None
    said = [str(one) for one in problems if "locked" not in one.message]
    assert has_errors(problems) == any(" error: " in words for words in said)
    return found, said


def activities(course: ParsedCourse) -> tuple[ParsedActivity, ...]:
    return course.modules[0].activities


def test_categories_pilots_types_and_events_are_read(tmp_path: Path) -> None:
    course, said = read(
        tmp_path,
        (BASIS, f'{BASIS}\nevent = "course"\ntypes = ["PDH", "LU"]'),
        (
            READING,
            f'{READING}\ncategory = "laws-rules:US-FL"\npilot = {PILOT}',
        ),
    )
    assert said == []
    assert (course.credit.event, course.credit.types) == (CreditEvent.COURSE, ("PDH", "LU"))
    first, tea = activities(course)
    assert (first.category, first.pilot) == ("laws-rules:US-FL", ParsedPilot(8, 41, date(2026, 3, 14)))
    assert (tea.category, tea.pilot) == ("", None)
    assert course.modules[0].counted_by_category("technical") == {"laws-rules:US-FL": 40}
    assert course.modules[1].counted_by_category("technical") == {"technical": 50}


def test_no_other_type_at_all_may_be_said(tmp_path: Path) -> None:
    course, said = read(tmp_path, (BASIS, f"{BASIS}\ntypes = []"))
    assert (course.credit.types, said) == ((), [])


@pytest.mark.parametrize("kind", ["break", "meal", "registration", "promotion", "reading"])
def test_what_is_no_contact_time_may_not_count(tmp_path: Path, kind: str) -> None:
    _, said = read(tmp_path, (TEA, f'kind = "{kind}"\nminutes = 10\ncountable = false'))
    assert said == []
    _, said = read(tmp_path / "again", (TEA, f'kind = "{kind}"\nminutes = 10\ncountable = true'))
    assert len(said) == 1
    assert "59: error: " in said[0]
    assert "is no contact time; its minutes cannot count." in said[0]


def test_reading_that_somebody_follows_up_counts(tmp_path: Path) -> None:
    course, said = read(tmp_path, (TEA, 'kind = "monitored-reading"\nminutes = 10\ncountable = true'))
    assert (course.modules[0].counted_minutes, said) == (50, [])


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (BASIS, f'{BASIS}\nevent = "modul"', '34: error: "modul" is not one of course or modules.'),
        (BASIS, f'{BASIS}\ntypes = ["PDH", "PDH"]', "34: error: A type is there twice."),
        (BASIS, f'{BASIS}\ntypes = "PDH"', '34: error: "types" must be a list of texts.'),
        (READING, f'{READING}\ncategory = "ethic"', '54: error: "ethic" is not one of technical, ethics'),
        (READING, f'{READING}\ncategory = "laws-rules:Florida"', '54: error: "Florida" is no jurisdiction'),
        (READING, f'{READING}\ncategory = "ethics:US-FL"', '54: error: "ethics:US-FL" is not one of technical'),
        (READING, f"{READING}\npilot = 8", '54: error: "pilot" must be a table'),
        (READING, f"{READING}\npilot = {{ learners = 8 }}", 'error: The key "median_minutes" is missing.'),
        (
            READING,
            f'{READING}\npilot = {{ learners = 8, median_minutes = 40, on = "2026" }}',
            'error: "on" must be a day such as 2026-03-14, without quotes.',
        ),
        (
            READING,
            f"{READING}\npilot = {{ learners = 8, median_minutes = 35, on = 2026-03-14 }}",
            "52: warning: 40 minutes are counted where the median of the pilot is 35.",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    _, said = read(tmp_path, (old, new))
    assert [words for words in said if says in words] == said[:1], said


def test_modules_that_are_events_of_their_own_are_whole_hours_or_it_is_said(tmp_path: Path) -> None:
    events = (BASIS, f'{BASIS}\nevent = "modules"')
    course, said = read(tmp_path, events)
    assert course.credit.event is CreditEvent.MODULES
    assert [words.split(": ", 1)[1] for words in said] == [
        f"warning: This module is a credit event of its own, so its {minutes} minutes are rounded by themselves. "
        "Make them a multiple of 60, or the course the event."
        for minutes in (40, 50)
    ]
    _, said = read(tmp_path / "whole", events, ("minutes = 40", "minutes = 120"), ("minutes = 50", "minutes = 60"))
    assert said == []


def test_a_module_that_is_an_event_needs_an_assessment_of_its_own(tmp_path: Path) -> None:
    _, said = read(
        tmp_path,
        (BASIS, f'{BASIS}\nevent = "modules"'),
        ('key = "reading"\n', 'key = "reading"\nrequired = false\n'),
    )
    assert [words for words in said if "error" in words] == [
        "course.toml:46: error: A module that is a credit event of its own needs a required assignment of its own."
    ]


def test_categories_in_words() -> None:
    assert [say_category(one) for one in ("technical", "laws-rules:US-FL", "health-safety-welfare", "old-one")] == [
        "Technical",
        "Laws and rules (Florida)",
        "Health, safety and welfare",
        "Old one",
    ]
    assert [is_category(one) for one in ("ethics", "laws-rules", "laws-rules:DE", "laws-rules:", "", "x")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
