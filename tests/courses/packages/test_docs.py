"""The page for authors names every key and shows only examples that work."""

import re
import tomllib
from pathlib import Path

from tests.courses.packages.factories import PUMP_CARE, render

PAGE = (Path(__file__).parents[3] / "docs" / "course-package.md").read_text(encoding="utf-8")


def keys(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*(keys(inner) for inner in value.values()))
    return set().union(*(keys(inner) for inner in value)) if isinstance(value, list) else set()


def test_every_key_is_explained() -> None:
    used = keys(tomllib.loads((PUMP_CARE / "course.toml").read_text(encoding="utf-8")))
    tables = {"course", "achievement", "credit", "competency", "module", "activity", "lesson", "assignment"}
    tables |= {"requirement", "criterion", "level", "format"}
    assert {key for key in used - tables if not re.search(rf"[`{{ ]{key}[`, ]", PAGE)} == set()
    assert {table for table in tables if not re.search(rf"[\[.]{table}\]|^{table} =", PAGE, re.MULTILINE)} == set()


def test_examples_render_as_the_text_says() -> None:
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    examples = [text for language, text in blocks if not language]
    boxes, table, terms, figures = (render(examples[at]) for at in (2, 3, 4, 5))
    assert (boxes[1], table[1], terms[1]) == ([], [], [])
    assert '<section class="callout-box challenge">' in boxes[0].html
    assert "<li>14.5 psi</li>" in table[0].html
    assert '<dt id="stuffing-box">' in terms[0].html
    assert {problem.message for problem in figures[1]} == {'The file "fig/pump.svg" is missing.'}
