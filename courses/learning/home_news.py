"""What home says beside the work: places asked for or offered, and of each course the next live session and the newest
announcement that was not read."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection

from courses.announcements.queries import Unread, unread_of_many
from courses.enrolment.access import Place
from courses.enrolment.models import RequestKind
from courses.enrolment.queries import Offer, asked
from courses.enrolment.rules import Hindrance, Step
from courses.enrolment.words import say_hindrance
from courses.live.queries import coming_of_many
from courses.live.rules import Mine
from courses.live.words import Eyes, SessionLine, line_of, open_modules
from courses.paging import PER_PAGE, Pager, offset, pager, query
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.language import N_, _
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A place that somebody asked for, stands in line for, or is invited to; `accepts`: a button can say yes."""

    cohort_id: str
    title: str
    words: str
    accepts: bool
    declines: bool


@dataclass(frozen=True, slots=True)
class Asked:
    lines: tuple[AskedLine, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class NewsLine:
    """An announcement; its address marks the notice of it as read on the way."""

    title: str
    href: str
    by: str
    posted: Said


@dataclass(frozen=True, slots=True)
class CourseNews:
    session: SessionLine | None = None
    announcement: NewsLine | None = None


def asked_for(conn: Connection, visitor: Visitor, number: int) -> Asked:
    """One page of the visitor's open requests, one statement."""
    found, total = asked(conn, visitor, limit=PER_PAGE, offset=offset(number))
    lines = tuple(_asked_line(one, visitor) for one in found)
    return Asked(lines, pager(number, total, lambda other: "/home" + query(asked=other)))


def news_of(conn: Connection, visitor: Visitor, places: Collection[Place]) -> Mapping[str, CourseNews]:
    """{enrolment id: its news}; two statements at most."""
    sessions = _next_sessions(conn, visitor, places)
    letters = unread_of_many(conn, [one.enrolment_id for one in places])
    found = {}
    for one in places:
        letter = letters.get(one.enrolment_id)
        found[one.enrolment_id] = CourseNews(
            session=sessions.get(one.enrolment_id),
            announcement=_news_line(letter, one, visitor) if letter else None,
        )
    return found


def _asked_line(one: Offer, visitor: Visitor) -> AskedLine:
    step = one.step(visitor.now.school)
    kind = one.request.kind if one.request else RequestKind.APPROVAL
    cohort = _("Cohort {cohort}.", cohort=one.facts.name)
    obstacle = (say_hindrance(step, one.entry),) if isinstance(step, Hindrance) else ()
    return AskedLine(
        cohort_id=one.facts.id,
        title=_asked_title(kind, one),
        words=" ".join((cohort, _(_SAID[kind]), *obstacle)),
        accepts=kind is RequestKind.INVITATION and step is Step.ACCEPT,
        declines=kind is RequestKind.INVITATION,
    )


_SAID = {
    RequestKind.WAITLIST: N_("You need do nothing: a place that becomes free is yours, and a mail tells you."),
    RequestKind.APPROVAL: N_("The people who run the cohort answer; a mail tells you."),
    RequestKind.INVITATION: N_("You can accept or decline."),
}


def _asked_title(kind: RequestKind, one: Offer) -> str:
    course = one.facts.course_title
    if kind is RequestKind.WAITLIST and one.request:
        return _("Number {number} in line for {course}", number=one.request.position, course=course)
    if kind is RequestKind.INVITATION:
        return _("You are invited to {course}", course=course)
    return _("You asked for a place in {course}", course=course)


def _next_sessions(conn: Connection, visitor: Visitor, places: Collection[Place]) -> dict[str, SessionLine]:
    now, viewer = visitor.now.school, zone(visitor.me.zone)
    meeting = {one.enrolment_id: one for one in places if one.meets_live}
    found = {}
    for enrolment_id, coming in coming_of_many(conn, list(meeting), now).items():
        eyes = Eyes(now, viewer, open_modules(meeting[enrolment_id].all_dates(now), now))
        first = min(coming, key=lambda one: (one.starts_at, one.id))
        found[enrolment_id] = line_of(Mine(first, None), eyes)
    return found


def _news_line(letter: Unread, place: Place, visitor: Visitor) -> NewsLine:
    direct = f"/cohorts/{place.cohort.id}/announcements/{letter.id}"
    return NewsLine(
        title=letter.title,
        href=f"/notices/{letter.notice_id}/open" if letter.notice_id else direct,
        by=letter.by,
        posted=say_instant(letter.posted_at, zone(place.cohort.zone), zone(visitor.me.zone), visitor.now.school),
    )
