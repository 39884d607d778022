"""The types of credit that a package names."""

from pathlib import Path

from assessments.credit.package import OTHERS, credit_problems
from courses.packages import read_package
from courses.packages.models import ParsedCourse
from tests.courses.packages.factories import change, copy_course

BASIS = 'basis = "Counted with a watch."'
DOCS = Path(__file__).parents[3] / "docs" / "course-package.md"


def course_with(folder: Path, credit: str, *changes: tuple[str, str]) -> ParsedCourse:
    copied = copy_course(folder)
    for old, new in ((BASIS, f"{BASIS}\n{credit}"), *changes):
        change(copied / "course.toml", old, new)
    course, _ = read_package(copied)
    assert course is not None
    return course


def test_types_that_are_not_known_or_always_given_are_errors(tmp_path: Path) -> None:
    found = credit_problems(course_with(tmp_path, 'types = ["PDH", "PDHH", "CEU"]'))
    assert [(one.line, one.message.partition(".")[0]) for one in found] == [
        (34, '"PDHH" is not one of PDH, PDH-NC, PDH-ND, LU, HSW, PDU, CLOCK or NURSING'),
        (34, "The CEU is always given; name only what is given beside it"),
    ]
    assert found[0].message.endswith('Did you mean "PDH"?')


def test_a_type_that_no_event_can_earn_is_a_warning(tmp_path: Path) -> None:
    hsw = 'types = ["HSW"]'
    (found,) = credit_problems(course_with(tmp_path / "none", hsw))
    assert str(found) == (
        'course.toml:34: warning: Nothing is earned of "HSW": it needs 3 in 4 counted minutes of the category '
        '"health-safety-welfare".'
    )
    whole = ('category = "technical"', 'category = "health-safety-welfare"')
    assert credit_problems(course_with(tmp_path / "whole", hsw, whole)) == []
    one_module = ("minutes = 50", 'minutes = 50\ncategory = "health-safety-welfare"')
    assert len(credit_problems(course_with(tmp_path / "course", hsw, one_module))) == 1
    assert credit_problems(course_with(tmp_path / "modules", f'{hsw}\nevent = "modules"', one_module)) == []


def test_every_type_is_explained_to_authors() -> None:
    text = DOCS.read_text("utf-8")
    assert [key for key in OTHERS if f"| `{key}` |" not in text] == []
