"""Making a rule: one row, for work begun from then on."""

from sqlalchemy import Connection, bindparam, func, select

from assessments.deciding.models import DecisionRule
from assessments.deciding.queries import RULE
from assessments.deciding.rules import Rule
from courses.catalogue.models import Course
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.database import add, lock, new_id, table
from fourweek.errors import Conflict
from fourweek.language import N_, _

COURSE = table(Course)
_NEWEST = select(func.coalesce(func.max(RULE.c.number), 0)).where(
    RULE.c.course_id == bindparam("course"), RULE.c.assignment_key == bindparam("key")
)


class RuleChanged(Conflict):
    """Somebody made another rule since the page was shown."""

    title = N_("This rule does not apply")


def make_rule(
    conn: Connection, visitor: Visitor, course_id: str, key: str, rule: Rule, *, after: int, reason: str
) -> int:
    """Let this rule hold for work on the assignment that is begun from now on; its number.

    The caller has authorised and seen that it fits the rubric. Raises RuleChanged unless `after` is the number of the
    newest rule.
    """
    lock(conn, COURSE, course_id)
    newest = conn.execute(_NEWEST, {"course": course_id, "key": key}).scalar_one()
    if newest != after:
        raise RuleChanged(
            _("Another rule was made meanwhile. It is shown above; what you typed is still on this page.")
        )
    row = DecisionRule(
        id=new_id(),
        course_id=course_id,
        assignment_key=key,
        number=newest + 1,
        kind=rule.kind,
        terms=rule.terms,
        holds_from=visitor.now.school,
        made_by=visitor.me.id,
        reason=reason,
    )
    add(conn, row)
    at, me, detail = visitor.now.real, visitor.me.id, {"course": course_id, "assignment": key, "number": row.number}
    record(conn, "rule.made", "decision_rule", row.id, at=at, actor_id=me, reason=reason, detail=detail)
    return row.number
