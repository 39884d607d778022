"""What a rating says, what it still needs, and which levels demonstrate. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import field

from assessments.deciding.rules import EVERY, Ladder, Rule, demonstrates, is_met
from assessments.grading.models import Outcome
from fourweek.language import _, n_
from fourweek.language.lists import all_of, quoted
from fourweek.light import dataclass
from fourweek.words import say_whole

COMMENT_LIMIT = 8_000
REASON_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Level:
    """`exemplar_html` shows an example, sanitised when it was published; "" where there is none."""

    id: str
    key: str
    title: str
    descriptor: str
    exemplar_html: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is judged, on the requirements titled `judged_on`; `levels` stand lowest first."""

    id: str
    key: str
    title: str
    description: str
    competency: str
    judged_on: tuple[str, ...]
    required_level: str
    levels: tuple[Level, ...]

    def level(self, key: str) -> Level | None:
        return next((level for level in self.levels if level.key == key), None)

    @property
    def ladder(self) -> Ladder:
        return Ladder(self.key, tuple(level.key for level in self.levels), self.required_level)

    def met_by(self, key: str, rule: Rule = EVERY) -> bool:
        """Whether this level is at or above the one that demonstrates."""
        return is_met(self.ladder, key, rule)


@dataclass(frozen=True, slots=True)
class Scoring:
    """What one grader gives: {criterion key: level key} and {criterion key: comment}, and a comment on the whole."""

    levels: Mapping[str, str] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""

    def level(self, key: str) -> str:
        return self.levels.get(key, "")

    def comment_on(self, key: str) -> str:
        return self.comments.get(key, "")


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion of a verdict."""

    criterion_id: str
    level_id: str
    met: bool
    comment: str


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: Outcome
    lines: tuple[Line, ...]


def draft_problems(criteria: Sequence[Criterion], scoring: Scoring) -> dict[str, str]:
    """Why a draft cannot be kept, {field name: sentence}: a level the rubric does not have, a comment too long."""
    problems = {}
    for criterion in criteria:
        chosen = scoring.level(criterion.key)
        if chosen and criterion.level(chosen) is None:
            problems[f"level-{criterion.key}"] = _("This level is not in the rubric. Choose one of those shown.")
        problems |= too_long(f"comment-{criterion.key}", scoring.comment_on(criterion.key))
    return problems | too_long("comment", scoring.comment)


def decision_problems(
    criteria: Sequence[Criterion], scoring: Scoring, unpassed: Sequence[str] = (), rule: Rule = EVERY
) -> dict[str, str]:
    """Why this cannot be decided yet, {field name: sentence}; `unpassed` are titles of required checks.

    `criteria` are those that are asked in this attempt, `rule` the one that holds for it.
    """
    problems = draft_problems(criteria, scoring)
    for criterion in criteria:
        if not scoring.level(criterion.key):
            problems[f"level-{criterion.key}"] = _("Choose a level for “{title}”.", title=criterion.title)
    if problems:
        return problems
    said = [scoring.comment, *(scoring.comment_on(criterion.key) for criterion in criteria)]
    if any(text.strip() for text in said):
        return {}
    if not all(criterion.met_by(scoring.level(criterion.key), rule) for criterion in criteria):
        return {"comment": _("Say in at least one comment what the evidence does not show yet.")}
    if unpassed:
        return {
            "comment": _("{why_not_yet} Say in at least one comment what comes next.", why_not_yet=barred(unpassed))
        }
    return {}


def barred(unpassed: Sequence[str]) -> str:
    """What required checks that are not passed do to a decision, in words; `unpassed` are their titles, one or more."""
    return n_(
        "{titles} is not passed, so this is decided “not yet”, whatever the levels.",
        "{titles} are not passed, so this is decided “not yet”, whatever the levels.",
        len(unpassed),
        titles=all_of(map(quoted, unpassed)),
    )


def return_problems(message: str) -> dict[str, str]:
    """Why evidence cannot be returned as incomplete with this message."""
    if not message.strip():
        return {"message": _("Say what is missing, so that it can be added.")}
    return too_long("message", message)


def reason_problems(reason: str) -> dict[str, str]:
    """Why an act that needs a reason cannot be done with this one."""
    if not reason.strip():
        return {"reason": _("Give the reason; it is kept with the record.")}
    return too_long("reason", reason, REASON_LIMIT)


def too_long(name: str, text: str, limit: int = COMMENT_LIMIT) -> dict[str, str]:
    if len(text) <= limit:
        return {}
    return {
        name: _(
            "This has {length} characters; at most {most} are kept. Shorten it.",
            length=say_whole(len(text)),
            most=say_whole(limit),
        )
    }


def same(criteria: Sequence[Criterion], one: Scoring, other: Scoring) -> bool:
    """Whether two scorings say the same of every criterion and of the whole."""
    keys = [criterion.key for criterion in criteria]
    levels = all(one.level(key) == other.level(key) for key in keys)
    return levels and one.comment == other.comment and all(one.comment_on(k) == other.comment_on(k) for k in keys)


def judge(criteria: Sequence[Criterion], scoring: Scoring, unpassed: Sequence[str] = (), rule: Rule = EVERY) -> Verdict:
    """The outcome by the rule that holds (every criterion at its required level, unless it says otherwise).

    Not yet, whatever the levels, while a required check is `unpassed`. `criteria` are the whole rubric's, and every
    level must be given and known.
    """
    lines = tuple(_line(criterion, scoring, rule) for criterion in criteria)
    shown = demonstrates([criterion.ladder for criterion in criteria], scoring.levels, rule) and not unpassed
    return Verdict(Outcome.DEMONSTRATED if shown else Outcome.NOT_YET, lines)


def _line(criterion: Criterion, scoring: Scoring, rule: Rule) -> Line:
    chosen = criterion.level(scoring.level(criterion.key))
    if chosen is None:
        raise ValueError(f"no level for {criterion.key}")
    return Line(criterion.id, chosen.id, criterion.met_by(chosen.key, rule), scoring.comment_on(criterion.key))
