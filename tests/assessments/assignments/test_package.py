from pathlib import Path

import pytest

from assessments.assignments.models import RequirementKind
from assessments.assignments.package import (
    ParsedAssignment,
    ParsedCriterion,
    ParsedLevel,
    ParsedRequirement,
    parse_assignments,
)
from courses.packages import read_package
from courses.packages.models import Problem
from tests.courses.packages.factories import PUMP_CARE, change, copy_course

ROOT = Path(__file__).parents[3]
MATERIAL = ROOT.parent / "shared" / "material" / "git-novice"


def parse(folder: Path) -> tuple[tuple[ParsedAssignment, ...], list[Problem]]:
    course, _ = read_package(folder)
    assert course is not None
    return parse_assignments(course)


def test_assignments_are_what_the_package_says() -> None:
    (reading, repair), problems = parse(PUMP_CARE)
    assert problems == []
    assert (reading.module_number, reading.number, reading.key, reading.title) == (1, 1, "reading", "A reading")
    assert (reading.required, reading.max_attempts) == (True, None)
    assert (repair.module_number, repair.required, repair.max_attempts) == (2, True, 2)
    assert reading.instructions_html.startswith("<p>Measure as in <a href=")
    assert reading.instructions_text.startswith("Measure as in the lesson, ")
    assert reading.requirements == (
        ParsedRequirement(
            key="note",
            title="Note",
            prompt="Say *where* you measured; see [units](https://example.org/units).",
            prompt_html=(
                'Say <em>where</em> you measured; see <a href="https://example.org/units" rel="noopener">units</a>.'
            ),
            kind=RequirementKind.TEXT,
            required=True,
            min_words=50,
            max_words=200,
            max_files=None,
            accept=(),
            max_links=None,
        ),
        ParsedRequirement(
            key="photo",
            title="Photograph",
            prompt="The gauge.",
            prompt_html="The gauge.",
            kind=RequirementKind.FILES,
            required=False,
            min_words=None,
            max_words=None,
            max_files=2,
            accept=(".png", ".jpg"),
            max_links=None,
        ),
    )
    assert reading.criteria == (
        ParsedCriterion(
            key="trust",
            title="Trust",
            description="The reading can be trusted.",
            competency="measure",
            judged_on=("note", "photo"),
            required_level="meets",
            levels=(ParsedLevel("not-yet", "Not yet", "No unit."), ParsedLevel("meets", "Meets", "Unit and place.")),
        ),
    )
    assert [level.key for level in repair.criteria[0].levels] == ["drips", "holds", "lasts"]


# What is changed, into what, how many lines below the change the problem stands, and how its sentence begins.
FAULTS = [
    ('competency = "measure"', 'competency = "mesure"', 0, '"mesure" is not a competency of this course. Did you mean'),
    ('judged_on = ["note", "photo"]', 'judged_on = ["notes"]', 0, '"notes" is not a requirement of this assignment.'),
    ('judged_on = ["note", "photo"]', 'judged_on = ["note", "note"]', 0, "A requirement is named twice."),
    ('judged_on = ["note", "photo"]', "judged_on = []", 0, '"judged_on" is empty.'),
    (
        'required_level = "meets"',
        'required_level = "met"',
        0,
        '"met" is not a level of this criterion. Did you mean ',
    ),
    (
        'required_level = "meets"',
        'required_level = "not-yet"',
        0,
        "The required level is the lowest: nothing could fail",
    ),
    ('{ key = "meets"', '{ key = "not-yet"', 0, 'The level "not-yet" is there twice.'),
    (
        'descriptor = "No unit."',
        'description = "No unit."',
        0,
        '"description" is not a known key here. Did you mean ',
    ),
    ('key = "photo"\n', 'key = "note"\n', 0, 'The requirement "note" is there twice.'),
    ('kind = "text"', 'kind = "txt"', 0, '"txt" is not one of text, files, links or check. Did you mean "text"?'),
    ('kind = "text"', 'kind = "links"', 1, '"min_words" belongs to a requirement of kind "text"; this one is "links".'),
    ("min_words = 50", "min_words = 500", 0, "From 500 to 200 words is no range."),
    ("max_files = 2", "max_files = 200", 0, '"max_files" is 200; it must be from 1 to 20.'),
    ('accept = [".png", ".JPG"]', 'accept = ["png"]', 0, '"png" is no file ending; write it with its dot, such as'),
    ('instructions = "week1/task.md"', "", -3, 'The key "instructions" is missing.'),
    ("max_attempts = 2", "max_attempts = 0", 0, '"max_attempts" is 0; it must be from 1 to 20.'),
    ("max_attempts = 2", "max_atempts = 2", 0, '"max_atempts" is not a known key here. Did you mean "max_attempts"?'),
    ("[units](https://example.org/units)", "[units](units.md)", 0, 'The file "units.md" is missing.'),
    ('key = "tight"', "", -1, 'The key "key" is missing.'),
    ("max_links = 1", "max_links = 1\nrequired = false", -12, "No requirement is required; an empty submission could"),
]


