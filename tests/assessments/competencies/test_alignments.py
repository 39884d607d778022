"""What a package aligns its competencies with: what it says, what is wrong, and what is kept."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from assessments.competencies.keeping import alignment_problem, keep_alignments, make_framework
from assessments.competencies.known import KNOWN, FrameworkFacts
from assessments.competencies.queries import FRAMEWORK, SKILL, alignments_of
from assessments.coursework import AssessmentsCoursework
from assessments.rubrics.models import Competency
from courses.packages import read_package
from courses.packages.models import ParsedAlignment, ParsedCompetency, Problem
from fourweek.database import table
from tests import factories as make
from tests.assessments.packages import MANIFEST

THINKING = ParsedAlignment("onet", "2.A.2.a", "Critical Thinking", "https://www.onetonline.org/")
COMPETENCY = table(Competency)
KEY = 'key = "diagnose"\n'


def _competency(*skills: ParsedAlignment, says: bool = True) -> ParsedCompetency:
    return ParsedCompetency("diagnose", "Diagnose", "Finds what is wrong.", skills if says else None)


def _stored(conn: Connection) -> str:
    """The id of a course's only competency."""
    wanted = select(COMPETENCY.c.id).where(COMPETENCY.c.course_id == make.course(conn, 1).course_id)
    return str(conn.execute(wanted).scalar_one())


def _read(folder: Path, align: str) -> tuple[tuple[ParsedAlignment, ...] | None, list[Problem]]:
    manifest = MANIFEST.replace("{competency}", "diagnose").replace(KEY, KEY + align, 1)
    (folder / "course.toml").write_text(manifest, encoding="utf-8")
    (folder / "basics.md").write_text("# Basics\n", encoding="utf-8")
    (folder / "task.md").write_text("# The task\n", encoding="utf-8")
    course, problems = read_package(folder)
    assert course is not None
    return course.competencies[0].align, problems


def test_alignments_are_what_the_package_says(tmp_path: Path) -> None:
    said = '{ framework = "onet", code = "2.A.2.a", title = "Critical Thinking", url = "https://www.onetonline.org/" }'
    assert _read(tmp_path, f'align = [{said}, {{ framework = "esco", code = "S1" }}]\n') == (
        (THINKING, ParsedAlignment("esco", "S1", "", "")),
        [],
    )
    assert _read(tmp_path, "align = []\n") == ((), [])
    assert _read(tmp_path, "") == (None, [])


@pytest.mark.parametrize(
    ("align", "says"),
    [
        ('{ code = "x" }', 'The key "framework" is missing.'),
        ('{ framework = "esco" }', 'The key "code" is missing.'),
        (
            '{ framework = "ESCO", code = "x" }',
            '"ESCO" may hold only small letters a to z, digits',
        ),
        ('{ framework = "esco", code = "x", url = "javascript:alert(1)" }', "is no address that begins with https://"),
        ('{ framework = "esco", code = "x", name = "X" }', '"name" is not a known key here.'),
        ('{ framework = "a", code = "x" }, { framework = "a", code = "x" }', 'The skill "a x" is there twice.'),
        ('"esco"', 'An entry of "align" is not a table.'),
    ],
)
def test_what_is_wrong_with_an_alignment_is_said(tmp_path: Path, align: str, says: str) -> None:
    _, problems = _read(tmp_path, f"align = [{align}]\n")
    assert [says in one.message for one in problems] == [True]


def test_framework_that_nobody_knows_forbids_publishing(conn: Connection) -> None:
    strange = _competency(ParsedAlignment("sfia", "CAPM", "Capacity management", ""))
    assert alignment_problem(conn, [strange]) == (
        'A competency is aligned with the framework "sfia", which is not here. '
        "Import it under Authoring, Frameworks, then publish."
    )
    make_framework(conn, FrameworkFacts("sfia", "SFIA"), make.START)
    assert alignment_problem(conn, [strange]) == ""


def test_skill_without_a_title_must_be_here(conn: Connection) -> None:
    bare = _competency(ParsedAlignment("onet", "2.A.2.a", "", ""))
    assert alignment_problem(conn, [bare]).startswith('The framework "onet" has no skill "2.A.2.a" here. ')
    keep_alignments(conn, {"diagnose": _stored(conn)}, [_competency(THINKING)], now=make.START)
    assert alignment_problem(conn, [bare]) == ""


def test_package_says_what_a_competency_is_aligned_with(conn: Connection) -> None:
    one = _stored(conn)

    def keep(competency: ParsedCompetency) -> list[str]:
        keep_alignments(conn, {"diagnose": one}, [competency], now=make.START + timedelta(days=1))
        return [skill.code for skill in alignments_of(conn, [one]).get(one, ())]

    assert keep(_competency(THINKING)) == ["2.A.2.a"]
    found = alignments_of(conn, [one])[one][0]
    assert (found.framework_key, found.framework) == ("onet", KNOWN["onet"].title)
    assert (found.title, found.url, found.description) == ("Critical Thinking", "https://www.onetonline.org/", "")
    other = ParsedAlignment("onet", "2.A.2.d", "Monitoring", "")
    renamed = ParsedAlignment("onet", "2.A.2.a", "Called otherwise", "")
    assert keep(_competency(other, renamed)) == ["2.A.2.a", "2.A.2.d"]
    assert alignments_of(conn, [one])[one][0].title == "Critical Thinking"
    assert keep(_competency(says=False)) == ["2.A.2.a", "2.A.2.d"]
    assert keep(_competency(other)) == ["2.A.2.d"]
    assert keep(_competency()) == []
    assert conn.execute(select(SKILL.c.code).order_by(SKILL.c.code)).scalars().all() == ["2.A.2.a", "2.A.2.d"]
    assert conn.execute(select(FRAMEWORK.c.key)).scalars().all() == ["onet"]


def test_obstacle_is_asked_of_the_package(conn: Connection, tmp_path: Path) -> None:
    _read(tmp_path, 'align = [{ framework = "sfia", code = "CAPM", title = "Capacity" }]\n')
    course, _ = read_package(tmp_path)
    assert course is not None
    assert '"sfia", which is not here' in AssessmentsCoursework().prepare(course).obstacle(conn)
