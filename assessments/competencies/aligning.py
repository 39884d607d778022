"""What a course's competencies are aligned with: the page of authors, and saying so."""

from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select

from assessments.competencies.models import Alignment
from assessments.competencies.queries import ALIGNMENT, FRAMEWORK, SKILL, AlignedSkill, alignments_of
from assessments.rubrics.queries import COMPETENCY
from courses.catalogue.access import of_a_writer
from courses.catalogue.rules import search_words
from courses.cohorts.queries import COURSE, VERSION
from courses.paging import PER_PAGE, Pager, offset, pager, query
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.database import add_once
from fourweek.errors import NotFound
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.searching import holds

MOST_FOUND = 20

_COURSE: Any = (
    select(COURSE.c.id.label("course_id"), COURSE.c.code, VERSION.c.title)
    .join(VERSION, VERSION.c.id == COURSE.c.current_version_id)
    .where(COURSE.c.code == bindparam("code"))
)
_COMPETENCIES: Any = (
    select(COMPETENCY.c.id, COMPETENCY.c.key, COMPETENCY.c.title, COMPETENCY.c.description)
    .add_columns(func.count().over().label("total"))
    .where(COMPETENCY.c.course_id == bindparam("course"))
    .order_by(COMPETENCY.c.key)
    .limit(PER_PAGE)
    .offset(bindparam("offset"))
)
_FOUND: Any = (
    select(
        SKILL.c.id,
        FRAMEWORK.c.key,
        FRAMEWORK.c.title.label("framework"),
        SKILL.c.code,
        SKILL.c.title,
        SKILL.c.description,
        SKILL.c.url,
    )
    .join(FRAMEWORK, FRAMEWORK.c.id == SKILL.c.framework_id)
    .order_by(SKILL.c.title, FRAMEWORK.c.key, SKILL.c.code)
    .limit(MOST_FOUND)
)
_ONE: Any = (
    select(COMPETENCY.c.id, COMPETENCY.c.title, COMPETENCY.c.course_id)
    .join(COURSE, COURSE.c.id == COMPETENCY.c.course_id)
    .where(COURSE.c.code == bindparam("code"), COMPETENCY.c.key == bindparam("competency"))
)
_SKILL: Any = (
    select(SKILL.c.title, SKILL.c.code, FRAMEWORK.c.key)
    .join(FRAMEWORK, FRAMEWORK.c.id == SKILL.c.framework_id)
    .where(SKILL.c.id == bindparam("skill"))
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The competency, by its key, that a skill is looked for, and the words it is to hold."""

    competency: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class CompetencyLine:
    key: str
    title: str
    description: str
    skills: tuple[AlignedSkill, ...]


@dataclass(frozen=True, slots=True)
class CompetenciesPage:
    """`found` are skills that hold the words, at most MOST_FOUND, for the competency that was asked for."""

    code: str
    course_title: str
    asked: Asked
    competencies: tuple[CompetencyLine, ...]
    found: tuple[AlignedSkill, ...]
    pager: Pager


def competencies_page(conn: Connection, visitor: Visitor, code: str, asked: Asked, number: int) -> CompetenciesPage:
    """A course's competencies with what they are aligned with; four statements at most. Raises NotFound."""
    course = of_a_writer(visitor, conn.execute(_COURSE, {"code": code}).first())
    rows = conn.execute(_COMPETENCIES, {"course": course.course_id, "offset": offset(number)}).all()
    aligned = alignments_of(conn, [row.id for row in rows])
    lines = tuple(CompetencyLine(row.key, row.title, row.description, aligned.get(row.id, ())) for row in rows)
    return CompetenciesPage(
        code=course.code,
        course_title=course.title,
        asked=asked,
        competencies=lines,
        found=_looked_for(conn, asked),
        pager=pager(number, rows[0].total if rows else 0, lambda n: query(page=n)),
    )


def align(conn: Connection, visitor: Visitor, code: str, competency: str, skill: str, *, ends: bool) -> str:
    """Align a competency of the course with a skill, or end that; says what was done. Safe to do twice.

    Raises NotFound for a competency or skill that is not there.
    """
    one = of_a_writer(visitor, conn.execute(_ONE, {"code": code, "competency": competency}).first())
    me = visitor.me
    other = conn.execute(_SKILL, {"skill": skill}).first()
    if other is None:
        raise NotFound
    if ends:
        where = (ALIGNMENT.c.competency_id == one.id, ALIGNMENT.c.skill_id == skill)
        done = conn.execute(delete(ALIGNMENT).where(*where)).rowcount == 1
    else:
        row = Alignment(competency_id=one.id, skill_id=skill, stated_at=visitor.now.school, stated_by=me.id)
        done = add_once(conn, row)
    if done:
        act = "competency.unalign" if ends else "competency.align"
        detail = {"framework": other.key, "code": other.code}
        record(conn, act, "competency", one.id, at=visitor.now.real, actor_id=me.id, detail=detail)
    if ends:
        return _("“{competency}” is no longer aligned with “{skill}”.", competency=one.title, skill=other.title)
    return _("“{competency}” is now aligned with “{skill}”.", competency=one.title, skill=other.title)


def _looked_for(conn: Connection, asked: Asked) -> tuple[AlignedSkill, ...]:
    words = search_words(asked.words)
    if not asked.competency or not words:
        return ()
    looked_for = [holds(word, SKILL.c.code, SKILL.c.title, FRAMEWORK.c.key) for word in words]
    return tuple(AlignedSkill(*row) for row in conn.execute(_FOUND.where(*looked_for)))
