"""A worker that remembers whom it has told does what one does that looks at everybody, at every tick."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select, update

from assessments.coursework import AssessmentsCoursework
from assessments.evidence.models import Submission
from courses.cohorts.models import Cohort, Extension, Section
from courses.cohorts.queries import CohortFacts
from courses.enrolment.access import EXTENSION, Place, places
from courses.enrolment.crowds import Shared, members, shared
from courses.enrolment.models import Enrolment, EnrolmentState
from courses.learning.notices import due_for, tell_learners
from courses.learning.reminders import unchanged_until
from courses.learning.settled import SOON, Settled
from courses.schedule.terms import CohortRules, PersonDates, SectionRules
from fourweek.accounts.models import Person
from fourweek.clock import Now
from fourweek.database import Database, add, new_id, table
from fourweek.outbox import OUTBOX
from tests import factories as make
from tests.courses.learning.school import DAY, OPENS, WEEK, School, build
from tests.courses.schedule.factories import INSTANTS, cohorts, grants, sections
from tests.statements import statements

COURSEWORK = AssessmentsCoursework()
HOUR = timedelta(hours=1)
COHORT, SECTION, ENROLMENT, PERSON = table(Cohort), table(Section), table(Enrolment), table(Person)
SUBMISSION = table(Submission)


def _place(
    rules: CohortRules, section: SectionRules | None, extensions: tuple[PersonDates, ...], enrolled_at: datetime
) -> Place:
    facts = CohortFacts("c", "Autumn", "v", "k", "code", "Title", "", (), rules)
    return Place("e", "p", EnrolmentState.ACTIVE, enrolled_at, facts, section, extensions, meets_live=False)


def _asked(place: Place, at: datetime) -> set[str]:
    return {due.key for due in due_for(place, place.all_dates(at), Now(at, at))}


@given(cohorts(), sections(), st.lists(grants(), max_size=2).map(tuple), INSTANTS, INSTANTS, st.data())
def test_nothing_is_asked_for_anew_before_the_next_turn(
    rules: CohortRules,
    section: SectionRules | None,
    extensions: tuple[PersonDates, ...],
    enrolled_at: datetime,
    now: datetime,
    data: st.DataObject,
) -> None:
    place = _place(rules, section, extensions, enrolled_at)
    until = unchanged_until(place.all_dates(now), extensions, now)
    assume(until != now)
    last = (until or now + 400 * DAY) - datetime.resolution
    later = data.draw(st.sampled_from((last, now)) | st.datetimes(_bare(now), _bare(last)).map(_aware(now)))
    assert _asked(place, later) == _asked(place, now)


def _bare(at: datetime) -> datetime:
    return at.replace(tzinfo=None)


def _aware(like: datetime) -> Callable[[datetime], datetime]:
    return lambda at: at.replace(tzinfo=like.tzinfo)


def test_open_pause_is_never_settled() -> None:
    pause = PersonDates(granted_at=OPENS, pause_first=OPENS.date())
    assert unchanged_until((), (pause,), OPENS + DAY) == OPENS + DAY


def _tell(db: Database, at: datetime, settled: Settled | None = None) -> int:
    return tell_learners(db, COURSEWORK, Now(at, at), settled)


def test_whoever_is_told_is_passed_over_until_something_changes(db: Database) -> None:
    school, settled = db.write_now(build), Settled()
    assert _tell(db, OPENS + HOUR, settled) > 0
    db.write_now(_sent)
    with statements(db) as idle:
        assert _tell(db, OPENS + 2 * HOUR, settled) == 0
    assert idle.number == 1 + 3 + 2 + 1  # what waits; what is shared; everybody and their extensions; no more
    db.write_now(lambda conn: conn.execute(update(COHORT).where(COHORT.c.id == school.cohort).values(due_days=1)))
    assert _tell(db, OPENS + 3 * HOUR, settled) == 1


def test_memory_holds_nothing_for_an_earlier_instant(db: Database) -> None:
    """A school's clock that was set back by restoring a copy of the database."""
    db.write_now(build)
    settled = Settled()
    assert _tell(db, OPENS + 9 * WEEK, settled) == 0
    assert len(settled.told) == 2
    assert _tell(db, OPENS, settled) > 0


