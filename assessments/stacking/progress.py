"""How far somebody is with the badges of series."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from assessments.stacking.queries import AWARD, STANDS, Rule, earned_by, live_rules, rules_of
from assessments.stacking.rules import Earned, progress
from assessments.stacking.words import say_progress, say_rule
from courses.coursework import SeriesBadge
from courses.schedule.walltime import local_day
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.light import dataclass

_THEIRS: Select[Any] = (
    select(AWARD.c.series_id, AWARD.c.slug, STANDS.label("stands"))
    .where(AWARD.c.person_id == bindparam("person"), AWARD.c.series_id.in_(bindparam("series", expanding=True)))
    .order_by(AWARD.c.id)
)


@dataclass(frozen=True, slots=True)
class SeriesBegun:
    """A series that somebody has badges of, but not yet its own; `progress` and `rule` in words."""

    code: str
    title: str
    badge: str
    progress: str
    rule: str


def series_badge(conn: Connection, series_id: str, person_id: str, zone_name: str, now: datetime) -> SeriesBadge | None:
    """The badge that a series gives at present; how far a person is, if there is one. Four statements at most.

    `now` is the school's clock, `zone_name` where the person lives.
    """
    rules = rules_of(conn, series_id)
    if not rules or rules[0].ended:
        return None
    rule, slug, how = rules[0], "", ""
    if person_id:
        have = _slugs(conn, person_id, [series_id])
        badges = earned_by(conn, [person_id], rule.asked.courses)[person_id]
        slug, how = have.get(series_id, ""), "" if have else _how(rule, badges, zone_name, now)
    return SeriesBadge(rule.name, rule.achievement_id, _words(rule), how, slug)


def series_begun(conn: Connection, visitor: Visitor) -> tuple[SeriesBegun, ...]:
    """Every series that the visitor has a badge of which counts now, and not its own badge; four statements."""
    rules, me, now = live_rules(conn), visitor.me, visitor.now.school
    if not rules:
        return ()
    have = _slugs(conn, me.id, [rule.series_id for rule in rules])
    wanted = {course.id for rule in rules for course in rule.courses}
    badges = [one for one in earned_by(conn, [me.id], wanted)[me.id] if one.holds(now)]
    known = {one.course_id for one in badges}
    return tuple(
        SeriesBegun(rule.series_code, rule.series_title, rule.name, _how(rule, badges, me.zone, now), _words(rule))
        for rule in rules
        if rule.series_id not in have and known & set(rule.asked.courses)
    )


def _slugs(conn: Connection, person_id: str, series_ids: list[str]) -> dict[str, str]:
    """{series: the address of the person's newest badge of it, "" for one that was taken away}."""
    rows = conn.execute(_THEIRS, {"person": person_id, "series": series_ids})
    return {row.series_id: row.slug if row.stands else "" for row in rows}


def _how(rule: Rule, badges: list[Earned], zone_name: str, now: datetime) -> str:
    return say_progress(progress(rule.asked, badges, now, local_day(now, zone(zone_name))))


def _words(rule: Rule) -> str:
    return say_rule(rule.kind, rule.needed, rule.within_months, [one.title for one in rule.courses])
