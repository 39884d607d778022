"""Frameworks: importing a table, bringing it up to date, aligning competencies, and who may."""

from typing import Any

import pytest
from sqlalchemy import Connection, select

from assessments.competencies import aligning, frameworks, importing
from assessments.competencies.known import FrameworkFacts
from assessments.competencies.plan import SkillsPlan, plan_skills
from assessments.competencies.queries import SKILL, alignments_of
from assessments.competencies.table import MOST_BYTES, SkillRow, read_skills
from assessments.rubrics.models import Competency
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.database import Database, table
from fourweek.edge import House
from fourweek.errors import Forbidden, Invalid, NotFound
from tests import factories as make
from tests.statements import statements

AUTHOR = (Role.AUTHOR, "")
SHIP = FrameworkFacts("ship", "Shipyard skills", "The Yard", "2", "https://example.org/ship")
FORM = "/authoring/import-skills"
CSV = b"code,title,description,url\nA1,Weld,Joins metal.,https://example.org/a1\nA2,=Cut,,\n"
TYPED = {"key": "ship", "title": "Shipyard skills"}
KEY_WORDS = "Small letters a to z, digits and hyphens, at most 60, such as “esco”."
COMPETENCY, AUDIT = table(Competency), table(AuditRow)


def _author(conn: Connection) -> Any:
    return make.visitor(make.person(conn, "Ada Author"), make.START, AUTHOR)


def _import(conn: Connection, text: str, facts: FrameworkFacts = SHIP) -> SkillsPlan:
    author = _author(conn)
    plan = importing.check_skills(conn, author, facts.key, read_skills(text))
    framework = importing.keep_framework(conn, author, facts, plan)
    for piece in importing.in_pieces(plan.coming):
        importing.keep_skills(conn, author, framework, piece)
    return plan


def _skills(conn: Connection) -> list[tuple[str, ...]]:
    return [tuple(row) for row in conn.execute(select(SKILL.c.code, SKILL.c.title, SKILL.c.url).order_by(SKILL.c.code))]


def _competency(conn: Connection) -> tuple[str, str]:
    """(course code, competency id) of a course."""
    made = make.course(conn, 1)
    wanted = select(COMPETENCY.c.id).where(COMPETENCY.c.course_id == made.course_id)
    return made.code, str(conn.execute(wanted).scalar_one())


def test_only_authors_may(conn: Connection) -> None:
    code, _ = _competency(conn)
    lead = make.visitor(make.person(conn), make.START, (Role.LEAD, ""))
    calls: tuple[Any, ...] = (
        lambda: frameworks.frameworks_page(conn, lead, 1),
        lambda: frameworks.framework_page(conn, lead, "ship", "", 1),
        lambda: frameworks.import_form(conn, lead, "ship"),
        lambda: importing.check_skills(conn, lead, "ship", ()),
        lambda: importing.keep_framework(conn, lead, SHIP, plan_skills((), {})),
        lambda: importing.keep_skills(conn, lead, "x", [SkillRow(2, "A1", "Weld")]),
        lambda: aligning.competencies_page(conn, lead, code, aligning.Asked(), 1),
        lambda: aligning.align(conn, lead, code, "diagnose", "x", ends=False),
    )
    for call in calls:
        with pytest.raises(Forbidden):
            call()


def test_import_again_brings_up_to_date_and_removes_nothing(conn: Connection) -> None:
    code, competency = _competency(conn)
    _import(conn, CSV.decode())
    skill = conn.execute(select(SKILL.c.id).where(SKILL.c.code == "A1")).scalar_one()
    aligning.align(conn, _author(conn), code, "diagnose", skill, ends=False)
    plan = _import(conn, "code,title\nA2,Cut\nA3,Bend\n", FrameworkFacts("ship", "Shipyard skills", "The Yard", "3"))
    assert ([one.code for one in plan.new], [one.code for one in plan.reworded], plan.left) == (["A3"], ["A2"], 1)
    assert _skills(conn) == [("A1", "Weld", "https://example.org/a1"), ("A2", "Cut", ""), ("A3", "Bend", "")]
    assert [one.title for one in alignments_of(conn, [competency])[competency]] == ["Weld"]
    page = frameworks.framework_page(conn, _author(conn), "ship", "", 1)
    assert (page.facts.version, page.skills[0].competencies) == ("3", (("Diagnose", code),))
    acts = conn.execute(select(AUDIT.c.act).where(AUDIT.c.subject_kind.in_(("framework", "competency")))).scalars()
    assert sorted(acts) == ["competency.align", "framework.import", "framework.import"]


