"""The scan that gives work out and takes it from those who do not grade any more."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, update

from assessments.allocation.models import SectionGrader
from assessments.allocation.tasks import allocate_work, give_out, planned, put_back
from assessments.evidence.models import Step, Submission
from assessments.grading.claims import take
from assessments.grading.models import Claim
from assessments.terms.models import Allocation, GradingTerms
from courses.cohorts.models import Section
from courses.enrolment.models import Enrolment
from fourweek.accounts.models import Role, RoleGrant
from fourweek.accounts.service import grant
from fourweek.clock import Now
from fourweek.database import Database, add, new_id, table
from tests import factories as make
from tests.assessments.grading.factories import (
    LEASE,
    NOW,
    School,
    acts,
    conflict,
    given,
    rated,
    rows,
    school,
    set_columns,
    waiting,
)
from tests.statements import statements

AT = Now(real=NOW, school=NOW)


def allocated(conn: Connection, way: Allocation = Allocation.IN_TURN, more: int = 3) -> School:
    """A cohort that gives work in turn: alice's submission and `more` others wait."""
    made = school(conn)
    add(conn, GradingTerms(cohort_id=made.cohort, allocation=way))
    waiting(conn, made, more)
    return made


def holders(conn: Connection) -> dict[str, str | None]:
    target = table(Submission)
    return {row.id: row.given_to for row in conn.execute(select(target.c.id, target.c.given_to))}


def counts(conn: Connection, made: School) -> tuple[int, ...]:
    found = list(holders(conn).values())
    return tuple(found.count(one) for one in (made.greta, made.gus, made.lena, None))


def test_work_goes_in_turn_to_graders_and_not_to_leads(conn: Connection) -> None:
    made = allocated(conn)
    assert give_out(conn, made.cohort, AT) == 4
    assert counts(conn, made) == (2, 2, 0, 0)
    assert give_out(conn, made.cohort, AT) == 0
    assert acts(conn, "submission") == ["submission.give"] * 4
    assert rows(conn, GradingTerms)[0].turn == 4


def test_work_goes_to_who_has_least(conn: Connection) -> None:
    made = allocated(conn, Allocation.BY_LOAD, more=2)
    elsewhere = make.cohort(conn, made.course, name="Winter")
    busy = [make.submission(conn, made.course, make.enrol(conn, elsewhere, make.person(conn))) for _ in range(3)]
    given(conn, dict.fromkeys(busy, made.greta))
    give_out(conn, made.cohort, AT)
    assert counts(conn, made) == (3, 3, 0, 0)


def test_what_somebody_has_open_is_left_to_them(conn: Connection) -> None:
    made = allocated(conn, more=0)
    assert take(conn, made.lead(), made.submission, LEASE)
    assert planned(conn, made.cohort, AT).given == {}
    later = Now(real=NOW + LEASE + timedelta(seconds=1), school=NOW)
    assert len(planned(conn, made.cohort, later).given) == 1


def test_nobody_is_given_what_they_must_not_judge(conn: Connection) -> None:
    made = allocated(conn, more=2)
    judged, own = [one for one in holders(conn) if one != made.submission]
    conflict(conn, made.greta, made.alice)
    rated(conn, judged, made.greta)
    set_columns(conn, "step", {judged: Step.SECOND})
    owner = conn.execute(
        select(table(Enrolment).c.person_id)
        .join(table(Submission), table(Submission).c.enrolment_id == table(Enrolment).c.id)
        .where(table(Submission).c.id == own)
    ).scalar_one()
    grant(conn, owner, Role.GRADER, scope_id=made.cohort, now=NOW)
    give_out(conn, made.cohort, AT)
    found = holders(conn)
    assert found[made.submission] != made.greta
    assert found[judged] != made.greta
    assert found[own] != owner
    assert None not in found.values()


def test_a_section_is_graded_by_its_own_graders_if_they_may(conn: Connection) -> None:
    made = allocated(conn, more=3)
    section = Section(id=new_id(), cohort_id=made.cohort, name="Evenings")
    add(conn, section)
    conn.execute(update(table(Enrolment)).values(section_id=section.id))
    add(conn, SectionGrader(section_id=section.id, grader_id=made.lena))
    give_out(conn, made.cohort, AT)
    assert counts(conn, made) == (0, 0, 4, 0)
    given(conn, dict.fromkeys(holders(conn)))
    conn.execute(update(table(SectionGrader)).values(grader_id=make.person(conn)))
    assert planned(conn, made.cohort, AT).given == {}


def test_who_does_not_grade_any_more_loses_what_they_were_given(conn: Connection) -> None:
    made = allocated(conn, Allocation.OPEN, more=2)
    first, second = [one for one in holders(conn) if one != made.submission]
    given(conn, {first: made.greta, second: made.gus})
    assert take(conn, made.grader(), made.submission, LEASE)
    assert put_back(conn, AT) == 0
    conn.execute(delete(table(RoleGrant)).where(table(RoleGrant).c.person_id == made.greta))
    assert put_back(conn, AT) == 2
    assert (holders(conn)[first], holders(conn)[second]) == (None, made.gus)
    assert rows(conn, Claim) == []
    assert acts(conn, "submission") == ["submission.put_back"]
    assert acts(conn, "claim") == ["claim.taken", "claim.ended"]
    conflict(
        conn,
        made.gus,
        conn.execute(
            select(table(Enrolment).c.person_id)
            .join(table(Submission), table(Submission).c.enrolment_id == table(Enrolment).c.id)
            .where(table(Submission).c.id == second)
        ).scalar_one(),
    )
    assert put_back(conn, AT) == 1


def test_the_scan_gives_everything_once_and_is_cheap_when_idle(db: Database) -> None:
    made: School = db.write_now(allocated)
    assert allocate_work(db, AT) == 4
    assert db.read_now(counts, made) == (2, 2, 0, 0)
    with statements(db) as count:
        assert allocate_work(db, AT) == 0
    assert count.number == 3


def test_scans_at_once_give_everything_once(db: Database) -> None:
    made: School = db.write_now(allocated, more=11)
    with ThreadPoolExecutor(4) as pool:
        moved: list[Any] = list(pool.map(lambda _: allocate_work(db, AT), range(4)))
    assert sum(moved) == 12
    assert db.read_now(counts, made) == (6, 6, 0, 0)
    assert len(db.read_now(acts, "submission")) == 12
