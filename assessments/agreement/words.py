"""Figures in words."""

from collections.abc import Sequence
from typing import Any

from assessments.agreement.figures import ENOUGH, Figure
from fourweek.language import N_, _, n_

FIGURES = (
    ("alpha", N_("Krippendorff's alpha")),
    ("quadratic", N_("Weighted kappa, squared steps")),
    ("linear", N_("Weighted kappa, equal steps")),
    ("exact", N_("The same level")),
    ("adjacent", N_("The same or the next level")),
)
SHARES = frozenset({"exact", "adjacent"})
ENOUGH_WORKS = 5
"""Works two graders share before it is said how one stands beside others."""


def figure_of(kept: Sequence[Any]) -> Figure:
    """As it is kept in a report; older ones held why there is none as well."""
    return Figure(*kept[:3])


def say(name: str, figure: Figure, works: int) -> str:
    """Such as "0.71 (0.58 to 0.82)" or "81 % (72 to 87 %)"; why not, where there is none of so many works."""
    if figure.value is None:
        return _why_none(works)
    if name in SHARES:
        return _(
            "{value} % ({low} to {high} %)", value=whole(figure.value), low=whole(figure.low), high=whole(figure.high)
        )
    return _("{value} ({low} to {high})", value=number(figure.value), low=number(figure.low), high=number(figure.high))


def _why_none(works: int) -> str:
    if not works:
        return _("Not enough: no work was rated by two graders yet")
    if works >= ENOUGH:
        return _("Not enough: all ratings are at one level")
    return n_(
        "Not enough: {count} of {enough} works were rated by two graders",
        "Not enough: {count} of {enough} works were rated by two graders",
        works,
        enough=ENOUGH,
    )


def reading(alpha: Figure) -> str:
    """What an alpha allows, by Krippendorff's customary bounds (Content Analysis, chapter 11): 0.800 and 0.667.

    The lower end of its interval has to reach them, so that few works never seem to say much. The words are to be said.
    """
    if alpha.value is None or alpha.low is None:
        return NOT_YET
    if alpha.low >= 0.667:
        return RELIABLE if alpha.low >= 0.8 else TENTATIVE
    return TOO_FEW if alpha.value >= 0.667 else TOO_LOW


NOT_YET, TOO_FEW = N_("Not enough yet"), N_("Too few works to tell")
RELIABLE, TENTATIVE = N_("Can be relied on"), N_("For tentative conclusions")
TOO_LOW = N_("Too low to rely on")
TONES = {NOT_YET: "plain", TOO_FEW: "plain", RELIABLE: "good", TENTATIVE: "warn", TOO_LOW: "bad"}


def beside(steps: int, levels: int, works: int) -> str:
    """Where somebody's levels lie beside those of whoever rated the same works: `steps` above in `levels` levels."""
    if works < ENOUGH_WORKS:
        return n_(
            "Not enough: {count} of {enough} works were rated by another grader, too",
            "Not enough: {count} of {enough} works were rated by another grader, too",
            works,
            enough=ENOUGH_WORKS,
        )
    mean = steps / levels
    if abs(mean) < 0.05:
        return _("At the same levels as the others")
    steps_apart = f"{abs(mean):.2f}"
    if mean > 0:
        return _("{number} levels above the others", number=steps_apart)
    return _("{number} levels below the others", number=steps_apart)


def number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}".replace("-", "−")


def whole(value: float | None) -> str:
    return "" if value is None else str(round(value * 100))
