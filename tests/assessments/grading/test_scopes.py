"""Roles by course, cohort and section: whoever grades or leads a part sees that part's learners and nobody else's.

Two sections of a cohort, another cohort of the same course, and another course; alice is of the morning.
"""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from assessments.allocation.giving import give, giving_page
from assessments.allocation.graders import graders_of
from assessments.allocation.models import SectionGrader
from assessments.allocation.service import add_section_grader
from assessments.allocation.tasks import put_back
from assessments.assignments.models import RequirementKind
from assessments.coursework import AssessmentsCoursework
from assessments.evidence.handed import handed_file
from assessments.evidence.models import Evidence, Submission
from assessments.exports.access import exported_cohort
from assessments.grading.access import Found, graded_submission
from assessments.grading.claims import claim
from assessments.grading.parts import Part
from assessments.grading.queue import queue_page
from assessments.identity.listing import reveals_page
from courses.cohorts.models import Section
from courses.enrolment.access import ENROLMENT
from courses.enrolment.roster.place import place_page
from courses.enrolment.roster.queries import roster_csv, roster_page
from courses.learning.access import reader
from courses.questions.access import member_for
from courses.questions.desk import desk_page
from courses.questions.letters import tell_asked
from courses.questions.queries import QUESTION
from courses.viewing.access import NOW as AS_OF_NOW
from courses.viewing.access import look_on, open_view
from fourweek.accounts.access import GRANT, Visitor
from fourweek.accounts.models import Role, ScopeKind
from fourweek.accounts.roles import RoleIn, end_role, give_role
from fourweek.database import add, new_id, table
from fourweek.errors import Forbidden, FourweekError, Invalid, NotFound
from fourweek.outbox import OUTBOX
from tests import factories as make
from tests.assessments.grading.factories import LEASE, NOW, school
from tests.fourweek.signed_in import visitor_of

MORNING, EVENING, BESIDE, ELSEWHERE = "morning", "evening", "beside", "elsewhere"


@dataclass(slots=True)
class World:
    """Who handed in what, by where they are: enrolments and submissions of the four places; ids of every scope."""

    cohort: str
    lena: str
    enrolments: dict[str, str]
    submissions: dict[str, str]
    scopes: dict[str, str]
    courses: dict[str, make.MadeCourse]

    def with_role(self, conn: Connection, role: Role, kind: ScopeKind, where: str, name: str = "Petra Part") -> str:
        person = make.person(conn, name)
        give_role(conn, None, person, RoleIn(role, kind, self.scopes[f"{kind.value} {where}"]), now=NOW)
        return person


@pytest.fixture
def world(conn: Connection) -> World:
    here, other = school(conn), school(conn)
    morning, evening = (Section(id=new_id(), cohort_id=here.cohort, name=name) for name in ("Morning", "Evening"))
    add(conn, morning, evening)
    beside = make.cohort(conn, here.course)
    enrolments = {MORNING: here.enrolment, ELSEWHERE: other.enrolment}
    submissions = {MORNING: here.submission, ELSEWHERE: other.submission}
    for where, cohort in ((EVENING, here.cohort), (BESIDE, beside)):
        enrolments[where] = make.enrol(conn, cohort, make.person(conn, f"{where.capitalize()} Learner"))
        submissions[where] = make.submission(conn, here.course, enrolments[where])
    for where, section in ((MORNING, morning.id), (EVENING, evening.id)):
        one = update(ENROLMENT).where(ENROLMENT.c.id == enrolments[where])
        conn.execute(one.values(section_id=section))
    scopes = {
        "section morning": morning.id,
        "section evening": evening.id,
        "cohort here": here.cohort,
        "cohort beside": beside,
        "course here": here.course.course_id,
        "course elsewhere": other.course.course_id,
    }
    courses = dict.fromkeys((MORNING, EVENING, BESIDE), here.course) | {ELSEWHERE: other.course}
    return World(here.cohort, here.lena, enrolments, submissions, scopes, courses)


