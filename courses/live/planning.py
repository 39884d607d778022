"""What a form of live sessions comes to on the cohort's calendar."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from courses.cohorts.queries import CohortFacts
from courses.coursework import Coursework
from courses.enrolment.access import SECTION, SECTION_COLUMNS, section_rules
from courses.live.forms import THE_OPEN_ONE, SessionForm, SessionPlan, Terms, read_session
from courses.live.rules import module_at
from courses.schedule.rules import EffectiveDates, all_dates
from courses.schedule.terms import SectionRules
from courses.schedule.walltime import WallTime, local_instant
from courses.schedule.words import say_date, say_time
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.language import _
from fourweek.light import dataclass

MOST_SECTIONS = 100

_SECTIONS: Any = (
    select(SECTION.c.name, *SECTION_COLUMNS)
    .where(SECTION.c.cohort_id == bindparam("cohort"))
    .order_by(SECTION.c.name)
    .limit(MOST_SECTIONS)
)


@dataclass(frozen=True, slots=True)
class SectionFacts:
    id: str
    name: str
    rules: SectionRules


@dataclass(frozen=True, slots=True)
class Planned:
    """One session of a plan: its local day, its instant, the module it belongs to, and what is odd about its time."""

    day: date
    starts_at: datetime
    zone: str
    module_number: int | None
    remark: str


def sections_of(conn: Connection, cohort_id: str) -> tuple[SectionFacts, ...]:
    rows = conn.execute(_SECTIONS, {"cohort": cohort_id})
    return tuple(SectionFacts(row.section_id, row.name, section_rules(row)) for row in rows)


def terms_of(conn: Connection, coursework: Coursework, facts: CohortFacts, sections: tuple[SectionFacts, ...]) -> Terms:
    asked = coursework.public_assignments(conn, facts.version_id)
    asking = frozenset(one.module_number for one in asked if one.required)
    return Terms(facts.rules, frozenset(one.id for one in sections), asking)


def planned(
    conn: Connection, visitor: Visitor, coursework: Coursework, facts: CohortFacts, typed: SessionForm
) -> tuple[SessionPlan | None, tuple[Planned, ...], Mapping[str, str]]:
    """The plan of a form and its sessions, or what is wrong with it by field."""
    sections = sections_of(conn, facts.id)
    terms = terms_of(conn, coursework, facts, sections)
    plan, errors = read_session(typed, terms)
    if plan is None:
        return None, (), errors
    section = next((one.rules for one in sections if one.id == plan.section_id), None)
    dates = all_dates(facts.rules, now=visitor.now.school, section=section)
    name = (section and section.zone) or facts.zone
    found = tuple(_planned(day, plan, name, dates) for day in plan.days)
    if plan.required and (wrong := _unasked(found, terms)):
        return None, (), {"module": wrong}
    return plan, found, {}


def _planned(day: date, plan: SessionPlan, zone_name: str, dates: tuple[EffectiveDates, ...]) -> Planned:
    starts_at = local_instant(day, plan.at, zone(zone_name))
    number = module_at(dates, starts_at) if plan.module == THE_OPEN_ONE else plan.module
    return Planned(day, starts_at, zone_name, number, _remark(WallTime(day, plan.at), starts_at, zone_name))


def _remark(wanted: WallTime, starts_at: datetime, zone_name: str) -> str:
    """What the clock does to a time that does not exist, or that comes twice (law 3)."""
    where = zone(zone_name)
    real = WallTime.of(starts_at, where)
    if real != wanted:
        return _(
            "The clock skips {skipped} that day, so it begins at {time}.",
            skipped=say_time(wanted.at),
            time=say_time(real.at),
        )
    local = starts_at.astimezone(where)
    if local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset():
        return _("The clock shows {time} twice that day; the first one is meant.", time=say_time(wanted.at))
    return ""


def _unasked(found: tuple[Planned, ...], terms: Terms) -> str:
    """Why attendance cannot be asked for at one of these, "" where it can at all."""
    for one in found:
        if one.module_number is None:
            return _("On {date} no module is open yet. Choose a module, or a later date.", date=say_date(one.day))
        if one.module_number not in terms.asking:
            return _(
                "Module {number} asks for no evidence, so nothing can depend on attendance in it.",
                number=one.module_number,
            )
    return ""
