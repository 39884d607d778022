"""Reading a course as anybody may see it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, select

from courses.catalogue.credit import version_credit
from courses.catalogue.models import Activity, Course, CourseFile, CourseVersion, Module
from courses.catalogue.pages import Badge, CohortLine, CoursePage, Week
from courses.catalogue.rules import say_kept_months, say_version
from courses.coursework import Coursework, PublicAssignment
from courses.enrolment.queries import Offer, offers
from courses.enrolment.rules import Hindrance
from courses.enrolment.words import STANDINGS, STEPS, say_hindrance, say_places, say_window
from courses.paging import PER_PAGE, offset, pager, query
from courses.schedule.rules import ends_at, starts_at
from courses.schedule.terms import Pacing
from courses.schedule.words import say_instant, say_minutes
from courses.schedule.zones import zone
from courses.series.models import Series, SeriesCourse
from fourweek.accounts.access import Visitor
from fourweek.database import table
from fourweek.errors import NotFound
from fourweek.files import StoredFile
from fourweek.language import _

COURSE, VERSION, MODULE, FILE = table(Course), table(CourseVersion), table(Module), table(CourseFile)
ACTIVITY = table(Activity)
SERIES, PART = table(Series), table(SeriesCourse)
WEEK = timedelta(days=7)
BREAKS = timedelta(days=120)
"""How much longer than its weeks a cohort may take and still be listed; enrolling asks for its true end."""

CURRENT = VERSION.c.id == COURSE.c.current_version_id
_COURSE = select(VERSION, COURSE.c.code).join(VERSION, CURRENT).where(COURSE.c.code == bindparam("code"))
_MODULES = (
    select(MODULE.c.number, MODULE.c.title, MODULE.c.summary, MODULE.c.counted_minutes)
    .add_columns(ACTIVITY.c.title.label("activity"), ACTIVITY.c.category, ACTIVITY.c.minutes)
    .add_columns(ACTIVITY.c.pilot_learners, ACTIVITY.c.pilot_median, ACTIVITY.c.pilot_on)
    .outerjoin(ACTIVITY, and_(ACTIVITY.c.module_id == MODULE.c.id, ACTIVITY.c.countable))
    .where(MODULE.c.version_id == bindparam("version"))
    .order_by(MODULE.c.number, ACTIVITY.c.position)
)
_SERIES = (
    select(SERIES.c.code, SERIES.c.title)
    .join(PART, PART.c.series_id == SERIES.c.id)
    .where(PART.c.course_id == bindparam("course"), SERIES.c.published_at.is_not(None))
    .order_by(SERIES.c.title)
)
_FILE = (
    select(FILE.c.sha256, FILE.c.media_type, FILE.c.size, FILE.c.path)
    .join(COURSE, COURSE.c.current_version_id == FILE.c.version_id)
    .where(COURSE.c.code == bindparam("code"), FILE.c.path == bindparam("path"), FILE.c.module_id.is_(None))
)


def course_page(
    conn: Connection, visitor: Visitor, code: str, coursework: Coursework, cohorts_number: int
) -> CoursePage:
    """A course with its current version's rubrics and the cohorts to come. Raises NotFound."""
    row = conn.execute(_COURSE, {"code": code}).first()
    if row is None:
        raise NotFound(_("There is no course of that name."))
    activities = conn.execute(_MODULES, {"version": row.id}).all()
    modules = list({one.number: one for one in activities}.values())
    asked = coursework.public_assignments(conn, row.id)
    since = visitor.now.school.date() - WEEK * len(modules) - BREAKS
    shown, total = offers(conn, visitor, row.course_id, since=since, limit=PER_PAGE, offset=offset(cohorts_number))
    teachers = {who.name: who.background for one in shown for who in one.facts.instructors}
    return CoursePage(
        code=row.code,
        title=row.title,
        summary=row.summary,
        description_html=row.description_html,
        language=row.language,
        licence=row.licence,
        attribution_html=row.attribution_html,
        version=say_version((row.major, row.minor)),
        partner=row.partner,
        price=row.price,
        skills=tuple(row.skills),
        series=tuple((one.code, one.title) for one in conn.execute(_SERIES, {"course": row.course_id})),
        instructors=tuple(teachers.items()),
        authors=tuple((one["name"], one.get("background", "")) for one in row.authors),
        badge=_badge(row.achievement),
        weeks=tuple(_week(module, asked) for module in modules),
        time=say_minutes(sum(module.counted_minutes for module in modules)),
        credit=version_credit(row, [one for one in activities if one.activity is not None], coursework),
        signed_in=visitor.person is not None,
        cohorts=tuple(line for one in shown if (line := _cohort(one, visitor)) is not None),
        pager=pager(cohorts_number, total, lambda n: query(cohorts=n)),
    )


def _badge(said: dict[str, str]) -> Badge:
    name, description, criteria, holds = (
        said.get(key, "") for key in ("name", "description", "criteria_html", "holds")
    )
    return Badge(name, description, criteria, say_kept_months(holds))


def _week(module: Any, asked: Sequence[PublicAssignment]) -> Week:
    return Week(
        number=module.number,
        title=module.title,
        summary=module.summary,
        time=say_minutes(module.counted_minutes),
        assignments=tuple(one for one in asked if one.module_number == module.number),
    )


def _cohort(one: Offer, visitor: Visitor) -> CohortLine | None:
    """The line of a cohort, None for one that is over."""
    facts, now = one.facts, visitor.now.school
    step = one.step(now)
    if step is Hindrance.OVER:
        return None
    here, viewer = zone(facts.zone), zone(visitor.person.zone) if visitor.person else None
    starts = starts_at(facts.rules)
    return CohortLine(
        id=facts.id,
        name=facts.name,
        starts=say_instant(starts, here, viewer, now),
        has_started=starts <= now,
        ends=None if facts.rules.pacing is Pacing.ENROLMENT else say_instant(ends_at(facts.rules), here, viewer),
        delivery=facts.delivery,
        instructor=facts.instructor,
        places=say_places(one.seats),
        window=say_window(one.entry),
        enrolled=one.has_place,
        obstacle=say_hindrance(step, one.entry) if isinstance(step, Hindrance) else "",
        action="" if isinstance(step, Hindrance) else _(STEPS[step]),
        standing=_(STANDINGS[one.request.kind]) if one.request else "",
    )


def public_file(conn: Connection, _visitor: Visitor, code: str, path: str) -> StoredFile:
    """A file of a course's public description. Raises NotFound."""
    row = conn.execute(_FILE, {"code": code, "path": path}).first()
    if row is None:
        raise NotFound
    return StoredFile(row.sha256, row.size, row.media_type, row.path.rpartition("/")[2])