@pytest.mark.parametrize(("old", "new", "below", "words"), FAULTS)
def test_fault_is_said_with_its_line(tmp_path: Path, old: str, new: str, below: int, words: str) -> None:
    folder = copy_course(tmp_path)
    text = (folder / "course.toml").read_text(encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1 + below
    change(folder / "course.toml", old, new)
    _, problems = parse(folder)
    found = [(problem.file, problem.line) for problem in problems if problem.message.startswith(words)]
    assert found == [("course.toml", line)], problems


def test_a_criterion_needs_two_levels(tmp_path: Path) -> None:
    folder = copy_course(tmp_path)
    change(folder / "course.toml", '  { key = "not-yet", title = "Not yet", descriptor = "No unit." },\n', "")
    messages = [problem.message for problem in parse(folder)[1]]
    assert "A criterion has 2 to 6 levels; this one has 1." in messages


def test_what_is_asked_or_claimed_in_vain_is_warned_of(tmp_path: Path) -> None:
    folder = copy_course(tmp_path)
    change(folder / "course.toml", 'judged_on = ["note", "photo"]', 'judged_on = ["note"]')
    change(folder / "course.toml", 'competency = "repair"', 'competency = "measure"')
    assert [str(problem) for problem in parse(folder)[1]] == [
        'course.toml:88: warning: No criterion is judged on "photo".',
        'course.toml:40: warning: No criterion judges the competency "repair".',
    ]


def test_wrong_types_everywhere_are_said_and_do_not_raise(tmp_path: Path) -> None:
    folder = copy_course(tmp_path)
    text = (folder / "course.toml").read_text(encoding="utf-8")
    cut = text[: text.index("[[module.assignment]]")]
    (folder / "course.toml").write_text(
        cut + '[[module.assignment]]\nkey = 1\ntitle = []\ninstructions = 2.5\nrequired = "yes"\nrequirement = "x"\n'
        "criterion = [1, {level = 3, judged_on = 4}]\n",
        encoding="utf-8",
    )
    _, problems = parse(folder)
    assert len(problems) > 10
    assert all(problem.line for problem in problems)


def test_shipped_manifest_for_foreign_material_has_sound_rubrics() -> None:
    course, _ = read_package(ROOT / "courses" / "examples" / "git-novice.toml", MATERIAL)
    assert course is not None
    assignments, problems = parse_assignments(course)
    assert problems == []
    assert [one.key for one in assignments] == ["first-repository", "history", "collaboration", "publication"]
    assert all(one.instructions_html for one in assignments)
    assert {len(criterion.levels) for one in assignments for criterion in one.criteria} == {3}


MEETS = 'descriptor = "Unit and place." }'


def test_exemplar_is_rendered_once_and_kept_as_written(tmp_path: Path) -> None:
    folder = copy_course(tmp_path)
    written = r"It read *2.5 bar*:\n\n- at nine\n- <script>alert(1)</script>"
    change(folder / "course.toml", MEETS, f'descriptor = "Unit and place.", exemplar = "{written}" }}')
    assignments, problems = parse(folder)
    found = [level for one in assignments for c in one.criteria for level in c.levels if level.exemplar]
    assert (problems, len(found)) == ([], 1)
    assert found[0].exemplar == "It read *2.5 bar*:\n\n- at nine\n- <script>alert(1)</script>"
    assert found[0].exemplar_html == (
        "<p>It read <em>2.5 bar</em>:</p>\n<ul>\n<li>at nine</li>\n"
        "<li>&lt;script&gt;alert(1)&lt;/script&gt;</li>\n</ul>"
    )


def test_exemplar_that_is_too_long_is_said(tmp_path: Path) -> None:
    folder = copy_course(tmp_path)
    change(folder / "course.toml", MEETS, f'descriptor = "Unit and place.", exemplar = "{"a" * 6_001}" }}')
    _, problems = parse(folder)
    assert [one.message for one in problems] == ['"exemplar" is 6001 characters long; at most 6000 fit.']
