"""A decision that is replaced after the award reaches the badge, or the registrars."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Row, select, update

from assessments.badges.awarding import award
from assessments.badges.following import Following, Moved, follow, moved
from assessments.badges.queries import AWARD
from assessments.badges.restating import restate
from assessments.badges.snapshot import CriterionShown, LevelShown, read_snapshot
from assessments.credit.service import record_due_credit
from assessments.evidence.models import Submission
from assessments.grading.models import Decision, DecisionLine, Outcome, Posting, Way
from fourweek.accounts.models import Role
from fourweek.database import Database, add, new_id, table
from fourweek.edge import House
from fourweek.outbox import OUTBOX
from tests import factories as make
from tests.assessments.appeals.factories import POSTED, appealing
from tests.assessments.badges.factories import achievement, an_award
from tests.assessments.credit.factories import DAY, LATER, NOW, Learning, demonstrate, learning

LEVELS = tuple(LevelShown(key=key, title=key, descriptor="") for key in ("not-yet", "meets", "exceeds"))
SOON = make.START + 10 * DAY


@dataclass(frozen=True)
class Case:
    """An award over one week with two criteria, both at `meets`."""

    who: Learning
    award_id: str
    decision_id: str
    registrar: str

    def replaced(
        self, conn: Connection, *levels: int, way: Way = Way.APPEALED, posted: datetime = SOON, which: str = ""
    ) -> str:
        """The first decision, or `which`, is superseded by one with these levels, by place."""
        submission = conn.execute(select(table(Submission).c.id)).scalar_one()
        criteria = self.who.course.criteria[0]
        demonstrated = min(levels) > 0
        row = Decision(
            id=new_id(),
            submission_id=submission,
            outcome=Outcome.DEMONSTRATED if demonstrated else Outcome.NOT_YET,
            rubric_id=self.who.course.rubrics[0],
            decided_by=self.who.grader_id,
            decided_at=posted,
            supersedes_id=which or self.decision_id,
            reason="Seen again.",
            way=way,
        )
        add(conn, row)
        for criterion, place in zip(criteria, levels, strict=True):
            level = self.who.course.levels[criterion][place]
            add(conn, DecisionLine(decision_id=row.id, criterion_id=criterion, level_id=level, met=place > 0))
        add(conn, Posting(decision_id=row.id, posted_at=posted, posted_by=self.who.grader_id))
        return row.id

    def award(self, conn: Connection) -> Row[Any]:
        return conn.execute(select(AWARD).where(AWARD.c.id == self.award_id)).one()


def case(conn: Connection) -> Case:
    who = learning(conn, weeks=1)
    decision = demonstrate(conn, who, 1)
    award_id = an_award(conn, who, awarded_at=make.START + DAY)
    return Case(who, award_id, decision, make.with_role(conn, Role.REGISTRAR, "Rosa Reed"))


def levels(conn: Connection, made: Case) -> list[str]:
    return [entry.reached for entry in read_snapshot(made.award(conn).snapshot).achievement.rubric]


def test_a_raised_level_states_the_badge_anew_once(conn: Connection) -> None:
    made = case(conn)
    decision = made.replaced(conn, 2, 1)
    assert follow(conn, made.award_id, decision, Way.APPEALED, NOW)
    assert not follow(conn, made.award_id, decision, Way.APPEALED, NOW)
    row = made.award(conn)
    assert (row.number, row.why) == (2, "An appeal was upheld.")
    assert levels(conn, made) == ["exceeds", "meets"]
    assert read_snapshot(row.snapshot).holder == "Alice Brook"
    assert conn.execute(select(OUTBOX.c.kind)).scalars().all() == []


@pytest.mark.parametrize("places", [(0, 1), (2, 0)])
def test_a_lowered_level_leaves_the_badge_and_tells_the_registrars_once(
    conn: Connection, places: tuple[int, int]
) -> None:
    made = case(conn)
    decision = made.replaced(conn, *places, way=Way.CHANGED)
    for _ in range(2):
        assert not follow(conn, made.award_id, decision, Way.CHANGED, NOW)
    assert made.award(conn).number == 1
    assert levels(conn, made) == ["meets", "meets"]
    told = conn.execute(select(OUTBOX.c.kind, OUTBOX.c.person_id)).all()
    assert [tuple(one) for one in told] == [("badge_in_doubt", made.registrar)]


def test_what_changed_nothing_or_is_not_posted_yet_changes_nothing(conn: Connection) -> None:
    made = case(conn)
    decision = made.replaced(conn, 2, 2, posted=LATER + DAY)
    assert not follow(conn, made.award_id, decision, Way.APPEALED, NOW)
    assert made.award(conn).number == 1


def test_a_revoked_award_is_left_alone(conn: Connection) -> None:
    made = case(conn)
    decision = made.replaced(conn, 2, 2)
    conn.execute(update(AWARD).values(revoked_at=LATER))
    assert not follow(conn, made.award_id, decision, Way.APPEALED, NOW)


def test_a_name_that_was_corrected_meanwhile_stays_corrected(conn: Connection) -> None:
    made = case(conn)
    said = read_snapshot(made.award(conn).snapshot)
    restate(conn, made.award_id, "Name.", LATER, actor_id=None, snapshot=replace(said, holder="Alice Rivers"))
    assert follow(conn, made.award_id, made.replaced(conn, 2, 2), Way.APPEALED, NOW)
    row = made.award(conn)
    assert (row.number, row.snapshot["holder"]) == (3, "Alice Rivers")


def test_the_scan_finds_it_once_and_remembers(house: House) -> None:
    made = house.db.write_now(case)
    following = Following(house.db)
    assert following.run(NOW) == 0
    house.db.write_now(lambda conn: made.replaced(conn, 1, 2, way=Way.CHANGED))
    assert (following.run(NOW), following.run(NOW), Following(house.db).run(NOW)) == (1, 0, 0)
    assert house.db.read_now(made.award).why == "A decision was changed."


def test_only_the_decision_that_holds_is_looked_at(house: House) -> None:
    made = house.db.write_now(case)

    def twice(conn: Connection) -> None:
        made.replaced(conn, 0, 1, which=made.replaced(conn, 2, 2))

    house.db.write_now(twice)
    for _ in range(2):
        assert Following(house.db).run(NOW) == 0
    assert len(house.db.read_now(lambda conn: conn.execute(select(OUTBOX.c.id)).all())) == 1


def test_the_scan_leaves_what_was_replaced_before_the_award(house: House) -> None:
    def early(conn: Connection) -> None:
        case(conn).replaced(conn, 2, 2, posted=make.START + DAY / 2)

    house.db.write_now(early)
    assert Following(house.db).run(NOW) == 0


def _rubric(*reached: str) -> tuple[CriterionShown, ...]:
    return tuple(
        CriterionShown(
            key=f"note.{place}",
            title="Method",
            assignment="Note",
            module_number=1,
            levels=LEVELS,
            required_level="meets",
            reached=level,
        )
        for place, level in enumerate(reached)
    )


@pytest.mark.parametrize(
    ("kept", "fresh", "change"),
    [
        (("meets", "meets"), ("meets", "meets"), Moved.SAME),
        (("meets", "meets"), ("exceeds", "meets"), Moved.RAISED),
        (("", "meets"), ("meets", "meets"), Moved.RAISED),
        (("exceeds", "meets"), ("meets", "exceeds"), Moved.LOWERED),
        (("meets", "meets"), ("", "exceeds"), Moved.LOWERED),
        ((), (), Moved.SAME),
    ],
)
def test_levels_side_by_side(kept: tuple[str, ...], fresh: tuple[str, ...], change: Moved) -> None:
    assert moved(_rubric(*kept), _rubric(*fresh)) is change


def test_an_appeal_that_is_upheld_after_the_award_reaches_the_badge(db: Database) -> None:
    case = db.write_now(appealing, met=(True, True))
    course = case.made.course

    def others(conn: Connection) -> None:
        achievement(conn, course)
        for week in range(2, len(course.modules) + 1):
            work = make.submission(conn, course, case.made.enrolment, week)
            make.decided(conn, course, work, case.made.greta, week, posted_at=POSTED)

    db.write_now(others)
    record_due_credit(db, NOW)
    assert db.write_now(award, case.made.enrolment, "Test Institute", NOW)
    db.write_now(case.closed, "exceeds")
    assert Following(db).run(NOW) == 1
    row = db.read_now(lambda conn: conn.execute(select(AWARD)).one())
    reached = {entry.key: entry.reached for entry in read_snapshot(row.snapshot).achievement.rubric}
    assert (row.number, row.why) == (2, "An appeal was upheld.")
    assert (reached["note-1.criterion-0"], reached["note-1.criterion-1"]) == ("meets", "exceeds")
