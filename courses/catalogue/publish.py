"""Publishing: a package that was read and checked becomes a frozen version of its course, once.

Files go into the store first, then every row in one transaction, so that a version never names a file that is missing.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, select, update

from courses.catalogue.models import Activity, Course, CourseFile, CourseSkill, CourseVersion, Lesson, Module
from courses.catalogue.rules import Number, Structure, number_problem, read_version, say_months, structure_problem
from courses.coursework import Coursework, PreparedWork, PublishedVersion
from courses.packages.archives import MANIFEST
from courses.packages.models import CreditEvent, ParsedCourse, ParsedFile, ParsedLesson, ParsedModule, Problem
from fourweek.audit.service import record
from fourweek.clock import Now
from fourweek.database import Database, add, add_once, lock, new_id, table
from fourweek.errors import Conflict, Invalid
from fourweek.language import ENGLISH, _, speaking
from fourweek.light import dataclass
from fourweek.storage import Store

COURSE, VERSION, MODULE, SKILL = table(Course), table(CourseVersion), table(Module), table(CourseSkill)
ACTIVITY = table(Activity)
_COUNTED = (
    select(MODULE.c.number, MODULE.c.counted_minutes, VERSION.c.category, VERSION.c.separate_events)
    .add_columns(ACTIVITY.c.category.label("own"), ACTIVITY.c.minutes)
    .join(VERSION, VERSION.c.id == MODULE.c.version_id)
    .outerjoin(ACTIVITY, and_(ACTIVITY.c.module_id == MODULE.c.id, ACTIVITY.c.countable))
    .where(MODULE.c.version_id == bindparam("version"))
    .order_by(MODULE.c.number)
)
FILE_LINK = re.compile(r'(<(?:a|img)\b[^>]*?\s(?:href|src)=")files/')


class VersionRefused(Invalid):
    """The package cannot follow what is published of its course. `problem` says why, beside the file."""

    def __init__(self, message: str) -> None:
        self.problem = Problem(MANIFEST, None, message)
        super().__init__({"": message})


@dataclass(frozen=True, slots=True)
class Published:
    """The version that a package is; `is_new` is False where the same package had been published before."""

    version_id: str
    code: str
    version: str
    is_new: bool

    @property
    def words(self) -> str:
        if self.is_new:
            return _("{code} {version} is published.", code=self.code, version=self.version)
        return _(
            "{code} {version} was published before with this very content; nothing changed.",
            code=self.code,
            version=self.version,
        )


def publish(
    db: Database, store: Store, course: ParsedCourse, *, coursework: Coursework, author_id: str | None, now: Now
) -> Published:
    """Publish a package without errors. Raises VersionRefused for a number that may not follow the published ones."""
    work = coursework.prepare(course)
    keep_files(store, course, work)
    return db.write_now(keep_version, course, work, coursework=coursework, author_id=author_id, now=now)


def keep_files(store: Store, course: ParsedCourse, work: PreparedWork) -> None:
    """Put every figure, download and picture into the store. Slow: not on the loop, not in a transaction."""
    for data in work.files:
        store.keep_bytes(data)
    files = [*course.description_files, *(file for module in course.modules for file in module.files)]
    for file in {file.sha256: file for file in files}.values():
        if not store.claim(file.sha256, file.size) and store.keep_bytes(file.read()).sha256 != file.sha256:
            raise Conflict(_('"{path}" changed while the package was being published.', path=file.path))


def keep_version(
    conn: Connection,
    course: ParsedCourse,
    work: PreparedWork,
    *,
    coursework: Coursework,
    author_id: str | None,
    now: Now,
) -> Published:
    """Insert the version with everything in it, in the caller's transaction.

    Nothing is read or rendered here (law 12): `work` is what `coursework` prepared, and the files are in the store.
    """
    course_id = _locked_course(conn, course.code, now)
    known = _known(conn, course_id)
    _refuse(_problem(conn, course, work, coursework, known))
    number = read_version(course.version)
    if number in known:
        return Published(known[number].id, course.code, course.version, is_new=False)
    version_id = _insert(conn, course, course_id, number, author_id, now)
    _keep_skills(conn, course_id, course.skills)
    module_ids = _insert_modules(conn, course, version_id)
    work.store(conn, PublishedVersion(course_id, version_id, module_ids), now.school)
    conn.execute(update(COURSE).where(COURSE.c.id == course_id).values(current_version_id=version_id))
    detail = {"code": course.code, "version": course.version, "package_sha256": course.package_sha256}
    record(conn, "version.publish", "course_version", version_id, at=now.real, actor_id=author_id, detail=detail)
    return Published(version_id, course.code, course.version, is_new=True)


def version_problem(conn: Connection, course: ParsedCourse, work: PreparedWork, *, coursework: Coursework) -> str:
    """Why this version cannot be published after those that were, as things stand now; "" where it can."""
    course_id = conn.execute(select(COURSE.c.id).where(COURSE.c.code == course.code)).scalar()
    return _problem(conn, course, work, coursework, _known(conn, course_id) if course_id else {})


def _known(conn: Connection, course_id: str) -> dict[Number, Any]:
    """The versions of a course that were published, by number."""
    wanted = select(VERSION.c.id, VERSION.c.major, VERSION.c.minor, VERSION.c.package_sha256)
    return {(row.major, row.minor): row for row in conn.execute(wanted.where(VERSION.c.course_id == course_id))}


def _problem(
    conn: Connection, course: ParsedCourse, work: PreparedWork, coursework: Coursework, known: dict[Number, Any]
) -> str:
    number = read_version(course.version)
    taken = number_problem(number, course.package_sha256, {key: row.package_sha256 for key, row in known.items()})
    if taken or number in known:
        return taken
    return _changed(conn, course, work, coursework, known) or work.obstacle(conn)


def _changed(
    conn: Connection, course: ParsedCourse, work: PreparedWork, coursework: Coursework, known: dict[Number, Any]
) -> str:
    """Why the number does not fit what is changed since the newest version."""
    if not known:
        return ""
    last = max(known)
    new = Structure(
        tuple(one.counted_minutes for one in course.modules),
        work.public,
        tuple(one.counted_by_category(course.credit.category) for one in course.modules),
        course.credit.event is CreditEvent.MODULES,
    )
    return structure_problem(read_version(course.version), new, last, _structure(conn, coursework, known[last].id))


def _refuse(problem: str) -> None:
    if problem:
        raise VersionRefused(problem)


def _locked_course(conn: Connection, code: str, now: Now) -> str:
    add_once(conn, Course(id=new_id(), code=code, created_at=now.school))
    course_id: str = conn.execute(select(COURSE.c.id).where(COURSE.c.code == code)).scalar_one()
    lock(conn, COURSE, course_id)
    return course_id


def _structure(conn: Connection, coursework: Coursework, version_id: str) -> Structure:
    rows = conn.execute(_COUNTED, {"version": version_id}).all()
    minutes = {row.number: row.counted_minutes for row in rows}
    subjects: dict[int, dict[str, int]] = {number: {} for number in minutes}
    for row in rows:
        if row.minutes is not None:
            found, category = subjects[row.number], row.own or row.category
            found[category] = found.get(category, 0) + row.minutes
    return Structure(
        tuple(minutes.values()),
        coursework.public_assignments(conn, version_id),
        tuple(subjects.values()),
        any(row.separate_events for row in rows),
    )


def _insert(
    conn: Connection, course: ParsedCourse, course_id: str, number: Number, author_id: str | None, now: Now
) -> str:
    said = course.achievement
    row = CourseVersion(
        id=new_id(),
        course_id=course_id,
        major=number[0],
        minor=number[1],
        title=course.title,
        summary=course.summary,
        description_html=with_addresses(course.description_html, f"/courses/{course.code}"),
        language=course.language,
        licence=course.licence,
        partner=course.partner,
        price=course.price,
        module_count=len(course.modules),
        counted_minutes=course.counted_minutes,
        attribution_html=course.attribution_html,
        skills=list(course.skills),
        authors=[{"name": one.name, "background": one.background} for one in course.authors],
        achievement={
            "name": said.name,
            "description": said.description,
            "criteria": said.criteria,
            "criteria_html": said.criteria_html,
            "holds": _kept_months(said.valid_months),
        },
        category=course.credit.category,
        minutes_basis=course.credit.basis,
        separate_events=course.credit.event is CreditEvent.MODULES,
        credit_types=list(course.credit.types),
        package_sha256=course.package_sha256,
        published_at=now.school,
        published_by=author_id,
    )
    add(conn, row)
    return row.id


def _kept_months(months: int | None) -> str:
    """How long a badge holds, kept in English whoever publishes; pages say it with `say_kept_months`."""
    with speaking(ENGLISH):
        return say_months(months) if months else ""


def _keep_skills(conn: Connection, course_id: str, skills: Sequence[str]) -> None:
    """What the catalogue finds the course by, in place of what its version before named."""
    conn.execute(delete(SKILL).where(SKILL.c.course_id == course_id))
    by_key = {skill.lower(): skill for skill in skills}
    if by_key:
        add(conn, *(CourseSkill(course_id=course_id, key=key, skill=skill) for key, skill in by_key.items()))


def with_addresses(description_html: str, course_address: str) -> str:
    """A rendered description whose files are named by their whole address, so that it may stand on any page."""
    return FILE_LINK.sub(rf"\g<1>{course_address}/files/", description_html)


def _insert_modules(conn: Connection, course: ParsedCourse, version_id: str) -> tuple[str, ...]:
    modules = [_module(version_id, one) for one in course.modules]
    pairs = list(zip(modules, course.modules, strict=True))
    activities = [row for module, one in pairs for row in _activities(module.id, one)]
    lessons = [_lesson(module.id, place, lesson) for module, one in pairs for place, lesson in enumerate(one.lessons)]
    files = [_file(version_id, None, file) for file in course.description_files]
    files += [_file(version_id, module.id, file) for module, one in pairs for file in one.files]
    for rows in (modules, activities, lessons, files):
        if rows:
            add(conn, *rows)
    return tuple(module.id for module in modules)


def _module(version_id: str, one: ParsedModule) -> Module:
    return Module(
        id=new_id(),
        version_id=version_id,
        number=one.number,
        title=one.title,
        summary=one.summary,
        counted_minutes=one.counted_minutes,
    )


def _activities(module_id: str, one: ParsedModule) -> Iterator[Activity]:
    for place, activity in enumerate(one.activities):
        yield Activity(
            id=new_id(),
            module_id=module_id,
            position=place,
            title=activity.title,
            kind=activity.kind.value,
            minutes=activity.minutes,
            countable=activity.countable,
            category=activity.category,
            pilot_learners=activity.pilot.learners if activity.pilot else None,
            pilot_median=activity.pilot.median_minutes if activity.pilot else None,
            pilot_on=activity.pilot.on if activity.pilot else None,
        )


def _lesson(module_id: str, place: int, lesson: ParsedLesson) -> Lesson:
    return Lesson(
        id=new_id(),
        module_id=module_id,
        position=place,
        slug=lesson.slug,
        kind=lesson.kind,
        title=lesson.title,
        minutes=lesson.minutes,
        html=lesson.html,
        plain_text=lesson.text,
        headings=[{"level": h.level, "text": h.text, "anchor": h.anchor} for h in lesson.toc],
    )


def _file(version_id: str, module_id: str | None, file: ParsedFile) -> CourseFile:
    return CourseFile(
        id=new_id(),
        version_id=version_id,
        module_id=module_id,
        path=file.path,
        media_type=file.media_type,
        sha256=file.sha256,
        size=file.size,
    )
