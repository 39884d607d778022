"""Figures in words."""

from collections.abc import Sequence
from typing import Any

from assessments.agreement.figures import Figure
from fourweek.language import N_, _

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
    """As it is kept in a report."""
    return Figure(*kept)


def say(name: str, figure: Figure) -> str:
    """Such as "0.71 (0.58 to 0.82)" or "81 % (72 to 87 %)"; why not, where there is none."""
    if figure.value is None:
        return figure.why
    if name in SHARES:
        return _(
            "{value} % ({low} to {high} %)", value=whole(figure.value), low=whole(figure.low), high=whole(figure.high)
        )
    return _("{value} ({low} to {high})", value=number(figure.value), low=number(figure.low), high=number(figure.high))


def reading(alpha: Figure) -> str:
    """What an alpha allows, by Krippendorff's customary bounds (Content Analysis, chapter 11): 0.800 and 0.667.

    The lower end of its interval has to reach them, so that few works never seem to say much.
    """
    if alpha.value is None or alpha.low is None:
        return _("Not enough yet")
    if alpha.low >= 0.667:
        return _("Can be relied on") if alpha.low >= 0.8 else _("For tentative conclusions")
    return _("Too few works to tell") if alpha.value >= 0.667 else _("Too low to rely on")


TONES = {
    N_("Not enough yet"): "plain",
    N_("Too few works to tell"): "plain",
    N_("Can be relied on"): "good",
    N_("For tentative conclusions"): "warn",
    N_("Too low to rely on"): "bad",
}


def beside(steps: int, levels: int, works: int) -> str:
    """Where somebody's levels lie beside those of whoever rated the same works: `steps` above in `levels` levels."""
    if works < ENOUGH_WORKS:
        return _(
            "Not enough: {works} of {enough_works} works were rated by another grader, too",
            works=works,
            enough_works=ENOUGH_WORKS,
        )
    mean = steps / levels
    if abs(mean) < 0.05:
        return _("At the same levels as the others")
    return _("{mean} levels {mean2} the others", mean=format(abs(mean), ".2f"), mean2="above" if mean > 0 else "below")


def number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}".replace("-", "−")


def whole(value: float | None) -> str:
    return "" if value is None else str(round(value * 100))