CASES = [
    (ScopeKind.SECTION, "morning", {MORNING}),
    (ScopeKind.SECTION, "evening", {EVENING}),
    (ScopeKind.COHORT, "here", {MORNING, EVENING}),
    (ScopeKind.COHORT, "beside", {BESIDE}),
    (ScopeKind.COURSE, "here", {MORNING, EVENING, BESIDE}),
    (ScopeKind.COURSE, "elsewhere", {ELSEWHERE}),
]


def _reached(world: World, call: Any) -> set[str]:
    """The places where a call does not say that nothing is there."""
    found = set()
    for where in world.submissions:
        try:
            call(where)
        except NotFound:
            continue
        found.add(where)
    return found


def _files(conn: Connection, world: World) -> dict[str, str]:
    """A file that each of them handed in for week 2; their ids by place."""
    found = {}
    for where, course in world.courses.items():
        row = Evidence(
            id=new_id(),
            submission_id="",
            requirement_id=course.files[1],
            position=1,
            kind=RequirementKind.FILES,
            file_name="a.txt",
            media_type="text/plain",
            sha256="1" * 64,
            saved_at=NOW,
        )
        make.submission(conn, course, world.enrolments[where], week=2, more=[row])
        found[where] = row.id
    return found


def test_each_scope_reaches_its_own_work_in_queue_screen_and_claim(conn: Connection, world: World) -> None:
    for kind, name, expected in CASES:
        person = world.with_role(conn, Role.GRADER, kind, name)
        me = visitor_of(conn, person, NOW)
        queue = queue_page(conn, me, Part.FREE)
        assert {row.id for row in queue.rows} == {world.submissions[one] for one in expected}, name
        assert queue.counts[Part.FREE] == len(expected)
        seen = _reached(world, lambda where, me=me: graded_submission(conn, me, world.submissions[where]))
        assert seen == expected, name
        taken = _reached(world, lambda where, me=me: claim(conn, me, world.submissions[where], LEASE))
        assert taken == expected, name
        conn.execute(table(Submission).update().values(given_to=None))
        put_back(conn, me.now)
        grant = conn.execute(select(GRANT).where(GRANT.c.person_id == person)).one()
        end_role(conn, None, person, RoleIn(grant.role, grant.scope_kind, grant.scope_id), now=NOW)
        put_back(conn, me.now)
        with pytest.raises(FourweekError):
            graded_submission(conn, visitor_of(conn, person, NOW), world.submissions[next(iter(expected))])


def test_each_scope_reaches_its_own_files(conn: Connection, world: World) -> None:
    files = _files(conn, world)
    for kind, name, expected in CASES:
        me = visitor_of(conn, world.with_role(conn, Role.GRADER, kind, name), NOW)
        assert _reached(world, lambda where, me=me: handed_file(conn, me, files[where])) == expected, name


def test_a_lead_of_a_section_reviews_and_changes_there_alone(conn: Connection, world: World) -> None:
    me = visitor_of(conn, world.with_role(conn, Role.LEAD, ScopeKind.SECTION, "morning"), NOW)
    found: Found = graded_submission(conn, me, world.submissions[MORNING])
    assert (found.may_grade, found.may_review, found.may_change) == (True, True, True)
    assert _reached(world, lambda where: graded_submission(conn, me, world.submissions[where])) == {MORNING}
    assert [row.id for row in giving_page(conn, me).rows] == [world.submissions[MORNING]]
    assert reveals_page(conn, me).rows == ()
    with pytest.raises(NotFound):
        exported_cohort(conn, me, world.cohort)


def test_work_of_a_section_goes_only_to_those_who_may_grade_it(conn: Connection, world: World) -> None:
    evening = world.with_role(conn, Role.GRADER, ScopeKind.SECTION, "evening", "Eve Part")
    able = {one.name: one.sections for one in graders_of(conn, world.cohort)}
    assert (able["Eve Part"], able["Greta Grant"]) == (frozenset({world.scopes["section evening"]}), None)
    lead = visitor_of(conn, world.lena, NOW)
    done = give(conn, lead, world.cohort, [world.submissions[MORNING], world.submissions[EVENING]], evening)
    assert (done.number, [why for _, why in done.refused]) == (1, ["Eve Part does not grade in its section."])
    with pytest.raises(Invalid):
        add_section_grader(conn, lead, world.cohort, world.scopes["section morning"], evening)
    add_section_grader(conn, lead, world.cohort, world.scopes["section evening"], evening)
    assert conn.execute(select(table(SectionGrader).c.grader_id)).scalars().all() == [evening]


