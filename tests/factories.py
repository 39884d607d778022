"""Small believable rows for tests, straight into the tables. Each returns what a test needs to go on."""

import itertools
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, select, update
from sqlmodel import SQLModel

from assessments.assignments.models import Assignment, Requirement, RequirementKind
from assessments.evidence.models import Evidence, Submission, SubmissionMember, SubmissionState
from assessments.grading.models import Decision, DecisionLine, Outcome, Posting, Way
from assessments.rubrics.models import Competency, Criterion, Level, Rubric
from courses.catalogue.models import Activity, Course, CourseVersion, Lesson, Module
from courses.cohorts.models import Cohort
from courses.enrolment.models import Enrolment
from fourweek.accounts.access import SignedIn, Visitor
from fourweek.accounts.models import Role, SignIn
from fourweek.accounts.service import add_person, digest, grant
from fourweek.clock import Now
from fourweek.database import add, new_id, table

MONDAY = date(2026, 11, 2)
START = datetime(2026, 11, 2, 9, tzinfo=UTC)
BEFORE = START - timedelta(days=30)
_numbers = itertools.count(1)


def person(conn: Connection, name: str = "Alice Brook", zone: str = "UTC") -> str:
    """A person with an address; returns the id."""
    address = f"{name.split(maxsplit=1)[0].lower()}{next(_numbers)}@example.org"
    return add_person(conn, address=address, legal_name=name, password_hash=None, zone=zone, now=BEFORE)


def with_role(conn: Connection, role: Role, name: str = "Greta Grant", scope_id: str = "") -> str:
    made = person(conn, name)
    grant(conn, made, role, scope_id=scope_id, now=BEFORE)
    return made


def visitor(person_id: str | None = None, at: datetime = START, *grants: tuple[Role, str]) -> Visitor:
    """A visitor at `at` on both clocks, with the grants given here (not read from the database)."""
    signed = SignedIn(person_id, "sign-in", "Test Person", "UTC", frozenset(grants)) if person_id else None
    return Visitor(now=Now(real=at, school=at), person=signed)


def sign_in(conn: Connection, person_id: str, now: datetime) -> str:
    """A cookie's value, as a sign-in would give it."""
    token = secrets.token_urlsafe(32)
    row = SignIn(
        id=new_id(),
        token_hash=digest(token),
        person_id=person_id,
        created_at=now,
        seen_at=now,
        ends_at=now + timedelta(days=1),
    )
    add(conn, row)
    return token


@dataclass(slots=True)
class MadeCourse:
    """Ids of a published version: modules in order; one assignment a module with one text and one files slot."""

    course_id: str
    version_id: str
    code: str
    modules: list[str] = field(default_factory=list)
    assignments: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    rubrics: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    criteria: list[list[str]] = field(default_factory=list)
    levels: dict[str, list[str]] = field(default_factory=dict)


class Rows:
    """Rows of several models, inserted together: one statement a model, in the order in which the models came."""

    def __init__(self) -> None:
        self._by_model: dict[type[SQLModel], list[SQLModel]] = {}

    def keep(self, *rows: SQLModel) -> None:
        for row in rows:
            self._by_model.setdefault(type(row), []).append(row)

    def add(self, conn: Connection) -> None:
        for rows in self._by_model.values():
            add(conn, *rows)


def course(
    conn: Connection, weeks: int = 4, minutes: int = 150, title: str = "Running a Reliable Service"
) -> MadeCourse:
    """A course with two lessons and one assignment a week; two criteria of three levels, `meets` required."""
    number = next(_numbers)
    made, rows = MadeCourse(new_id(), new_id(), f"course-{number}"), Rows()
    rows.keep(Course(id=made.course_id, code=made.code, created_at=BEFORE, current_version_id=made.version_id))
    version = CourseVersion(
        id=made.version_id,
        course_id=made.course_id,
        major=1,
        minor=0,
        title=title,
        summary="Keep a promise to the people who use it.",
        description_html="<p>About the course.</p>",
        achievement={"name": title, "description": "Runs a service well.", "criteria": "All four weeks demonstrated."},
        module_count=weeks,
        counted_minutes=weeks * minutes,
        package_sha256=f"{number:064x}",
        published_at=BEFORE,
    )
    rows.keep(version)
    competency = new_id()
    rows.keep(Competency(id=competency, course_id=made.course_id, key="diagnose", title="Diagnose"))
    add_weeks(conn, made, weeks, minutes, competency, rows)
    return made


