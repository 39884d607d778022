"""The table [module.assignment.rule]: what it says, everything that can be wrong in it, and how it is kept."""

import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from assessments.assignments.package import ParsedAssignment, parse_assignments
from assessments.assignments.rule_keeping import keep_rules
from assessments.assignments.rule_package import OF_WEIGHTED, read_rule
from assessments.deciding.models import DecisionRule, RuleKind
from assessments.deciding.rules import Ladder, Rule
from courses.packages import read_package
from courses.packages.fields import Document, Fields
from courses.packages.lines import TomlLines
from fourweek.database import table
from tests import factories as make
from tests.courses.packages.factories import change, copy_course

AFTER = 'instructions = "week1/task.md"\n'
WEIGHTED = 'kind = "weighted"\nweights = { trust = 3 }\nmark = 60\nfloors = { trust = "meets" }\nmust = ["trust"]\n'
RULES = table(DecisionRule)


def _parsed(folder: Path, rule: str) -> tuple[ParsedAssignment, list[str]]:
    """The first assignment of the fixture course with this rule, and what is wrong with the package."""
    where = copy_course(folder)
    change(where / "course.toml", AFTER, f"{AFTER}[module.assignment.rule]\n{rule}\n" if rule else AFTER)
    course, _ = read_package(where)
    assert course is not None
    assignments, problems = parse_assignments(course)
    return assignments[0], [one.message for one in problems]


def test_rule_is_what_the_package_says(tmp_path: Path) -> None:
    weighted = Rule(weights={"trust": 3}, mark=60, floors={"trust": "meets"}, must=frozenset({"trust"}))
    assert _parsed(tmp_path / "a", WEIGHTED)[0].rule == weighted
    assert _parsed(tmp_path / "b", 'kind = "every"')[0].rule == Rule()
    assert _parsed(tmp_path / "c", "")[0].rule is None


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("trust = 3", "trst = 3", '"trst" is not a criterion of this assignment. Did you mean "trust"?'),
        ("trust = 3", "trust = 0", 'The weight of "trust" must be a whole number from 1 to 1000.'),
        ("trust = 3", "trust = -1", 'The weight of "trust" must be a whole number from 1 to 1000.'),
        ("trust = 3", "trust = 1.5", 'The weight of "trust" must be a whole number from 1 to 1000.'),
        ("mark = 60", "mark = 0", '"mark" is 0; it must be from 1 to 100.'),
        ("mark = 60", "mark = 101", '"mark" is 101; it must be from 1 to 100.'),
        ("mark = 60\n", "", 'The key "mark" is missing.'),
        (
            "weights = { trust = 3 }\n",
            "",
            'The key "weights" is missing: a whole number for each criterion.',
        ),
        ('"meets"', '"meet"', '"meet" is not a level of the criterion "trust". Did you mean "meets"?'),
        ('["trust"]', '["method"]', '"method" is not a criterion of this assignment.'),
        ("mark", "marks", '"marks" is not a known key here. Did you mean "mark"?'),
        ('"weighted"', '"weight"', '"weight" is not one of every or weighted. Did you mean "weighted"?'),
        ('"weighted"', '"every"', '"mark" belongs to a rule of kind "weighted"; this one is "every".'),
    ],
)
def test_what_is_wrong_with_a_rule_is_said(tmp_path: Path, old: str, new: str, says: str) -> None:
    _, problems = _parsed(tmp_path, WEIGHTED.replace(old, new, 1))
    assert says in problems


def test_rule_is_kept_when_it_is_another_than_the_newest(conn: Connection, tmp_path: Path) -> None:
    course = make.course(conn, 1).course_id
    silent, every, weighted = (
        _parsed(tmp_path / str(n), rule)[0] for n, rule in enumerate(("", 'kind = "every"', WEIGHTED))
    )

    def kept() -> list[tuple[Any, ...]]:
        wanted = select(RULES.c.number, RULES.c.kind, RULES.c.holds_from, RULES.c.reason)
        rows = conn.execute(wanted.where(RULES.c.course_id == course).order_by(RULES.c.number))
        return [tuple(row) for row in rows]

    for day, parsed in enumerate((silent, every, weighted, weighted, silent, every)):
        keep_rules(conn, course, f"1.{day}", [parsed], now=make.START + timedelta(days=day))
    assert kept() == [
        (1, RuleKind.WEIGHTED, make.START + timedelta(days=2), "Published with version 1.2 of the course."),
        (2, RuleKind.EVERY, make.START + timedelta(days=5), "Published with version 1.5 of the course."),
    ]


def test_example_of_the_page_for_authors_is_read_as_it_says() -> None:
    """And every key it may have is named there."""
    page = (Path(__file__).parents[3] / "docs" / "course-package.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```toml\n(\[module\.assignment\.rule\]\n.*?)^```$", page, re.MULTILINE | re.DOTALL)
    table_of_rule = tomllib.loads(f"[[module]]\n[[module.assignment]]\n{example}")["module"][0]["assignment"][0]
    document = Document("course.toml", TomlLines({}))
    levels = ("not-yet", "partly", "meets")
    ladders = [Ladder(key, levels, "meets") for key in ("method", "words")]
    rule = read_rule(Fields(document, (), table_of_rule), ladders)
    assert (document.problems, rule) == (
        [],
        Rule(weights={"method": 3, "words": 1}, mark=60, floors={"words": "partly"}, must=frozenset({"method"})),
    )
    assert all(f"| `{key}` |" in page for key in ("kind", *OF_WEIGHTED))
