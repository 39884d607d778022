"""The knowledge check of a course package: what is read, and every fault with its line."""

from pathlib import Path

import pytest

from assessments.assignments.package import ParsedRequirement, parse_assignments
from assessments.checks.models import QuestionKind
from assessments.checks.package import ParsedCheck, ParsedOption, ParsedQuestion
from courses.packages import read_package
from courses.packages.models import Problem
from tests.courses.packages.factories import change, copy_course

BEFORE = '[[module.assignment.criterion]]\nkey = "trust"'
CHECK = """[[module.assignment.requirement]]
key = "quiz"
title = "Knowledge check"
prompt = "A few questions."
kind = "check"
ask = 2
pass_percent = 75
max_tries = 3

[[module.assignment.requirement.question]]
key = "gauge"
kind = "one"
prompt = "What does a gauge *show*?"
feedback = "See [units](https://example.org/units)."
options = [
  { text = "Pressure", right = true },
  { text = "`Flow`" },
]

[[module.assignment.requirement.question]]
key = "leaks"
kind = "several"
prompt = "Where do pumps leak?"
options = [{ text = "At the seal", right = true }, { text = "At the flange", right = true }, { text = "Nowhere" }]

[[module.assignment.requirement.question]]
key = "bar"
kind = "number"
prompt = "How much is 250 kPa?"
number = "2.5"
tolerance = "0.05"
unit = "bar"

"""


def parse(folder: Path) -> tuple[ParsedRequirement, list[Problem]]:
    course, _ = read_package(folder)
    assert course is not None
    (reading, _), found = parse_assignments(course)
    return reading.requirements[2], found


def course_with(folder: Path) -> Path:
    """The fixture course with a check in it."""
    made = copy_course(folder)
    change(made / "course.toml", BEFORE, CHECK + BEFORE)
    return made


def test_check_is_what_the_package_says(tmp_path: Path) -> None:
    quiz, problems = parse(course_with(tmp_path))
    assert problems == []
    assert quiz.check == ParsedCheck(
        ask=2,
        shuffle=True,
        pass_percent=75,
        max_tries=3,
        questions=(
            ParsedQuestion(
                key="gauge",
                kind=QuestionKind.ONE,
                prompt_html="What does a gauge <em>show</em>?",
                options=(ParsedOption("a", "Pressure", True), ParsedOption("b", "<code>Flow</code>", False)),
                number="",
                tolerance="",
                unit="",
                feedback_html='See <a href="https://example.org/units" rel="noopener">units</a>.',
            ),
            ParsedQuestion(
                key="leaks",
                kind=QuestionKind.SEVERAL,
                prompt_html="Where do pumps leak?",
                options=(
                    ParsedOption("a", "At the seal", True),
                    ParsedOption("b", "At the flange", True),
                    ParsedOption("c", "Nowhere", False),
                ),
                number="",
                tolerance="",
                unit="",
                feedback_html="",
            ),
            ParsedQuestion(
                key="bar",
                kind=QuestionKind.NUMBER,
                prompt_html="How much is 250 kPa?",
                options=(),
                number="2.5",
                tolerance="0.05",
                unit="bar",
                feedback_html="",
            ),
        ),
    )


