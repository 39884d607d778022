"""The form of a cohort's grading terms: what was typed, what it means, what is wrong with it."""

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData

from assessments.terms.models import Allocation, GradingTerms, Review
from courses.cohorts.fields import Typed
from fourweek.edge import text
from fourweek.language import N_, _
from fourweek.light import dataclass

CHOICES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "allocation": (
        (Allocation.OPEN, N_("Whoever takes it"), N_("All graders see all that waits.")),
        (Allocation.IN_TURN, N_("In turn"), N_("Each new piece of work goes to the next grader in line.")),
        (
            Allocation.BY_LOAD,
            N_("To whoever has least"),
            N_("Each new piece of work goes to the grader with least to do."),
        ),
    ),
    "review": (
        (Review.NONE, N_("None"), N_("Graders post by themselves.")),
        (Review.NOT_YET, N_("Those that say “not yet demonstrated”"), N_("A lead looks before these are posted.")),
        (Review.ALL, N_("All of them"), N_("A lead looks before anything is posted.")),
    ),
}
"""The options of radios by field: (value, label, hint), said with `_` where they are shown."""
LABELS = {
    "allocation": N_("How work finds its grader"),
    "promise_days": N_("Business days within which a decision is promised"),
    "warn_days": N_("Business days before the promise ends at which people are warned"),
    "review": N_("Decisions that a lead looks at first"),
    "second_first": N_("Submissions of a new rubric that are rated twice"),
    "second_percent": N_("Percent of the later ones that are rated twice"),
    "second_not_yet": N_("Rate everything twice that would be “not yet demonstrated”"),
    "tolerance": N_("Levels by which two ratings may differ and still agree"),
    "anonymous": N_("Graders do not read the names of learners, nor learners those of graders"),
    "appeal_days": N_("Days in which a decision may be appealed"),
}
LIMITS = {
    "promise_days": (1, 60),
    "warn_days": (0, 59),
    "second_first": (0, 1000),
    "second_percent": (0, 100),
    "tolerance": (0, 5),
    "appeal_days": (1, 365),
}
MAY_BE_EMPTY = frozenset({"promise_days", "appeal_days"})
TICKS = frozenset({"second_not_yet", "anonymous"})


@dataclass(frozen=True, slots=True)
class TermsForm:
    """Every field as typed, by name; `revision` is that of the terms the page showed."""

    values: Mapping[str, str]
    revision: int

    def value(self, name: str) -> str:
        return self.values[name]


def typed_form(form: FormData) -> TermsForm:
    revision = text(form, "revision")
    known = revision.isascii() and revision.isdigit() and len(revision) < 9
    return TermsForm({name: text(form, name).strip() for name in LABELS}, int(revision) if known else -1)


def known_form(terms: GradingTerms) -> TermsForm:
    """The form as it stands with these terms."""
    return TermsForm({name: _typed(getattr(terms, name)) for name in LABELS}, terms.revision)


def read_terms(form: TermsForm) -> tuple[dict[str, Any] | None, dict[str, str]]:
    """The columns that the form means, or what is wrong with it by field."""
    typed = Typed(form.values)
    values: dict[str, Any] = {
        "allocation": typed.choice("allocation", Allocation),
        "review": typed.choice("review", Review),
        **{name: bool(form.values[name]) for name in TICKS},
        **{
            name: typed.whole(name, _("This"), low, high, required=name not in MAY_BE_EMPTY)
            for name, (low, high) in LIMITS.items()
        },
    }
    promised, warned = values["promise_days"], values["warn_days"]
    if promised is not None and warned is not None and warned >= promised:
        typed.errors.setdefault("warn_days", _("Write fewer days than are promised: people are warned before the end."))
    return (None, typed.errors) if typed.errors else (values, {})


def say_value(name: str, typed: str) -> str:
    """A value of the form in words."""
    if name in TICKS:
        return _("Yes") if typed else _("No")
    if name in CHOICES:
        return next((_(label) for value, label, _hint in CHOICES[name] if value == typed), typed)
    return typed or _("None")


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    return "" if value is None else str(value)
