"""The form of a cohort, new or known: what was typed, what it means, what is wrong with it."""

from dataclasses import fields
from datetime import date, datetime
from typing import Any, ClassVar

from starlette.datastructures import FormData

from courses.cohorts.fields import Typed
from courses.cohorts.models import Cohort, DeliveryMode, EnrolmentWay
from courses.cohorts.queries import stored_module_dates, stored_range
from courses.cohorts.rows import (
    DatedForm,
    Rows,
    module_rows,
    range_rows,
    read_instructors,
    read_modules,
    read_ranges,
    typed_rows,
)
from courses.schedule.checks import rule_problems, window_problems
from courses.schedule.terms import CohortRules, Pacing
from fourweek.database import new_id
from fourweek.edge import text
from fourweek.language import _
from fourweek.light import dataclass

ANY_DAY = "any"
DELIVERY = "online, self-paced within the week"
FIELD_OF = {"due_offset_days": "due_days", "module_count": "version_id"}
ID_LENGTH = 26
MORE = "more:"
MOST_FIELDS = 1000


@dataclass(frozen=True, slots=True)
class CohortForm(DatedForm):
    """Every field as typed. `key` becomes the id of a new cohort, so that a form sent twice makes one; it is
    ignored for one that is known already."""

    lists: ClassVar[tuple[str, ...]] = ("blackouts", "pauses", "modules", "instructors")
    undated: ClassVar[frozenset[str]] = frozenset(
        {
            "key",
            "seen",
            "more",
            "name",
            "capacity",
            "waitlist",
            "way",
            "unlisted",
            "enrol_from",
            "enrol_until",
            "delivery",
            "mode",
            "place",
            "identity_check",
        }
        | {"instructors"}
    )
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
    pacing: str = Pacing.COHORT
    way: str = EnrolmentWay.SELF
    unlisted: str = ""
    enrol_from: str = ""
    enrol_until: str = ""
    capacity: str = ""
    waitlist: str = ""
    delivery: str = DELIVERY
    mode: str = DeliveryMode.SELF_PACED
    place: str = ""
    identity_check: str = ""
    seen: str = ""
    more: str = ""
    blackouts: Rows = ()
    pauses: Rows = ()
    modules: Rows = ()
    instructors: Rows = ()


@dataclass(frozen=True, slots=True)
class CohortPlan:
    """A form that can be kept: its rules, and the columns of the cohort."""

    rules: CohortRules
    row: dict[str, Any]


def empty_form(zone_name: str, version_id: str = "") -> CohortForm:
    return CohortForm(key=new_id(), zone=zone_name, version_id=version_id)


def typed_form(form: FormData) -> CohortForm:
    """What was sent, with a fresh key where it brings none that we could have made."""
    return CohortForm(**typed_values(form, CohortForm))


def typed_values(form: FormData, kind: type[DatedForm]) -> dict[str, Any]:
    """The values of a form of this kind by field."""
    plain = [field.name for field in fields(kind) if field.name not in kind.lists]  # type: ignore[arg-type]
    values: dict[str, Any] = {name: text(form, name) for name in plain}
    if len(values["key"]) != ID_LENGTH or not values["key"].isalnum() or not values["key"].isascii():
        values["key"] = new_id()
    values["more"] = text(form, "act").removeprefix(MORE) if text(form, "act").startswith(MORE) else ""
    return values | {name: typed_rows(form, name) for name in kind.lists}


def known_form(row: Any, rules: CohortRules) -> CohortForm:
    """The form of a cohort as it is kept; `row` has its columns."""
    return CohortForm(
        key=row.id,
        version_id=row.version_id,
        name=row.name,
        start_date=str(rules.start_date),
        zone=rules.zone,
        release_weekday=ANY_DAY if rules.release_weekday is None else str(rules.release_weekday),
        release_time=f"{rules.release_time:%H:%M}",
        due_days=shown_number(rules.due_offset_days),
        due_time=f"{rules.due_time:%H:%M}",
        late_days=shown_number(rules.late_days),
        close_days=shown_number(rules.close_days),
        pacing=rules.pacing,
        way=row.way,
        unlisted="" if row.open_for_enrolment else "1",
        enrol_from=str(row.enrol_from or ""),
        enrol_until=str(row.enrol_until or ""),
        capacity=shown_number(row.capacity),
        waitlist="1" if row.waitlist else "",
        delivery=row.delivery,
        mode=row.mode,
        place=row.place,
        identity_check="1" if row.identity_check else "",
        blackouts=range_rows(rules.blackouts),
        pauses=range_rows(rules.pauses),
        modules=module_rows(rules.modules),
        instructors=tuple({"name": one["name"], "background": one.get("background", "")} for one in row.instructors),
    )


