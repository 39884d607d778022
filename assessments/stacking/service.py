"""Making the rule of a series' badge, and ending it. Rules are only added; the newest one holds."""

from sqlalchemy import Connection, Row

from assessments.badges.models import Achievement
from assessments.stacking.forms import LONGEST, RuleForm
from assessments.stacking.models import SeriesRule, SeriesRuleCourse, StackKind
from assessments.stacking.pages import courses_of_series
from assessments.stacking.queries import Rule, rules_of
from courses.series.queries import SERIES, series_row
from fourweek.accounts.access import Permission, Visitor
from fourweek.audit.service import record
from fourweek.database import add, lock, new_id
from fourweek.errors import Conflict, Invalid
from fourweek.language import _


class RuleChanged(Conflict):
    """Somebody else made a rule since the form was opened."""


def make_rule(conn: Connection, visitor: Visitor, code: str, typed: RuleForm) -> int:
    """Let a rule hold from now on, with a badge of its own; returns its number.

    Raises Invalid for a form that cannot be taken, and RuleChanged where it started from another rule.
    """
    row, newest = _held(conn, visitor, code, typed.number)
    courses = courses_of_series(conn, row.id)
    if problems := typed.problems([one.code for one in courses]):
        raise Invalid(problems)
    made = SeriesRule(
        id=new_id(),
        series_id=row.id,
        number=(newest.number if newest else 0) + 1,
        kind=StackKind(typed.kind),
        needed=typed.wanted,
        within_months=typed.within_months,
        why=typed.why,
        made_at=visitor.now.school,
        made_by=visitor.me.id,
    )
    add(conn, made)
    chosen = [one.id for one in courses if one.code in typed.courses]
    add(conn, *(SeriesRuleCourse(rule_id=made.id, course_id=one, position=at) for at, one in enumerate(chosen, 1)))
    add(conn, _achievement(made, typed))
    detail = {"rule": made.number, "kind": made.kind, "needed": made.needed, "months": made.within_months}
    _note(conn, visitor, "series.rule", row.id, typed.why, detail | {"courses": list(typed.courses)})
    return made.number


def end_rule(conn: Connection, visitor: Visitor, code: str, number: str, why: str) -> None:
    """Award nothing more from now on; badges that were awarded stay. Once only.

    Raises Invalid without a reason, and RuleChanged where another rule holds meanwhile.
    """
    row, newest = _held(conn, visitor, code, number)
    if newest is None or newest.ended:
        raise RuleChanged(_("No rule holds here that could end."))
    if not why or len(why) > LONGEST["why"]:
        raise Invalid({"why_end": _("Say why, in at most {most} characters.", most=LONGEST["why"])})
    made = SeriesRule(
        id=new_id(),
        series_id=row.id,
        number=newest.number + 1,
        kind=newest.kind,
        needed=newest.needed,
        within_months=newest.within_months,
        ended=True,
        why=why,
        made_at=visitor.now.school,
        made_by=visitor.me.id,
    )
    add(conn, made)
    _note(conn, visitor, "series.end_rule", row.id, why, {"rule": newest.number})


def _achievement(rule: SeriesRule, typed: RuleForm) -> Achievement:
    """What the badge says. Its picture is drawn when it is first needed, outside of any transaction."""
    return Achievement(
        id=new_id(),
        series_rule_id=rule.id,
        name=typed.name,
        description=typed.description,
        criteria=typed.criteria,
        icon=typed.icon,
        valid_months=typed.holds_months,
        created_at=rule.made_at,
    )


def _held(conn: Connection, visitor: Visitor, code: str, number: str) -> tuple[Row[object], Rule | None]:
    """A series that the visitor may write, locked, and its newest rule."""
    visitor.need(Permission.PUBLISH_COURSE)
    row = series_row(conn, code)
    lock(conn, SERIES, row.id)
    made = rules_of(conn, row.id)
    newest = made[0] if made else None
    if str(newest.number if newest else 0) != number:
        raise RuleChanged(_("Somebody changed the rule meanwhile. Look at what holds now."))
    return row, newest


def _note(conn: Connection, visitor: Visitor, act: str, series_id: str, why: str, detail: dict[str, object]) -> None:
    at, me = visitor.now.real, visitor.me.id
    record(conn, act, "series", series_id, at=at, actor_id=me, reason=why, detail=detail)
