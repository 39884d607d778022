"""The facts of a world as rows, each written when it happens."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, update

from assessments.grading.models import Outcome
from courses.announcements.models import Announcement
from courses.cohorts import models
from courses.enrolment.access import ENROLMENT, LIVE
from courses.enrolment.models import EnrolmentState
from courses.live.models import LiveSession
from courses.schedule.terms import Pacing
from fourweek.database import Database, add, new_id
from tests import factories as make
from tests.courses.calendar.addresses import give_address
from tests.simulation.oracle import starts
from tests.simulation.world import Cohort, Days, Grant, Learner, Meeting, News, World

Act = tuple[datetime, Callable[[Connection], None]]


@dataclass
class School:
    """A world's ids in a database, by name."""

    world: World
    made: make.MadeCourse
    teacher: str
    cohorts: dict[str, str] = field(default_factory=dict)
    sections: dict[tuple[str, str], str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    calendars: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    meetings: dict[str, str] = field(default_factory=dict)
    news: dict[str, str] = field(default_factory=dict)
    handed_in: dict[tuple[str, int], str] = field(default_factory=dict)

    def section_id(self, one: Learner | Meeting) -> str | None:
        return self.sections[one.cohort.name, one.section.name] if one.section else None


def build(conn: Connection, world: World) -> School:
    """The school before anybody has enrolled."""
    school = School(world, make.course(conn), make.person(conn, "Tilda Teacher"))
    for cohort in world.cohorts:
        school.cohorts[cohort.name] = _cohort(conn, school, cohort)
        for one in cohort.sections:
            row = models.Section(
                id=new_id(),
                cohort_id=school.cohorts[cohort.name],
                name=one.name,
                shift_days=one.shift_days,
                zone=one.zone,
            )
            add(conn, row)
            school.sections[cohort.name, one.name] = row.id
    for learner in world.learners:
        school.people[learner.name] = make.person(conn, learner.name, learner.cohort.zone)
        school.calendars[learner.name] = give_address(conn, school.people[learner.name])
    for meeting in world.meetings:
        school.meetings[meeting.name] = _meeting(conn, school, meeting)
    return school


def acts(school: School) -> list[Act]:
    """Everything that people do, in order of time."""
    found: list[Act] = []
    for learner in school.world.learners:
        found += _acts_of(school, learner)
    for meeting in school.world.meetings:
        found += _changes(school, meeting)
    for news in school.world.news:
        found.append((news.posted, _posting(school, news)))
    return sorted(found, key=lambda act: act[0])


def perform(db: Database, act: Act) -> None:
    db.write_now(act[1])


def _cohort(conn: Connection, school: School, one: Cohort) -> str:
    return make.cohort(
        conn,
        school.made,
        one.start,
        one.zone,
        name=one.name,
        release_weekday=one.weekday,
        release_time=one.release,
        due_days=one.due_days,
        due_time=one.due,
        late_days=one.late_days,
        close_days=one.close_days,
        pauses=[_stored(days) for days in one.pauses],
        blackouts=[_stored(days) for days in one.days_off],
        pacing=Pacing.ENROLMENT if one.own_pace else Pacing.COHORT,
    )


def _stored(days: Days) -> dict[str, str]:
    return {"first": str(days[0]), "last": str(days[1]), "title": "Off"}


def _meeting(conn: Connection, school: School, one: Meeting) -> str:
    row = LiveSession(
        id=new_id(),
        cohort_id=school.cohorts[one.cohort.name],
        section_id=school.section_id(one),
        module_number=one.module,
        title=one.name,
        on=one.day,
        at=one.at,
        minutes=90,
        created_at=school.world.begins,
        changed_at=school.world.begins,
    )
    add(conn, row)
    return row.id


def _acts_of(school: School, learner: Learner) -> Iterator[Act]:
    def join(conn: Connection) -> None:
        cohort, person = school.cohorts[learner.cohort.name], school.people[learner.name]
        place = school.places[learner.name] = make.enrol(conn, cohort, person, learner.joins)
        moved = update(ENROLMENT).where(ENROLMENT.c.id == place)
        conn.execute(moved.values(section_id=school.section_id(learner)))

    def leave(conn: Connection) -> None:
        left = update(ENROLMENT).where(ENROLMENT.c.id == school.places[learner.name])
        conn.execute(left.values(state=EnrolmentState.WITHDRAWN, withdrawn_at=learner.leaves))

    yield learner.joins, join
    if learner.leaves:
        yield learner.leaves, leave
    for grant in learner.grants:
        yield grant.at, _granting(school, learner, grant)
    for module, at in learner.hands_in.items():
        yield at, _handing_in(school, learner, module)
    for module, at in learner.passes.items():
        yield at, _passing(school, learner, module)


def _granting(school: School, learner: Learner, grant: Grant) -> Callable[[Connection], None]:
    def act(conn: Connection) -> None:
        row = models.Extension(
            id=new_id(),
            enrolment_id=school.places[learner.name],
            module_number=grant.module,
            shift_days=grant.shift_days,
            moves_opening=grant.moves_opening,
            due_on=grant.due[0] if grant.due else None,
            due_time=grant.due[1] if grant.due else None,
            opens_all=grant.opens_all,
            pause_first=grant.pause[0] if grant.pause else None,
            pause_last=grant.pause[1] if grant.pause else None,
            reason="It was asked for.",
            granted_at=grant.at,
            expires_at=grant.expires,
        )
        add(conn, row)

    return act


def _handing_in(school: School, learner: Learner, module: int) -> Callable[[Connection], None]:
    def act(conn: Connection) -> None:
        place, at = school.places[learner.name], learner.hands_in[module]
        school.handed_in[learner.name, module] = make.submission(conn, school.made, place, module, at)

    return act


def _passing(school: School, learner: Learner, module: int) -> Callable[[Connection], None]:
    def act(conn: Connection) -> None:
        at, work = learner.passes[module], school.handed_in[learner.name, module]
        passed = Outcome.DEMONSTRATED
        make.decided(conn, school.made, work, school.teacher, module, passed, at - timedelta(hours=1), at)

    return act


def _changes(school: School, meeting: Meeting) -> Iterator[Act]:
    def change(at: datetime, **values: object) -> Act:
        target = update(LIVE).where(LIVE.c.id == school.meetings[meeting.name])
        return at, lambda conn: _run(conn, target.values(changed_at=at, revision=1, **values))

    if meeting.moved:
        at, day = meeting.moved
        yield change(at, on=day, moved_at=at, moved_from=starts(meeting, school.world.begins))
    if meeting.cancelled:
        yield change(meeting.cancelled, cancelled_at=meeting.cancelled)


def _run(conn: Connection, statement: object) -> None:
    conn.execute(statement)  # type: ignore[call-overload]


def _posting(school: School, news: News) -> Callable[[Connection], None]:
    def act(conn: Connection) -> None:
        row = Announcement(
            id=new_id(),
            cohort_id=school.cohorts[news.cohort.name],
            title=news.name,
            body="Read this.",
            html="<p>Read this.</p>",
            author_id=school.teacher,
            posted_at=news.posted,
        )
        add(conn, row)
        school.news[news.name] = row.id

    return act
