"""What a package aligns its competencies with: what it says, what is wrong, and what is kept."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from assessments.competencies.importing import in_pieces, keep_framework, keep_skills
from assessments.competencies.keeping import alignment_problem, keep_alignments, make_framework
from assessments.competencies.known import KNOWN, FrameworkFacts
from assessments.competencies.plan import plan_skills
from assessments.competencies.queries import FRAMEWORK, SKILL, alignments_of
from assessments.competencies.table import SkillRow, read_skills
from assessments.coursework import AssessmentsCoursework
from assessments.rubrics.models import Competency
from courses.packages import read_package
from courses.packages.models import ParsedAlignment, ParsedCompetency, Problem
from fourweek.accounts.models import Role
from fourweek.database import Database, table
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


def test_example_of_the_page_for_authors_is_read_as_it_says(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "course-package.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```toml\n\[\[competency\]\].*?(^align = .*?)^```$", page, re.MULTILINE | re.DOTALL)
    align, problems = _read(tmp_path, example)
    assert problems == []
    assert [(one.framework, one.title) for one in align or ()] == [("onet", "Troubleshooting"), ("esco", "SQL")]
    assert {one.framework for one in align or ()} == set(KNOWN)


def test_two_imports_of_one_framework_at_once_both_end(db: Database) -> None:
    """Each takes the rows in another order."""
    rows = read_skills("code,title\n" + "".join(f"S{n},Skill {n}\n" for n in range(300)))
    author = make.visitor(db.write_now(make.person), make.START, (Role.AUTHOR, ""))

    def run(mine: tuple[SkillRow, ...]) -> None:
        framework = db.write_now(keep_framework, author, FrameworkFacts("ship", "Ship"), plan_skills(mine, {}))
        for piece in in_pieces(mine):
            db.write_now(keep_skills, author, framework, piece)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, (rows, rows[::-1])))
    found = db.read_now(lambda conn: conn.execute(select(func.count()).select_from(SKILL)).scalar_one())
    assert found == 300
