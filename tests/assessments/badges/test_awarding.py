"""What an award is given beside its snapshot: an end, what it renews, and the outside skills of its course."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from assessments.badges.awarding import award, earlier_award
from assessments.badges.queries import ACHIEVEMENT, AWARD, achievement_shown
from assessments.badges.snapshot import AlignmentShown, read_snapshot
from assessments.competencies.models import Alignment, Framework, Skill
from assessments.credit.rules import Mode
from assessments.credit.service import record_due_credit
from assessments.rubrics.models import Competency
from courses.catalogue.models import CourseVersion
from fourweek.database import add, new_id, table
from fourweek.edge import House
from tests import factories as make
from tests.assessments.badges.factories import achievement, an_award, ready
from tests.assessments.credit.factories import LATER, NOW, Learning, demonstrate_all, learning

ENDS = datetime(2029, 11, 6, 23, 59, 59, tzinfo=UTC)


def _aligned(conn: Connection, who: Learning) -> None:
    competency = conn.execute(
        select(table(Competency).c.id).where(table(Competency).c.course_id == who.course.course_id)
    ).scalar_one()
    framework = Framework(id=new_id(), key="esco", title="ESCO 1.2", made_at=LATER)
    add(conn, framework)
    for code, url in (("S2", "https://skills.example/2"), ("S1", "https://skills.example/1"), ("S3", "")):
        skill = Skill(id=new_id(), framework_id=framework.id, code=code, title=f"Skill {code}", url=url)
        add(conn, skill)
        add(conn, Alignment(competency_id=competency, skill_id=skill.id, stated_at=LATER))


def test_an_award_ends_with_its_months_and_the_next_one_renews_it(house: House) -> None:
    who = house.db.write_now(ready)

    def again(conn: Connection) -> Learning:
        conn.execute(update(ACHIEVEMENT).values(valid_months=36))
        cohort = make.cohort(conn, who.course)
        other = Learning(who.course, cohort, who.person_id, make.enrol(conn, cohort, who.person_id), who.grader_id)
        demonstrate_all(conn, other)
        return other

    other = house.db.write_now(again)
    record_due_credit(house.db, NOW)
    for enrolment in (who.enrolment_id, other.enrolment_id):
        assert house.db.write_now(award, enrolment, "Test Institute", NOW)
    first, second = house.db.read_now(lambda conn: conn.execute(select(AWARD).order_by(AWARD.c.id)).all())
    assert (first.valid_until, second.valid_until) == (ENDS, ENDS)
    assert (first.renews_id, second.renews_id) == (None, first.id)


@pytest.mark.parametrize(
    "changes",
    [{"valid_until": None}, {"revoked_at": LATER}, {"withdrawn_at": LATER}],
    ids=["endless", "revoked", "withdrawn"],
)
def test_what_does_not_end_or_stand_is_not_renewed(conn: Connection, changes: dict[str, Any]) -> None:
    who = learning(conn, weeks=1)
    made = an_award(conn, who, valid_until=ENDS)
    assert earlier_award(conn, who.person_id, who.course.course_id) == made
    conn.execute(update(AWARD).values(changes))
    assert earlier_award(conn, who.person_id, who.course.course_id) is None


def test_the_newest_award_is_the_one_that_is_renewed(conn: Connection) -> None:
    who = learning(conn, weeks=1)
    an_award(conn, who, valid_until=ENDS, awarded_at=LATER)
    old = learning(conn, weeks=1)
    an_award(conn, old, valid_until=ENDS)
    assert earlier_award(conn, old.person_id, who.course.course_id) is None
    assert earlier_award(conn, who.person_id, who.course.course_id) is not None


def test_outside_skills_with_an_address_are_frozen_with_the_achievement(conn: Connection) -> None:
    who = learning(conn, weeks=2)
    made = achievement(conn, who.course)
    before = achievement_shown(conn, made)
    assert before is not None
    assert before.alignments == ()
    _aligned(conn, who)
    shown = achievement_shown(conn, made)
    assert shown is not None
    assert [(one.code, one.url) for one in shown.alignments] == [
        ("S1", "https://skills.example/1"),
        ("S2", "https://skills.example/2"),
    ]
    assert shown.alignments[0] == AlignmentShown(
        name="Skill S1", url="https://skills.example/1", code="S1", framework="ESCO 1.2", description=""
    )
    facts = shown.facts("https://x.example/a", "https://x.example/p.png")
    assert [one.name for one in facts.alignments] == ["Skill S1", "Skill S2"]


def test_a_snapshot_from_before_skills_and_series_reads_as_it_was(conn: Connection) -> None:
    made = an_award(conn)
    stored = conn.execute(select(AWARD.c.snapshot).where(AWARD.c.id == made)).scalar_one()
    assert not {"alignments", "series_code", "parts"} & {*stored, *stored["achievement"]}
    said = read_snapshot(stored)
    assert (said.achievement.alignments, said.parts) == ((), ())
    assert said.stored() == stored


def test_a_course_is_worth_what_the_institution_rounds_it_to_module_by_module_where_each_is_an_event(
    conn: Connection,
) -> None:
    who = learning(conn, weeks=3, minutes=350)
    made = achievement(conn, who.course)
    versions = table(CourseVersion)
    for separate, wanted in ((False, (18, 17)), (True, (18, 15))):
        conn.execute(update(versions).where(versions.c.id == who.course.version_id).values(separate_events=separate))
        shown = [achievement_shown(conn, made, mode) for mode in (Mode.NEAREST, Mode.FLOOR)]
        assert tuple(one.ceu_tenths for one in shown if one) == wanted


def test_a_badge_earned_again_says_no_hours_that_count_twice(house: House) -> None:
    who = house.db.write_now(lambda conn: learning(conn, weeks=1))
    house.db.write_now(achievement, who.course)
    again = replace(who, enrolment_id=house.db.write_now(_another_place, who))
    for one in (who, again):
        house.db.write_now(demonstrate_all, one)
        record_due_credit(house.db, NOW)
        assert house.db.write_now(award, one.enrolment_id, "Test Institute", NOW)
    rows = house.db.read_now(lambda conn: conn.execute(select(AWARD.c.snapshot).order_by(AWARD.c.id)).scalars().all())
    said = [read_snapshot(row) for row in rows]
    assert [(one.minutes, one.ceu_tenths, one.achievement.minutes) for one in said] == [(150, 3, 150), (0, 0, 150)]


def _another_place(conn: Connection, who: Learning) -> str:
    return make.enrol(conn, make.cohort(conn, who.course, zone="UTC"), who.person_id)
