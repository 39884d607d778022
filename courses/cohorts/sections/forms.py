"""The form of a section: everything may be left as the cohort has it."""

from typing import Any, ClassVar

from starlette.datastructures import FormData

from courses.cohorts.fields import Typed
from courses.cohorts.forms import shown_number, typed_values
from courses.cohorts.queries import stored_module_dates
from courses.cohorts.rows import DatedForm, Rows, module_rows, read_modules
from courses.cohorts.rules.standing import SectionFacts, Standing
from courses.schedule.checks import LONGEST_SHIFT, section_problems
from courses.schedule.terms import CohortRules, SectionRules
from fourweek.database import new_id
from fourweek.language import _
from fourweek.light import dataclass

FIELD_OF = {"due_offset_days": "due_days"}


@dataclass(frozen=True, slots=True)
class SectionForm(DatedForm):
    """Every field as typed; empty: as the cohort has it. `key` becomes the id of a new section."""

    lists: ClassVar[tuple[str, ...]] = ("modules",)
    undated: ClassVar[frozenset[str]] = frozenset({"key", "seen", "more", "name"})
    key: str
    name: str = ""
    shift_days: str = ""
    start_date: str = ""
    zone: str = ""
    release_weekday: str = ""
    release_time: str = ""
    due_days: str = ""
    due_time: str = ""
    late_days: str = ""
    close_days: str = ""
    seen: str = ""
    more: str = ""
    modules: Rows = ()


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """A form that can be kept: its rules, and the columns of the section."""

    rules: SectionRules
    row: dict[str, Any]


def empty_form() -> SectionForm:
    return SectionForm(key=new_id())


def typed_form(form: FormData) -> SectionForm:
    return SectionForm(**typed_values(form, SectionForm))


def known_form(section: SectionFacts) -> SectionForm:
    """The form of a section as it is kept."""
    rules = section.rules
    return SectionForm(
        key=section.id,
        name=section.name,
        shift_days=str(rules.shift_days or ""),
        start_date=str(rules.start_date or ""),
        zone=rules.zone or "",
        release_weekday=shown_number(rules.release_weekday),
        release_time=f"{rules.release_time:%H:%M}" if rules.release_time else "",
        due_days=shown_number(rules.due_offset_days),
        due_time=f"{rules.due_time:%H:%M}" if rules.due_time else "",
        late_days=shown_number(rules.late_days),
        close_days=shown_number(rules.close_days),
        modules=module_rows(rules.modules),
    )


def read_section(
    form: SectionForm, known: Standing, section_id: str | None
) -> tuple[SectionPlan | None, dict[str, str]]:
    """What the form means in this cohort, or what is wrong by field."""
    typed = Typed(form.answers())
    name = typed.words("name", _("The name"), 120)
    if any(one.name == name and one.id != section_id for one in known.sections):
        typed.errors["name"] = _("This cohort has a section of that name already.")
    rules = _rules(form, typed, known.rules)
    if typed.errors:
        return None, typed.errors
    found = {FIELD_OF.get(field, field): words for field, words in section_problems(known.rules, rules).items()}
    return (None, found) if found else (SectionPlan(rules, {"name": name, **section_columns(rules)}), {})


def _rules(form: SectionForm, typed: Typed, cohort: CohortRules) -> SectionRules:
    return SectionRules(
        shift_days=typed.whole("shift_days", _("The shift"), -LONGEST_SHIFT, LONGEST_SHIFT, required=False) or 0,
        start_date=typed.day("start_date", _("The start date"), required=False),
        zone=typed.zone("zone", required=False),
        release_weekday=typed.whole("release_weekday", _("The weekday"), 0, 6, required=False),
        release_time=typed.clock("release_time", _("The release time"), required=False),
        due_offset_days=typed.whole("due_days", _("Days until work is due"), 0, 366, required=False),
        due_time=typed.clock("due_time", _("The due time"), required=False),
        late_days=typed.whole("late_days", _("Days for late work"), 0, 366, required=False),
        close_days=typed.whole("close_days", _("Days until closing"), 0, 1000, required=False),
        modules=read_modules(typed, form.modules, cohort.module_count),
    )


def section_columns(rules: SectionRules) -> dict[str, Any]:
    """Rules as the columns of a section."""
    return {
        "shift_days": rules.shift_days,
        "start_date": rules.start_date,
        "zone": rules.zone,
        "release_weekday": rules.release_weekday,
        "release_time": rules.release_time,
        "due_days": rules.due_offset_days,
        "due_time": rules.due_time,
        "late_days": rules.late_days,
        "close_days": rules.close_days,
        "modules": [stored_module_dates(one) for one in rules.modules],
    }
