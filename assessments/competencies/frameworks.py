"""What the pages of frameworks show."""

from dataclasses import field
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from assessments.competencies.known import KNOWN, FrameworkFacts
from assessments.competencies.plan import SkillsPlan
from assessments.competencies.queries import ALIGNMENT, FRAMEWORK, SKILL
from assessments.competencies.table import SkillRow
from assessments.rubrics.queries import COMPETENCY
from courses.catalogue.rules import search_words
from courses.cohorts.queries import COURSE
from courses.paging import PER_PAGE, Pager, offset, pager, query
from fourweek.accounts.access import Permission, Visitor
from fourweek.errors import NotFound
from fourweek.light import dataclass
from fourweek.searching import holds

MOST_WRONG, MOST_SHOWN = 200, 20

_SKILLS = select(func.count()).where(SKILL.c.framework_id == FRAMEWORK.c.id).correlate(FRAMEWORK).scalar_subquery()
_ALIGNED = (
    select(func.count(ALIGNMENT.c.competency_id.distinct()))
    .join(SKILL, SKILL.c.id == ALIGNMENT.c.skill_id)
    .where(SKILL.c.framework_id == FRAMEWORK.c.id)
    .correlate(FRAMEWORK)
    .scalar_subquery()
)
_FRAMEWORKS: Any = (
    select(FRAMEWORK, _SKILLS.label("skills"), _ALIGNED.label("aligned"), func.count().over().label("total"))
    .order_by(FRAMEWORK.c.key)
    .limit(PER_PAGE)
    .offset(bindparam("offset"))
)
_ONE: Any = select(FRAMEWORK).where(FRAMEWORK.c.key == bindparam("key"))
_OF_ONE: Any = (
    select(SKILL.c.id, SKILL.c.code, SKILL.c.title, SKILL.c.description, SKILL.c.url)
    .add_columns(func.count().over().label("total"))
    .where(SKILL.c.framework_id == bindparam("framework"))
    .order_by(SKILL.c.code)
    .limit(PER_PAGE)
)
_USES: Any = (
    select(ALIGNMENT.c.skill_id, COMPETENCY.c.title, COURSE.c.code)
    .join(COMPETENCY, COMPETENCY.c.id == ALIGNMENT.c.competency_id)
    .join(COURSE, COURSE.c.id == COMPETENCY.c.course_id)
    .where(ALIGNMENT.c.skill_id.in_(bindparam("skills", expanding=True)))
    .order_by(COURSE.c.code, COMPETENCY.c.title)
)


@dataclass(frozen=True, slots=True)
class FrameworkLine:
    facts: FrameworkFacts
    skills: int
    aligned: int


@dataclass(frozen=True, slots=True)
class FrameworksPage:
    frameworks: tuple[FrameworkLine, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class SkillLine:
    """A skill with the competencies that are aligned with it, as (title, course code)."""

    code: str
    title: str
    description: str
    url: str
    competencies: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FrameworkPage:
    facts: FrameworkFacts
    words: str
    skills: tuple[SkillLine, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class ImportPage:
    """The form and, once a table was read, what it would do. `held` names the file that waits for a yes.

    `wrong`, `new` and `reworded` are the first rows of each kind.
    """

    typed: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    held: str = ""
    plan: SkillsPlan | None = None

    @property
    def wrong(self) -> tuple[SkillRow, ...]:
        return self.plan.wrong[:MOST_WRONG] if self.plan else ()

    @property
    def new(self) -> tuple[SkillRow, ...]:
        return self.plan.new[:MOST_SHOWN] if self.plan else ()

    @property
    def reworded(self) -> tuple[SkillRow, ...]:
        return self.plan.reworded[:MOST_SHOWN] if self.plan else ()


def frameworks_page(conn: Connection, visitor: Visitor, number: int) -> FrameworksPage:
    visitor.need(Permission.PUBLISH_COURSE)
    rows = conn.execute(_FRAMEWORKS, {"offset": offset(number)}).all()
    lines = tuple(FrameworkLine(_facts(row), row.skills, row.aligned) for row in rows)
    return FrameworksPage(lines, pager(number, rows[0].total if rows else 0, lambda n: query(page=n)))


def framework_page(conn: Connection, visitor: Visitor, key: str, words: str, number: int) -> FrameworkPage:
    """One page of the skills that hold every word; three statements. Raises NotFound."""
    visitor.need(Permission.PUBLISH_COURSE)
    found = conn.execute(_ONE, {"key": key}).first()
    if found is None:
        raise NotFound
    looked_for = [holds(word, SKILL.c.code, SKILL.c.title, SKILL.c.description) for word in search_words(words)]
    rows = conn.execute(_OF_ONE.where(*looked_for).offset(offset(number)), {"framework": found.id}).all()
    uses: dict[str, list[tuple[str, str]]] = {}
    for use in conn.execute(_USES, {"skills": [row.id for row in rows]}):
        uses.setdefault(use.skill_id, []).append((use.title, use.code))
    return FrameworkPage(
        facts=_facts(found),
        words=words,
        skills=tuple(
            SkillLine(row.code, row.title, row.description, row.url, tuple(uses.get(row.id, ()))) for row in rows
        ),
        pager=pager(number, rows[0].total if rows else 0, lambda n: query(q=words, page=n)),
    )


def import_form(conn: Connection, visitor: Visitor, key: str) -> ImportPage:
    """The form, filled with what is known of a framework of this key."""
    visitor.need(Permission.PUBLISH_COURSE)
    row = conn.execute(_ONE, {"key": key}).first()
    facts = _facts(row) if row else KNOWN.get(key, FrameworkFacts(key, ""))
    names = ("key", "title", "publisher", "version", "url")
    return ImportPage({name: getattr(facts, name) for name in names})


def importer(_conn: Connection, visitor: Visitor) -> str:
    """The id of somebody who may import. Raises SignInNeeded or Forbidden for everybody else."""
    return visitor.need(Permission.PUBLISH_COURSE).id


def _facts(row: Row[Any]) -> FrameworkFacts:
    return FrameworkFacts(row.key, row.title, row.publisher, row.version, row.url)