def test_five_thousand_skills_come_in_pieces(conn: Connection) -> None:
    rows = "code,title\n" + "".join(f"S{n},Skill {n}\n" for n in range(5_000))
    assert len(importing.in_pieces(_import(conn, rows).coming)) == 10
    assert len(_skills(conn)) == 5_000
    assert _import(conn, rows).same == 5_000
    page = frameworks.framework_page(conn, _author(conn), "ship", "skill 4999", 1)
    assert [one.code for one in page.skills] == ["S4999"]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (
            {"key": "Ship 1", "title": "x"},
            {"key": KEY_WORDS},
        ),
        ({"key": "ship", "title": " "}, {"title": "Give the framework its name."}),
        ({"key": "ship", "title": "x" * 201}, {"title": "At most 200 characters; these are 201."}),
        (TYPED | {"url": "ftp://x"}, {"url": "An address that begins with https:// or http://, or nothing."}),
    ],
)
def test_what_is_wrong_with_a_framework_is_said_beside_its_field(typed: dict[str, str], says: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        importing.facts_of(typed)
    assert refused.value.fields == says


def test_alignment_is_stated_and_ended_once(conn: Connection) -> None:
    code, competency = _competency(conn)
    _import(conn, CSV.decode())
    author = _author(conn)
    asked = aligning.Asked("diagnose", "weld")
    (found,) = aligning.competencies_page(conn, author, code, asked, 1).found
    for _ in range(2):
        said = aligning.align(conn, author, code, "diagnose", found.skill_id, ends=False)
    assert said == "“Diagnose” is now aligned with “Weld”."
    page = aligning.competencies_page(conn, author, code, aligning.Asked(), 1)
    assert [skill.code for one in page.competencies for skill in one.skills] == ["A1"]
    for _ in range(2):
        aligning.align(conn, author, code, "diagnose", found.skill_id, ends=True)
    assert alignments_of(conn, [competency]) == {}
    acts = conn.execute(select(AUDIT.c.act).where(AUDIT.c.subject_id == competency).order_by(AUDIT.c.id)).scalars()
    assert list(acts) == ["competency.align", "competency.unalign"]
    for wrong in ((code, "other", found.skill_id), (code, "diagnose", "x"), ("other", "diagnose", found.skill_id)):
        with pytest.raises(NotFound):
            aligning.align(conn, author, *wrong, ends=False)


def test_pages_ask_as_much_for_many(db: Database) -> None:
    author = make.visitor(db.write_now(make.person), make.START, AUTHOR)

    def asked() -> list[int]:
        counts = []
        for call in (
            lambda conn: frameworks.frameworks_page(conn, author, 1),
            lambda conn: frameworks.framework_page(conn, author, "ship", "", 1),
        ):
            with statements(db) as count:
                db.read_now(call)
            counts.append(count.number)
        return counts

    db.write_now(_import, CSV.decode())
    few = asked()
    db.write_now(_import, "code,title\n" + "".join(f"S{n},Skill {n}\n" for n in range(60)))
    db.write_now(_import, CSV.decode(), FrameworkFacts("yard", "Yard"))
    assert asked() == few == [1, 3]


def test_author_imports_a_file_after_looking_at_it(house: House, browser: Any) -> None:
    author = browser(house.db.write_now(make.with_role, Role.AUTHOR))
    wrong = author.submit(FORM, FORM, files={"file": ("s.csv", CSV + b",Bend,,\n")}, **TYPED)
    assert (wrong.status_code, "“code” is missing." in wrong.text) == (422, True)
    assert house.db.read_now(_skills) == []
    shown = author.submit(FORM, FORM, files={"file": ("s.csv", CSV)}, **TYPED)
    assert (shown.status_code, "Import 2 skills" in shown.text) == (200, True)
    assert house.db.read_now(_skills) == []
    held = shown.text.partition('name="held" value="')[2][:32]
    fields = {"held": held, "checked": "ship", "act": "import", **TYPED}
    other = browser(house.db.write_now(make.with_role, Role.AUTHOR, "Otto Other"))
    theirs = other.submit(FORM, FORM, files={}, **fields)
    assert (theirs.status_code, "is not here any more" in theirs.text) == (422, True)
    moved = author.submit(FORM, FORM, **(fields | {"key": "yard"}))
    assert (moved.status_code, "Import 2 skills" in moved.text, house.db.read_now(_skills)) == (200, True, [])
    done = author.submit(FORM, FORM, **fields)
    assert (done.status_code, done.headers["location"]) == (303, "/authoring/frameworks/ship")
    assert house.db.read_now(_skills) == [("A1", "Weld", "https://example.org/a1"), ("A2", "=Cut", "")]
    page = author.get("/authoring/frameworks/ship")
    assert "=Cut" in page.text
    assert 'href="https://example.org/a1"' in page.text
    again = author.submit(FORM, FORM, **fields)
    assert (again.status_code, "is not here any more" in again.text) == (422, True)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("code,title\nA1,Schweißen\n".encode("latin-1"), "The file is not in UTF-8."),
        (b"a,b\n1,2\n", "The first row must name the columns code and title"),
        (b"", "Choose a CSV file."),
        (b"x" * (MOST_BYTES + 1), "The file is larger than"),
    ],
    ids=["latin-1", "wrong columns", "empty", "too large"],
)
def test_file_that_cannot_be_read_is_said_beside_the_field(house: House, browser: Any, data: bytes, says: str) -> None:
    author = browser(house.db.write_now(make.with_role, Role.AUTHOR))
    answer = author.submit(FORM, FORM, files={"file": ("s.csv", data)}, **TYPED)
    assert (answer.status_code, says in answer.text, "Shipyard skills" in answer.text) == (422, True, True)


def test_strangers_see_no_page_of_frameworks(house: House, browser: Any) -> None:
    learner = browser(house.db.write_now(make.person))
    for page in ("/authoring/frameworks", FORM, "/authoring/frameworks/ship", "/authoring/courses/x/competencies"):
        assert learner.get(page).status_code == 403
        assert browser().get(page).status_code == 303
