"""Progress by competency: posted decisions alone, joined over courses, and who sees whose."""

import re
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import Connection, select

from assessments.competencies.keeping import keep_alignments
from assessments.competencies.progress_pages import (
    ProgressPage,
    my_progress,
    progress_in_cohort,
    progress_on_record,
)
from assessments.competencies.queries import AlignedSkill
from assessments.competencies.standing import Reached, Standing, by_skill, higher
from assessments.grading.models import Outcome
from assessments.rubrics.models import Competency
from courses.packages.models import ParsedAlignment, ParsedCompetency
from fourweek.accounts.models import Person, Role
from fourweek.database import Database, table
from fourweek.edge import House
from fourweek.errors import Forbidden, NotFound
from tests import factories as make
from tests.statements import statements

NOW = make.START + timedelta(days=10)
LATER = NOW + timedelta(hours=1)
SKILL = ParsedAlignment("onet", "2.B.3.k", "Troubleshooting", "")


class Place:
    """A learner in a course of one week; `also` gives an earlier learner another course."""

    def __init__(self, conn: Connection, title: str = "Pumps", person: str = "") -> None:
        self.conn = conn
        self.made = make.course(conn, 1, title=title)
        self.cohort = make.cohort(conn, self.made)
        self.person = person or make.person(conn, "Lea Learner")
        self.enrolment = make.enrol(conn, self.cohort, self.person)
        self.grader = make.with_role(conn, Role.GRADER)

    def decide(self, outcome: Outcome, *, posted: bool = True, attempt: int = 1, **how: Any) -> None:
        submission = make.submission(self.conn, self.made, self.enrolment, attempt=attempt)
        at = NOW if posted else None
        make.decided(self.conn, self.made, submission, self.grader, outcome=outcome, at=NOW, posted_at=at, **how)

    def align(self) -> None:
        columns = table(Competency).c
        wanted = select(columns.id).where(columns.course_id == self.made.course_id)
        one = str(self.conn.execute(wanted).scalar_one())
        keep_alignments(self.conn, {"a": one}, [ParsedCompetency("a", "A", "", (SKILL,))], now=NOW)

    def page(self, at: Any = LATER) -> ProgressPage:
        return my_progress(self.conn, make.visitor(self.person, at), 1, 1)


def test_decision_counts_once_it_is_posted(conn: Connection) -> None:
    place = Place(conn)
    place.decide(Outcome.DEMONSTRATED, posted=False)
    other = Place(conn)
    unposted, untouched = place.page(), other.page()
    assert [one.best for one in unposted.competencies] == [one.best for one in untouched.competencies] == [None]
    assert [len(one.left[0].criteria) for one in unposted.competencies] == [2]
    other.decide(Outcome.DEMONSTRATED)
    before, after = other.page(NOW - timedelta(seconds=1)), other.page(NOW)
    assert [one.best for one in before.competencies] == [None]
    assert [(one.best.met, one.left) if one.best else None for one in after.competencies] == [(True, ())]


def test_level_is_the_highest_over_attempts_and_what_is_met_is_not_asked_again(conn: Connection) -> None:
    place = Place(conn)
    place.decide(Outcome.NOT_YET, met=(False, False))
    (one,) = place.page().competencies
    assert (one.best is not None and one.best.met, len(one.left[0].criteria)) == (False, 2)
    place.decide(Outcome.NOT_YET, attempt=2, met=(True, False))
    (one,) = place.page().competencies
    assert one.best is not None
    assert (one.best.met, one.best.attempt, one.best.assignment, one.best.open_in) == (True, 2, "Note 1", place.cohort)
    assert len(one.left[0].criteria) == 1
    place.decide(Outcome.RETURNED_INCOMPLETE, attempt=3, met=(True, True))
    assert place.page().competencies == (one,)


def test_courses_are_joined_by_a_shared_outside_skill(conn: Connection) -> None:
    first = Place(conn, "Pumps")
    second = Place(conn, "Valves", first.person)
    assert first.page().skills == ()
    for place in (first, second):
        place.align()
    second.decide(Outcome.DEMONSTRATED)
    page = first.page()
    assert [(one.course, one.best is not None, len(one.left)) for one in page.competencies] == [
        ("Pumps", False, 1),
        ("Valves", True, 0),
    ]
    (joined,) = page.skills
    assert (joined.skill.code, joined.competencies) == ("2.B.3.k", (("Diagnose", "Pumps"), ("Diagnose", "Valves")))
    assert joined.best == page.competencies[1].best


