"""The fixture course, whole or with something broken in it, and single pages without files."""

import shutil
from pathlib import Path

from courses.packages.library import Library, Work
from courses.packages.markdown import render_page
from courses.packages.models import ParsedPage, Problem
from courses.packages.places import Place, Shelf
from courses.packages.prompts import NoFiles

PUMP_CARE = Path(__file__).parent / "pump-care"


def copy_course(folder: Path) -> Path:
    """A copy of the fixture course that a test may break."""
    return Path(shutil.copytree(PUMP_CARE, folder / "course"))


def change(file: Path, old: str, new: str) -> None:
    """Replace `old`, which must be there, once."""
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file.name}"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def render(body: str, title: str = "") -> tuple[ParsedPage, list[Problem]]:
    """A page on its own, the first lesson of week 1, in a course without files."""
    work = Work(Place(1, Shelf.LESSONS, "alone", "alone.md"), Library(NoFiles(), {}))
    page = render_page(work, body, title).page
    return page, work.problems


def html(body: str) -> str:
    """The HTML of a page that has nothing wrong with it."""
    page, problems = render(body)
    assert problems == []
    return page.html
