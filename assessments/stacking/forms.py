"""The form of a series' rule as it was typed."""

import hashlib
from collections.abc import Collection
from dataclasses import replace

from starlette.datastructures import FormData

from assessments.badges.picture.icons import ICONS
from assessments.stacking.models import StackKind
from assessments.stacking.queries import Rule
from fourweek.edge import text
from fourweek.language import N_, _, n_
from fourweek.light import dataclass

MOST_MONTHS = 600
LONGEST = {"name": 200, "description": 2000, "criteria": 4000, "why": 500}
_NEEDED = {
    "name": N_("Say what the badge is called."),
    "description": N_("Say in a sentence what it stands for."),
    "criteria": N_("Say what it takes."),
}


@dataclass(frozen=True, slots=True)
class RuleForm:
    """`courses` are codes; numbers are text as typed. `number` is of the rule that it started from, 0 for none.

    `seen` is the mark of what was previewed: only that can be made the rule.
    """

    kind: str = StackKind.ALL
    needed: str = "2"
    months: str = "0"
    courses: tuple[str, ...] = ()
    name: str = ""
    description: str = ""
    criteria: str = ""
    icon: str = ""
    valid_months: str = "0"
    why: str = ""
    number: str = "0"
    seen: str = ""

    @property
    def mark(self) -> str:
        """Tells whether two forms say the same of whom the badge goes to."""
        said = "\0".join((self.kind, str(self.wanted), self.months, *self.courses, self.number))
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    @property
    def wanted(self) -> int:
        """How many courses are needed; 0 where that was not said."""
        return len(self.courses) if self.kind == StackKind.ALL else _whole(self.needed) or 0

    @property
    def within_months(self) -> int:
        return _whole(self.months) or 0

    @property
    def holds_months(self) -> int:
        return _whole(self.valid_months) or 0

    def problems(self, codes: Collection[str]) -> dict[str, str]:
        """What is wrong with it, by field; `codes` are of the series' courses."""
        found = {
            "kind": "" if self.kind in set(StackKind) else _("Choose how many courses it takes."),
            "courses": self._courses_problem(codes),
            "needed": self._needed_problem(),
            "months": _months_problem(self.months),
            **{field: self._text_problem(field) for field in LONGEST},
            "icon": "" if self.icon in ("", *ICONS) else _("Choose an icon."),
            "valid_months": _months_problem(self.valid_months),
        }
        if self.number != "0" and not self.why:
            found["why"] = _("Say why the rule changes; it is kept with your name.")
        return {field: words for field, words in found.items() if words}

    def _courses_problem(self, codes: Collection[str]) -> str:
        if not set(self.courses) <= set(codes):
            return _("A course is not in the series any more. Look at the courses again.")
        return "" if len(self.courses) > 1 else _("Choose at least two courses.")

    def _needed_problem(self) -> str:
        if self.kind == StackKind.ALL or 1 < self.wanted <= max(len(self.courses), 2):
            return ""
        return _("Say a number from 2 up to that of the courses you chose.")

    def _text_problem(self, field: str) -> str:
        said: str = getattr(self, field)
        if not said:
            return _(_NEEDED[field]) if field in _NEEDED else ""
        most = LONGEST[field]
        return (
            n_(
                "This has {count} character; at most {most} are kept.",
                "This has {count} characters; at most {most} are kept.",
                len(said),
                most=most,
            )
            if len(said) > most
            else ""
        )


def typed_rule(form: FormData) -> RuleForm:
    """As it was sent; `courses` keep the order in which the page showed them."""
    lines = {name: " ".join(text(form, name).split()) for name in RuleForm.__slots__ if name not in _OTHERS}
    courses = tuple(dict.fromkeys(str(code) for code in form.getlist("courses")))
    return RuleForm(**lines, courses=courses, criteria=text(form, "criteria").strip())


_OTHERS = {"courses", "criteria"}


def form_of(rule: Rule | None, codes: Collection[str]) -> RuleForm:
    """The form to begin with: the rule that holds, or all courses of the series."""
    if rule is None:
        return RuleForm(courses=tuple(codes))
    kept = RuleForm(number=str(rule.number), courses=tuple(codes))
    if rule.ended:
        return kept
    return replace(
        kept,
        kind=rule.kind,
        needed=str(rule.needed),
        months=str(rule.within_months),
        courses=tuple(one.code for one in rule.courses if one.code in codes),
        name=rule.name,
        description=rule.description,
        criteria=rule.criteria,
        icon=rule.icon,
        valid_months=str(rule.valid_months),
    )


def _months_problem(typed: str) -> str:
    months = _whole(typed)
    return (
        ""
        if months is not None and months <= MOST_MONTHS
        else _("Say whole months, from 0 to {most}.", most=MOST_MONTHS)
    )


def _whole(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else None