def test_staff_see_what_they_may(conn: Connection) -> None:
    first = Place(conn, "Pumps")
    second = Place(conn, "Valves", first.person)
    second.decide(Outcome.DEMONSTRATED)
    people = table(Person)
    number = conn.execute(select(people.c.learner_number).where(people.c.id == first.person)).scalar_one()

    def staff(role: Role, scope: str = "") -> Any:
        return make.visitor(make.person(conn), LATER, (role, scope))

    whole = progress_on_record(conn, staff(Role.REGISTRAR), number, 1, 1)
    assert (whole.name, [one.course for one in whole.competencies]) == ("Lea Learner", ["Pumps", "Valves"])
    assert [one.best.open_in for one in whole.competencies if one.best] == [""]
    part = progress_in_cohort(conn, staff(Role.LEAD, second.cohort), second.cohort, second.enrolment, 1, 1)
    assert [one.course for one in part.competencies] == ["Valves"]
    for wrong in (staff(Role.LEAD), staff(Role.AUTHOR), make.visitor(first.person, LATER)):
        with pytest.raises(NotFound):
            progress_on_record(conn, wrong, number, 1, 1)
    with pytest.raises(NotFound):
        progress_on_record(conn, staff(Role.REGISTRAR), "nobody", 1, 1)
    with pytest.raises(Forbidden):
        progress_in_cohort(conn, staff(Role.GRADER, second.cohort), second.cohort, second.enrolment, 1, 1)
    with pytest.raises(NotFound):
        progress_in_cohort(conn, staff(Role.LEAD, second.cohort), second.cohort, first.enrolment, 1, 1)
    with pytest.raises(NotFound):
        progress_in_cohort(conn, staff(Role.LEAD, second.cohort), first.cohort, first.enrolment, 1, 1)


def test_page_asks_as_much_for_many_courses(db: Database) -> None:
    def asked(person: str) -> int:
        visitor = make.visitor(person, LATER)
        db.read_now(my_progress, visitor, 1, 1)  # what a version asks for is kept from here on
        with statements(db) as count:
            db.read_now(my_progress, visitor, 1, 1)
        return count.number

    def fill(conn: Connection, courses: int) -> str:
        person = ""
        for number in range(courses):
            place = Place(conn, f"Course {number}", person)
            place.align()
            place.decide(Outcome.DEMONSTRATED if number % 2 else Outcome.NOT_YET)
            person = place.person
        return person

    few, many = (asked(db.write_now(fill, courses)) for courses in (1, 7))
    assert (few, many) == (5, 5)


def test_learner_reads_the_page_and_follows_its_links(house: House, browser: Any) -> None:
    def fill(conn: Connection) -> str:
        place = Place(conn)
        place.align()
        place.decide(Outcome.NOT_YET, met=(True, False))
        return place.person

    learner = browser(house.db.write_now(fill))
    page = learner.get("/me/competencies")
    assert (page.status_code, "Troubleshooting" in page.text, "Still to be shown" in page.text) == (200, True, True)
    (link, *_) = re.findall(r'href="(/cohorts/[^"]+#attempt-1)"', page.text)
    assert 'id="attempt-1"' in learner.get(link).text
    (module,) = re.findall(r'href="(/cohorts/[^"/]+/modules/1)"', page.text)
    assert learner.get(module).status_code == 200
    assert 'href="/me/competencies"' in learner.get("/badges").text
    nobody = browser(house.db.write_now(make.person))
    assert "No competencies yet" in nobody.get("/me/competencies").text
    assert nobody.get("/record/1/competencies").status_code == 404
    assert browser().get("/me/competencies").status_code == 303


REACHED = Reached("c", "Method", "Meets", Fraction(1, 2), True, "Pumps", "Note", NOW, "cohort", 1, "note", 1)


def test_higher_is_what_says_more() -> None:
    exceeds = replace(REACHED, level="Exceeds", share=Fraction(1))
    unmet = replace(exceeds, met=False)
    later = replace(REACHED, posted_at=LATER)
    for one, other in ((exceeds, REACHED), (REACHED, unmet), (REACHED, later)):
        assert higher(one, other) == higher(other, one) == one
    assert (higher(None, REACHED), higher(REACHED, None), higher(None, None)) == (REACHED, REACHED, None)


def test_competency_with_two_skills_stands_under_both() -> None:
    skills = tuple(AlignedSkill(key, "onet", "O*NET", key, key.title(), "", "") for key in ("b", "a"))
    found = by_skill([Standing("c", "Diagnose", "Pumps", REACHED, (), skills), Standing("d", "Cut", "Yard")])
    assert [(one.skill.code, one.best, len(one.competencies)) for one in found] == [
        ("a", REACHED, 1),
        ("b", REACHED, 1),
    ]
