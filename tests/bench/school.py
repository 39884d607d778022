"""The school the bench runs on: a real course, 200 learners in its third week, a queue, a badge, a record."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select, update

from assessments.assignments.models import Assignment, Requirement, RequirementKind
from assessments.badges.models import Award
from assessments.coursework import AssessmentsCoursework
from assessments.evidence.models import Evidence, Submission, SubmissionMember, SubmissionState
from assessments.grading.models import Decision, DecisionLine, Outcome, Posting
from assessments.rubrics.models import Criterion, Level
from courses.catalogue.models import Module
from courses.catalogue.publish import publish
from courses.cohorts.models import Cohort
from courses.enrolment.models import Enrolment
from courses.packages import has_errors, read_package
from fourweek.accounts.models import Role
from fourweek.accounts.service import add_person, grant
from fourweek.clock import Now, real_time
from fourweek.database import add, new_id, table
from fourweek.edge import House
from fourweek.jobs.service import tick
from fourweek.scans import make_scans
from tests.bench import sizes
from tests.factories import sign_in
from tests.servers import REPO

LEARNERS, WAITING, FINISHED, WEEK, PIECES = 200, 60, 2, 3, 40
PASSWORD = "a quiet harbour at dawn"
ADDRESSES = tuple(f"bench{number}@example.org" for number in range(16))
"""Of accounts with that password: as many as sign in at the same time, for one account is tried a few times only."""
WORDS = "The objective names who is served, what a good event is, and what happens when the budget is spent. "
SUBMISSION = table(Submission)


@dataclass(frozen=True, slots=True)
class Asked:
    """One assignment of the course, as far as rows about it need it. `levels` maps a criterion to its top level."""

    id: str
    key: str
    rubric_id: str
    slots: tuple[Any, ...]
    levels: dict[str, str]


@dataclass(slots=True)
class School:
    """Cookies of those who visit, and addresses of what they look at. The `collector`'s draft holds 40 pieces."""

    cohort_id: str = ""
    learners: list[str] = field(default_factory=list)
    grader: str = ""
    finisher: str = ""
    finisher_id: str = ""
    waiting: list[str] = field(default_factory=list)
    tasks: list[Asked] = field(default_factory=list)
    badge: str = ""
    code: str = ""
    busy: str = ""
    lead: str = ""
    grid_path: str = ""
    collector: str = ""

    @property
    def module_path(self) -> str:
        return f"/cohorts/{self.cohort_id}/modules/{WEEK}"

    @property
    def lesson_path(self) -> str:
        return f"{self.module_path}/lessons/flags-and-rollback"

    @property
    def task_path(self) -> str:
        return f"{self.module_path}/assignments/{self.tasks[WEEK - 1].key}"

    @property
    def draft_path(self) -> str:
        return f"{self.task_path}/draft"

    @property
    def submit_path(self) -> str:
        return f"{self.task_path}/submit"

    @property
    def counted(self) -> str:
        """The cookie of the learner whose acts are counted, not timed."""
        return self.learners[-1]

    @property
    def uploaders(self) -> list[str]:
        """Cookies of learners who keep their draft."""
        return self.learners[:20]

    @property
    def submitters(self) -> list[str]:
        """Cookies of learners who hand in."""
        return self.learners[20:-1]


def build(house: House, step: Callable[[str], None]) -> School:
    """Fill an empty, migrated house."""
    now, made = real_time(), School()
    step("Publishing the course")
    course, problems = read_package(REPO / "courses" / "examples" / "reliable-services")
    if course is None or has_errors(problems):
        raise RuntimeError("\n".join(str(problem) for problem in problems))
    version = publish(
        house.db, house.store, course, coursework=AssessmentsCoursework(), author_id=None, now=Now(now, now)
    ).version_id
    made.code = course.code
    house.db.write_now(_leave_checks_free)
    made.tasks = house.db.read_now(_tasks, version)
    step("Enrolling learners")
    kept = house.store.keep_bytes(b"minute,requests,good\n" * 200)
    evidence = (kept.sha256, kept.size)
    hashed = house.passwords.hash(PASSWORD)
    house.db.write_now(_staff, made, hashed, now)
    house.db.write_now(_third_week, made, version, evidence, now)
    house.db.write_now(_finished, made, version, evidence, now)
    house.db.write_now(_collected, made, evidence, now)
    step("Recording credit and awarding badges")
    done = tick(house.db, make_scans(house))
    if -1 in done.values():
        raise RuntimeError(f"a scan failed: {done}")
    made.badge = house.db.read_now(_badge) or ""
    step("Filling the catalogue and a class of 500")
    house.db.write_now(_large, made, now)
    return made


