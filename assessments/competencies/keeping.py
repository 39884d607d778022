"""Storing what the competencies of a package are aligned with."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from assessments.competencies.known import KNOWN, FrameworkFacts
from assessments.competencies.models import Alignment, Framework, Skill
from assessments.competencies.queries import ALIGNMENT, FRAMEWORK, SKILL
from courses.packages.models import ParsedAlignment, ParsedCompetency
from fourweek.database import add_all_once, add_once, new_id
from fourweek.language import _

Name = tuple[str, str]

_FRAMEWORKS: Any = select(FRAMEWORK.c.key, FRAMEWORK.c.id).where(FRAMEWORK.c.key.in_(bindparam("keys", expanding=True)))
_SKILLS: Any = (
    select(FRAMEWORK.c.key, SKILL.c.code, SKILL.c.id)
    .join(FRAMEWORK, FRAMEWORK.c.id == SKILL.c.framework_id)
    .where(FRAMEWORK.c.key.in_(bindparam("keys", expanding=True)), SKILL.c.code.in_(bindparam("codes", expanding=True)))
)


def alignment_problem(conn: Connection, declared: Sequence[ParsedCompetency]) -> str:
    """Why these alignments cannot be stored as things stand; "" where they can. Two statements at most."""
    named = _named(declared)
    if not named:
        return ""
    here, skills = set(_frameworks(conn, named)) | set(KNOWN), _skills(conn, named)
    for one in named.values():
        if one.framework not in here:
            return _(
                'A competency is aligned with the framework "{framework}", which is not here. Import it under '
                "Authoring, Frameworks, then publish.",
                framework=one.framework,
            )
        if (one.framework, one.code) not in skills and not one.title:
            return _(
                'The framework "{framework}" has no skill "{code}" here. Correct the code, import the framework '
                "anew, or give the skill a title in the package.",
                framework=one.framework,
                code=one.code,
            )
    return ""


def keep_alignments(
    conn: Connection, competencies: Mapping[str, str], declared: Sequence[ParsedCompetency], *, now: datetime
) -> None:
    """What a package says takes the place of what a competency was aligned with; where it says nothing, that stays.

    `competencies` is {key: id}. A skill that is here keeps its own words; one that is not is made of the package's.
    """
    said = {competencies[one.key]: one.align for one in declared if one.align is not None}
    if not said:
        return
    named = _named(declared)
    _make_frameworks(conn, {one.framework for one in named.values()}, now)
    ids = _make_skills(conn, named)
    conn.execute(delete(ALIGNMENT).where(ALIGNMENT.c.competency_id.in_(list(said))))
    rows = [
        Alignment(competency_id=competency, skill_id=ids[skill.framework, skill.code], stated_at=now)
        for competency, skills in said.items()
        for skill in skills
    ]
    if rows:
        add_all_once(conn, *rows)


def make_framework(conn: Connection, facts: FrameworkFacts, now: datetime, by: str | None = None) -> bool:
    """Add a framework unless its key is taken; says whether it was added."""
    return add_once(
        conn,
        Framework(
            id=new_id(),
            key=facts.key,
            title=facts.title,
            publisher=facts.publisher,
            version=facts.version,
            url=facts.url,
            made_at=now,
            made_by=by,
        ),
    )


def _make_frameworks(conn: Connection, keys: Iterable[str], now: datetime) -> None:
    for key in sorted(keys):
        if key in KNOWN:
            make_framework(conn, KNOWN[key], now)


def _make_skills(conn: Connection, named: Mapping[Name, ParsedAlignment]) -> dict[Name, str]:
    """The id of every named skill; those that are not here are made."""
    if not named:
        return {}
    frameworks, known = _frameworks(conn, named), _skills(conn, named)
    missing = [
        Skill(id=new_id(), framework_id=frameworks[one.framework], code=one.code, title=one.title, url=one.url)
        for name, one in named.items()
        if name not in known
    ]
    if not missing:
        return known
    add_all_once(conn, *missing)
    return _skills(conn, named)


def _named(declared: Sequence[ParsedCompetency]) -> dict[Name, ParsedAlignment]:
    return {(one.framework, one.code): one for competency in declared for one in competency.align or ()}


def _frameworks(conn: Connection, named: Mapping[Name, ParsedAlignment]) -> dict[str, str]:
    rows = conn.execute(_FRAMEWORKS, {"keys": sorted({key for key, _code in named})})
    return {row.key: row.id for row in rows}


def _skills(conn: Connection, named: Mapping[Name, ParsedAlignment]) -> dict[Name, str]:
    values = {"keys": sorted({key for key, _code in named}), "codes": sorted({code for _key, code in named})}
    return {(row.key, row.code): row.id for row in conn.execute(_SKILLS, values)}
