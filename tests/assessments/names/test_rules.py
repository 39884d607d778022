"""Which former names may be shown, and what somebody was called on a day."""

from datetime import UTC, date, datetime

from assessments.names.models import NameChangeKind
from assessments.names.rules import FormerName, Step, former_names, name_on

MARCH, JUNE = datetime(2026, 3, 10, 12, tzinfo=UTC), datetime(2026, 6, 20, 12, tzinfo=UTC)
CHANGE, CORRECTION = NameChangeKind.CHANGE, NameChangeKind.CORRECTION


def test_a_name_holds_until_the_day_of_its_change() -> None:
    steps = (Step(CHANGE, "Ada Brook", MARCH), Step(CHANGE, "Ada Stone", JUNE))
    assert former_names(steps, "Ada Reed") == (
        FormerName("Ada Brook", MARCH.date()),
        FormerName("Ada Stone", JUNE.date()),
    )
    said = [name_on(steps, "Ada Reed", day) for day in (date(2026, 3, 9), MARCH.date(), date(2026, 6, 19), JUNE.date())]
    assert said == ["Ada Brook", "Ada Stone", "Ada Stone", "Ada Reed"]


def test_a_name_that_was_never_right_is_no_former_name() -> None:
    steps = (Step(CORRECTION, "Ada Brok", MARCH), Step(CHANGE, "Ada Brook", JUNE))
    assert former_names(steps, "Ada Reed") == (FormerName("Ada Brook", JUNE.date()),)
    assert name_on(steps, "Ada Reed", date(2026, 1, 1)) == "Ada Brook"


def test_a_suppressed_name_is_said_nowhere_nor_any_before_it() -> None:
    steps = (Step(CHANGE, "Ada Brook", MARCH), Step(CHANGE, "Ada Stone", JUNE, suppress=True))
    assert former_names(steps, "Ada Reed") == ()
    assert {name_on(steps, "Ada Reed", day) for day in (date(2026, 1, 1), date(2026, 4, 1))} == {"Ada Reed"}


def test_a_suppressed_name_stays_so_when_it_held_again_for_a_while() -> None:
    later = datetime(2026, 9, 1, tzinfo=UTC)
    steps = (
        Step(CHANGE, "Ada Brook", MARCH, suppress=True),
        Step(CHANGE, "Ada Stone", JUNE),
        Step(CHANGE, "ada brook", later),
    )
    assert former_names(steps, "Ada Reed") == (FormerName("Ada Stone", JUNE.date()),)
    assert name_on(steps, "Ada Reed", date(2026, 7, 1)) == "Ada Reed"
    again = (*steps, Step(CHANGE, "Ada Reed", datetime(2026, 10, 1, tzinfo=UTC)))
    assert name_on(again, "Ada Moss", date(2026, 7, 1)) == "Ada Moss"


def test_a_name_that_holds_again_is_not_former() -> None:
    steps = (Step(CHANGE, "Ada Brook", MARCH), Step(CHANGE, "Ada Stone", JUNE))
    assert former_names(steps, "Ada Brook") == (FormerName("Ada Stone", JUNE.date()),)
