"""What is wrong with a cohort's rules, said beside the field, before they are kept."""

from datetime import UTC, date, datetime, timedelta

from courses.schedule.errors import UnknownZone
from courses.schedule.rules import all_dates, starts_at
from courses.schedule.terms import CohortRules, DateRange, ModuleDates, Pacing
from courses.schedule.zones import zone

FIRST_YEAR, LAST_YEAR = 2000, 2200
LONGEST_BREAK = timedelta(days=366)


def rule_problems(rules: CohortRules, *, now: datetime | None = None) -> dict[str, str]:
    """Field of CohortRules → sentence; empty where the rules can be kept.

    With `now`, a cohort that has already started is a problem too; leave it out when an existing one is changed.
    """
    found = {
        **_zone_problem(rules.zone),
        **_number_problems(rules),
        **_range_problems(rules),
        **_module_problems(rules),
    }
    if found:
        return found
    return {**_order_problem(rules), **_past_problem(rules, now)}


def _zone_problem(name: str) -> dict[str, str]:
    try:
        zone(name)
    except UnknownZone as wrong:
        return dict(wrong.fields)
    return {}


def _number_problems(rules: CohortRules) -> dict[str, str]:
    weekday, due, late, close = rules.release_weekday, rules.due_offset_days, rules.late_days, rules.close_days
    checks = {
        "start_date": (
            FIRST_YEAR <= rules.start_date.year <= LAST_YEAR,
            f"The year must lie between {FIRST_YEAR} and {LAST_YEAR}.",
        ),
        "module_count": (1 <= rules.module_count <= 60, "A course has 1 to 60 modules."),
        "release_weekday": (weekday is None or 0 <= weekday <= 6, "Choose a day of the week."),
        "due_offset_days": (due is None or 0 <= due <= 366, "Work is due 0 to 366 days after the release."),
        "late_days": (late is None or 0 <= late <= 366, "Late work is taken for 0 to 366 days."),
        "close_days": (close is None or 0 <= close <= 1000, "A module closes 0 to 1000 days after the due date."),
    }
    return {field: sentence for field, (right, sentence) in checks.items() if not right}


def _range_problems(rules: CohortRules) -> dict[str, str]:
    ranges = {"blackouts": rules.blackouts, "pauses": rules.pauses}
    return {field: said for field, given in ranges.items() if (said := _first_wrong_range(given))}


def _first_wrong_range(ranges: tuple[DateRange, ...]) -> str:
    for given in ranges:
        if given.last < given.first:
            return f"{given.first} to {given.last}: the last day is before the first."
        if given.last - given.first > LONGEST_BREAK:
            return f"{given.first} to {given.last} is longer than a year."
    return ""


def _module_problems(rules: CohortRules) -> dict[str, str]:
    for own in rules.modules:
        if not 1 <= own.number <= rules.module_count:
            return {"modules": f"There is no module {own.number}; the course has {rules.module_count}."}
        if not all(FIRST_YEAR <= day.year <= LAST_YEAR for day in _days(own)):
            return {"modules": f"Module {own.number}: the year must lie between {FIRST_YEAR} and {LAST_YEAR}."}
        if sorted(_days(own)) != _days(own):
            return {"modules": f"Module {own.number}: it must open before it is due, and be due before it closes."}
    return {}


def _days(own: ModuleDates) -> list[date]:
    return [day for day in (own.opens_on, own.due_on, own.closes_on) if day is not None]


def _order_problem(rules: CohortRules) -> dict[str, str]:
    """Work that would be due at the very moment of its release, because the rule names an earlier time of that day."""
    dates = all_dates(rules, now=datetime.combine(rules.start_date, rules.due_time, UTC))
    for number, module in enumerate(dates, start=1):
        if module.due_at is not None and module.due_at <= module.opens_at:
            return {"due_time": f"Module {number} would be due before it opens. Choose a later due time or day."}
    return {}


def _past_problem(rules: CohortRules, now: datetime | None) -> dict[str, str]:
    if now is None or rules.pacing is Pacing.ENROLMENT or starts_at(rules) > now:
        return {}
    return {"start_date": "The first module would already be open. Choose a start date that lies ahead."}
