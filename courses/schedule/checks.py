"""What is wrong with a cohort's rules, said beside the field, before they are kept.

A field is named as in CohortRules; one of a row as "pauses-1-last": the rows from 0, and the part that is wrong.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

from courses.schedule.errors import UnknownZone
from courses.schedule.rules import all_dates, ends_at, starts_at
from courses.schedule.terms import CohortRules, DateRange, ModuleDates, Pacing, SectionRules
from courses.schedule.walltime import local_day
from courses.schedule.weeks import with_section
from courses.schedule.words import say_date
from courses.schedule.zones import zone
from fourweek.language import _

FIRST_YEAR, LAST_YEAR = 2000, 2200
LONGEST_BREAK = timedelta(days=366)
LONGEST_SHIFT = 366


def rule_problems(rules: CohortRules, *, now: datetime | None = None) -> dict[str, str]:
    """Field of CohortRules → sentence; empty where the rules can be kept.

    With `now`, a cohort that has already started is a problem too; leave it out when an existing one is changed.
    """
    found = {
        **_zone_problem(rules.zone),
        **_number_problems(rules),
        **_range_problems("blackouts", rules.blackouts),
        **_range_problems("pauses", rules.pauses),
        **_module_problems(rules),
    }
    if found:
        return found
    return {**_order_problem(rules), **_past_problem(rules, now)}


def section_problems(rules: CohortRules, section: SectionRules) -> dict[str, str]:
    """Field of SectionRules → sentence, for a section of a cohort with these rules."""
    if not -LONGEST_SHIFT <= section.shift_days <= LONGEST_SHIFT:
        return {"shift_days": _("A section is moved by at most {count} days.", count=LONGEST_SHIFT)}
    alone = CohortRules(  # a section's rows are checked by their own numbers, the cohort's are right already
        start_date=section.start_date or rules.start_date,
        zone=section.zone or rules.zone,
        module_count=rules.module_count,
        modules=section.modules,
        release_weekday=section.release_weekday,
        due_offset_days=section.due_offset_days,
        late_days=section.late_days,
        close_days=section.close_days,
    )
    found = {**_zone_problem(alone.zone), **_number_problems(alone), **_module_problems(alone)}
    return found or _order_problem(with_section(rules, section), section.shift_days)


def window_problems(rules: CohortRules, first: date | None, last: date | None) -> dict[str, str]:
    """What is wrong with the days from and until which people can enrol; both count, None: no limit on that side."""
    if first and last and last < first:
        return {"enrol_until": _("The last day to enrol is before the first, {day}.", day=say_date(first))}
    if rules.pacing is Pacing.ENROLMENT:
        return {}
    end = local_day(ends_at(rules), zone(rules.zone))
    if first and first > end:
        return {"enrol_from": _("The first day to enrol is after the last work is due, {day}.", day=say_date(end))}
    if last and last > end:
        return {"enrol_until": _("The last day to enrol is after the last work is due, {day}.", day=say_date(end))}
    return {}


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
            _wrong_year(),
        ),
        "module_count": (1 <= rules.module_count <= 60, _("A course has 1 to 60 modules.")),
        "release_weekday": (weekday is None or 0 <= weekday <= 6, _("Choose a day of the week.")),
        "due_offset_days": (due is None or 0 <= due <= 366, _("Work is due 0 to 366 days after the release.")),
        "late_days": (late is None or 0 <= late <= 366, _("Late work is taken for 0 to 366 days.")),
        "close_days": (close is None or 0 <= close <= 1000, _("A module closes 0 to 1000 days after the due date.")),
    }
    return {field: sentence for field, (right, sentence) in checks.items() if not right}


def _wrong_year() -> str:
    return _("The year must lie between {first} and {last}.", first=FIRST_YEAR, last=LAST_YEAR)


def _range_problems(field: str, ranges: tuple[DateRange, ...]) -> dict[str, str]:
    found = {f"{field}-{row}-last": said for row, given in enumerate(ranges) if (said := _wrong_range(given))}
    if found:
        return found
    for (_row, one), (row, other) in combinations(enumerate(ranges), 2):
        if one.first <= other.last and other.first <= one.last:
            first, last = say_date(one.first), say_date(one.last)
            said = _("These days overlap others of this list, {first} to {last}.", first=first, last=last)
            return {f"{field}-{row}-first": said}
    return {}


def _wrong_range(given: DateRange) -> str:
    if not (given.first.year >= FIRST_YEAR and given.last.year <= LAST_YEAR):
        return _wrong_year()
    if given.last < given.first:
        return _("The last day is before the first, {day}.", day=say_date(given.first))
    return _("These days are longer than a year.") if given.last - given.first > LONGEST_BREAK else ""


def _module_problems(rules: CohortRules) -> dict[str, str]:
    found: dict[str, str] = {}
    seen: set[int] = set()
    for row, own in enumerate(rules.modules):
        for part, sentence in _wrong_module(own, rules.module_count):
            found.setdefault(f"modules-{row}-{part}", sentence)
        if own.number in seen:
            found.setdefault(
                f"modules-{row}-number", _("Module {number} stands in this list twice.", number=own.number)
            )
        seen.add(own.number)
    return found


def _wrong_module(own: ModuleDates, module_count: int) -> Iterator[tuple[str, str]]:
    if not 1 <= own.number <= module_count:
        yield "number", _("There is no module {number}; the course has {count}.", number=own.number, count=module_count)
    given = [(part, day) for part in ("opens_on", "due_on", "closes_on") if (day := getattr(own, part)) is not None]
    for part, day in given:
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            yield part, _wrong_year()
    for (_part, one), (part, other) in combinations(given, 2):
        if other < one:
            yield part, _("A module must open before it is due, and be due before it closes.")
    if own.late_days is not None and not 0 <= own.late_days <= 366:
        yield "late_days", _("Late work is taken for 0 to 366 days.")


def _order_problem(rules: CohortRules, shift_days: int = 0) -> dict[str, str]:
    """Work that would be due at the very moment of its release, because the rule names an earlier time of that day.

    A module that merely stays open by a change of the rules is judged by the rule.
    """
    section = SectionRules(shift_days=shift_days)
    dates = all_dates(rules, now=datetime.combine(rules.start_date, rules.due_time, UTC), section=section)
    for number, module in enumerate(dates, start=1):
        if module.due_at is not None and module.due_at <= module.opens_at:
            said = _("Module {number} would be due before it opens. Choose a later due time or day.", number=number)
            return {_due_field(rules, number): said}
    return {}


def _due_field(rules: CohortRules, number: int) -> str:
    """Where the due date of a module was given."""
    rows = (row for row, own in enumerate(rules.modules) if own.number == number and own.due_on)
    return next((f"modules-{row}-due_on" for row in rows), "due_time")


def _past_problem(rules: CohortRules, now: datetime | None) -> dict[str, str]:
    if now is None or rules.pacing is Pacing.ENROLMENT or starts_at(rules) > now:
        return {}
    return {"start_date": _("The first module would already be open. Choose a start date that lies ahead.")}
