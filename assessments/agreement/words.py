"""Figures in words."""

from collections.abc import Sequence
from typing import Any

from assessments.agreement.figures import Figure

FIGURES = (
    ("alpha", "Krippendorff's alpha"),
    ("quadratic", "Weighted kappa, squared steps"),
    ("linear", "Weighted kappa, equal steps"),
    ("exact", "The same level"),
    ("adjacent", "The same or the next level"),
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
        return f"{whole(figure.value)} % ({whole(figure.low)} to {whole(figure.high)} %)"
    return f"{number(figure.value)} ({number(figure.low)} to {number(figure.high)})"


def reading(alpha: Figure) -> str:
    """What an alpha allows, by Krippendorff's customary bounds (Content Analysis, chapter 11): 0.800 and 0.667.

    The lower end of its interval has to reach them, so that few works never seem to say much.
    """
    if alpha.value is None or alpha.low is None:
        return "Not enough yet"
    if alpha.low >= 0.667:
        return "Can be relied on" if alpha.low >= 0.8 else "For tentative conclusions"
    return "Too few works to tell" if alpha.value >= 0.667 else "Too low to rely on"


TONES = {
    "Not enough yet": "plain",
    "Too few works to tell": "plain",
    "Can be relied on": "good",
    "For tentative conclusions": "warn",
    "Too low to rely on": "bad",
}


def beside(steps: int, levels: int, works: int) -> str:
    """Where somebody's levels lie beside those of whoever rated the same works: `steps` above in `levels` levels."""
    if works < ENOUGH_WORKS:
        return f"Not enough: {works} of {ENOUGH_WORKS} works were rated by another grader, too"
    mean = steps / levels
    if abs(mean) < 0.05:
        return "At the same levels as the others"
    return f"{abs(mean):.2f} levels {'above' if mean > 0 else 'below'} the others"


def number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}".replace("-", "−")


def whole(value: float | None) -> str:
    return "" if value is None else str(round(value * 100))
