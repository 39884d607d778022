"""The pages about decision rules: which hold in a course, and one of them with what another would change."""

from collections.abc import Iterable
from dataclasses import field, replace
from typing import Any

from sqlalchemy import Boolean, Connection, bindparam, exists, func, or_, select

from assessments.deciding.forms import TypedRule, reason_problems, rule_problems, rule_typed, typed_of
from assessments.deciding.queries import RULE
from assessments.deciding.rules import EVERY, Ladder, rule_of
from assessments.deciding.service import make_rule
from assessments.deciding.words import say_rule
from assessments.grading.access import ASSIGNMENT, COHORT, MODULE, VERSION
from assessments.grading.models import Outcome
from assessments.grading.queries import criteria_of
from assessments.grading.rejudging import MOST, Effect, Rejudged, effect_of
from assessments.grading.rules import Criterion
from assessments.grading.words import OUTCOMES
from courses.catalogue.models import Course
from courses.paging import PER_PAGE, Pager, offset, pager, query
from courses.schedule.words import say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import EVERYWHERE, Permission, Visitor
from fourweek.accounts.models import Person
from fourweek.database import table
from fourweek.errors import Forbidden, Invalid, NotFound
from fourweek.language import _
from fourweek.light import dataclass

PAGE, REMEMBERED = 25, 20
_CHOSEN = VERSION.alias("run_version")
COURSE, MAKER = table(Course), table(Person).alias("rule_maker")
_COURSE = (
    select(COURSE.c.id, COURSE.c.code, VERSION.c.id.label("version_id"), VERSION.c.title)
    .join(VERSION, VERSION.c.id == COURSE.c.current_version_id)
    .where(COURSE.c.code == bindparam("code"))
)
_OF_COURSE = VERSION.c.course_id == bindparam("course")
_LED = select(
    exists(
        select(COHORT.c.id)
        .join(VERSION, VERSION.c.id == COHORT.c.version_id)
        .where(_OF_COURSE, COHORT.c.id.in_(bindparam("scopes", expanding=True)))
    )
)
_RUNS_IN = COHORT.join(_CHOSEN, _CHOSEN.c.id == COHORT.c.version_id)
_LISTED = (
    select(COURSE.c.code, VERSION.c.title)
    .join(VERSION, VERSION.c.id == COURSE.c.current_version_id)
    .where(
        or_(
            bindparam("every", type_=Boolean),
            COURSE.c.id.in_(bindparam("scopes", expanding=True)),
            exists(
                select(COHORT.c.id)
                .select_from(_RUNS_IN)
                .where(_CHOSEN.c.course_id == COURSE.c.id, COHORT.c.id.in_(bindparam("scopes", expanding=True)))
            ),
        )
    )
)
_COUNT = select(func.count()).select_from(_LISTED.subquery())
_COURSES = _LISTED.order_by(VERSION.c.title, COURSE.c.code).limit(PER_PAGE).offset(bindparam("skip"))
_ASSIGNMENTS = (
    select(ASSIGNMENT.c.key, ASSIGNMENT.c.title, ASSIGNMENT.c.rubric_id, MODULE.c.number)
    .join(MODULE, MODULE.c.id == ASSIGNMENT.c.module_id)
    .where(ASSIGNMENT.c.version_id == bindparam("version"))
    .order_by(MODULE.c.number, ASSIGNMENT.c.position)
)
_RULES = (
    select(
        RULE.c.assignment_key,
        RULE.c.number,
        RULE.c.terms,
        RULE.c.holds_from,
        RULE.c.reason,
        MAKER.c.display_name,
    )
    .select_from(RULE.outerjoin(MAKER, MAKER.c.id == RULE.c.made_by))
    .where(RULE.c.course_id == bindparam("course"))
    .order_by(RULE.c.number.desc())
)
_NEWEST = _RULES.where(RULE.c.assignment_key == bindparam("key")).limit(REMEMBERED)


