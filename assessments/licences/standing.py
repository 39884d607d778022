"""How a licence stands at a moment: its window, the rule that counts, and the estimate. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, Self

from assessments.licences.boards import BoardRule, all_boards, rule_for
from assessments.licences.counting import Activity, Estimate, carry_over, estimate
from assessments.licences.obligation import Obligation, own_obligation
from assessments.licences.windows import Window, window_before, window_of
from fourweek.light import dataclass

REMIND_BEFORE: Final = (90, 30, 7)
"""Days before the last day of a window on which its holder is written to."""


@dataclass(frozen=True, slots=True)
class Held:
    """A licence with what decides about it: its window and the one before, each with the rule that counts for it.

    `board` is None for a licence whose holder describes what is asked for. `carried` is what the holder says was
    carried into the window, in minutes; None where it is worked out. A window that began on a day of its own, with none
    known before it, has nothing carried into it.
    """

    window: Window
    before: Window
    obligation: Obligation
    obligation_before: Obligation
    board: BoardRule | None
    with_stated: bool
    carried: int | None

    @classmethod
    def of(cls, board: str, ends_on: date, starts_on: date | None, said: Mapping[str, Any]) -> Self:
        """From the columns of a licence; `said` is its `obligation`."""
        rules = all_boards().get(board)
        now = rule_for(rules, ends_on) if rules else None
        obligation = now.obligation if now else own_obligation(said)
        window = window_of(ends_on, obligation.months, starts_on)
        before = window_before(window, obligation.months)
        if "before" in said or starts_on:
            before = Window(date.fromisoformat(said.get("before", str(window.first))), window.first)
        earlier = rule_for(rules, before.last).obligation if rules else obligation
        carried = said.get("carried")
        return cls(window, before, obligation, earlier, now, bool(said.get("stated")), carried)

    def estimate(self, activities: Sequence[Activity]) -> Estimate:
        """What there is of what is asked for."""
        return estimate(
            self.obligation, self.window, activities, self._carried(activities), with_stated=self.with_stated
        )

    def left_over(self, activities: Sequence[Activity]) -> int:
        """Steps that this window could leave to the next one, by the rule that counts for it now."""
        return carry_over(self.obligation, self.window, activities, self.obligation, with_stated=self.with_stated)

    def _carried(self, activities: Sequence[Activity]) -> int:
        if self.carried is not None:
            most = min(self.carried, self.obligation_before.carry_minutes)
            return int(most // self.obligation.rule.step_minutes)
        return carry_over(
            self.obligation_before, self.before, activities, self.obligation, with_stated=self.with_stated
        )


def step_due(last: date, today: date) -> int | None:
    """The last step of `REMIND_BEFORE` that was reached; None before the first and after the window's last day."""
    left = (last - today).days
    reached = [step for step in REMIND_BEFORE if left <= step]
    return min(reached) if reached and left >= 0 else None
