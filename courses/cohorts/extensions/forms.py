"""The form of an extension: what was typed, and the grant it means."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime, time, timedelta

from starlette.datastructures import FormData

from courses.cohorts.fields import Typed
from courses.cohorts.models import Extension
from courses.schedule.checks import FIRST_YEAR, LAST_YEAR
from courses.schedule.terms import CohortRules, PersonDates
from courses.schedule.walltime import WallTime, local_day, local_instant
from courses.schedule.zones import zone
from fourweek.database import new_id
from fourweek.edge import text
from fourweek.language import N_, _, n_
from fourweek.light import dataclass

BY_DAYS, BY_DATE, OPEN_ALL, BY_PAUSE = "days", "date", "open", "pause"
WAYS = (
    (BY_DAYS, N_("So many days more"), N_("Moves due and closing dates on by whole days.")),
    (BY_DATE, N_("A date"), N_("A due date, a closing date or both.")),
    (OPEN_ALL, N_("Open at once"), N_("Opens what has not opened yet; due dates stay.")),
    (BY_PAUSE, N_("A pause"), N_("What opens, is due or closes from its first day on waits as long as it lasts.")),
)
FIRST_FIELD = {BY_DAYS: "days", BY_DATE: "due_on", OPEN_ALL: "how", BY_PAUSE: "pause_first"}
LONGEST = 366
DAY = timedelta(days=1)
PAST = N_("That moment has passed already. Choose one that lies ahead.")


@dataclass(frozen=True, slots=True)
class ExtensionForm:
    """Every field as typed. `key` names this one act, so that a form sent twice grants once; `seen` is the fingerprint
    of what was shown before it is granted."""

    key: str
    module: str = ""
    how: str = BY_DAYS
    days: str = ""
    moves_opening: str = ""
    due_on: str = ""
    due_time: str = "23:59"
    closes_on: str = ""
    closes_time: str = "23:59"
    pause_first: str = ""
    pause_last: str = ""
    holds_until: str = ""
    allow_earlier: str = ""
    reason: str = ""
    seen: str = ""

    def answers(self) -> dict[str, str]:
        """Every field but `seen`, by name."""
        return {name: value for name, value in asdict(self).items() if name != "seen"}

    def fingerprint(self, known: str, enrolments: Sequence[str]) -> str:
        """Changes with what was typed, for whom, and with what is `known` of the rules that hold now."""
        return _digest(known, *sorted(enrolments), *self.answers().values())[:16]

    def batch(self) -> str:
        """The name of this act: the same for the same form, another one once anything in it is changed."""
        return _digest(*self.answers().values())[:26]


def extension_id(batch: str, enrolment_id: str) -> str:
    """One extension for each person and act, however often the act is carried out."""
    return _digest(batch, enrolment_id)[:26]


def typed_form(form: FormData) -> ExtensionForm:
    values = {field.name: text(form, field.name) for field in fields(ExtensionForm)}
    if len(values["key"]) != 26 or not values["key"].isalnum() or not values["key"].isascii():
        values["key"] = new_id()
    if values["how"] not in FIRST_FIELD:
        values["how"] = BY_DAYS
    return ExtensionForm(**values)


def read_extension(form: ExtensionForm, rules: CohortRules, now: datetime) -> tuple[PersonDates, str, dict[str, str]]:
    """The grant, its reason, and what is wrong by field; use the grant where nothing is. `now` is the school's."""
    typed = Typed(form.answers())
    reader = {BY_DAYS: _days, BY_DATE: _dates, OPEN_ALL: _opening, BY_PAUSE: _pause}[form.how]
    grant = PersonDates(
        granted_at=now,
        key=form.batch(),
        module_number=typed.whole("module", _("The module"), 1, rules.module_count, required=False),
        allow_earlier=bool(form.allow_earlier),
        expires_at=_expiry(typed, rules.zone, now),
        **reader(typed, rules.zone, now),  # type: ignore[arg-type]
    )
    return grant, typed.words("reason", _("The reason"), 500), typed.errors


