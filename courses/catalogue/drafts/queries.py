"""Reading drafts and published versions for authors."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, true

from courses.catalogue.credit import counted_course
from courses.catalogue.drafts.pages import AuthoringPage, DraftFacts, DraftLine, Outlook, VersionLine
from courses.catalogue.drafts.reading import Reading
from courses.catalogue.models import Course, CourseVersion, PackageDraft
from courses.catalogue.publish import version_problem
from courses.catalogue.rules import say_version
from courses.coursework import Coursework
from courses.paging import PER_PAGE, offset, pager, query
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import EVERYWHERE, Permission, Visitor
from fourweek.accounts.models import Person
from fourweek.database import table
from fourweek.errors import NotFound
from fourweek.language import _
from fourweek.words import say_size

DRAFT, VERSION, COURSE, PERSON = table(PackageDraft), table(CourseVersion), table(Course), table(Person)

_DRAFT_SOURCE = DRAFT.outerjoin(VERSION, VERSION.c.id == DRAFT.c.published_version_id).outerjoin(
    COURSE, COURSE.c.id == VERSION.c.course_id
)
_DRAFTS: Any = (
    select(
        DRAFT.c.id,
        DRAFT.c.file_name,
        DRAFT.c.sha256,
        DRAFT.c.size,
        DRAFT.c.uploaded_at,
        COURSE.c.code,
        VERSION.c.major,
        VERSION.c.minor,
        func.count().over().label("total"),
    )
    .select_from(_DRAFT_SOURCE)
    .where(DRAFT.c.author_id == bindparam("author"))
)
_MINE = _DRAFTS.order_by(DRAFT.c.uploaded_at.desc(), DRAFT.c.id).limit(PER_PAGE).offset(bindparam("offset"))
_ONE = _DRAFTS.where(DRAFT.c.id == bindparam("draft"))
_VERSIONS = (
    select(
        COURSE.c.code,
        VERSION.c.title,
        VERSION.c.major,
        VERSION.c.minor,
        VERSION.c.published_at,
        PERSON.c.display_name,
        (COURSE.c.current_version_id == VERSION.c.id).label("current"),
        func.count().over().label("total"),
    )
    .join(COURSE, COURSE.c.id == VERSION.c.course_id)
    .outerjoin(PERSON, PERSON.c.id == VERSION.c.published_by)
    .order_by(VERSION.c.published_at.desc(), VERSION.c.id.desc())
    .limit(PER_PAGE)
    .offset(bindparam("offset"))
)


def may_publish(_conn: Connection, visitor: Visitor) -> None:
    """Raises SignInNeeded or Forbidden for everybody who may not publish any course."""
    visitor.need_anywhere(Permission.PUBLISH_COURSE)


def not_theirs(conn: Connection, visitor: Visitor, code: str) -> str:
    """Why the visitor may not publish a course of this code; "" where they may. A new one is the institution's."""
    course: str | None = conn.execute(select(COURSE.c.id).where(COURSE.c.code == code)).scalar()
    if visitor.me.may(Permission.PUBLISH_COURSE, course):
        return ""
    return _("You write other courses. Whoever gives roles can make you an author of {code}.", code=code)


def authoring_page(conn: Connection, visitor: Visitor, drafts_number: int, versions_number: int) -> AuthoringPage:
    """The author's packages and every published version of what they write, each a page of them."""
    me = visitor.need_anywhere(Permission.PUBLISH_COURSE)
    scopes = me.scopes(Permission.PUBLISH_COURSE)
    theirs = true() if EVERYWHERE in scopes else COURSE.c.id.in_(sorted(scopes))
    drafts = conn.execute(_MINE, {"author": me.id, "offset": offset(drafts_number)}).all()
    versions = conn.execute(_VERSIONS.where(theirs), {"offset": offset(versions_number)}).all()
    drafts_total = drafts[0].total if drafts else 0
    versions_total = versions[0].total if versions else 0
    return AuthoringPage(
        drafts=tuple(_draft_line(row, visitor) for row in drafts),
        drafts_pager=pager(drafts_number, drafts_total, lambda n: query(drafts=n, versions=versions_number)),
        versions=tuple(_version_line(row, visitor) for row in versions),
        versions_pager=pager(versions_number, versions_total, lambda n: query(drafts=drafts_number, versions=n)),
    )


def my_draft(conn: Connection, visitor: Visitor, draft_id: str) -> DraftFacts:
    """A package of the visitor's own. Raises NotFound for anybody else's, Forbidden for one who is no author now."""
    row = conn.execute(_ONE, {"author": visitor.me.id, "draft": draft_id}).first()
    if row is None:
        raise NotFound
    visitor.need_anywhere(Permission.PUBLISH_COURSE)
    uploaded = _said(row.uploaded_at, visitor)
    return DraftFacts(row.id, row.file_name, row.sha256, say_size(row.size), uploaded, row.code)


def outlook(conn: Connection, visitor: Visitor, reading: Reading, coursework: Coursework) -> Outlook:
    """What would come of publishing a package without errors, as things stand."""
    visitor.need_anywhere(Permission.PUBLISH_COURSE)
    course = reading.course
    if course is None or reading.work is None:
        return Outlook()
    obstacle = not_theirs(conn, visitor, course.code)
    obstacle = obstacle or version_problem(conn, course, reading.work, coursework=coursework)
    rubrics = coursework.rubric_outlook(conn, course.code, course.version, reading.assignments)
    return Outlook(obstacle, rubrics, coursework.credit_words(counted_course(course, visitor.now.school.date())))


def _draft_line(row: Any, visitor: Visitor) -> DraftLine:
    published = f"{row.code} {say_version((row.major, row.minor))}" if row.code else ""
    return DraftLine(row.id, row.file_name, say_size(row.size), _said(row.uploaded_at, visitor), published)


def _version_line(row: Any, visitor: Visitor) -> VersionLine:
    return VersionLine(
        code=row.code,
        title=row.title,
        version=say_version((row.major, row.minor)),
        published=_said(row.published_at, visitor),
        author=row.display_name or "",
        current=row.current,
    )


def _said(instant: datetime, visitor: Visitor) -> Said:
    return say_instant(instant, zone(visitor.me.zone))