def add_weeks(
    conn: Connection, made: MadeCourse, weeks: int, minutes: int, competency: str, rows: Rows | None = None
) -> None:
    """Insert `rows` and the weeks of a version, each with what it asks for."""
    rows = rows or Rows()
    for week in range(1, weeks + 1):
        _week(rows, made, week, minutes, competency)
    rows.add(conn)


def _week(rows: Rows, made: MadeCourse, week: int, minutes: int, competency: str) -> None:
    module = new_id()
    made.modules.append(module)
    rows.keep(
        Module(
            id=module,
            version_id=made.version_id,
            number=week,
            title=f"Week {week} in public",
            summary=f"What week {week} is about.",
            counted_minutes=minutes,
        ),
    )
    rows.keep(
        Activity(
            id=new_id(), module_id=module, position=0, title="Work", kind="exercise", minutes=minutes, countable=True
        ),
    )
    for place in (0, 1):
        slug = f"secret-lesson-{week}-{place}"
        html = f"<p>Secret body {week}.{place} with <em>markup</em>.</p>"
        title = f"Secret lesson {week}.{place}"
        row = Lesson(id=new_id(), module_id=module, position=place, slug=slug, title=title, minutes=20, html=html)
        row.plain_text = f"Secret body {week}.{place} with markup."
        rows.keep(row)
    _assignment(rows, made, week, module, competency)


def _assignment(rows: Rows, made: MadeCourse, week: int, module: str, competency: str) -> None:
    rubric, assignment, key = new_id(), new_id(), f"note-{week}"
    rows.keep(Rubric(id=rubric, course_id=made.course_id, assignment_key=key, major=1, minor=0, created_at=BEFORE))
    rows.keep(
        Assignment(
            id=assignment,
            version_id=made.version_id,
            module_id=module,
            position=0,
            key=key,
            title=f"Note {week}",
            instructions_html=f"<p>Secret instructions {week}.</p>",
            rubric_id=rubric,
        ),
    )
    text_slot = Requirement(
        id=new_id(),
        assignment_id=assignment,
        position=0,
        key="report",
        title="Report",
        prompt_html="<p>Write it.</p>",
        kind=RequirementKind.TEXT,
        min_words=3,
        max_words=50,
    )
    files_slot = Requirement(
        id=new_id(),
        assignment_id=assignment,
        position=1,
        key="proof",
        title="Proof",
        kind=RequirementKind.FILES,
        required=False,
        max_items=2,
        accept=[".txt", ".png", ".pdf"],
    )
    rows.keep(text_slot, files_slot)
    made.assignments.append(assignment)
    made.keys.append(key)
    made.rubrics.append(rubric)
    made.texts.append(text_slot.id)
    made.files.append(files_slot.id)
    made.criteria.append([_criterion(rows, made, rubric, place, competency) for place in (0, 1)])


def _criterion(rows: Rows, made: MadeCourse, rubric: str, place: int, competency: str) -> str:
    criterion = new_id()
    rows.keep(
        Criterion(
            id=criterion,
            rubric_id=rubric,
            position=place,
            key=f"criterion-{place}",
            title=f"Criterion {place}",
            competency_id=competency,
            judged_on=["report"],
            required_level="meets",
        ),
    )
    levels = [
        Level(id=new_id(), criterion_id=criterion, position=i, key=key, title=key.capitalize(), descriptor=f"It {key}.")
        for i, key in enumerate(("not-yet", "meets", "exceeds"))
    ]
    rows.keep(*levels)
    made.levels[criterion] = [level.id for level in levels]
    return criterion


