"""Marks heaped upon one letter, wherever text comes from: composing them is never begun."""

import shutil
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from assessments.competencies.table import read_skills
from assessments.evidence.names import clean_name
from assessments.stated.table import read_table as read_stated_table
from courses.catalogue.drafts.names import clean_name as package_name
from courses.enrolment.roster.table import read_table
from courses.learning.ranking import composed as searched
from courses.packages import read_package
from fourweek.heaps import HEAPED, MOST, composed, heaped
from fourweek.letters.cleaning import clean_text
from fourweek.spreadsheets import NotATable
from tests.courses.packages.factories import PUMP_CARE

HEAP = "e" + "\u0315\u0301" * 4_000


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many steps composing took, by what its sorting costs: the square of each row of marks."""
    heaped(HEAP)  # which makes its list of marks once
    took = [0]
    normalize = unicodedata.normalize

    def counted(form: Any, text: str) -> str:
        rows = groupby(text, key=lambda sign: unicodedata.combining(sign) != 0)
        took[0] += sum(len(list(row)) ** 2 for is_mark, row in rows if is_mark)
        return normalize(form, text)

    monkeypatch.setattr(unicodedata, "normalize", counted)
    return lambda: took[0]


def test_what_no_writing_heaps_is_composed(steps: Callable[[], int]) -> None:
    assert (composed("e\u0301"), composed("\ufb01", "NFKC")) == ("\u00e9", "fi")
    assert heaped("e" + "\u0301" * (MOST + 1))
    assert not heaped("e" + "\u0301" * MOST)
    assert steps() == 1


@pytest.mark.parametrize("take", [composed, clean_text, clean_name, package_name, searched])
def test_text_that_came_by_no_form_is_not_composed_where_it_heaps(
    take: Callable[[str], str], steps: Callable[[], int]
) -> None:
    """Names in headers of uploads and claims of a provider, words of lessons."""
    assert take(HEAP).startswith("e\u0315\u0301") or take is package_name
    assert steps() <= MOST**2


@pytest.mark.parametrize(
    ("read", "head"),
    [
        (read_table, "name,email\n"),
        (read_skills, "code,title\n"),
        (lambda text: read_stated_table(text, date(2026, 11, 22)), "title,provider\n"),
    ],
)
def test_a_table_that_heaps_marks_is_refused(
    read: Callable[[str], object], head: str, steps: Callable[[], int]
) -> None:
    with pytest.raises(NotATable) as refused:
        read(f"{head}{HEAP},x@example.org\n")
    assert (str(refused.value), steps()) == ("The table heaps very many marks upon one letter. Leave them out.", 0)


def test_a_package_that_heaps_marks_in_a_name_or_a_page_is_refused(tmp_path: Path, steps: Callable[[], int]) -> None:
    target = tmp_path / "course.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for file in sorted(PUMP_CARE.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(PUMP_CARE).as_posix())
        archive.writestr(f"week1/{HEAP}.md", b"x")
    course, problems = read_package(target)
    assert course is None
    (said,) = [one.message for one in problems]
    assert said.endswith("heaps very many marks upon one letter. Leave them out.")
    assert (len(said) < 200, steps()) == (True, 0)
    page = tmp_path / "pump-care"
    shutil.copytree(PUMP_CARE, page)
    (page / "about.md").write_text(HEAP)
    _, problems = read_package(page)
    assert [one.message for one in problems if " heaps " in one.message] == [HEAPED.format(name="about.md")]
