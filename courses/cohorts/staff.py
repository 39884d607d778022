"""Reading cohorts for those who run them."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, select, true

from courses.catalogue.rules import say_version
from courses.cohorts.access import runs, staff_cohort
from courses.cohorts.forms import ANY_DAY, CohortForm, CohortPlan, empty_form, read_cohort
from courses.cohorts.models import DeliveryMode, EnrolmentWay
from courses.cohorts.pages import (
    CohortLine,
    CohortsPage,
    ModuleDatesLine,
    NewCohortPage,
    StaffCohortPage,
    dates_in_words,
)
from courses.cohorts.queries import COHORT, COHORT_COLUMNS, COHORT_SOURCE, COURSE, MODULE, VERSION, facts_of
from courses.enrolment.models import RequestKind
from courses.enrolment.queries import TAKEN
from courses.enrolment.roster.queries import counts
from courses.enrolment.rules import Seats
from courses.enrolment.words import say_taken
from courses.paging import PER_PAGE, offset, pager, query
from courses.schedule.rules import all_dates, is_over, starts_at
from courses.schedule.terms import CohortRules, Pacing
from courses.schedule.words import WEEKDAYS as DAYS
from courses.schedule.words import say_instant
from courses.schedule.zones import zone, zone_choices
from fourweek.accounts.access import EVERYWHERE, Permission, Visitor
from fourweek.accounts.models import Person
from fourweek.database import table
from fourweek.errors import Forbidden
from fourweek.language import N_, _, p_

PERSON = table(Person)
MOST_VERSIONS = 200
WEEKDAYS = (
    *((str(day), name) for day, name in enumerate(DAYS)),
    (ANY_DAY, N_("The weekday of the start date")),
)
CHOICES: dict[str, tuple[tuple[str, ...], ...]] = {
    "release_weekday": WEEKDAYS,
    "pacing": (
        (Pacing.COHORT, N_("With the cohort"), N_("Everybody's weeks begin together.")),
        (Pacing.ENROLMENT, N_("At one's own pace"), N_("Everybody's weeks begin on the day of their own enrolment.")),
    ),
    "way": (
        (EnrolmentWay.SELF, N_("By themselves"), N_("A place is taken at once while there are any.")),
        (EnrolmentWay.APPROVAL, N_("By asking"), N_("Somebody who runs the cohort says yes or no.")),
        (EnrolmentWay.INVITATION, N_("By invitation"), N_("Nobody can ask; you invite them.")),
    ),
    "mode": (
        (DeliveryMode.SELF_PACED, N_("Self-paced"), N_("Everybody works in their own time.")),
        (DeliveryMode.LIVE_ONLINE, N_("Live online"), N_("People meet at set times, each at their own desk.")),
        (DeliveryMode.IN_PERSON, N_("In person"), N_("People meet in one place.")),
        (DeliveryMode.BLENDED, N_("Blended"), N_("Some of it live, some in one's own time.")),
    ),
}
"""The options of selects and radios by field: (value, label) or (value, label, hint), for `choices`."""

_COHORTS: Any = (
    select(*COHORT_COLUMNS, COHORT.c.capacity, TAKEN.label("taken"), func.count().over().label("total"))
    .select_from(COHORT_SOURCE)
    .order_by(COHORT.c.start_date.desc(), COHORT.c.id)
    .limit(PER_PAGE)
)
_VERSIONS = (
    select(VERSION.c.id, VERSION.c.title, VERSION.c.major, VERSION.c.minor, COURSE.c.code)
    .join(COURSE, COURSE.c.id == VERSION.c.course_id)
    .order_by(VERSION.c.title, VERSION.c.major.desc(), VERSION.c.minor.desc())
    .limit(MOST_VERSIONS)
)
_TITLES = select(MODULE.c.title).where(MODULE.c.version_id == bindparam("version")).order_by(MODULE.c.number)


def cohorts_page(conn: Connection, visitor: Visitor, number: int) -> CohortsPage:
    """The cohorts that the visitor may run, latest start first; one statement."""
    rows = conn.execute(_COHORTS.where(runs(visitor)).offset(offset(number))).all()
    total = rows[0].total if rows else 0
    return CohortsPage(
        cohorts=tuple(_cohort_line(row, visitor) for row in rows),
        pager=pager(number, total, lambda n: query(page=n)),
    )


def new_cohort_page(conn: Connection, visitor: Visitor, typed: CohortForm | None = None) -> NewCohortPage:
    """The form with what was typed, what is wrong with it, or the dates it makes. The empty form says neither."""
    me = visitor.need_anywhere(Permission.RUN_COHORT)
    scopes = me.scopes(Permission.RUN_COHORT)
    rows = conn.execute(_VERSIONS.where(_planned_in(scopes))).all()
    if not (rows or EVERYWHERE in scopes):
        raise Forbidden
    versions = tuple(
        (
            row.id,
            _(
                "{title}, version {version} ({code})",
                title=row.title,
                version=say_version((row.major, row.minor)),
                code=row.code,
            ),
        )
        for row in rows
    )
    plan, errors = planned(conn, visitor, typed) if typed and not typed.more else (None, {})
    dates = _plan_dates(conn, visitor, typed, plan) if typed and plan else ()
    return NewCohortPage(
        typed=typed or empty_form(me.zone),
        versions=versions,
        choices=choices(),
        zones=zone_choices(),
        errors=errors,
        dates=dates,
        seen=typed.fingerprint() if typed and dates else "",
        again=bool(dates and typed and typed.seen and typed.seen != typed.fingerprint()),
    )


def choices() -> dict[str, tuple[tuple[str, ...], ...]]:
    """The options in the language spoken."""
    return {field: tuple((value, *map(_, words)) for value, *words in options) for field, options in CHOICES.items()}


def _planned_in(scopes: frozenset[str]) -> ColumnElement[bool]:
    return true() if EVERYWHERE in scopes else COURSE.c.id.in_(sorted(scopes))


def course_of(conn: Connection, version_id: str) -> str | None:
    """The course of a version; None for one that is not there."""
    found: str | None = conn.execute(select(VERSION.c.course_id).where(VERSION.c.id == version_id)).scalar()
    return found


def planned(conn: Connection, visitor: Visitor, typed: CohortForm) -> tuple[CohortPlan | None, dict[str, str]]:
    """What the form means, or what is wrong with it by field."""
    titles = module_titles(conn, typed.version_id)
    return read_cohort(typed, len(titles) or None, visitor.now.school)


def module_titles(conn: Connection, version_id: str) -> tuple[str, ...]:
    return tuple(conn.execute(_TITLES, {"version": version_id}).scalars())


def staff_cohort_page(conn: Connection, visitor: Visitor, cohort_id: str) -> StaffCohortPage:
    """A cohort with its dates and how its places stand."""
    facts = staff_cohort(conn, visitor, cohort_id)
    now = visitor.now.school
    known = counts(conn, cohort_id)
    state, tone = say_state(facts.rules, visitor)
    titles = module_titles(conn, facts.version_id)
    return StaffCohortPage(
        id=facts.id,
        name=facts.name,
        course_code=facts.course_code,
        course_title=facts.course_title,
        zone=facts.zone,
        delivery=facts.delivery,
        identity_check=facts.identity_check,
        instructor=facts.instructor,
        state=state,
        tone=tone,
        people=say_taken(known.seats),
        asking=known.open[RequestKind.APPROVAL],
        waiting=known.open[RequestKind.WAITLIST],
        invited=known.open[RequestKind.INVITATION],
        may_plan=visitor.me.may(Permission.RUN_COHORT, facts.course_id),
        dates=dates_in_words(titles, all_dates(facts.rules, now=now), zone(facts.zone), visitor),
    )


def say_state(rules: CohortRules, visitor: Visitor) -> tuple[str, str]:
    """(words, tone) of where a cohort stands by the school's clock."""
    if starts_at(rules) > visitor.now.school:
        return _("Planned"), "waiting"
    return (p_("a cohort", "Over"), "plain") if is_over(rules, visitor.now.school) else (_("Running"), "info")


def _plan_dates(conn: Connection, visitor: Visitor, typed: CohortForm, plan: CohortPlan) -> tuple[ModuleDatesLine, ...]:
    titles, now = module_titles(conn, typed.version_id), visitor.now.school
    return dates_in_words(titles, all_dates(plan.rules, now=now), zone(plan.rules.zone), visitor)


def _cohort_line(row: Any, visitor: Visitor) -> CohortLine:
    facts = facts_of(row)
    state, tone = say_state(facts.rules, visitor)
    starts = starts_at(facts.rules)
    return CohortLine(
        id=facts.id,
        name=facts.name,
        course_title=facts.course_title,
        starts=say_instant(starts, zone(facts.zone), zone(visitor.me.zone), visitor.now.school),
        has_started=starts <= visitor.now.school,
        state=state,
        tone=tone,
        people=say_taken(Seats(row.capacity, row.taken)),
        is_whole=visitor.me.may(Permission.RUN_COHORT, facts.id),
    )
