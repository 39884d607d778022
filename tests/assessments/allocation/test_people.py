"""Graders of sections and conflicts of interest: who keeps them, what they change, and the page."""

from typing import Any

import pytest
from sqlalchemy import Connection, select

from assessments.allocation.models import Conflict, SectionGrader
from assessments.allocation.people import HIDDEN, people_page
from assessments.allocation.service import (
    add_section_grader,
    end_conflict,
    keep_apart,
    remove_section_grader,
    state_own,
)
from assessments.assignments.models import RequirementKind
from assessments.evidence.handed import handed_file
from assessments.evidence.models import Evidence
from assessments.grading.claims import claim, take
from assessments.grading.models import Claim, Rating
from assessments.grading.ratings import save
from assessments.terms.models import GradingTerms
from courses.cohorts.models import Section
from fourweek.accounts.access import PERSON
from fourweek.accounts.models import Role
from fourweek.database import add, new_id
from fourweek.errors import Forbidden, Invalid, NotFound
from tests import factories as make
from tests.assessments.allocation.test_tasks import holders
from tests.assessments.grading.factories import LEASE, NOW, School, acts, conflict, given, rows, school
from tests.statements import statements
from tests.visits import Browser


def section(conn: Connection, cohort_id: str) -> str:
    row = Section(id=new_id(), cohort_id=cohort_id, name="Evenings")
    add(conn, row)
    return row.id


def test_graders_of_a_section_grade_in_its_cohort(conn: Connection) -> None:
    made = school(conn)
    own, other = section(conn, made.cohort), section(conn, make.cohort(conn, made.course))
    with pytest.raises(Forbidden):
        add_section_grader(conn, made.grader(), made.cohort, own, made.greta)
    for place, person, wrong in (
        (own, made.alice, ["section_grader"]),
        (other, made.greta, ["section"]),
        ("", "", ["section", "section_grader"]),
    ):
        with pytest.raises(Invalid) as caught:
            add_section_grader(conn, made.lead(), made.cohort, place, person)
        assert list(caught.value.fields) == wrong
    for _ in range(2):
        add_section_grader(conn, made.lead(), made.cohort, own, made.greta)
    assert [row.grader_id for row in rows(conn, SectionGrader)] == [made.greta]
    page = people_page(conn, made.lead(), made.cohort)
    assert [one.about for one in page.graders] == [
        "Grades · Evenings · nothing to do",
        "Grades · nothing to do",
        "Leads · nothing to do",
    ]
    for _ in range(2):
        remove_section_grader(conn, made.lead(), made.cohort, own, made.greta)
    assert acts(conn, "section_grader") == ["section_grader.add", "section_grader.remove"]


def test_people_are_kept_apart_until_it_is_ended(conn: Connection) -> None:
    made = school(conn)
    given(conn, {made.submission: made.greta})
    assert take(conn, made.grader(), made.submission, LEASE)
    with pytest.raises(Forbidden):
        keep_apart(conn, made.grader(), made.cohort, made.greta, made.alice, "")
    with pytest.raises(Invalid) as caught:
        keep_apart(conn, made.lead(), made.cohort, made.alice, made.greta, "x" * 501)
    assert list(caught.value.fields) == ["grader", "person", "reason"]
    for _ in range(2):
        keep_apart(conn, made.lead(), made.cohort, made.greta, made.alice, "Siblings")
    (stated,) = rows(conn, Conflict)
    assert (holders(conn), rows(conn, Claim)) == ({made.submission: None}, [])
    with pytest.raises(NotFound):
        claim(conn, made.grader(), made.submission, LEASE)
    elsewhere = make.cohort(conn, made.course)
    with pytest.raises(NotFound):
        end_conflict(conn, make.visitor(made.lena, NOW, (Role.LEAD, elsewhere)), elsewhere, stated.id)
    for _ in range(2):
        end_conflict(conn, made.lead(), made.cohort, stated.id)
    claim(conn, made.grader(), made.submission, LEASE)
    assert acts(conn, "conflict") == ["conflict.state", "conflict.end"]


def test_a_grader_who_states_a_conflict_keeps_the_draft_and_loses_the_work(conn: Connection) -> None:
    made = school(conn)
    assert take(conn, made.grader(), made.submission, LEASE)
    save(conn, made.grader(), made.submission, made.typed("meets"), LEASE)
    with pytest.raises(Forbidden):
        state_own(conn, made.registrar(), made.submission, "")
    with pytest.raises(Invalid):
        state_own(conn, made.grader(), made.submission, "x" * 501)
    state_own(conn, made.grader(), made.submission, "")
    assert (rows(conn, Claim), len(rows(conn, Rating))) == ([], 1)
    with pytest.raises(NotFound):
        state_own(conn, made.grader(), made.submission, "")
    claim(conn, made.grader(made.gus), made.submission, LEASE)


@pytest.mark.parametrize("anonymous", [False, True])
def test_what_a_grader_stated_tells_leads_no_name_where_grading_is_anonymous(
    conn: Connection, *, anonymous: bool
) -> None:
    made = school(conn)
    add(conn, GradingTerms(cohort_id=made.cohort, anonymous=anonymous))
    state_own(conn, made.grader(), made.submission, "")
    keep_apart(conn, made.lead(), made.cohort, made.gus, made.alice, "")
    shown = {one.grader: one.learner for one in people_page(conn, made.lead(), made.cohort).conflicts}
    names = {row.id: row.display_name for row in conn.execute(select(PERSON.c.id, PERSON.c.display_name))}
    assert shown == {names[made.greta]: HIDDEN if anonymous else names[made.alice], names[made.gus]: names[made.alice]}


def test_files_are_kept_from_a_grader_in_conflict_too(conn: Connection) -> None:
    made = school(conn)
    file = Evidence(
        id=new_id(),
        submission_id="",
        requirement_id=made.course.files[1],
        position=0,
        kind=RequirementKind.FILES,
        file_name="proof.txt",
        sha256="1" * 64,
        saved_at=NOW,
    )
    make.submission(conn, made.course, made.enrolment, week=2, more=[file])
    assert handed_file(conn, made.grader(), file.id).id == file.id
    conflict(conn, made.greta, made.alice)
    with pytest.raises(NotFound):
        handed_file(conn, made.grader(), file.id)
    assert handed_file(conn, made.grader(made.gus), file.id).id == file.id


def test_the_page_of_graders(browser: Any, house: Any) -> None:
    made: School = house.db.write_now(school)
    here = f"/staff/cohorts/{made.cohort}/graders"
    assert (browser(made.greta).get(here).status_code, browser(made.alice).get(here).status_code) == (403, 404)
    lena: Browser = browser(made.lena)
    lena.get(here)
    with statements(house.db) as count:
        assert "Greta Grant" in lena.get(here).text
    assert count.number == 8
    answer = lena.submit(here, f"{here}/conflicts", grader=made.greta, person="", reason="<b>Flat</b>")
    assert (answer.status_code, "Choose a learner of this cohort." in answer.text) == (422, True)
    sent = lena.submit(here, f"{here}/conflicts", grader=made.greta, person=made.alice, reason="<b>Flat</b>")
    assert sent.status_code == 303
    page = lena.get(here).text
    assert ("Greta Grant does not judge Alice Brook" in page, "&lt;b&gt;Flat" in page) == (True, True)
    assert lena.submit(here, f"{here}/conflicts/end").status_code == 303
    assert "No conflict is stated" in lena.get(here).text