def test_new_cohort_in_the_middle_of_a_tick_waits_for_the_next_one(db: Database) -> None:
    """What is shared was read before: nobody is told on half the facts, and what waits for them is left alone."""
    school = db.write_now(build)
    common = db.read_now(shared)
    older = Shared({key: one for key, one in common.cohorts.items() if key != school.cohort}, common.sections)
    found = db.read_now(members, older, "", 10)
    assert found is not None
    assert found.passed == {school.enrolment}
    assert [one.place().person_id for one in found.found] == [school.dora]


def test_whoever_has_handed_in_is_looked_at_again_soon(db: Database) -> None:
    """What was handed in can be taken back, and is missing again then."""
    school, settled, due = db.write_now(build), Settled(), OPENS + 6 * DAY
    db.write_now(make.submission, school.made, school.enrolment, at=OPENS)
    looked = []
    for later in (timedelta(0), SOON - timedelta(seconds=1), SOON):
        _tell(db, due + later, settled)
        looked.append(settled.told[school.enrolment].until)
    assert looked == [due + SOON, due + SOON, due + 2 * SOON]


@pytest.mark.parametrize("seed", range(3))
def test_members_make_the_places_that_one_statement_reads(db: Database, seed: int) -> None:
    school = db.write_now(build)
    chance = random.Random(seed)  # noqa: S311 a chance that is the same every time
    for change in (_extend, _sectioned, _joined, _extend):
        db.write_now(change, school, chance, OPENS)
    crowd = db.read_now(members, db.read_now(shared), "", 50)
    plain = db.read_now(places, ENROLMENT.c.state == EnrolmentState.ACTIVE)
    assert crowd is not None
    assert [_in_order(one.place()) for one in crowd.found] == [_in_order(one) for one in plain]
    assert len(plain) == 3


def _in_order(place: Place) -> tuple[Any, ...]:
    rest = (place.enrolment_id, place.person_id, place.state, place.enrolled_at, place.cohort, place.section)
    return (*rest, place.section_id, place.meets_live, sorted(place.extensions, key=lambda one: one.key))


@pytest.mark.parametrize("seed", range(4))
def test_two_ways_of_telling_agree_whatever_happens(db: Database, seed: int) -> None:
    """At every step one of the two goes first, and the other then finds nothing to write and nothing to take back."""
    chance = random.Random(seed)  # noqa: S311 a chance that is the same every time
    school, settled, at = db.write_now(build), Settled(), OPENS - DAY
    told = passed_over = 0
    for _ in range(60):
        at += chance.choice((timedelta(minutes=1), HOUR, 9 * HOUR, DAY))
        for change in chance.sample(CHANGES, chance.choice((0, 0, 1, 2))):
            db.write_now(change, school, chance, at)
        ways = [None, settled]
        chance.shuffle(ways)
        told += _tell(db, at, ways[0])
        before = db.read_now(_outbox)
        assert _tell(db, at, ways[1]) == 0
        assert db.read_now(_outbox) == before
        passed_over += len(settled.told)
    assert told > 8
    assert passed_over > 60


def _outbox(conn: Connection) -> list[Any]:
    return [tuple(row) for row in conn.execute(select(OUTBOX).order_by(OUTBOX.c.id))]


def _one(conn: Connection, school: School, chance: random.Random) -> str:
    ids = conn.execute(select(ENROLMENT.c.id).order_by(ENROLMENT.c.id)).scalars().all()
    return str(chance.choice(ids))


