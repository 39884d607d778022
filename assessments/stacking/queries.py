"""Reading the rules of series, and the badges of courses that count for them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, exists, func, or_, select

from assessments.badges.models import Achievement, Award
from assessments.stacking.models import SeriesRule, SeriesRuleCourse, StackKind
from assessments.stacking.rules import Asked, Earned
from courses.cohorts.queries import COHORT, COURSE, VERSION
from courses.enrolment.access import ENROLMENT
from courses.schedule.walltime import local_day
from courses.schedule.zones import zone
from courses.series.queries import SERIES
from fourweek.accounts.access import PERSON
from fourweek.database import table
from fourweek.light import dataclass

RULE, NAMED = table(SeriesRule), table(SeriesRuleCourse)
ACHIEVEMENT, AWARD = table(Achievement), table(Award)

PIECE = 200
MOST_RULES = 50

_LATER = RULE.alias("later")
NEWEST = ~exists().where(_LATER.c.series_id == RULE.c.series_id, _LATER.c.number > RULE.c.number).correlate(RULE)
STANDS = and_(AWARD.c.revoked_at.is_(None), AWARD.c.withdrawn_at.is_(None))
_MAKER = PERSON.alias("maker")
_RULES: Select[Any] = (
    select(RULE, _MAKER.c.display_name.label("maker"), SERIES.c.code, SERIES.c.title, SERIES.c.published_at)
    .add_columns(ACHIEVEMENT.c.id.label("achievement_id"), ACHIEVEMENT.c.name, ACHIEVEMENT.c.description)
    .add_columns(ACHIEVEMENT.c.criteria, ACHIEVEMENT.c.icon, ACHIEVEMENT.c.valid_months)
    .join(SERIES, SERIES.c.id == RULE.c.series_id)
    .outerjoin(_MAKER, _MAKER.c.id == RULE.c.made_by)
    .outerjoin(ACHIEVEMENT, ACHIEVEMENT.c.series_rule_id == RULE.c.id)
)
_LIVE = _RULES.where(NEWEST, ~RULE.c.ended, SERIES.c.published_at.is_not(None)).order_by(RULE.c.id)
_OF_SERIES = _RULES.where(RULE.c.series_id == bindparam("series")).order_by(RULE.c.number.desc()).limit(MOST_RULES)
_ITS_COURSES: Select[Any] = (
    select(NAMED.c.rule_id, NAMED.c.course_id, COURSE.c.code, VERSION.c.title, VERSION.c.language, VERSION.c.skills)
    .join(COURSE, COURSE.c.id == NAMED.c.course_id)
    .join(VERSION, VERSION.c.id == COURSE.c.current_version_id)
    .where(NAMED.c.rule_id.in_(bindparam("rules", expanding=True)))
    .order_by(NAMED.c.rule_id, NAMED.c.position)
)
EARNED: Select[Any] = (
    select(AWARD.c.id, AWARD.c.person_id, AWARD.c.awarded_at, AWARD.c.valid_until, VERSION.c.course_id, COHORT.c.zone)
    .join(ACHIEVEMENT, ACHIEVEMENT.c.id == AWARD.c.achievement_id)
    .join(VERSION, VERSION.c.id == ACHIEVEMENT.c.version_id)
    .join(ENROLMENT, ENROLMENT.c.id == AWARD.c.enrolment_id)
    .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .where(STANDS)
)
"""Badges of courses that were neither revoked nor withdrawn."""
_EARNED_BY = EARNED.where(
    AWARD.c.person_id.in_(bindparam("people", expanding=True)),
    VERSION.c.course_id.in_(bindparam("courses", expanding=True)),
)
_HAS = AWARD.alias("has")
# Whoever holds the series' badge gets no other one before it is over; one that was taken away stays taken away.
_SETTLED = exists().where(
    _HAS.c.person_id == AWARD.c.person_id,
    _HAS.c.series_id == bindparam("series"),
    or_(
        _HAS.c.achievement_id == bindparam("achievement"),
        _HAS.c.revoked_at.is_not(None),
        _HAS.c.withdrawn_at.is_not(None),
        _HAS.c.valid_until.is_(None),
        _HAS.c.valid_until >= bindparam("now"),
    ),
)
_NEAR: Select[Any] = (
    select(AWARD.c.person_id)
    .join(ACHIEVEMENT, ACHIEVEMENT.c.id == AWARD.c.achievement_id)
    .join(VERSION, VERSION.c.id == ACHIEVEMENT.c.version_id)
    .where(STANDS, VERSION.c.course_id.in_(bindparam("courses", expanding=True)), ~_SETTLED.correlate(AWARD))
    .group_by(AWARD.c.person_id)
    .having(func.count(VERSION.c.course_id.distinct()) >= bindparam("needed"))
)
_NEAR_SOME = _NEAR.where(AWARD.c.person_id > bindparam("after")).order_by(AWARD.c.person_id).limit(bindparam("most"))
_STILL_HOLDS = select(RULE.c.id).where(RULE.c.id == bindparam("rule"), NEWEST, ~RULE.c.ended)
_IS_NEAR = _NEAR.where(AWARD.c.person_id == bindparam("person"), exists(_STILL_HOLDS))


@dataclass(frozen=True, slots=True)
class NamedCourse:
    id: str
    code: str
    title: str
    language: str = ""
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with the courses that it names and its badge. `achievement_id` is "" for one that is ended."""

    id: str
    series_id: str
    series_code: str
    series_title: str
    number: int
    kind: StackKind
    needed: int
    within_months: int
    ended: bool
    why: str
    made_at: datetime
    maker: str
    achievement_id: str
    name: str
    description: str
    criteria: str
    icon: str
    valid_months: int
    is_public: bool
    courses: tuple[NamedCourse, ...]

    @property
    def asked(self) -> Asked:
        return Asked(tuple(one.id for one in self.courses), self.needed, self.within_months, self.made_at)


