"""The form of a new cohort: what was typed, what it means, what is wrong with it."""

import hashlib
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, time
from typing import Any

from starlette.datastructures import FormData

from courses.cohorts.fields import Typed
from courses.cohorts.models import Cohort
from courses.schedule.checks import rule_problems
from courses.schedule.errors import UnknownZone
from courses.schedule.terms import CohortRules
from courses.schedule.zones import zone
from fourweek.database import new_id
from fourweek.edge import text

ANY_DAY = "any"
DELIVERY = "online, self-paced within the week"
FIELD_OF = {"due_offset_days": "due_days", "module_count": "version_id", "modules": "version_id"}
ID_LENGTH = 26


@dataclass(frozen=True, slots=True)
class CohortForm:
    """Every field as typed. `key` becomes the cohort's id, so that a form sent twice makes one cohort; `seen` is the
    fingerprint of the dates that were shown."""

    key: str
    version_id: str = ""
    name: str = ""
    start_date: str = ""
    zone: str = "UTC"
    release_weekday: str = "0"
    release_time: str = "09:00"
    due_days: str = "6"
    due_time: str = "23:59"
    late_days: str = "3"
    close_days: str = ""
    capacity: str = ""
    instructor: str = ""
    delivery: str = DELIVERY
    seen: str = ""

    @property
    def fingerprint(self) -> str:
        """Changes with every field that the dates depend on."""
        dated = (
            self.version_id,
            self.start_date,
            self.zone.strip(),
            self.release_weekday,
            self.release_time,
            self.due_days,
            self.due_time,
            self.late_days,
            self.close_days,
        )
        return hashlib.sha256("\n".join(dated).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class CohortPlan:
    """A form that can be kept."""

    rules: CohortRules
    row: dict[str, Any]


def empty_form(zone_name: str, version_id: str = "") -> CohortForm:
    return CohortForm(key=new_id(), zone=zone_name, version_id=version_id)


def typed_form(form: FormData) -> CohortForm:
    """What was sent, with a fresh key where it brings none that we could have made."""
    values = {field.name: text(form, field.name) for field in fields(CohortForm)}
    if len(values["key"]) != ID_LENGTH or not values["key"].isalnum() or not values["key"].isascii():
        values["key"] = new_id()
    return CohortForm(**values)


def read_cohort(form: CohortForm, module_count: int | None, now: datetime) -> tuple[CohortPlan | None, dict[str, str]]:
    """What the form means, or what is wrong by field. `module_count` None: there is no such version."""
    typed = Typed(asdict(form))
    row = {
        "name": typed.words("name", "The name", 120),
        "zone": _zone(typed),
        "start_date": typed.day("start_date", "The start date"),
        "release_weekday": _weekday(typed),
        "release_time": typed.clock("release_time", "The release time"),
        "due_days": typed.whole("due_days", "Days until work is due", 0, 366, required=False),
        "due_time": typed.clock("due_time", "The due time"),
        "late_days": typed.whole("late_days", "Days for late work", 0, 366, required=False),
        "close_days": typed.whole("close_days", "Days until closing", 0, 1000, required=False),
        "capacity": typed.whole("capacity", "The number of places", 1, 100_000, required=False),
        "instructors": _instructors(typed.words("instructor", "The instructor", 200, required=False)),
        "delivery": typed.words("delivery", "The way of delivery", 100),
    }
    if module_count is None:
        typed.errors["version_id"] = "Choose a published course."
    if typed.errors or module_count is None:
        return None, typed.errors
    rules = _rules(row, module_count)
    found = {FIELD_OF.get(field, field): words for field, words in rule_problems(rules, now=now).items()}
    return (None, found) if found else (CohortPlan(rules, row), {})


def cohort_row(form: CohortForm, plan: CohortPlan, person_id: str, now: datetime) -> Cohort:
    return Cohort(id=form.key, version_id=form.version_id, created_at=now, created_by=person_id, **plan.row)


def _rules(row: dict[str, Any], module_count: int) -> CohortRules:
    start: date = row["start_date"]
    release: time = row["release_time"]
    return CohortRules(
        start_date=start,
        zone=row["zone"],
        module_count=module_count,
        release_weekday=row["release_weekday"],
        release_time=release,
        due_offset_days=row["due_days"],
        due_time=row["due_time"],
        late_days=row["late_days"],
        close_days=row["close_days"],
    )


def _instructors(name: str) -> list[dict[str, str]]:
    return [{"name": name, "background": ""}] if name else []


def _zone(typed: Typed) -> str:
    name = typed.values["zone"].strip()
    try:
        zone(name)
    except UnknownZone as wrong:
        typed.errors["zone"] = wrong.fields["zone"]
    return name


def _weekday(typed: Typed) -> int | None:
    return None if typed.values["release_weekday"] == ANY_DAY else typed.whole("release_weekday", "The weekday", 0, 6)