def _extend(conn: Connection, school: School, chance: random.Random, at: datetime) -> None:
    kinds: list[dict[str, Any]] = [
        {"shift_days": chance.randint(1, 9), "moves_opening": True},
        {"opens_all": True},
        {"pause_first": at.date()},
        {"pause_first": at.date(), "pause_last": at.date() + 3 * DAY},
        {"due_on": at.date() + chance.randint(0, 5) * DAY, "allow_earlier": True},
    ]
    row = Extension(
        id=new_id(),
        enrolment_id=_one(conn, school, chance),
        module_number=chance.choice((None, 1, 2)),
        reason="Ill.",
        granted_at=at + chance.choice((timedelta(0), HOUR, 3 * DAY)),
        expires_at=chance.choice((None, at + 2 * DAY)),
        **chance.choice(kinds),
    )
    add(conn, row)


def _take_back(conn: Connection, school: School, chance: random.Random, at: datetime) -> None:
    ids = conn.execute(select(EXTENSION.c.id)).scalars().all()
    if ids:
        conn.execute(update(EXTENSION).where(EXTENSION.c.id == chance.choice(ids)).values(expires_at=at))


def _ruled(conn: Connection, school: School, chance: random.Random, at: datetime) -> None:
    values: list[dict[str, Any]] = [
        {"due_days": chance.choice((None, 2, 6))},
        {"start_date": OPENS.date() + chance.randint(-2, 4) * DAY},
        {"zone": chance.choice(("Asia/Kolkata", "America/Lima"))},
        {"late_days": chance.choice((None, 0, 5))},
    ]
    changed = update(COHORT).where(COHORT.c.id == chance.choice((school.cohort, school.other)))
    conn.execute(changed.values(**chance.choice(values)))


def _sectioned(conn: Connection, school: School, chance: random.Random, at: datetime) -> None:
    row = Section(id=new_id(), cohort_id=school.cohort, name=new_id(), shift_days=chance.randint(-2, 3))
    add(conn, row)
    conn.execute(update(ENROLMENT).where(ENROLMENT.c.id == school.enrolment).values(section_id=row.id))


def _section_ruled(conn: Connection, school: School, chance: random.Random, at: datetime) -> None:
    conn.execute(update(SECTION).values(shift_days=chance.randint(-3, 4)))


def _joined(conn: Connection, school: School, chance: random.Random, at: datetime) -> None:
    make.enrol(conn, school.cohort, make.person(conn), at=at)


def _left(conn: Connection, school: School, chance: random.Random, at: datetime) -> None:
    state = chance.choice((EnrolmentState.WITHDRAWN, EnrolmentState.ACTIVE, EnrolmentState.ACTIVE))
    conn.execute(update(ENROLMENT).where(ENROLMENT.c.id == _one(conn, school, chance)).values(state=state))


def _disabled(conn: Connection, school: School, chance: random.Random, at: datetime) -> None:
    conn.execute(update(PERSON).where(PERSON.c.id == school.dora).values(disabled_at=chance.choice((None, at))))


def _handed_in(conn: Connection, school: School, chance: random.Random, at: datetime) -> None:
    one, week = _one(conn, school, chance), chance.randint(1, 4)
    mine = SUBMISSION.c.enrolment_id == one, SUBMISSION.c.assignment_id == school.made.assignments[week - 1]
    before = conn.execute(select(func.count()).where(*mine)).scalar_one()
    make.submission(conn, school.made, one, week, at=at, attempt=before + 1)


def _sent(conn: Connection, *_: Any) -> None:
    conn.execute(update(OUTBOX).values(sent_at=OPENS, try_at=None))


def _put_off(conn: Connection, school: School, chance: random.Random, at: datetime) -> None:
    """The mail server was away: what waits is tried again later."""
    conn.execute(update(OUTBOX).where(OUTBOX.c.try_at.is_not(None)).values(try_at=at + chance.choice((HOUR, 8 * DAY))))


CHANGES = (
    *(_extend, _take_back, _ruled, _sectioned, _section_ruled, _joined),
    *(_left, _disabled, _handed_in, _sent, _put_off),
)
