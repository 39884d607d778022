"""Deciding what is equivalent. What is in a ledger stays as it is; what is recorded from now on goes by it."""

from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from assessments.equivalence.forms import Same, Wish
from assessments.equivalence.models import Equivalence
from assessments.equivalence.queries import decisions_of
from assessments.equivalence.rules import Decided, course_group, group_key, new_group
from courses.cohorts.queries import COURSE, MODULE, VERSION
from fourweek.accounts.access import Permission, Visitor
from fourweek.audit.service import record
from fourweek.database import add, lock, new_id
from fourweek.errors import Invalid, NotFound
from fourweek.language import _, n_

_COURSE = select(COURSE.c.id).where(COURSE.c.code == bindparam("code"))
_MODULES = (
    select(func.max(VERSION.c.major).label("newest"), func.max(MODULE.c.number).label("modules"))
    .join(MODULE, MODULE.c.version_id == VERSION.c.id)
    .where(VERSION.c.course_id == bindparam("course"), VERSION.c.major >= bindparam("major"))
)


def decide(conn: Connection, visitor: Visitor, wish: Wish) -> str:
    """Keep a decision; returns its id. For the registrar; everybody else gets NotFound.

    Raises Invalid, by field, for courses, versions and modules that are not there and for what is so already.
    """
    me = visitor.me
    if not me.may(Permission.KEEP_RECORD):
        raise NotFound
    course_id = _found(conn, "course", wish.course)
    lock(conn, COURSE, course_id)
    _published(conn, wish, course_id)
    other = wish.other or wish.course
    other_major = _newest(conn, wish, other)
    decisions = decisions_of(conn, {wish.course, other})
    group = _group(wish, decisions, other_major)
    if group == _now(wish, decisions):
        raise Invalid({"course": _("This is so already; there is nothing to decide.")})
    row = Equivalence(
        id=new_id(),
        course_id=course_id,
        from_major=wish.from_major,
        module_number=wish.module,
        group_name=group,
        why=wish.why,
        decided_by=me.id,
        decided_at=visitor.now.real,
    )
    add(conn, row)
    detail = {"course": wish.course, "from_major": wish.from_major, "module": wish.module, "group": group}
    at = visitor.now.real
    record(conn, "equivalence.decide", "equivalence", row.id, at=at, actor_id=me.id, reason=wish.why, detail=detail)
    return row.id


def _found(conn: Connection, name: str, code: str) -> str:
    found = conn.execute(_COURSE, {"code": code.replace("\0", "")}).scalar()
    if found is None:
        raise Invalid({name: _("No course has this code.")})
    return str(found)


def _published(conn: Connection, wish: Wish, course_id: str) -> None:
    """Refuse a version or a module that was never published."""
    found: Any = conn.execute(_MODULES, {"course": course_id, "major": wish.from_major}).one()
    if found.newest is None:
        raise Invalid({"from_major": _("No such version is published.")})
    if wish.module is not None and wish.module > found.modules:
        raise Invalid({"module": n_("It has {count} module.", "It has {count} modules.", found.modules)})


def _newest(conn: Connection, wish: Wish, code: str) -> int:
    """The newest major version of the other course."""
    found: Any = conn.execute(_MODULES, {"course": _found(conn, "other", code), "major": 1}).one()
    number = wish.other_module or wish.module
    if wish.other and number is not None and number > found.modules:
        raise Invalid({"other_module": n_("It has {count} module.", "It has {count} modules.", found.modules)})
    return int(found.newest)


def _group(wish: Wish, decisions: dict[str, list[Decided]], other_major: int) -> str:
    if wish.kind is Same.REVISED:
        return new_group(wish.course, wish.from_major, wish.module)
    known = decisions[wish.other]
    if wish.other == wish.course:
        other_major = max(1, wish.from_major - 1)
    if wish.module is None:
        return course_group(known, wish.other, other_major)
    return group_key(known, wish.other, other_major, wish.other_module or wish.module)


def _now(wish: Wish, decisions: dict[str, list[Decided]]) -> str:
    known = decisions[wish.course]
    if wish.module is None:
        return course_group(known, wish.course, wish.from_major)
    return group_key(known, wish.course, wish.from_major, wish.module)