def _days(typed: Typed, _zone: str, _now: datetime) -> dict[str, object]:
    days = typed.whole("days", _("The number of days"), -LONGEST, LONGEST) or 0
    if "days" not in typed.errors and (days == 0 or (days < 0 and not typed.values["allow_earlier"])):
        typed.errors["days"] = _("Give at least one day. Fewer days need the choice “earlier dates count too”.")
    return {"shift_days": days, "moves_opening": bool(typed.values["moves_opening"])}


def _dates(typed: Typed, zone_name: str, now: datetime) -> dict[str, object]:
    due, closes = (_wall(typed, name, zone_name, now) for name in ("due", "closes"))
    if not due and not closes and not typed.errors:
        typed.errors["due_on"] = _("Give a due date, a closing date or both.")
    if due and closes and closes < due:
        typed.errors["closes_on"] = _("It closes before work is due.")
    return {"due": due, "closes": closes}


def _opening(_typed: Typed, _zone: str, _now: datetime) -> dict[str, object]:
    return {"opens_all": True}


def _pause(typed: Typed, zone_name: str, now: datetime) -> dict[str, object]:
    first = typed.day("pause_first", _("The first day"))
    last = typed.day("pause_last", _("The last day"), required=False)
    if first and abs((first - local_day(now, zone(zone_name))).days) > LONGEST:
        typed.errors["pause_first"] = n_(
            "A pause begins within {count} day of today.", "A pause begins within {count} days of today.", LONGEST
        )
    elif first and last and not 0 <= (last - first).days < LONGEST:
        typed.errors["pause_last"] = n_(
            "The last day is not before the first one, and at most {count} day on.",
            "The last day is not before the first one, and at most {count} days on.",
            LONGEST,
        )
    return {"pause_first": first, "pause_last": last}


def _wall(typed: Typed, name: str, zone_name: str, now: datetime) -> WallTime | None:
    label = _("The due time") if name == "due" else _("The closing time")
    day = typed.day(f"{name}_on", label, required=False)
    at = typed.clock(f"{name}_time", label) if day else None
    if day is None or at is None:
        return None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        typed.errors[f"{name}_on"] = _(
            "The year must lie between {first} and {last}.", first=FIRST_YEAR, last=LAST_YEAR
        )
        return None
    wall = WallTime(day, at)
    if wall.instant(zone(zone_name)) <= now:
        typed.errors[f"{name}_on"] = _(PAST)
    return wall


def _expiry(typed: Typed, zone_name: str, now: datetime) -> datetime | None:
    """The end of the last day on which it holds."""
    day = typed.day("holds_until", _("The last day"), required=False)
    if day is None:
        return None
    if not 0 <= (day - local_day(now, zone(zone_name))).days <= 10 * LONGEST:
        typed.errors["holds_until"] = _("That day has passed already, or lies years ahead.")
        return None
    return local_instant(day + DAY, time(0), zone(zone_name))


def extension_row(
    grant: PersonDates, extension: str, enrolment_id: str, *, reason: str, by: str, batch: str | None
) -> Extension:
    return Extension(
        id=extension,
        enrolment_id=enrolment_id,
        module_number=grant.module_number,
        shift_days=grant.shift_days,
        moves_opening=grant.moves_opening,
        due_on=grant.due.day if grant.due else None,
        due_time=grant.due.at if grant.due else None,
        closes_on=grant.closes.day if grant.closes else None,
        closes_time=grant.closes.at if grant.closes else None,
        opens_all=grant.opens_all,
        pause_first=grant.pause_first,
        pause_last=grant.pause_last,
        allow_earlier=grant.allow_earlier,
        reason=reason,
        granted_by=by,
        granted_at=grant.granted_at,
        expires_at=grant.expires_at,
        batch_id=batch,
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
