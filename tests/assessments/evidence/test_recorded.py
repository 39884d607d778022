"""What a receipt keeps in English is said to its reader in their language, and never with other facts."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from assessments.checks.settling import say_settled
from assessments.checks.standing import Done
from assessments.evidence.recorded import FURTHER, UNDATED, Recorded, say_late_rule, say_result
from courses.schedule.reasons import Reason, ReasonKind
from courses.schedule.words import say_instant
from fourweek.language import speaking

DUE = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
TITLES = {ReasonKind.DAY_OFF: "Día: libre.", ReasonKind.PAUSE: "Sommer"}


def _kept(kind: ReasonKind, title: str = "") -> str:
    return f"Due {say_instant(DUE, ZoneInfo('Europe/Berlin')).words}. {Reason(kind, title).words}"


@pytest.mark.parametrize(
    "kept", [FURTHER, UNDATED, *map(_kept, ReasonKind), *(_kept(kind, title) for kind, title in TITLES.items())]
)
def test_every_rule_we_keep_is_known_again(kept: str) -> None:
    said = []
    for code in ("en", "es", "ar"):
        with speaking(code):
            said.append(say_late_rule(kept))
    assert said[0] == Recorded(kept)
    assert [one.lang for one in said] == ["", "", ""]
    assert len({one.words for one in said}) == 3


def test_a_rule_is_said_with_its_facts() -> None:
    kept = _kept(ReasonKind.DAY_OFF, "Lunes")
    with speaking("es"):
        assert say_late_rule(kept).words == (
            "El plazo vencía el domingo 25 de octubre de 2026, 02:30 (Europe/Berlin, UTC+01:00). "
            "Se aplazó por un día no lectivo: Lunes."
        )


@pytest.mark.parametrize(
    "kept",
    [
        "Due before.",
        "Due Monday 31 February 2026, 09:00 (UTC). No date is set.",
        "Due Monday 7 December 2026, 25:00 (UTC). No date is set.",
        "Due Monday 7 December 2026, 09:00 (UTC). Somebody said so.",
    ],
)
def test_what_is_none_of_ours_stays_as_it_was_kept(kept: str) -> None:
    with speaking("ar"):
        assert say_late_rule(kept) == Recorded(kept, "en")


@pytest.mark.parametrize("right", [5, 7])
def test_the_result_of_a_check_is_known_again(right: int) -> None:
    done = Done("t", "s", 1, 2, DUE, DUE, 8, 6, right, right >= 6)
    kept = say_settled(done)
    assert say_result(kept) == kept
    with speaking("es"):
        assert say_result(kept).startswith(f"{right} de 8 correctas, ensayo 2; ")


def test_another_text_is_nobodys_result() -> None:
    with speaking("es"):
        assert say_result("7 of 8 right, I think") == "7 of 8 right, I think"
