"""A scan that tells earners before a badge ends, and on the day; a badge that renews it ends the letters.

Safe to run twice or at once: each letter has a key of its own for its award and step.
"""

from collections.abc import Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from typing import Any, Final, Self

from sqlalchemy import Connection, Select, bindparam, exists, select

from assessments.awards.ending import LATEST, STEPS, days_left, step_due
from assessments.badges.queries import ACHIEVEMENT, AWARD, RENEWS
from courses.catalogue.next_cohort import NextCohort, next_cohorts
from courses.cohorts.queries import COHORT, COURSE, VERSION
from courses.enrolment.access import ENROLMENT
from courses.enrolment.models import EnrolmentState
from courses.schedule.walltime import local_day
from courses.schedule.words import say_date
from courses.schedule.zones import zone
from courses.series.models import Series
from fourweek.clock import Now
from fourweek.database import Database, table
from fourweek.language import _
from fourweek.language.stored import in_each_language
from fourweek.light import dataclass
from fourweek.outbox import OUTBOX, Mail, post_all

KIND: Final = "badge_ends"
PIECE: Final = 200
SLACK: Final = timedelta(days=2)
"""A day of a zone may begin and end this much apart from one of UTC."""
SERIES = table(Series)
IS_RENEWED: Final = exists().where(RENEWS)
_ENDING: Select[Any] = (
    select(*(AWARD.c[name] for name in ("id", "slug", "person_id", "enrolment_id", "awarded_at", "valid_until")))
    .add_columns(ACHIEVEMENT.c.name, COHORT.c.zone, COURSE.c.id.label("course_id"), COURSE.c.code)
    .add_columns(SERIES.c.code.label("series"))
    .join(ACHIEVEMENT, ACHIEVEMENT.c.id == AWARD.c.achievement_id)
    .join(ENROLMENT, ENROLMENT.c.id == AWARD.c.enrolment_id)
    .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .outerjoin(VERSION, VERSION.c.id == ACHIEVEMENT.c.version_id)
    .outerjoin(COURSE, COURSE.c.id == VERSION.c.course_id)
    .outerjoin(SERIES, SERIES.c.id == AWARD.c.series_id)
    .where(
        AWARD.c.valid_until > bindparam("since"),
        AWARD.c.valid_until <= bindparam("horizon"),
        AWARD.c.revoked_at.is_(None),
        AWARD.c.withdrawn_at.is_(None),
        AWARD.c.id > bindparam("after"),
        ~IS_RENEWED,
    )
    .order_by(AWARD.c.id)
    .limit(PIECE)
)
_PLACES: Select[Any] = (
    select(ENROLMENT.c.id, ENROLMENT.c.person_id, ENROLMENT.c.cohort_id, ENROLMENT.c.state, VERSION.c.course_id)
    .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .join(VERSION, VERSION.c.id == COHORT.c.version_id)
    .where(
        ENROLMENT.c.person_id.in_(bindparam("people", expanding=True)),
        VERSION.c.course_id.in_(bindparam("courses", expanding=True)),
    )
)
_TOLD = select(OUTBOX.c.key).where(OUTBOX.c.key.in_(bindparam("keys", expanding=True)))


def remind_of_ends(db: Database, now: Now) -> int:
    """Write every letter about badges that end, which is due and not yet written; returns how many."""
    after, written = "", 0
    while found := db.read_now(_some, after, now.school):
        if db.read_now(_untold, found, now.school):
            written += db.write_now(_remind, after, now)
        after = found[-1].id
    return written


def _some(conn: Connection, after: str, now: datetime) -> Sequence[Any]:
    values = {"since": now - timedelta(days=LATEST) - SLACK, "horizon": now + timedelta(days=max(STEPS)) + SLACK}
    return conn.execute(_ENDING, {"after": after, **values}).all()


def _untold(conn: Connection, found: Sequence[Any], now: datetime) -> list[tuple[str, Any]]:
    """(key of the letter, row) of what is due and was not written."""
    due = {f"{KIND}:{row.id}:{step}": row for row in found if (step := _step(row, now)) is not None}
    told = set(conn.execute(_TOLD, {"keys": list(due)}).scalars()) if due else set()
    return [(key, row) for key, row in due.items() if key not in told]


def _step(row: Any, now: datetime) -> int | None:
    return step_due(row.awarded_at, row.valid_until, zone(row.zone), now)


def _remind(conn: Connection, after: str, now: Now) -> int:
    untold = _untold(conn, _some(conn, after, now.school), now.school)
    courses = Courses.read(conn, untold, now.school)
    mails = [Mail(key, row.person_id, _data(row, courses, now.school)) for key, row in untold]
    return post_all(conn, KIND, mails, now=now.real) if mails else 0


@dataclass(frozen=True, slots=True)
class Courses:
    """What those who are told can do in the courses behind their badges: cohorts to come, and places they have."""

    coming: Mapping[str, Sequence[NextCohort]]
    had: Set[tuple[str, str]]
    taking: Set[tuple[str, str]]

    @classmethod
    def read(cls, conn: Connection, untold: Sequence[tuple[str, Any]], now: datetime) -> Self:
        courses = {row.course_id for _, row in untold if row.course_id}
        if not courses:
            return cls({}, set(), set())
        people, earned = {row.person_id for _, row in untold}, {row.enrolment_id for _, row in untold}
        places = conn.execute(_PLACES, {"people": list(people), "courses": list(courses)}).all()
        active = (row for row in places if row.state is EnrolmentState.ACTIVE and row.id not in earned)
        return cls(
            coming=next_cohorts(conn, courses, now.date()),
            had={(row.person_id, row.cohort_id) for row in places},
            taking={(row.person_id, row.course_id) for row in active},
        )

    def next_for(self, person_id: str, course_id: str) -> NextCohort | None:
        """The soonest cohort in which somebody has no place yet."""
        cohorts = self.coming.get(course_id, ())
        return next((cohort for cohort in cohorts if (person_id, cohort.id) not in self.had), None)


def _data(row: Any, courses: Courses, now: datetime) -> dict[str, Any]:
    here = zone(row.zone)
    last = local_day(row.valid_until, here)
    coming = courses.next_for(row.person_id, row.course_id)
    return {
        "achievement": row.name,
        "left": days_left(last, here, now),
        "last": in_each_language(lambda: say_date(last)),
        "path": f"/badges/{row.slug}/mine",
        "course": f"/courses/{row.code}" if row.code else "",
        "series": f"/series/{row.series}" if row.series else "",
        "taking": (row.person_id, row.course_id) in courses.taking,
        "cohort": coming.name if coming else "",
        "starts": in_each_language(lambda: _starts(coming.starts)) if coming else "",
    }


def _starts(day: date | None) -> str:
    return _("starts on {day}", day=say_date(day)) if day else _("starts whenever you enrol")