def cohort(conn: Connection, made: MadeCourse, start: date = MONDAY, zone: str = "UTC", **changes: Any) -> str:
    """A cohort whose weeks open Mondays 09:00, due the Sunday after at 23:59, three days late; returns the id."""
    values: dict[str, Any] = {
        "id": new_id(),
        "version_id": made.version_id,
        "name": "Autumn",
        "zone": zone,
        "start_date": start,
        "release_weekday": 0,
        "release_time": time(9),
        "due_days": 6,
        "due_time": time(23, 59),
        "late_days": 3,
        "created_at": BEFORE,
    }
    row = Cohort(**(values | changes))
    add(conn, row)
    return row.id


def enrol(conn: Connection, cohort_id: str, person_id: str, at: datetime = BEFORE) -> str:
    row = Enrolment(id=new_id(), cohort_id=cohort_id, person_id=person_id, enrolled_at=at)
    add(conn, row)
    return row.id


def submission(
    conn: Connection,
    made: MadeCourse,
    enrolment_id: str,
    week: int = 1,
    at: datetime = START,
    attempt: int = 1,
    more: Sequence[Evidence] = (),
) -> str:
    """A submitted attempt with a text in it and `more` evidence; returns its id."""
    row = Submission(
        id=new_id(),
        enrolment_id=enrolment_id,
        assignment_id=made.assignments[week - 1],
        rubric_id=made.rubrics[week - 1],
        attempt=attempt,
        started_at=at,
        saved_at=at,
    )
    add(conn, row)
    learner = select(table(Enrolment).c.person_id).where(table(Enrolment).c.id == enrolment_id)
    add(conn, SubmissionMember(submission_id=row.id, person_id=conn.execute(learner).scalar_one()))
    text = Evidence(
        id=new_id(),
        submission_id=row.id,
        requirement_id=made.texts[week - 1],
        position=0,
        kind=RequirementKind.TEXT,
        text="The service kept its promise this month.",
        sha256="0" * 64,
        saved_at=at,
    )
    add(conn, text, *(one.model_copy(update={"submission_id": row.id}) for one in more))
    handed_in = {"state": SubmissionState.SUBMITTED, "submitted_at": at, "receipt": f"R-{next(_numbers)}"}
    conn.execute(table(Submission).update().where(table(Submission).c.id == row.id).values(handed_in))
    return row.id


def decided(
    conn: Connection,
    made: MadeCourse,
    submission_id: str,
    grader_id: str,
    week: int = 1,
    outcome: Outcome = Outcome.DEMONSTRATED,
    at: datetime = START,
    posted_at: datetime | None = None,
    *,
    met: Sequence[bool] = (),
    way: Way = Way.ONE_RATING,
) -> str:
    """A decision on a submission, posted when `posted_at` is given; returns its id.

    `met` says of each criterion whether it is met; without it they all are, or none is, as the outcome says.
    """
    met = met or [outcome is Outcome.DEMONSTRATED] * len(made.criteria[week - 1])
    row = Decision(
        id=new_id(),
        submission_id=submission_id,
        outcome=outcome,
        rubric_id=made.rubrics[week - 1],
        decided_by=grader_id,
        decided_at=at,
        comment="Read with care.",
        way=way,
    )
    add(conn, row)
    for criterion, one in zip(made.criteria[week - 1], met, strict=True):
        level = made.levels[criterion][1 if one else 0]
        add(conn, DecisionLine(decision_id=row.id, criterion_id=criterion, level_id=level, met=one, comment="Seen."))
    target = table(Submission)
    conn.execute(update(target).where(target.c.id == submission_id).values(state=SubmissionState.DECIDED))
    if posted_at is not None:
        add(conn, Posting(decision_id=row.id, posted_at=posted_at, posted_by=grader_id))
    return row.id
