"""What the page of a cohort's grading terms shows."""

from collections.abc import Mapping
from dataclasses import field

from assessments.terms.forms import CHOICES, LABELS, LIMITS, TermsForm, say_value
from courses.schedule.words import Said
from fourweek.language import _
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """Who kept terms, and when."""

    name: str
    at: Said


@dataclass(frozen=True, slots=True)
class Newer:
    """Somebody else kept other terms meanwhile, and where they differ as (label, typed, kept)."""

    kept: Kept | None
    differs: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class TermsPage:
    """`changed` says who kept the terms last and when, None while they are the defaults."""

    cohort_id: str
    cohort_name: str
    course_title: str
    typed: TermsForm
    changed: Kept | None
    waiting: int
    errors: Mapping[str, str] = field(default_factory=dict)
    newer: Newer | None = None

    @property
    def choices(self) -> dict[str, tuple[tuple[str, str, str], ...]]:
        return {
            name: tuple((value, _(label), _(hint)) for value, label, hint in several)
            for name, several in CHOICES.items()
        }

    @property
    def labels(self) -> dict[str, str]:
        return {name: _(label) for name, label in LABELS.items()}

    def limits(self, name: str) -> dict[str, str]:
        low, high = LIMITS[name]
        return {"min": str(low), "max": str(high)}

    @property
    def summary(self) -> tuple[tuple[str, str], ...]:
        return tuple((f"field-{name}", words) for name, words in self.errors.items())


def differences(typed: TermsForm, kept: TermsForm) -> tuple[tuple[str, str, str], ...]:
    """Where two forms say something else, in words."""
    return tuple(
        (_(label), say_value(name, typed.value(name)), say_value(name, kept.value(name)))
        for name, label in LABELS.items()
        if typed.value(name) != kept.value(name)
    )
