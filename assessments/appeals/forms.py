"""The forms of appeals as they were sent."""

from starlette.datastructures import FormData

from assessments.appeals.opening import Typed
from assessments.appeals.rules import ARGUMENT, TICK, Arguments
from assessments.grading.forms import clean, scoring_of
from assessments.grading.rules import Scoring
from fourweek.edge import text
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Weighing:
    """What an appeal's grader sent: levels and comments, and in the end why they were adjusted, and the answer.

    `version` is of the stored rating that the page showed, `over` of one that is replaced on purpose; `decision_id` is
    the decision that stood beside it.
    """

    version: int
    scoring: Scoring
    over: int | None = None
    decision_id: str = ""
    reason: str = ""
    answer: str = ""


def arguments_of(form: FormData) -> Typed:
    ticked = frozenset(name.removeprefix(TICK) for name in form if name.startswith(TICK))
    said = {name.removeprefix(ARGUMENT): text(form, name) for name in form if name.startswith(ARGUMENT)}
    return Typed(text(form, "decision"), Arguments(ticked, said))


def weighing_of(form: FormData) -> Weighing:
    over = text(form, "over")
    return Weighing(
        version=_number(text(form, "version")),
        scoring=scoring_of(form),
        over=_number(over) if over else None,
        decision_id=text(form, "decision"),
        reason=clean(form, "reason"),
        answer=clean(form, "answer"),
    )


def _number(value: str) -> int:
    """A small whole number; -1, which fits nothing, for anything else."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1