def _leave_checks_free(conn: Connection) -> None:
    """Knowledge checks may be passed over: what is measured is the handing in of texts, links and files."""
    slot = table(Requirement)
    conn.execute(update(slot).where(slot.c.kind == RequirementKind.CHECK).values(required=False))


def _tasks(conn: Connection, version_id: str) -> list[Asked]:
    task, slot, criterion, level, module = (table(m) for m in (Assignment, Requirement, Criterion, Level, Module))
    found = []
    numbered = select(task).join(module, module.c.id == task.c.module_id).where(task.c.version_id == version_id)
    for row in conn.execute(numbered.order_by(module.c.number)).all():
        asked = select(slot).where(slot.c.assignment_id == row.id, slot.c.kind != RequirementKind.CHECK)
        slots = conn.execute(asked).all()
        levels = conn.execute(
            select(level.c.criterion_id, level.c.id)
            .join(criterion, criterion.c.id == level.c.criterion_id)
            .where(criterion.c.rubric_id == row.rubric_id)
            .order_by(level.c.position)
        ).all()
        found.append(Asked(row.id, row.key, row.rubric_id, tuple(slots), {one.criterion_id: one.id for one in levels}))
    return found


def _person(conn: Connection, name: str, hashed: str | None, now: datetime, address: str = "") -> str:
    address = address or f"{secrets.token_hex(6)}@example.org"
    return add_person(conn, address=address, legal_name=name, password_hash=hashed, zone="Europe/Berlin", now=now)


def _staff(conn: Connection, made: School, hashed: str, now: datetime) -> None:
    for address in ADDRESSES:
        _person(conn, "Bea Bench", hashed, now, address)
    grader = _person(conn, "Greta Grant", None, now)
    grant(conn, grader, Role.GRADER, now=now)
    made.grader = sign_in(conn, grader, now)


def _cohort(conn: Connection, version_id: str, name: str, weeks_ago: int, now: datetime) -> str:
    monday = (now - timedelta(days=now.weekday(), weeks=weeks_ago)).date()
    row = Cohort(
        id=new_id(),
        version_id=version_id,
        name=name,
        zone="UTC",
        start_date=monday,
        release_weekday=0,
        release_time=time(0),
        due_days=6,
        due_time=time(23, 59),
        late_days=3,
        created_at=now - timedelta(weeks=weeks_ago + 4),
    )
    add(conn, row)
    return row.id


def _third_week(conn: Connection, made: School, version_id: str, evidence: tuple[str, int], now: datetime) -> None:
    """Week 1 is demonstrated by all, week 2 waits for a grader, week 3 is a draft that could be handed in."""
    made.cohort_id = _cohort(conn, version_id, "Autumn", WEEK - 1, now)
    people = [_person(conn, f"Learner Number{number}", None, now) for number in range(LEARNERS)]
    made.learners = [sign_in(conn, person, now) for person in people]
    begun = now - timedelta(days=12)
    enrolments = _enrol(conn, made.cohort_id, people, begun)
    decider = people[0]
    first = _attempts(conn, made.tasks[0], enrolments, evidence, begun)
    _decide(conn, made.tasks[0], first, decider, begun)
    made.waiting = _attempts(conn, made.tasks[1], enrolments[:WAITING], evidence, now - timedelta(days=3))
    _attempts(conn, made.tasks[2], enrolments, evidence, now - timedelta(hours=5), hand_in=False)


def _finished(conn: Connection, made: School, version_id: str, evidence: tuple[str, int], now: datetime) -> None:
    cohort = _cohort(conn, version_id, "Summer", 9, now)
    begun = now - timedelta(weeks=8)
    people = [_person(conn, f"Finisher Number{number}", None, now) for number in range(FINISHED)]
    enrolments = _enrol(conn, cohort, people, begun)
    for week, task in enumerate(made.tasks):
        at = begun + timedelta(weeks=week)
        _decide(conn, task, _attempts(conn, task, enrolments, evidence, at), people[0], at)
    made.finisher_id, made.finisher = people[0], sign_in(conn, people[0], now)


