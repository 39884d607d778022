"""What was met in an earlier attempt is not asked again: it is carried over. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assessments.grading.rules import Criterion, Scoring
from fourweek.language import _
from fourweek.light import dataclass

_WORDS = re.compile(r"Met in attempt ([0-9]+)\.")


@dataclass(frozen=True, slots=True)
class Reached:
    """The level that a posted decision gives on one criterion."""

    level: str
    met: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the posted decision on one attempt says of each criterion, by its key; nothing where it was returned."""

    attempt: int
    reached: Mapping[str, Reached]


@dataclass(frozen=True, slots=True)
class Carried:
    """A criterion that is met already: by which attempt, and at which level (its key)."""

    attempt: int
    level: str

    @property
    def words(self) -> str:
        """The comment that is kept with a decision, in one language; `say_comment` says it in others."""
        return f"Met in attempt {self.attempt}."


def say_comment(comment: str) -> str:
    """A comment of a decision as it is shown: what a person wrote as it is, `Carried.words` in the language spoken."""
    carried = _WORDS.fullmatch(comment)
    return _("Met in attempt {number}.", number=carried[1]) if carried else comment


def carried_over(verdicts: Sequence[Verdict]) -> dict[str, Carried]:
    """The criteria that the newest of these verdicts, oldest first, says are met, each with the attempt that met it.

    An attempt that was returned incomplete says nothing and changes nothing. What was met and later is not, is asked
    again; the attempt that counts is the first of those in a row that met it.
    """
    told = [verdict for verdict in verdicts if verdict.reached]
    if not told:
        return {}
    met = {key: reached for key, reached in told[-1].reached.items() if reached.met}
    return {key: Carried(_since(key, told), reached.level) for key, reached in met.items()}


def still_asked(criteria: Sequence[Criterion], carried: Mapping[str, Carried]) -> tuple[Criterion, ...]:
    """The criteria that a grader judges in this attempt."""
    return tuple(criterion for criterion in criteria if criterion.key not in carried)


def with_carried(scoring: Scoring, carried: Mapping[str, Carried]) -> Scoring:
    """The scoring of every criterion: what is carried over counts as it was decided, whatever a form said of it."""
    levels = {key: one.level for key, one in carried.items()}
    comments = {key: one.words for key, one in carried.items()}
    return replace(scoring, levels={**scoring.levels, **levels}, comments={**scoring.comments, **comments})


def _since(key: str, told: Sequence[Verdict]) -> int:
    """The first attempt of the last ones in a row that met this criterion."""
    since = told[-1].attempt
    for verdict in reversed(told[:-1]):
        before = verdict.reached.get(key)
        if before is None or not before.met:
            break
        since = verdict.attempt
    return since
