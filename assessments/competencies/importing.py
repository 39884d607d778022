"""Taking a framework's skills in: looked at first, then stored in pieces that each may be done again."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from assessments.competencies.keeping import make_framework
from assessments.competencies.known import FrameworkFacts
from assessments.competencies.models import Skill
from assessments.competencies.plan import SkillsPlan, Words, plan_skills
from assessments.competencies.queries import FRAMEWORK, SKILL
from assessments.competencies.table import WEB_ADDRESS, SkillRow
from fourweek.accounts.access import Permission, Visitor
from fourweek.audit.service import record
from fourweek.database import lock, new_id
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.words import say_whole

PIECE = 500
KEY = re.compile(r"[a-z0-9-]{1,60}")
LONGEST = {"title": 200, "publisher": 200, "version": 60, "url": 2_000}
_KNOWN: Any = (
    select(SKILL.c.code, SKILL.c.title, SKILL.c.description, SKILL.c.url)
    .join(FRAMEWORK, FRAMEWORK.c.id == SKILL.c.framework_id)
    .where(FRAMEWORK.c.key == bindparam("key"))
)
_ID: Any = select(FRAMEWORK.c.id).where(FRAMEWORK.c.key == bindparam("key"))


def facts_of(typed: Mapping[str, str]) -> FrameworkFacts:
    """What was typed about a framework. Raises Invalid with a sentence for each field that cannot be taken."""
    said = {name: " ".join(typed.get(name, "").split()) for name in ("key", *LONGEST)}
    wrong = {
        name: _("At most {most} characters; these are {long}.", most=say_whole(most), long=say_whole(len(said[name])))
        for name, most in LONGEST.items()
        if len(said[name]) > most
    }
    if not KEY.fullmatch(said["key"]):
        wrong["key"] = _("Small letters a to z, digits and hyphens, at most 60, such as “esco”.")
    if not said["title"]:
        wrong["title"] = _("Give the framework its name.")
    if said["url"] and not WEB_ADDRESS.fullmatch(said["url"]):
        wrong["url"] = _("An address that begins with https:// or http://, or nothing.")
    if wrong:
        raise Invalid(wrong)
    return FrameworkFacts(**said)


def check_skills(conn: Connection, visitor: Visitor, key: str, rows: Sequence[SkillRow]) -> SkillsPlan:
    """What importing these rows would do now; nothing is stored."""
    visitor.need(Permission.PUBLISH_COURSE)
    known = {row.code: Words(row.title, row.description, row.url) for row in conn.execute(_KNOWN, {"key": key})}
    return plan_skills(rows, known)


def keep_framework(conn: Connection, visitor: Visitor, facts: FrameworkFacts, plan: SkillsPlan) -> str:
    """Make the framework, or give it what was typed; returns its id. Its skills follow by `keep_skills`."""
    me = visitor.need(Permission.PUBLISH_COURSE)
    is_new = make_framework(conn, facts, visitor.now.school, me.id)
    framework: str = conn.execute(_ID, {"key": facts.key}).scalar_one()
    if not is_new:
        lock(conn, FRAMEWORK, framework)
        words = {"title": facts.title, "publisher": facts.publisher, "version": facts.version, "url": facts.url}
        conn.execute(update(FRAMEWORK).where(FRAMEWORK.c.id == framework).values(words))
    detail = {"key": facts.key, "version": facts.version, "new": len(plan.new), "reworded": len(plan.reworded)}
    record(conn, "framework.import", "framework", framework, at=visitor.now.real, actor_id=me.id, detail=detail)
    return framework


def keep_skills(conn: Connection, visitor: Visitor, framework_id: str, rows: Sequence[SkillRow]) -> None:
    """Insert or reword these skills, at most PIECE of them; none is ever removed. Safe to do twice."""
    visitor.need(Permission.PUBLISH_COURSE)
    made = [
        Skill(
            id=new_id(),
            framework_id=framework_id,
            code=row.code,
            title=row.title,
            description=row.description or "",
            url=row.url or "",
        )
        for row in sorted(rows, key=lambda one: one.code)  # two imports at once take rows in the same order
    ]
    said = {"title", *(name for name in ("description", "url") if getattr(rows[0], name) is not None)}
    insert = (postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert)(SKILL)
    reword = insert.on_conflict_do_update(
        index_elements=[SKILL.c.framework_id, SKILL.c.code], set_={name: insert.excluded[name] for name in said}
    )
    conn.execute(reword, [one.model_dump() for one in made])


def in_pieces(rows: Sequence[SkillRow]) -> list[Sequence[SkillRow]]:
    return [rows[at : at + PIECE] for at in range(0, len(rows), PIECE)]
