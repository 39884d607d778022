"""Until when an appeal may be made, what it has to say, and what may come of it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from assessments.grading.models import Outcome
from assessments.grading.rules import Criterion, Scoring, too_long
from courses.schedule.walltime import local_day, local_instant
from fourweek.language import _, n_
from fourweek.light import dataclass

LONGEST = 4_000
"""Characters of an argument, an answer or a message."""
MOST_A_DAY = 20
"""Messages one person may write in one thread within a day."""
TICK, ARGUMENT = "appeal-", "argument-"


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a learner typed: the keys of the criteria they ticked, and an argument by key."""

    ticked: frozenset[str] = frozenset()
    arguments: Mapping[str, str] | None = None

    def on(self, key: str) -> str:
        return (self.arguments or {}).get(key, "")


def appeal_ends(posted_at: datetime, days: int | None, where: ZoneInfo) -> datetime | None:
    """The first instant that is too late: `days` calendar days after posting, at the end of that day in `where`.

    None where no appeals are taken.
    """
    if days is None:
        return None
    return local_instant(local_day(posted_at, where) + timedelta(days=days + 1), time(0), where)


def is_appealable(outcome: Outcome) -> bool:
    """Whether there is a verdict that an appeal could be about."""
    return outcome is not Outcome.RETURNED_INCOMPLETE


def could_rise(criterion: Criterion, decided: Scoring) -> bool:
    """Whether a criterion was decided at less than its highest level."""
    return decided.level(criterion.key) != criterion.levels[-1].key


def appeal_problems(criteria: Sequence[Criterion], decided: Scoring, typed: Arguments) -> dict[str, str]:
    """Why an appeal cannot be taken as it was typed, {field name: sentence}; "" for the form as a whole."""
    known = {criterion.key for criterion in criteria}
    said = {key for key, text in (typed.arguments or {}).items() if text.strip()}
    if not typed.ticked <= known or not said <= known:
        return {"": _("This names a criterion that is not in the rubric. Nothing was sent.")}
    problems: dict[str, str] = {}
    for criterion in criteria:
        problems |= _argument_problems(criterion, decided, typed)
    if not problems and not typed.ticked:
        problems[""] = _("Choose at least one criterion that you appeal.")
    return problems


def _argument_problems(criterion: Criterion, decided: Scoring, typed: Arguments) -> dict[str, str]:
    key, text = criterion.key, typed.on(criterion.key)
    if key not in typed.ticked:
        if not text.strip():
            return {}
        words = _("You wrote about “{title}”: choose it as well, or take the text away.", title=criterion.title)
        return {TICK + key: words}
    if not could_rise(criterion, decided):
        words = _("“{title}” was given its highest level; an appeal cannot raise it.", title=criterion.title)
        return {TICK + key: words}
    if not text.strip():
        return {ARGUMENT + key: _("Say what the evidence shows for “{title}”.", title=criterion.title)}
    return too_long(ARGUMENT + key, text, LONGEST)


def message_problems(text: str, written_lately: int) -> dict[str, str]:
    """Why a message cannot be taken; `written_lately` counts its writer's within a day."""
    if not text.strip():
        return {"message": _("Write something first.")}
    if written_lately >= MOST_A_DAY:
        words = n_(
            "You wrote {count} message here within a day. Go on tomorrow.",
            "You wrote {count} messages here within a day. Go on tomorrow.",
            MOST_A_DAY,
        )
        return {"message": words}
    return too_long("message", text, LONGEST)


def rating_problems(criteria: Iterable[Criterion], rated: Scoring) -> dict[str, str]:
    """What an appeal's rating still lacks."""
    return {
        f"level-{one.key}": _("Choose a level for “{title}”.", title=one.title)
        for one in criteria
        if not rated.level(one.key)
    }


def adjusted(criteria: Iterable[Criterion], rated: Scoring, weighed: Scoring) -> tuple[Criterion, ...]:
    """The criteria whose level changed between rating blind and reading the first reasoning."""
    return tuple(one for one in criteria if rated.level(one.key) != weighed.level(one.key))


def raised(criteria: Iterable[Criterion], decided: Scoring, weighed: Scoring) -> tuple[Criterion, ...]:
    """The criteria, of those that were appealed, that an appeal gives a higher level than was decided."""
    return tuple(one for one in criteria if _place(one, weighed) > _place(one, decided))


def after_appeal(
    rubric: Iterable[Criterion], appealed: Iterable[Criterion], decided: Scoring, weighed: Scoring, answer: str
) -> Scoring:
    """What holds after an appeal: the higher level of each appealed criterion, all others as they were decided.

    So nothing ever falls. What was raised takes the comment of whoever raised it; the rest keep theirs.
    """
    up = {one.key for one in raised(appealed, decided, weighed)}
    levels = {one.key: (weighed if one.key in up else decided).level(one.key) for one in rubric}
    comments = {one.key: decided.comment_on(one.key) for one in rubric}
    for key in up:
        comments[key] = weighed.comment_on(key) or "Raised after an appeal."
    return Scoring(levels, comments, answer)


def _place(criterion: Criterion, scoring: Scoring) -> int:
    """Where a level stands, lowest first; -1 for none."""
    keys = [level.key for level in criterion.levels]
    chosen = scoring.level(criterion.key)
    return keys.index(chosen) if chosen in keys else -1