def live_rules(conn: Connection) -> tuple[Rule, ...]:
    """The rules that award at present, of every public series; two statements."""
    return _with_courses(conn, conn.execute(_LIVE).all())


def rules_of(conn: Connection, series_id: str) -> tuple[Rule, ...]:
    """The rules of a series, the newest first; that one holds unless it is ended. Two statements."""
    return _with_courses(conn, conn.execute(_OF_SERIES, {"series": series_id}).all())


def courses_of(conn: Connection, rule_ids: Collection[str]) -> dict[str, tuple[NamedCourse, ...]]:
    """{rule id: the courses it names, in order}, by the titles that they have now; one statement."""
    found: dict[str, list[NamedCourse]] = {one: [] for one in rule_ids}
    for row in conn.execute(_ITS_COURSES, {"rules": list(rule_ids)}) if found else ():
        found[row.rule_id].append(NamedCourse(row.course_id, row.code, row.title, row.language, tuple(row.skills)))
    return {one: tuple(courses) for one, courses in found.items()}


def near(conn: Connection, rule: Rule, after: str, now: datetime, most: int = PIECE) -> list[str]:
    """People with badges of enough courses who do not have the series' badge, by id, after one of them.

    Whether they meet the rule is for `rules.meeting` to say. `now` is the school's clock.
    """
    return list(conn.execute(_NEAR_SOME, _values(rule, now) | {"after": after, "most": most}).scalars())


def is_near(conn: Connection, rule: Rule, person_id: str, now: datetime) -> bool:
    """Whether that is so of one person, while the rule is still the one that holds."""
    return conn.execute(_IS_NEAR, _values(rule, now) | {"person": person_id, "rule": rule.id}).first() is not None


def earned_by(conn: Connection, people: Collection[str], courses: Collection[str]) -> dict[str, list[Earned]]:
    """{person: their badges of these courses that stand}; one statement."""
    found: dict[str, list[Earned]] = {one: [] for one in people}
    for row in conn.execute(_EARNED_BY, {"people": list(people), "courses": list(courses)}) if found else ():
        on = local_day(row.awarded_at, zone(row.zone))
        found[row.person_id].append(Earned(row.id, row.course_id, row.awarded_at, on, row.valid_until))
    return found


def _values(rule: Rule, now: datetime) -> dict[str, Any]:
    return {
        "series": rule.series_id,
        "achievement": rule.achievement_id,
        "courses": [one.id for one in rule.courses],
        "needed": rule.needed,
        "now": now,
    }


def _with_courses(conn: Connection, rows: Sequence[Row[Any]]) -> tuple[Rule, ...]:
    named = courses_of(conn, [row.id for row in rows])
    return tuple(
        Rule(
            id=row.id,
            series_id=row.series_id,
            series_code=row.code,
            series_title=row.title,
            number=row.number,
            kind=row.kind,
            needed=row.needed,
            within_months=row.within_months,
            ended=row.ended,
            why=row.why,
            made_at=row.made_at,
            maker=row.maker or "",
            achievement_id=row.achievement_id or "",
            name=row.name or "",
            description=row.description or "",
            criteria=row.criteria or "",
            icon=row.icon or "",
            valid_months=row.valid_months or 0,
            is_public=row.published_at is not None,
            courses=named[row.id],
        )
        for row in rows
    )