# What is changed, into what, how many lines below the change the problem stands, and how its sentence begins.
FAULTS = [
    ('{ text = "Pressure", right = true }', '{ text = "Pressure" }', -1, "No option is right; mark one with"),
    ('{ text = "`Flow`" }', '{ text = "`Flow`", right = true }', -2, '2 options are right; a question of kind "one"'),
    ('  { text = "`Flow`" },\n', "", -2, "A question of choice has 2 to 10 options; this one has 1."),
    ('{ text = "`Flow`" }', '{ text = "Pressure" }', 0, 'The option "Pressure" is there twice.'),
    ('{ text = "`Flow`" }', '{ txt = "Flow" }', 0, 'The key "text" is missing.'),
    ('{ text = "`Flow`" }', '{ text = "Flow", rigt = true }', 0, '"rigt" is not a known key here. Did you mean'),
    ('{ text = "`Flow`" }', '{ text = "Flow", right = "yes" }', 0, '"right" must be true or false.'),
    ('tolerance = "0.05"', 'tolerance = "-0.05"', 0, '"tolerance" is -0.05; it cannot be below 0.'),
    ('tolerance = "0.05"', "tolerance = 0.05", 0, '"tolerance" must be text in quotes.'),
    ('number = "2.5"', 'number = "2,5"', 0, '"2,5" is no decimal number; write it as "12.5"'),
    ('number = "2.5"', 'number = "1e3"', 0, '"1e3" is no decimal number'),
    ('number = "2.5"\n', "", -4, 'The key "number" is missing.'),
    ("ask = 2", "ask = 4", 0, '"ask" is 4, and there are only 3 questions.'),
    ("pass_percent = 75", "pass_percent = 101", 0, '"pass_percent" is 101; it must be from 1 to 100.'),
    ("pass_percent = 75", "pass_percent = 0", 0, '"pass_percent" is 0; it must be from 1 to 100.'),
    ("pass_percent = 75\n", "", -6, 'The key "pass_percent" is missing.'),
    ("max_tries = 3", "max_tries = 0", 0, '"max_tries" is 0; it must be from 1 to 20.'),
    ('key = "leaks"', 'key = "gauge"', 0, 'The question "gauge" is there twice.'),
    ('kind = "several"', 'kind = "many"', 0, '"many" is not one of one, several or number.'),
    ('kind = "number"', 'kind = "one"', 2, '"number" belongs to a question of kind "number"; this one is "one".'),
    ('kind = "several"', 'kind = "several"\nunit = "m"', 1, '"unit" belongs to a question of kind "number"; this'),
    ('kind = "check"', 'kind = "text"', 1, '"ask" belongs to a requirement of kind "check"; this one is "text".'),
    ('kind = "check"', 'kind = "check"\nmin_words = 3', 1, '"min_words" belongs to a requirement of kind "text"; this'),
    ('judged_on = ["note", "photo"]', 'judged_on = ["note", "quiz"]', 0, '"quiz" is a knowledge check, which marks'),
    ('[units](https://example.org/units)."\noptions', '[units](units.md)."\noptions', 0, 'The file "units.md" is'),
    ("What does a gauge *show*?", "", 0, '"prompt" is empty.'),
]


@pytest.mark.parametrize(("old", "new", "below", "words"), FAULTS)
def test_fault_is_said_with_its_line(tmp_path: Path, old: str, new: str, below: int, words: str) -> None:
    folder = course_with(tmp_path)
    text = (folder / "course.toml").read_text(encoding="utf-8")
    start = text.index(old, text.index(CHECK) if old in CHECK else 0)
    line = text[:start].count("\n") + 1 + below
    (folder / "course.toml").write_text(text[:start] + new + text[start + len(old) :], encoding="utf-8")
    _, problems = parse(folder)
    found = [(problem.file, problem.line) for problem in problems if problem.message.startswith(words)]
    assert found == [("course.toml", line)], problems


def test_a_check_needs_questions(tmp_path: Path) -> None:
    folder = course_with(tmp_path)
    text = (folder / "course.toml").read_text(encoding="utf-8")
    first, last = text.index("[[module.assignment.requirement.question]]"), text.index(BEFORE)
    (folder / "course.toml").write_text(text[:first] + text[last:], encoding="utf-8")
    assert [problem.message for problem in parse(folder)[1]] == [
        "There must be at least 1 [[module.assignment.requirement.question]]."
    ]


def test_wrong_types_are_said_and_do_not_raise(tmp_path: Path) -> None:
    for wrong in (
        "question = 3",
        "question = [1, {}]",
        "question = [{ options = 4 }, { options = [1, { text = 2 }] }]",
    ):
        folder = course_with(tmp_path / str(len(wrong)))
        text = (folder / "course.toml").read_text(encoding="utf-8")
        first, last = text.index("[[module.assignment.requirement.question]]"), text.index(BEFORE)
        (folder / "course.toml").write_text(text[:first] + wrong + "\n\n" + text[last:], encoding="utf-8")
        _, problems = parse(folder)
        assert problems
        assert all(problem.line for problem in problems)
