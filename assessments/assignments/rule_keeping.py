"""Storing the decision rules of a version that is being published."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from assessments.assignments.package import ParsedAssignment
from assessments.deciding.models import DecisionRule
from assessments.deciding.rules import EVERY, rule_of
from fourweek.database import add, new_id, table

RULE = table(DecisionRule)
_RULES: Any = (
    select(RULE.c.assignment_key, RULE.c.number, RULE.c.terms)
    .where(RULE.c.course_id == bindparam("course"))
    .order_by(RULE.c.number)
)


def keep_rules(
    conn: Connection, course_id: str, version: str, assignments: Sequence[ParsedAssignment], *, now: datetime
) -> None:
    """Add the rule of each assignment that states one, where it differs from the newest.

    It holds for work begun from `now` on (school's clock). The caller holds the course's row.
    """
    stated = [one for one in assignments if one.rule is not None]
    newest = {row.assignment_key: row for row in conn.execute(_RULES, {"course": course_id})} if stated else {}
    rows = []
    for one in stated:
        last = newest.get(one.key)
        if one.rule is None or one.rule == (rule_of(last.terms) if last else EVERY):
            continue
        rows.append(
            DecisionRule(
                id=new_id(),
                course_id=course_id,
                assignment_key=one.key,
                number=last.number + 1 if last else 1,
                kind=one.rule.kind,
                terms=one.rule.terms,
                holds_from=now,
                reason=f"Published with version {version} of the course.",
            )
        )
    if rows:
        add(conn, *rows)