def shown_number(value: int | None) -> str:
    return "" if value is None else str(value)


def read_cohort(
    form: CohortForm, module_count: int | None, now: datetime | None
) -> tuple[CohortPlan | None, dict[str, str]]:
    """What the form means, or what is wrong by field. `module_count` None: there is no such version. With `now`, the
    cohort is new and must lie ahead."""
    typed = Typed(form.answers())
    row: dict[str, Any] = {
        "name": typed.words("name", _("The name"), 120),
        "way": typed.choice("way", EnrolmentWay),
        "open_for_enrolment": not form.unlisted,
        "enrol_from": typed.day("enrol_from", _("The first day"), required=False),
        "enrol_until": typed.day("enrol_until", _("The last day"), required=False),
        "capacity": typed.whole("capacity", _("The number of places"), 1, 100_000, required=False),
        "waitlist": bool(form.waitlist),
        "instructors": read_instructors(typed, form.instructors),
        "delivery": typed.words("delivery", _("The way of delivery"), 100, printed=True),
    }
    row |= _delivery(form, typed)
    rules = _rules(form, typed, module_count or 60)
    if module_count is None:
        typed.errors["version_id"] = _("Choose a published course.")
    if form.waitlist and row["capacity"] is None:
        typed.errors.setdefault("capacity", _("A waiting list needs a number of places."))
    if typed.errors:
        return None, typed.errors
    found = {FIELD_OF.get(field, field): words for field, words in rule_problems(rules, now=now).items()}
    found = found or window_problems(rules, row["enrol_from"], row["enrol_until"])
    return (None, found) if found else (CohortPlan(rules, row | rule_columns(rules)), {})


def rule_columns(rules: CohortRules) -> dict[str, Any]:
    """Rules as the columns of a cohort."""
    return {
        "zone": rules.zone,
        "start_date": rules.start_date,
        "release_weekday": rules.release_weekday,
        "release_time": rules.release_time,
        "due_days": rules.due_offset_days,
        "due_time": rules.due_time,
        "late_days": rules.late_days,
        "close_days": rules.close_days,
        "pacing": rules.pacing,
        "blackouts": [stored_range(one) for one in rules.blackouts],
        "pauses": [stored_range(one) for one in rules.pauses],
        "modules": [stored_module_dates(one) for one in rules.modules],
    }


def cohort_row(form: CohortForm, plan: CohortPlan, person_id: str, now: datetime) -> Cohort:
    return Cohort(id=form.key, version_id=form.version_id, created_at=now, created_by=person_id, **plan.row)


def _delivery(form: CohortForm, typed: Typed) -> dict[str, Any]:
    mode, place = (
        typed.choice("mode", DeliveryMode),
        typed.words("place", _("The place"), 200, required=False, printed=True),
    )
    if mode is DeliveryMode.IN_PERSON and not place:
        typed.errors.setdefault("place", _("Say where people meet."))
    return {"mode": mode, "place": place, "identity_check": bool(form.identity_check)}


def _rules(form: CohortForm, typed: Typed, module_count: int) -> CohortRules:
    """The rules; where something is wrong, `typed.errors` says so and the result means nothing."""
    start = typed.day("start_date", _("The start date"))
    release, due = typed.clock("release_time", _("The release time")), typed.clock("due_time", _("The due time"))
    plain = CohortRules(start or date.min, "", module_count)
    return CohortRules(
        start_date=plain.start_date,
        zone=typed.zone("zone") or "",
        module_count=module_count,
        release_weekday=_weekday(typed),
        release_time=release or plain.release_time,
        due_offset_days=typed.whole("due_days", _("Days until work is due"), 0, 366, required=False),
        due_time=due or plain.due_time,
        late_days=typed.whole("late_days", _("Days for late work"), 0, 366, required=False),
        close_days=typed.whole("close_days", _("Days until closing"), 0, 1000, required=False),
        blackouts=read_ranges(typed, "blackouts", form.blackouts),
        pauses=read_ranges(typed, "pauses", form.pauses),
        modules=read_modules(typed, form.modules, module_count),
        pacing=typed.choice("pacing", Pacing),
    )


def _weekday(typed: Typed) -> int | None:
    return (
        None if typed.values["release_weekday"] == ANY_DAY else typed.whole("release_weekday", _("The weekday"), 0, 6)
    )
