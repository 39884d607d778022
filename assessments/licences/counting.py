"""What a professional has of what a licence asks for: whole minutes, rounded to units once. Pure.

It is a report and no award: nothing in the ledger changes by it, and one line may serve several licences. In one
estimate a line counts once, whatever categories it has.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from assessments.credit.rules import credit_steps, steps_text
from assessments.licences.obligation import Need, Obligation
from assessments.licences.windows import Window
from fourweek.language import N_, NP_
from fourweek.light import dataclass

REPEAT: Final = N_("A repeat, which carries no credit")
TAKEN_BACK: Final = NP_("credit", "Taken back")
OURS: Final = N_("It stands in our own record already")
OUTSIDE: Final = N_("Not in this window")
STATED: Final = N_("Stated by you, not earned here; not counted unless you choose so")
LIVE: Final = N_("Live, with an instructor")


@dataclass(frozen=True, slots=True)
class Activity:
    """A ledger line, or credit from elsewhere (`is_stated`), on a local day of the licence's zone.

    `parts` divide its minutes by category. `why_not` says why it can never count, "" where it can.
    """

    title: str
    day: date
    parts: tuple[tuple[str, int], ...]
    is_live: bool = False
    is_stated: bool = False
    why_not: str = ""
    key: str = ""

    @property
    def minutes(self) -> int:
        return sum(minutes for _category, minutes in self.parts)


@dataclass(frozen=True, slots=True)
class NeedState:
    """How much there is of the least that is asked for of some categories; `stated` of it was not earned here."""

    title: str
    needed: int
    minutes: int
    stated: int = 0

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.minutes)


@dataclass(frozen=True, slots=True)
class Estimate:
    """Whole minutes by category, and the total in steps of the obligation's rule.

    `cut` says by how many minutes a category was more than counts. `carried` are steps of the window before; they count
    towards the total, never towards a category.
    """

    obligation: Obligation
    earned_minutes: int
    stated_minutes: int
    carried: int
    needs: tuple[NeedState, ...]
    cut: tuple[tuple[str, int], ...]

    @property
    def required(self) -> int:
        return required_steps(self.obligation)

    @property
    def earned(self) -> int:
        """Steps of all that counts in the window; the minutes are rounded here, once."""
        return credit_steps(self.earned_minutes + self.stated_minutes, self.obligation.rule)

    @property
    def missing(self) -> int:
        return max(0, self.required - self.earned - self.carried)

    @property
    def is_complete(self) -> bool:
        return not self.missing and not any(need.missing for need in self.needs)

    def say(self, steps: int) -> str:
        """Steps as units, such as "17.5"."""
        return steps_text(steps, self.obligation.rule)


def estimate(
    obligation: Obligation,
    window: Window,
    activities: Iterable[Activity],
    carried: int = 0,
    *,
    with_stated: bool = False,
) -> Estimate:
    """What counts in the window; credit from elsewhere only `with_stated`. `carried` comes from `carry_over`."""
    counting = [one for one in activities if why_not(one, window, with_stated=with_stated) == ""]
    cut = [(most, over) for most in obligation.maximums if (over := _minutes(counting, most) - most.minutes) > 0]
    told = [one for one in counting if one.is_stated]
    needs = [
        NeedState(need.title, need.minutes, _minutes(counting, need), _minutes(told, need))
        for need in obligation.minimums
    ]
    if obligation.live_minutes:
        live, live_told = (_all(one for one in some if one.is_live) for some in (counting, told))
        needs.append(NeedState(LIVE, obligation.live_minutes, live, live_told))
    # What is over a maximum is taken from its credit of elsewhere first: what was earned here stands on our record.
    of_stated = sum(min(over, _minutes(told, most)) for most, over in cut)
    of_all = sum(over for _most, over in cut)
    return Estimate(
        obligation=obligation,
        earned_minutes=_all(counting) - _all(told) - (of_all - of_stated),
        stated_minutes=_all(told) - of_stated,
        carried=carried,
        needs=tuple(needs),
        cut=tuple((most.title, minutes) for most, minutes in cut),
    )


def carry_over(
    before: Obligation, window: Window, activities: Sequence[Activity], into: Obligation, *, with_stated: bool = False
) -> int:
    """What the window before leaves over, in steps of `into`: earned in it beyond what it asked for, up to the most.

    What was itself carried into that window is not carried on.
    """
    found = estimate(before, window, activities, with_stated=with_stated)
    most = credit_steps(before.carry_minutes, before.rule)
    left_over = min(most, max(0, found.earned - found.required))
    return int(left_over * before.rule.step_minutes // into.rule.step_minutes)


def required_steps(obligation: Obligation) -> int:
    """The steps asked for: rounded up, should an obligation be no whole number of them."""
    return -(-obligation.minutes // obligation.rule.step_minutes)


def why_not(activity: Activity, window: Window, *, with_stated: bool) -> str:
    """Why an activity does not count in the window, in English for `_`; "" where it does."""
    if activity.why_not:
        return activity.why_not
    if activity.day not in window:
        return OUTSIDE
    if activity.is_stated and not with_stated:
        return STATED
    return ""


def _all(activities: Iterable[Activity]) -> int:
    return sum(one.minutes for one in activities)


def _minutes(activities: Iterable[Activity], need: Need) -> int:
    return sum(minutes for one in activities for category, minutes in one.parts if category in need.categories)
