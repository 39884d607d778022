"""The import order: fourweek, then courses, then assessments; each knows only what comes before it."""

import re
from pathlib import Path

import pytest

from tests.house.sources import CORE, ROOT, imports, mentioning, name, python_files, text

RELATIVE = re.compile(r"\bfrom[\s\\]*\.|import_module\(\s*f?[\"']\.|__import__\(\s*f?[\"']\.")
LATER = {"fourweek": {"courses", "assessments"}, "courses": {"assessments"}}
WIRING = (
    CORE / "app.py",
    CORE / "scans.py",
    CORE / "cli",
    CORE / "migrations" / "env.py",
    CORE / "migrations" / "tables.py",
)
"""Where the core may know the other two: the app is put together, commands call it, migrations see every table."""


def wires(path: Path) -> bool:
    return any(path == allowed or allowed in path.parents for allowed in WIRING)


def breaches(paths: list[Path], forbidden: set[str]) -> list[str]:
    return [
        f"{name(path)}:{line} imports {module}"
        for path in mentioning(paths, *forbidden)
        for line, module in imports(path)
        if module.split(".")[0] in forbidden
    ]


def test_the_core_imports_nothing_of_courses_or_assessments() -> None:
    assert breaches([path for path in python_files(CORE) if not wires(path)], LATER["fourweek"]) == []


def test_courses_import_nothing_of_assessments() -> None:
    assert breaches(python_files(ROOT / "courses"), LATER["courses"]) == []


def test_no_code_imports_tests() -> None:
    assert breaches(python_files(CORE, ROOT / "courses", ROOT / "assessments"), {"tests"}) == []


def test_imports_name_their_module_in_full() -> None:
    files = python_files(CORE, ROOT / "courses", ROOT / "assessments", ROOT / "tests")
    suspects = [path for path in files if RELATIVE.search(text(path))]
    relative = [f"{name(path)}:{line}" for path in suspects for line, module in imports(path) if module.startswith(".")]
    assert relative == []


@pytest.mark.parametrize(
    "line",
    [
        "import assessments.badges",
        "from assessments import badges",
        "def f():\n    from assessments.badges.models import Award",
        "if TYPE_CHECKING:\n    import assessments",
        "importlib.import_module('assessments.badges')",
    ],
)
def test_the_check_can_fail(line: str, tmp_path: Path) -> None:
    file = tmp_path / "lesson.py"
    file.write_text(line, "utf-8")
    assert [module.split(".")[0] for _, module in imports(file) if module.split(".")[0] in LATER["courses"]]
