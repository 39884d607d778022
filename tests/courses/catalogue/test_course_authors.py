"""An author or lead of one course writes, publishes and plans that course alone."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection

from assessments.competencies.aligning import Asked, align, competencies_page
from assessments.grading.rule_page import courses_page, rule_page, rules_page
from assessments.rubrics.versions import rubric_page, rubric_toml
from courses.catalogue.drafts.queries import authoring_page, may_publish, not_theirs
from courses.cohorts.forms import CohortForm
from courses.cohorts.service import create_cohort
from courses.cohorts.staff import new_cohort_page, staff_cohort_page
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Role, ScopeKind
from fourweek.accounts.roles import RoleIn, give_role
from fourweek.database import new_id
from fourweek.errors import Forbidden, NotFound
from tests import factories as make
from tests.fourweek.signed_in import visitor_of


@dataclass(frozen=True, slots=True)
class Two:
    """Their course, and one that is none of theirs, each with a cohort."""

    me: Visitor
    own: make.MadeCourse
    other: make.MadeCourse
    own_cohort: str
    other_cohort: str


def _two(conn: Connection, role: Role) -> Two:
    own, other = make.course(conn), make.course(conn)
    cohorts = make.cohort(conn, own), make.cohort(conn, other)
    person = make.person(conn, "Petra Part")
    give_role(conn, None, person, RoleIn(role, ScopeKind.COURSE, own.course_id), now=make.START)
    return Two(visitor_of(conn, person, make.START), own, other, *cohorts)


def test_an_author_of_one_course_publishes_it_and_nothing_else(conn: Connection) -> None:
    two = _two(conn, Role.AUTHOR)
    may_publish(conn, two.me)
    assert not_theirs(conn, two.me, two.own.code) == ""
    assert two.other.code in not_theirs(conn, two.me, two.other.code)
    assert not_theirs(conn, two.me, "a-new-course") != ""
    assert {line.code for line in authoring_page(conn, two.me, 1, 1).versions} == {two.own.code}
    nobody = make.visitor(make.person(conn), make.START)
    with pytest.raises(Forbidden):
        may_publish(conn, nobody)


def test_what_belongs_to_another_course_is_not_there(conn: Connection) -> None:
    two = _two(conn, Role.AUTHOR)
    calls: list[Any] = [
        lambda course: rubric_page(conn, two.me, course.code, course.keys[0], 1),
        lambda course: rubric_toml(conn, two.me, course.code, course.keys[0]),
        lambda course: competencies_page(conn, two.me, course.code, Asked("", ""), 1),
        lambda course: rules_page(conn, two.me, course.code),
        lambda course: rule_page(conn, two.me, course.code, course.keys[0]),
    ]
    for call in calls:
        assert call(two.own)
        with pytest.raises(NotFound):
            call(two.other)
    with pytest.raises(NotFound):
        align(conn, two.me, two.other.code, "any", "any", ends=False)
    assert [code for code, _ in courses_page(conn, two.me).courses] == [two.own.code]
    assert rule_page(conn, two.me, two.own.code, two.own.keys[0]).may_change


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.LEAD])
def test_cohorts_are_planned_and_run_in_that_course_alone(conn: Connection, role: Role) -> None:
    two = _two(conn, role)
    assert [value for value, _ in new_cohort_page(conn, two.me).versions] == [two.own.version_id]
    with pytest.raises(Forbidden):
        create_cohort(conn, two.me, CohortForm(key=new_id(), version_id=two.other.version_id))
    assert staff_cohort_page(conn, two.me, two.own_cohort).may_plan
    with pytest.raises(NotFound):
        staff_cohort_page(conn, two.me, two.other_cohort)
    lead = make.with_role(conn, Role.LEAD, "Lena", two.own_cohort)
    with pytest.raises(Forbidden):
        new_cohort_page(conn, visitor_of(conn, lead, make.START))
