"""Where things lie: the source root that is no package, names that say something, files one can read in one go."""

import platform
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.house.sources import CODE, CORE, ROOT, TESTS, name, python_files, templates

VAGUE = {"util", "utils", "helper", "helpers", "common", "misc", "shared", "stuff"}
LONGEST_FILE, LONGEST_TEMPLATE = 400, 119
FROZEN = CORE / "migrations" / "versions"
"""Migrations are generated, then history: nobody splits them."""


def test_the_source_root_is_no_package() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert not (TESTS / "platform").exists()
    assert sorted(path.name for path in (ROOT / "platform").iterdir() if path.name != "__pycache__") == ["fourweek"]


def test_import_platform_is_the_standard_librarys() -> None:
    assert Path(platform.__file__).parent == Path(sysconfig.get_path("stdlib"))
    assert callable(platform.python_implementation)


def test_import_platform_is_the_standard_librarys_when_started_in_the_checkout() -> None:
    """As `python -m` does it, with the checkout first on the path."""
    code = "import platform; print(platform.__file__)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()).parent == Path(sysconfig.get_path("stdlib"))


def test_every_folder_of_code_and_tests_is_a_package() -> None:
    folders = {path.parent for path in python_files(*CODE, TESTS)} - {FROZEN}
    assert [name(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_no_file_or_folder_is_named_for_nothing() -> None:
    found = [name(path) for path in python_files(*CODE, TESTS) if VAGUE & {path.stem, path.parent.name}]
    assert found == []


def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def test_no_python_file_is_too_long() -> None:
    files = [path for path in python_files(*CODE, TESTS) if FROZEN not in path.parents]
    assert {name(path): lines(path) for path in files if lines(path) > LONGEST_FILE} == {}


def test_no_template_is_too_long() -> None:
    assert {name(path): lines(path) for path in templates() if lines(path) > LONGEST_TEMPLATE} == {}


@pytest.mark.parametrize("folder", CODE, ids=lambda folder: folder.name)
def test_there_is_code_to_check(folder: Path) -> None:
    assert len(python_files(folder)) > 10