def _collected(conn: Connection, made: School, evidence: tuple[str, int], now: datetime) -> None:
    """A draft with so many files in one slot that there are 40 pieces in all."""
    person, task = _person(conn, "Cora Collects", None, now), made.tasks[WEEK - 1]
    made.collector = sign_in(conn, person, now)
    [draft] = _attempts(conn, task, _enrol(conn, made.cohort_id, [person], now), evidence, now, hand_in=False)
    slot = next(one for one in task.slots if one.kind is RequirementKind.FILES)
    for position in range(1, PIECES - len(task.slots) + 1):
        row = _piece(draft, slot, evidence, now)
        row.position, row.file_name = position, f"log-{position}.csv"
        add(conn, row)


def _large(conn: Connection, made: School, now: datetime) -> None:
    """After the worker's tick, which would write letters to all of them."""
    large = sizes.fill(conn, 1, now)
    made.busy, made.lead = sign_in(conn, large.busy, now), sign_in(conn, large.lead, now)
    made.grid_path = f"/staff/cohorts/{large.cohort_id}/dates"


def _enrol(conn: Connection, cohort_id: str, people: list[str], at: datetime) -> list[str]:
    rows = [Enrolment(id=new_id(), cohort_id=cohort_id, person_id=person, enrolled_at=at) for person in people]
    add(conn, *rows)
    return [row.id for row in rows]


def _attempts(
    conn: Connection,
    task: Asked,
    enrolments: list[str],
    evidence: tuple[str, int],
    at: datetime,
    *,
    hand_in: bool = True,
) -> list[str]:
    rows = [
        Submission(
            id=new_id(),
            enrolment_id=enrolment,
            assignment_id=task.id,
            rubric_id=task.rubric_id,
            attempt=1,
            started_at=at,
            saved_at=at,
        )
        for enrolment in enrolments
    ]
    add(conn, *rows)
    enrolment = table(Enrolment)
    learners = select(enrolment.c.id, enrolment.c.person_id).where(enrolment.c.id.in_(enrolments))
    owners = {row.id: row.person_id for row in conn.execute(learners)}
    add(conn, *(SubmissionMember(submission_id=row.id, person_id=owners[row.enrolment_id]) for row in rows))
    add(conn, *(_piece(row.id, slot, evidence, at) for row in rows for slot in task.slots))
    made = [row.id for row in rows]
    if hand_in:
        values = {"state": SubmissionState.SUBMITTED, "submitted_at": at}
        conn.execute(update(SUBMISSION).where(SUBMISSION.c.id.in_(made)).values(**values))
    return made


def _piece(submission_id: str, slot: Any, evidence: tuple[str, int], at: datetime) -> Evidence:
    row = Evidence(
        id=new_id(), submission_id=submission_id, requirement_id=slot.id, position=0, kind=slot.kind, saved_at=at
    )
    if slot.kind is RequirementKind.TEXT:
        row.text = words_for(slot)
        row.sha256, row.size = sha256(row.text.encode()).hexdigest(), len(row.text)
    elif slot.kind is RequirementKind.FILES:
        row.file_name, row.media_type = "worksheet" + slot.accept[-1], "text/csv"
        row.sha256, row.size = evidence
    else:
        row.url = "https://status.example.org/"
        row.sha256 = sha256(row.url.encode()).hexdigest()
    return row


def words_for(slot: Any) -> str:
    """A text as long as a slot asks for."""
    return " ".join((WORDS * 60).split()[: (slot.min_words or 20) + 5])


def _decide(conn: Connection, task: Asked, submissions: list[str], grader_id: str, at: datetime) -> None:
    decisions = [
        Decision(
            id=new_id(),
            submission_id=one,
            outcome=Outcome.DEMONSTRATED,
            rubric_id=task.rubric_id,
            decided_by=grader_id,
            decided_at=at,
            comment="Read with care.",
        )
        for one in submissions
    ]
    add(conn, *decisions)
    add(
        conn,
        *(
            DecisionLine(decision_id=row.id, criterion_id=criterion, level_id=level, met=True, comment="Seen.")
            for row in decisions
            for criterion, level in task.levels.items()
        ),
    )
    decided = update(SUBMISSION).where(SUBMISSION.c.id.in_(submissions)).values(state=SubmissionState.DECIDED)
    conn.execute(decided)
    add(conn, *(Posting(decision_id=row.id, posted_at=at, posted_by=grader_id) for row in decisions))


def _badge(conn: Connection) -> str | None:
    return conn.execute(select(table(Award).c.slug).limit(1)).scalar()
