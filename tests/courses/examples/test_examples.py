"""The courses shipped as examples: they check clean, and what their lessons print is what their programs print."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from assessments.assignments.package import parse_assignments
from assessments.competencies.table import read_skills
from assessments.coursework import AssessmentsCoursework
from assessments.deciding.rules import Rule
from courses.packages import ParsedCourse, read_package
from fourweek.spreadsheets import decoded

EXAMPLES = Path(__file__).parents[3] / "courses" / "examples"
RELIABLE = EXAMPLES / "reliable-services"
WRITING = EXAMPLES / "clear-technical-writing"
PROGRAM = re.compile(r"```python\n(.*?)```", re.DOTALL)
PRINTED = re.compile(r"```output\n(.*?)```", re.DOTALL)


def course(folder: Path) -> ParsedCourse:
    parsed, problems = read_package(folder)
    assert problems == []
    assert parsed is not None
    return parsed


def program(lesson: Path) -> str:
    (code,) = PROGRAM.findall(lesson.read_text(encoding="utf-8"))
    assert isinstance(code, str)
    return code


def run(code: str, folder: Path) -> str:
    """What a program of a lesson prints, run beside the lesson's data with every Enter key pressed."""
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, cwd=folder, input="\n" * 30, capture_output=True, text=True
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize(
    ("folder", "weekly_minutes", "lessons"),
    [(RELIABLE, [150, 150, 150, 150], [4, 4, 5, 5]), (WRITING, [90, 90, 90, 90], [2, 2, 2, 2])],
)
def test_example_counts_its_minutes(folder: Path, weekly_minutes: list[int], lessons: list[int]) -> None:
    parsed = course(folder)
    assert [module.counted_minutes for module in parsed.modules] == weekly_minutes
    assert [sum(each.kind == "lesson" for each in module.lessons) for module in parsed.modules] == lessons


@pytest.mark.parametrize("folder", [RELIABLE, WRITING])
def test_example_reading_time_is_that_of_its_lessons(folder: Path) -> None:
    for module in course(folder).modules:
        reading = sum(each.minutes for each in module.activities if not each.countable)
        assert reading == sum(each.minutes or 0 for each in module.lessons if "workbench" not in each.slug)


@pytest.mark.parametrize("folder", [RELIABLE, WRITING])
def test_example_assignments_are_whole(folder: Path) -> None:
    assignments, problems = parse_assignments(course(folder))
    assert problems == []
    assert [(each.module_number, each.required, each.max_attempts) for each in assignments] == [
        (number, True, 3) for number in (1, 2, 3, 4)
    ]
    levels = {tuple(level.key for level in criterion.levels) for each in assignments for criterion in each.criteria}
    assert levels == {("not-yet", "meets", "exceeds")}


@pytest.mark.parametrize(
    ("lesson", "data"), [("week1/03-measuring-fairly.md", "week1/data"), ("week3/01-small-steps.md", "week3")]
)
def test_lesson_prints_what_it_says(lesson: str, data: str) -> None:
    text = (RELIABLE / lesson).read_text(encoding="utf-8")
    (printed,) = PRINTED.findall(text)
    assert run(program(RELIABLE / lesson), RELIABLE / data) == printed


def test_replayed_rule_fires_as_the_workbench_says() -> None:
    code = program(RELIABLE / "week2/04-workbench.md")
    assert run(code, RELIABLE / "week2/data").splitlines() == [
        "2025-09-23T03:00 fires",
        "2025-09-23T03:05 clears",
        "2025-09-23T10:15 fires",
        "2025-09-23T10:45 clears",
        "2025-09-23T10:55 fires",
        "2025-09-23T11:40 clears",
    ]
    quiet = code.replace("long=12, short=1, least_bad=0", "long=1, short=1, least_bad=0").replace(
        "burn=14.4", "burn=10"
    )
    assert run(quiet, RELIABLE / "week2/data").count("fires") == 39


def test_rollout_ends_with_the_counts_the_workbench_discusses() -> None:
    lines = run(program(RELIABLE / "week3/05-workbench.md"), RELIABLE / "week3/data").split("go on, or stop? ")
    assert lines[5].endswith("this stage: 1833 3\n")
    assert lines[11].endswith("this stage: 17873 18\n")
    assert lines[12].endswith("this stage: 7296 31\n")


def test_examples_show_what_a_rubric_can_say() -> None:
    for folder in (RELIABLE, WRITING):
        assignments, _ = parse_assignments(course(folder))
        shown = [level.exemplar_html for one in assignments for c in one.criteria for level in c.levels]
        assert sum(bool(html) for html in shown) >= 3, folder.name
    rules = {one.key: one.rule for one in assignments if one.rule}
    weighted = Rule(weights={"sentences": 2, "order": 2, "meaning": 3}, mark=50, must=frozenset({"meaning"}))
    assert rules == {"revision": weighted}
    public = AssessmentsCoursework().prepare(course(WRITING)).public
    assert [one.key for one in public if one.rule] == ["revision"]


def test_examples_are_aligned_with_skills_of_the_framework_beside_them() -> None:
    table = read_skills(decoded((EXAMPLES / "frameworks" / "onet-skills.csv").read_bytes()))
    known = {one.code: (one.title, one.url) for one in table}
    assert {one.problem for one in table} == {""}
    for folder in (RELIABLE, WRITING):
        for competency in course(folder).competencies:
            assert competency.align, competency.key
            for skill in competency.align:
                assert (skill.framework, known[skill.code]) == ("onet", (skill.title, skill.url))
