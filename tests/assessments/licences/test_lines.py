"""What counts comes from the ledger as it is: net of what was taken back, on the licence's own days."""

from datetime import UTC, date, datetime

from sqlalchemy import Connection

from assessments.credit.amounts import Part
from assessments.licences.counting import REPEAT, TAKEN_BACK
from assessments.licences.lines import earned_by, earned_by_each
from assessments.licences.standing import Held
from courses.schedule.zones import zone
from fourweek.accounts.models import Role
from tests import factories as make
from tests.assessments.credit.factories import learning, recorded, reverse_entry
from tests.assessments.stated.factories import stated

NEW_YEAR = datetime(2027, 1, 1, 3, tzinfo=UTC)
"""Still New Year's Eve in Texas."""


def test_lines_are_net_of_what_was_taken_back_and_repeats(conn: Connection) -> None:
    who = learning(conn)
    first = recorded(conn, who, 1)
    recorded(conn, who, 2, repeat_of=first, tenths=0, amounts=())
    third = recorded(conn, who, 3)
    rita = make.visitor(make.with_role(conn, Role.REGISTRAR), make.START, (Role.REGISTRAR, ""))
    reverse_entry(conn, rita, third, "recorded_in_error", "Entered twice.")
    found = earned_by(conn, who.person_id)
    assert [line.why_not for line in found.lines] == ["", REPEAT, TAKEN_BACK]
    assert (found.lines[0].parts, found.minutes) == ((("ethics", 30), ("technical", 120)), 150)
    other = make.person(conn, "Bob Other")
    assert earned_by_each(conn, [who.person_id, other])[who.person_id] == found
    assert earned_by(conn, other).minutes == 0


def test_midnight_of_the_licence_decides_the_window(conn: Connection) -> None:
    who = learning(conn)
    recorded(conn, who, 1, at=NEW_YEAR)
    activities = earned_by(conn, who.person_id).activities(zone("America/Chicago"))
    assert activities[0].day == date(2026, 12, 31)
    ends = (date(2026, 12, 31), date(2027, 12, 31))
    this, following = (Held.of("us-tx-pe", day, None, {}).estimate(activities) for day in ends)
    assert ((this.say(this.earned), this.needs[0].minutes), following.say(following.earned)) == (("2.5", 30), "0.0")


def test_the_same_course_stated_and_earned_counts_once(conn: Connection) -> None:
    who = learning(conn)
    recorded(conn, who, 1)
    line = earned_by(conn, who.person_id).lines[0]
    stated(conn, who.person_id, title=line.title.upper(), completed_on=line.completed_at.date())
    stated(conn, who.person_id, minutes=60)
    found = earned_by(conn, who.person_id).activities(zone("UTC"))
    assert [(one.is_stated, one.why_not == "") for one in found] == [(True, False), (False, True), (True, True)]
    held = Held.of("us-tx-pe", date(2026, 12, 31), None, {"stated": True})
    assert (held.estimate(found).earned_minutes, held.estimate(found).stated_minutes) == (150, 60)


def test_carried_over_as_worked_out_as_the_holder_says_or_not_at_all(conn: Connection) -> None:
    who = learning(conn)
    for week in (1, 2, 3, 4):
        recorded(conn, who, week, parts=(Part("technical", 300),), at=datetime(2025, 5, week, tzinfo=UTC))
    activities = earned_by(conn, who.person_id).activities(zone("UTC"))

    def carried(board: str = "us-tx-pe", starts_on: date | None = None, **said: object) -> str:
        found = Held.of(board, date(2026, 12, 31), starts_on, said).estimate(activities)
        return found.say(found.carried)

    assert (carried(), carried("ncees-cpc"), carried("us-nc-pe")) == ("5.0", "0.0", "5")
    assert (carried(carried=150), carried(carried=6_000), carried("ncees-cpc", carried=60)) == ("2.5", "14.0", "0.0")
    first = date(2026, 3, 1)
    assert (carried(starts_on=first), carried(starts_on=first, before="2025-03-01")) == ("0.0", "5.0")