@dataclass(frozen=True, slots=True)
class CoursesPage:
    """The courses, (code, title), in whose rules the visitor has a part."""

    courses: tuple[tuple[str, str], ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class RuleLine:
    """An assignment of a course with the number of its rule, 0 while nobody made one."""

    key: str
    title: str
    module: int
    number: int
    words: str


@dataclass(frozen=True, slots=True)
class RulesPage:
    code: str
    title: str
    lines: tuple[RuleLine, ...]


@dataclass(frozen=True, slots=True)
class MadeRule:
    """A rule that holds or held, in words; `by` is "" for one that came with a package."""

    number: int
    words: tuple[str, ...]
    since: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class EffectRow:
    """`href` leads to the grading screen, "" for those who do not grade there."""

    learner: str
    cohort: str
    attempt: int
    before: str
    now: str
    href: str


@dataclass(frozen=True, slots=True)
class EffectView:
    """What the typed rule would make of decided attempts; `print` marks the terms that were looked at.

    The counts are of all of them. `rows` are those that the visitor leads, `outside` counts what else would change.
    """

    words: tuple[str, ...]
    looked_at: int
    stay: int
    to_demonstrated: int
    to_not_yet: int
    rows: tuple[EffectRow, ...]
    outside: int
    number: int
    pages: int
    print: str
    is_all: bool


@dataclass(frozen=True, slots=True)
class RulePage:
    """`made` are the newest rules, that which holds for new work first; `number` is its own, 0 for none."""

    code: str
    course: str
    key: str
    title: str
    criteria: tuple[Criterion, ...]
    made: tuple[MadeRule, ...]
    number: int
    default: tuple[str, ...]
    may_change: bool
    typed: TypedRule
    effect: EffectView | None = None
    errors: dict[str, str] = field(default_factory=dict)
    clash: str = ""

    def error(self, name: str) -> str | None:
        return self.errors.get(name)

    @property
    def summary(self) -> list[tuple[str, str]]:
        return [(f"field-{name}", sentence) for name, sentence in self.errors.items()]


@dataclass(frozen=True, slots=True)
class _Found:
    course: Any
    assignment: Any
    may_change: bool


def courses_page(conn: Connection, visitor: Visitor, number: int = 1) -> CoursesPage:
    """A page of courses, by title; two statements. Raises NotFound for those who neither write nor lead any."""
    scopes = visitor.me.scopes(Permission.REVIEW_GRADES) | visitor.me.scopes(Permission.PUBLISH_COURSE)
    every = EVERYWHERE in scopes
    if not (every or scopes):
        raise NotFound
    wanted = {"every": every, "scopes": sorted(scopes)}
    total = conn.execute(_COUNT, wanted).scalar_one()
    rows = conn.execute(_COURSES, wanted | {"skip": offset(number)}).all()
    return CoursesPage(
        tuple((row.code, row.title) for row in rows),
        pager(number, total, lambda other: "/staff/courses" + query(page=other)),
    )


def rules_page(conn: Connection, visitor: Visitor, code: str) -> RulesPage:
    """The assignments of a course with their rules; four statements at most. For authors and those who lead in it."""
    course, _may_change = _course(conn, visitor, code)
    newest: dict[str, Any] = {}
    for row in conn.execute(_RULES, {"course": course.id}):
        newest.setdefault(row.assignment_key, row)
    lines = [
        RuleLine(row.key, row.title, row.number, *_newest_words(newest.get(row.key)))
        for row in conn.execute(_ASSIGNMENTS, {"version": course.version_id})
    ]
    return RulesPage(course.code, course.title, tuple(lines))


def rule_page(
    conn: Connection, visitor: Visitor, code: str, key: str, typed: TypedRule | None = None, *, preview: int = 0
) -> RulePage:
    """One assignment's rule; with `preview`, that page of what the typed one would change. Eight statements at most.

    Raises NotFound for those who neither write courses nor lead in this one.
    """
    found = _found(conn, visitor, code, key)
    criteria = criteria_of(conn, found.assignment.rubric_id)
    rows = conn.execute(_NEWEST, {"course": found.course.id, "key": key}).all()
    number = rows[0].number if rows else 0
    page = RulePage(
        code=code,
        course=found.course.title,
        key=key,
        title=found.assignment.title,
        criteria=criteria,
        made=tuple(_made(row, criteria, visitor) for row in rows),
        number=number,
        default=say_rule(EVERY, criteria),
        may_change=found.may_change,
        typed=typed or typed_of(rule_of(rows[0].terms) if rows else EVERY, number),
    )
    if typed is None or not preview:
        return page
    if problems := rule_problems(typed, _ladders(criteria)):
        return replace(page, errors=problems)
    return replace(page, effect=_effect(conn, visitor, found, typed, criteria, preview))


def apply_rule(conn: Connection, visitor: Visitor, code: str, key: str, typed: TypedRule) -> int:
    """Let the typed rule hold for work begun from now on; its number. Raises Invalid, and RuleChanged for a late one.

    For authors and the leads of the institution; other leads look on.
    """
    found = _found(conn, visitor, code, key)
    if not found.may_change:
        raise Forbidden(_("Authors, and those who lead the whole institution, change how levels become an outcome."))
    problems = rule_problems(typed, _ladders(criteria_of(conn, found.assignment.rubric_id))) | reason_problems(typed)
    if problems:
        raise Invalid(problems)
    return make_rule(conn, visitor, found.course.id, key, rule_typed(typed), after=typed.number, reason=typed.reason)


def _course(conn: Connection, visitor: Visitor, code: str) -> tuple[Any, bool]:
    """The course and whether the visitor may change its rules. Raises NotFound for whoever has no part in them."""
    course = conn.execute(_COURSE, {"code": code.replace("\0", "")}).first()
    scopes = visitor.me.scopes(Permission.REVIEW_GRADES)
    writes = course is not None and visitor.me.may(Permission.PUBLISH_COURSE, course.id)
    may_change = writes or EVERYWHERE in scopes
    if course is None or not (may_change or scopes):
        raise NotFound
    if not may_change and not conn.execute(_LED, {"course": course.id, "scopes": sorted(scopes)}).scalar():
        raise NotFound
    return course, may_change


def _found(conn: Connection, visitor: Visitor, code: str, key: str) -> _Found:
    course, may_change = _course(conn, visitor, code)
    rows = conn.execute(_ASSIGNMENTS, {"version": course.version_id})
    assignment = next((row for row in rows if row.key == key), None)
    if assignment is None:
        raise NotFound
    return _Found(course, assignment, may_change)


def _newest_words(row: Any) -> tuple[int, str]:
    if row is None or not row.terms:
        return (row.number if row else 0), _("Every criterion")
    return row.number, _("Weighted, {mark} %", mark=row.terms["mark"])


def _made(row: Any, criteria: tuple[Criterion, ...], visitor: Visitor) -> MadeRule:
    own = zone(visitor.me.zone)
    since = say_instant(row.holds_from, own, own, visitor.now.school).words
    return MadeRule(row.number, say_rule(rule_of(row.terms), criteria), since, row.display_name or "", row.reason)


def _effect(
    conn: Connection, visitor: Visitor, found: _Found, typed: TypedRule, criteria: tuple[Criterion, ...], number: int
) -> EffectView:
    effect: Effect = effect_of(conn, found.course.id, found.assignment.key, rule_typed(typed))
    own = [one for one in effect.changed if found.may_change or _leads(visitor, one)]
    pages = max(1, -(-len(own) // PAGE))
    number = min(number, pages)
    shown = own[(number - 1) * PAGE : number * PAGE]
    return EffectView(
        words=say_rule(rule_typed(typed), criteria),
        looked_at=effect.looked_at,
        stay=effect.stay,
        to_demonstrated=effect.to(Outcome.DEMONSTRATED),
        to_not_yet=effect.to(Outcome.NOT_YET),
        rows=tuple(_effect_row(one, visitor) for one in shown),
        outside=len(effect.changed) - len(own),
        number=number,
        pages=pages,
        print=typed.print,
        is_all=effect.looked_at < MOST,
    )


def _leads(visitor: Visitor, one: Rejudged) -> bool:
    return visitor.me.may(Permission.REVIEW_GRADES, one.cohort_id, one.section_id)


def _effect_row(one: Rejudged, visitor: Visitor) -> EffectRow:
    grades = visitor.me.may(Permission.GRADE, one.cohort_id, one.section_id)
    href = f"/grading/{one.submission_id}" if grades else ""
    return EffectRow(one.learner, one.cohort, one.attempt, _(OUTCOMES[one.before]), _(OUTCOMES[one.now]), href)


def _ladders(criteria: Iterable[Criterion]) -> list[Ladder]:
    return [criterion.ladder for criterion in criteria]