def test_whoever_runs_a_section_sees_its_people_alone(conn: Connection, world: World) -> None:
    me = visitor_of(conn, world.with_role(conn, Role.LEAD, ScopeKind.SECTION, "evening"), NOW)
    coursework = AssessmentsCoursework()
    roster = roster_page(conn, me, world.cohort, coursework, chosen=("", "", ""), number=1)
    assert ([one.name for one in roster.people], roster.found, roster.is_whole) == (["Evening Learner"], 1, False)
    chosen = ("", "", world.scopes["section morning"])
    assert roster_page(conn, me, world.cohort, coursework, chosen=chosen, number=1).people == ()
    assert b"Alice" not in roster_csv(conn, me, world.cohort)
    mine = place_page(conn, me, world.cohort, world.enrolments[EVENING])
    assert mine.name == "Evening Learner"
    with pytest.raises(NotFound):
        place_page(conn, me, world.cohort, world.enrolments[MORNING])
    open_view(conn, me, world.cohort, world.enrolments[EVENING], "Asked for help")
    assert look_on(conn, me, world.cohort, world.enrolments[EVENING], AS_OF_NOW).eyes.me.name == "Evening Learner"
    with pytest.raises(NotFound):
        look_on(conn, me, world.cohort, world.enrolments[MORNING], AS_OF_NOW)
    for other in (world.scopes["cohort beside"], "unknown"):
        with pytest.raises(NotFound):
            roster_page(conn, me, other, coursework, chosen=("", "", ""), number=1)
    grader = visitor_of(conn, world.with_role(conn, Role.GRADER, ScopeKind.SECTION, "evening"), NOW)
    with pytest.raises(Forbidden):
        roster_page(conn, grader, world.cohort, coursework, chosen=("", "", ""), number=1)


def _ask(conn: Connection, world: World, where: str) -> str:
    asker = conn.execute(select(ENROLMENT.c.person_id).where(ENROLMENT.c.id == world.enrolments[where])).scalar_one()
    row = {"id": new_id(), "cohort_id": world.cohort, "module_number": 1, "author_id": asker, "asked_at": NOW}
    conn.execute(QUESTION.insert().values(row | {"title": f"From {where}", "body": "?", "html": "<p>?</p>"}))
    return str(row["id"])


def test_whoever_teaches_a_section_reads_along_and_is_told_of_its_questions(conn: Connection, world: World) -> None:
    teacher = world.with_role(conn, Role.INSTRUCTOR, ScopeKind.SECTION, "morning")
    me = visitor_of(conn, teacher, NOW)
    asked = {where: _ask(conn, world, where) for where in (MORNING, EVENING)}
    desk = desk_page(conn, me, 1, 1)
    assert ([one.title for one in desk.lines], [one.id for one in desk.cohorts]) == (["From morning"], [world.cohort])
    assert reader(conn, me, world.cohort).is_staff
    with pytest.raises(NotFound):
        reader(conn, me, world.scopes["cohort beside"])
    assert _told(conn, world, asked[MORNING]) == {teacher, world.lena}
    assert _told(conn, world, asked[EVENING]) == {world.lena}


def _told(conn: Connection, world: World, question_id: str) -> set[str]:

    asker = conn.execute(select(QUESTION.c.author_id).where(QUESTION.c.id == question_id)).scalar_one()
    visitor: Visitor = visitor_of(conn, asker, NOW)
    member = member_for(reader(conn, visitor, world.cohort), visitor, 1)
    tell_asked(conn, visitor, member, question_id, "Why", "Because")
    told = select(OUTBOX.c.person_id).where(OUTBOX.c.key.startswith(f"question_asked:{question_id}"))
    return set(conn.execute(told).scalars())
