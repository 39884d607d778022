"""The form that plans a cohort like another one."""

from datetime import date, datetime
from typing import Any, ClassVar

from starlette.datastructures import FormData

from courses.cohorts.clone.rules import Fate, Moving, moved_rules, moved_section, whole_weeks
from courses.cohorts.fields import Typed
from courses.cohorts.forms import FIELD_OF, rule_columns, typed_values
from courses.cohorts.rows import DatedForm
from courses.cohorts.rules.standing import Standing
from courses.schedule.checks import rule_problems, section_problems, window_problems
from courses.schedule.terms import CohortRules, SectionRules
from fourweek.database import new_id
from fourweek.language import _
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class CloneForm(DatedForm):
    """Every field as typed. `key` becomes the id of the new cohort, so that a form sent twice makes one."""

    undated: ClassVar[frozenset[str]] = frozenset({"key", "seen", "more", "name"})
    key: str
    name: str = ""
    start_date: str = ""
    blackouts: str = Fate.DROP
    pauses: str = Fate.DROP
    modules: str = Fate.DROP
    window: str = Fate.MOVE
    sections: str = ""
    sessions: str = ""
    seen: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class ClonePlan:
    """A form that can be kept. `sections` are the new rules by the id of the old section; `row` what is the new
    cohort's own."""

    rules: CohortRules
    moving: Moving
    sections: dict[str, SectionRules]
    row: dict[str, Any]


def first_form() -> CloneForm:
    return CloneForm(key=new_id(), sections="1", sessions="1")


def typed_form(form: FormData) -> CloneForm:
    return CloneForm(**typed_values(form, CloneForm))


def read_clone(form: CloneForm, known: Standing, now: datetime) -> tuple[ClonePlan | None, dict[str, str]]:
    """What the form means, or what is wrong by field. The new cohort must lie ahead."""
    typed = Typed(form.answers())
    name, start = typed.words("name", _("The name"), 120), typed.day("start_date", _("The start date"))
    fates = {field: typed.choice(field, Fate) for field in ("blackouts", "pauses", "modules", "window")}
    if typed.errors or start is None:
        return None, typed.errors
    if not 2000 <= start.year <= 2199:
        return None, {"start_date": _("The year must lie between {first} and {last}.", first=2000, last=2199)}
    moving = Moving(whole_weeks(known.rules.start_date, start), **fates)
    rules = moved_rules(known.rules, start, moving)
    sections = {one.id: moved_section(one.rules, moving) for one in known.sections} if form.sections else {}
    window = _window(known, moving)
    found = _problems(rules, sections, window, now)
    row = {"name": name, **window, **rule_columns(rules)}
    return (None, found) if found else (ClonePlan(rules, moving, sections, row), {})


def _problems(
    rules: CohortRules, sections: dict[str, SectionRules], window: dict[str, date | None], now: datetime
) -> dict[str, str]:
    """What is wrong, at fields of this form: most of the rules are not typed here and come right with another start."""
    wrong = rule_problems(rules, now=now)
    for one in sections.values():
        wrong = wrong or section_problems(rules, one)
    if wrong:
        return {_field(field): words for field, words in wrong.items()}
    found = window_problems(rules, window["enrol_from"], window["enrol_until"])
    return {"window": " ".join(found.values())} if found else {}


def _field(field: str) -> str:
    base = FIELD_OF.get(field, field).split("-")[0]
    return base if base in {"start_date", "blackouts", "pauses", "modules"} else "start_date"


def _window(known: Standing, moving: Moving) -> dict[str, date | None]:
    days = {name: getattr(known.row, name) for name in ("enrol_from", "enrol_until")}
    kept = moving.window is Fate.MOVE
    return {name: moving.day(day) if day and kept else None for name, day in days.items()}
