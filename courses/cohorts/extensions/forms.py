"""The form of an extension: what was typed, and the grant it means."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime

from starlette.datastructures import FormData

from courses.cohorts.fields import Typed
from courses.cohorts.models import Extension
from courses.schedule.terms import PersonDates
from courses.schedule.walltime import WallTime
from courses.schedule.zones import zone
from fourweek.database import new_id
from fourweek.edge import text

BY_DAYS, BY_DATE = "days", "date"
LONGEST = 366


@dataclass(frozen=True, slots=True)
class ExtensionForm:
    """Every field as typed. `key` becomes the extension's id, so that a form sent twice grants once."""

    key: str
    module: str = ""
    how: str = BY_DAYS
    days: str = ""
    due_on: str = ""
    due_time: str = "23:59"
    allow_earlier: str = ""
    reason: str = ""


def typed_form(form: FormData) -> ExtensionForm:
    values = {field.name: text(form, field.name) for field in fields(ExtensionForm)}
    if len(values["key"]) != 26 or not values["key"].isalnum() or not values["key"].isascii():
        values["key"] = new_id()
    return ExtensionForm(**values)


def read_extension(form: ExtensionForm, module_count: int, now: datetime) -> tuple[PersonDates, str, dict[str, str]]:
    """The grant, its reason, and what is wrong by field; use the grant where nothing is. `now` is the school's."""
    typed = Typed(asdict(form))
    module = typed.whole("module", "The module", 1, module_count, required=form.how == BY_DATE)
    earlier = bool(form.allow_earlier)
    days, due = 0, None
    if form.how == BY_DATE:
        day, at = typed.day("due_on", "The due date"), typed.clock("due_time", "The due time")
        due = WallTime(day, at) if day and at is not None else None
    else:
        days = typed.whole("days", "The number of days", -LONGEST, LONGEST) or 0
        if "days" not in typed.errors and (days == 0 or (days < 0 and not earlier)):
            typed.errors["days"] = "Give at least one day. Fewer days need the choice “earlier dates count too”."
    reason = typed.words("reason", "The reason", 500)
    grant = PersonDates(
        granted_at=now, key=form.key, module_number=module, shift_days=days, due=due, allow_earlier=earlier
    )
    return grant, reason, typed.errors


def too_early(due: WallTime, zone_name: str, now: datetime) -> bool:
    """Whether a due date has passed already; nobody can keep it."""
    return due.instant(zone(zone_name)) <= now


def extension_row(grant: PersonDates, enrolment_id: str, reason: str, person_id: str) -> Extension:
    return Extension(
        id=grant.key,
        enrolment_id=enrolment_id,
        module_number=grant.module_number,
        shift_days=grant.shift_days,
        due_on=grant.due.day if grant.due else None,
        due_time=grant.due.at if grant.due else None,
        allow_earlier=grant.allow_earlier,
        reason=reason,
        granted_by=person_id,
        granted_at=grant.granted_at,
    )
