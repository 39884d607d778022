"""The rating form as it was sent."""

from starlette.datastructures import FormData

from assessments.grading.rules import Scoring
from fourweek.edge import text
from fourweek.light import dataclass

LEVEL, COMMENT = "level-", "comment-"
PICK, STORED = "pick-", "saved"


@dataclass(frozen=True, slots=True)
class Typed:
    """What a page sent: which submission, attempt, rubric and version it showed, and what was given.

    `over` names a stored version that is replaced on purpose, from which the answers called `taken` are kept.
    `message` is for returning as incomplete, `note` for other graders.
    """

    submission_id: str
    attempt: int
    rubric_id: str
    version: int
    scoring: Scoring
    over: int | None = None
    message: str = ""
    note: str = ""
    taken: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """A decision to take the place of `decision_id`, with a reason."""

    decision_id: str
    reason: str
    scoring: Scoring


def typed_of(form: FormData) -> Typed:
    over = text(form, "over")
    return Typed(
        submission_id=text(form, "submission"),
        attempt=_number(text(form, "attempt")),
        rubric_id=text(form, "rubric"),
        version=_number(text(form, "version")),
        scoring=scoring_of(form),
        over=_number(over) if over else None,
        message=clean(form, "message"),
        note=clean(form, "note"),
        taken=frozenset(name for name, side in _starting(form, PICK).items() if side == STORED),
    )


def change_of(form: FormData) -> Change:
    return Change(decision_id=text(form, "decision"), reason=clean(form, "reason"), scoring=scoring_of(form))


def scoring_of(form: FormData) -> Scoring:
    """Levels and comments by criterion key; what the rubric does not have is ignored or refused later."""
    return Scoring(levels=_starting(form, LEVEL), comments=_starting(form, COMMENT), comment=clean(form, "comment"))


def clean(form: FormData, name: str) -> str:
    """A text without surrounding space."""
    return text(form, name).strip()


def _starting(form: FormData, prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): clean(form, name) for name in form if name.startswith(prefix)}


def _number(value: str) -> int:
    """A small whole number; -1, which fits nothing, for anything else."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1
