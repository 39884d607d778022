"""The form of a new rule: what was typed, what is wrong with it, and the rule it makes. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from hashlib import sha256

from assessments.deciding.models import RuleKind
from assessments.deciding.rules import EVERY, LARGEST_WEIGHT, WHOLE, Ladder, Rule, needed, worth
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.words import say_whole

REASON_LIMIT = 500
WEIGHT, FLOOR, MUST = "weight-", "floor-", "must-"


@dataclass(frozen=True, slots=True)
class TypedRule:
    """As it was sent. `number` is that of the rule the page showed; `seen` marks what was previewed, "" for nothing."""

    kind: str = RuleKind.EVERY.value
    mark: str = ""
    weights: Mapping[str, str] = field(default_factory=dict)
    floors: Mapping[str, str] = field(default_factory=dict)
    must: frozenset[str] = frozenset()
    reason: str = ""
    number: int = 0
    seen: str = ""

    @property
    def print(self) -> str:
        """What a preview of these very terms is known by."""
        terms = [self.kind, self.mark, sorted(self.weights.items()), sorted(self.floors.items()), sorted(self.must)]
        return sha256(repr([*terms, self.number]).encode()).hexdigest()[:16]


def typed_rule(fields: Mapping[str, str]) -> TypedRule:
    """From the fields of a form; an empty floor is none."""
    floors = {key: level for key, level in _starting(fields, FLOOR).items() if level}
    number = fields.get("number", "")
    return TypedRule(
        kind=fields.get("kind", ""),
        mark=fields.get("mark", "").strip(),
        weights=_starting(fields, WEIGHT),
        floors=floors,
        must=frozenset(_starting(fields, MUST)),
        reason=fields.get("reason", "").strip(),
        number=int(number) if number.isascii() and number.isdigit() and len(number) < 8 else -1,
        seen=fields.get("seen", ""),
    )


def typed_of(rule: Rule, number: int) -> TypedRule:
    """The form filled in with a rule that is there."""
    return TypedRule(
        kind=rule.kind.value,
        mark=str(rule.mark) if rule.weights else "",
        weights={key: str(weight) for key, weight in rule.weights.items()},
        floors=dict(rule.floors),
        must=rule.must,
        number=number,
    )


def rule_problems(typed: TypedRule, ladders: Sequence[Ladder]) -> dict[str, str]:
    """Why this makes no rule for criteria with these ladders, {field name: sentence}."""
    if typed.kind not in set(RuleKind):
        return {"kind": _("Choose how levels become an outcome.")}
    if typed.kind == RuleKind.EVERY:
        return {}
    known = {one.key: one for one in ladders}
    problems = _unknown(typed, known)
    for key in known:
        if _whole(typed.weights.get(key, ""), LARGEST_WEIGHT) is None:
            problems[WEIGHT + key] = _("Give a whole number from 1 to {most}.", most=say_whole(LARGEST_WEIGHT))
    if _whole(typed.mark, WHOLE) is None:
        problems["mark"] = _("Give a whole number from 1 to 100.")
    return problems or _out_of_reach(rule_typed(typed), ladders)


def reason_problems(typed: TypedRule) -> dict[str, str]:
    """Why a rule cannot apply with the reason that was typed."""
    if not typed.reason:
        return {"reason": _("Give the reason; it is kept with the rule.")}
    if len(typed.reason) > REASON_LIMIT:
        return {
            "reason": _(
                "This has {length} characters; at most {most} are kept. Shorten it.",
                length=say_whole(len(typed.reason)),
                most=REASON_LIMIT,
            )
        }
    return {}


def rule_typed(typed: TypedRule) -> Rule:
    """The rule; the caller has seen that nothing is wrong with it."""
    if typed.kind == RuleKind.EVERY:
        return EVERY
    weights = {key: int(weight) for key, weight in typed.weights.items()}
    return Rule(weights, int(typed.mark), dict(typed.floors), typed.must)


def _unknown(typed: TypedRule, known: Mapping[str, Ladder]) -> dict[str, str]:
    """Criteria and levels that the rubric does not have: only a form that was tampered with names them."""
    named = {WEIGHT: set(typed.weights), FLOOR: set(typed.floors), MUST: typed.must}
    problems = {
        prefix + key: _("This criterion is not in the rubric.")
        for prefix, keys in named.items()
        for key in keys - known.keys()
    }
    wrong = [key for key, level in typed.floors.items() if key in known and level not in known[key].levels]
    return problems | {FLOOR + key: _("This level is not in the rubric. Choose one of those shown.") for key in wrong}


def _out_of_reach(rule: Rule, ladders: Sequence[Ladder]) -> dict[str, str]:
    """A mark above what every criterion at its required level makes could never ask for anything."""
    most = worth(ladders, {one.key: needed(one, rule) for one in ladders}, rule) * WHOLE
    if rule.mark <= most:
        return {}
    return {
        "mark": _(
            "Every criterion at its required level makes {share} %, and that is always enough. Ask for no "
            "more than that, or for a higher level of a criterion.",
            share=int(most),
        )
    }


def _whole(value: str, most: int) -> int | None:
    """A whole number from 1 to `most`; None for anything else."""
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 8 else 0
    return number if 1 <= number <= most else None


def _starting(fields: Mapping[str, str], prefix: str) -> dict[str, str]:
    found = {name.removeprefix(prefix): value.strip() for name, value in fields.items() if name.startswith(prefix)}
    return {key: value for key, value in found.items() if key}
