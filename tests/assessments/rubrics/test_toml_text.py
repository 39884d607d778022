"""A rubric that was written as TOML says the same when a package is read with it."""

import tomllib
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.assignments.package import ParsedCriterion, ParsedLevel, parse_assignments
from assessments.rubrics.toml_text import written
from courses.packages import read_package
from courses.packages.models import ParsedAlignment, ParsedCompetency
from courses.typed_markdown import to_html
from tests.assessments.packages import MANIFEST

EXAMPLE = 'He said "2 \\ 3":\n\n- 9 °C\n- `a\\nb`, and """three"""'
LEVELS = (
    ParsedLevel("not-yet", "Not yet", 'Nothing "at all".'),
    ParsedLevel("meets", "Meets", "Back\\slash and\ttab.", EXAMPLE, to_html(EXAMPLE)),
)
CRITERIA = (
    ParsedCriterion("method", "Method", "How = [it] # was done.", "diagnose", ("report", "proof"), "meets", LEVELS),
    ParsedCriterion("words", "Words — and more", "Clear.", "write", ("sources",), "meets", LEVELS),
)
COMPETENCIES = (
    ParsedCompetency("diagnose", "Diagnose", "Finds it.", (ParsedAlignment("onet", "2.B.3.k", "Troubleshooting", ""),)),
    ParsedCompetency("write", "Write", "Writes it\ndown."),
)


def test_package_takes_it_as_it_is(tmp_path: Path) -> None:
    bare = MANIFEST[: MANIFEST.index("[[module.assignment.criterion]]")]
    start, end = bare.index("[[competency]]"), bare.index("[[module]]")
    text = written("A note\nin Small Services", CRITERIA, COMPETENCIES)
    (tmp_path / "course.toml").write_text(bare[:start] + bare[end:] + text, encoding="utf-8")
    (tmp_path / "basics.md").write_text("# Basics\n", encoding="utf-8")
    (tmp_path / "task.md").write_text("# The task\n", encoding="utf-8")
    course, problems = read_package(tmp_path)
    assert course is not None
    assignments, more = parse_assignments(course)
    assert (problems, more) == ([], [])
    assert assignments[0].criteria == CRITERIA
    assert course.competencies == COMPETENCIES


_TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc"), whitelist_characters="\n\t"), max_size=40)


@given(text=_TEXT)
@settings(max_examples=100)
def test_every_text_comes_back(text: str) -> None:
    criterion = ParsedCriterion("a", text, text, "b", ("c",), "meets", (ParsedLevel("d", text, text, text),))
    level = {"key": "d", "title": text, "descriptor": text} | ({"exemplar": text} if text else {})
    found = tomllib.loads("[[module]]\n[[module.assignment]]\n" + written(text, [criterion], []))
    assert found["module"][0]["assignment"][0]["criterion"] == [
        {
            "key": "a",
            "title": text,
            "description": text,
            "competency": "b",
            "judged_on": ["c"],
            "required_level": "meets",
            "level": [level],
        }
    ]
