"""A school with something to grade, and what a grading page would send."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from assessments.allocation.models import Conflict
from assessments.evidence.models import Submission
from assessments.grading.claims import take
from assessments.grading.forms import Typed
from assessments.grading.models import Rating, RatingState
from assessments.grading.rules import Scoring
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.database import add, new_id, table
from tests import factories as make

NOW = make.START + timedelta(days=2)
LEASE = timedelta(minutes=45)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class School:
    """One cohort: alice handed in week 1; greta and gus grade it, lena leads it, rex keeps the record."""

    course: make.MadeCourse
    cohort: str
    alice: str
    enrolment: str
    submission: str
    greta: str
    gus: str
    lena: str
    rex: str

    def grader(self, person: str | None = None, at: Any = NOW) -> Visitor:
        return make.visitor(person or self.greta, at, (Role.GRADER, self.cohort))

    def lead(self, at: Any = NOW) -> Visitor:
        return make.visitor(self.lena, at, (Role.LEAD, self.cohort))

    def registrar(self, at: Any = NOW) -> Visitor:
        return make.visitor(self.rex, at, (Role.REGISTRAR, ""))

    def typed(self, *levels: str, version: int = 0, submission: str | None = None, **changes: Any) -> Typed:
        """The form as filled in: a level for each criterion of week 1, in order, and comments."""
        comments = changes.pop("comments", {})
        comment = changes.pop("comment", "Clear work.")
        return Typed(
            submission_id=submission or self.submission,
            attempt=changes.pop("attempt", 1),
            rubric_id=changes.pop("rubric", self.course.rubrics[0]),
            version=version,
            scoring=Scoring({f"criterion-{i}": key for i, key in enumerate(levels)}, comments, comment),
            **changes,
        )


def school(conn: Connection) -> School:
    made = make.course(conn)
    cohort = make.cohort(conn, made)
    alice = make.person(conn)
    enrolment = make.enrol(conn, cohort, alice)
    return School(
        course=made,
        cohort=cohort,
        alice=alice,
        enrolment=enrolment,
        submission=make.submission(conn, made, enrolment),
        greta=make.with_role(conn, Role.GRADER, "Greta Grant", cohort),
        gus=make.with_role(conn, Role.GRADER, "Gus Hill", cohort),
        lena=make.with_role(conn, Role.LEAD, "Lena Moor", cohort),
        rex=make.with_role(conn, Role.REGISTRAR, "Rex Ward"),
    )


def claimed(conn: Connection) -> School:
    """The same with greta's claim on alice's submission."""
    made = school(conn)
    assert take(conn, made.grader(), made.submission, LEASE)
    return made


def waiting(conn: Connection, made: School, count: int) -> list[str]:
    """`count` more submissions of as many learners, one minute apart, oldest first."""
    found = []
    for number in range(count):
        enrolment = make.enrol(conn, made.cohort, make.person(conn, f"Learner{number} Doe"))
        at = make.START + timedelta(minutes=number + 1)
        found.append(make.submission(conn, made.course, enrolment, at=at))
    return found


def set_columns(conn: Connection, column: str, values: dict[str, Any]) -> None:
    """Write one column of submissions, by their ids."""
    target = table(Submission)
    for submission_id, value in values.items():
        conn.execute(target.update().where(target.c.id == submission_id).values({column: value}))


def promised(conn: Connection, values: dict[str, datetime | None]) -> None:
    """Until when decisions on these submissions are promised."""
    set_columns(conn, "promised_at", values)


def given(conn: Connection, values: dict[str, str | None]) -> None:
    """To whom these submissions are allocated."""
    set_columns(conn, "given_to", values)


def lots(conn: Connection, values: dict[str, int]) -> None:
    """Where these submissions stand before a grader's shuffle."""
    set_columns(conn, "lot", values)


def conflict(conn: Connection, grader: str, person: str) -> str:
    """The grader must not judge this person's work; returns the id of the conflict."""
    row = Conflict(id=new_id(), grader_id=grader, person_id=person, stated_by=grader, stated_at=NOW)
    add(conn, row)
    return row.id


def rated(conn: Connection, submission_id: str, grader: str) -> None:
    """The grader is done with rating this submission."""
    row = Rating(id=new_id(), submission_id=submission_id, grader_id=grader, saved_at=NOW, done_at=NOW)
    add(conn, row.model_copy(update={"state": RatingState.DONE}))


def acts(conn: Connection, *kinds: str) -> list[str]:
    """What the audit log says was done, in order, of acts whose noun is one of `kinds`."""
    return [row.act for row in rows(conn, AuditRow) if row.act.split(".")[0] in kinds]


def rows(conn: Connection, model: Any, /, **where: Any) -> list[Any]:
    """All rows of a table that have these values, in order of their ids."""
    target = table(model)
    wanted = select(target).where(*(target.c[name] == value for name, value in where.items()))
    return list(conn.execute(wanted.order_by(*target.primary_key)))
