"""What course.toml says of credit: its event, its types, and the time that each activity is counted with."""

from collections.abc import Sequence

from courses.catalogue.categories import CATEGORIES, JURISDICTION, LAWS_RULES, is_category
from courses.packages.fields import Fields
from courses.packages.models import (
    ActivityKind,
    CreditEvent,
    ParsedActivity,
    ParsedCredit,
    ParsedPilot,
    Severity,
)
from courses.packages.suggestions import did_you_mean, listed

SHORT, LONG = 200, 1_000
MINUTES_AN_HOUR = 60
NEVER_COUNT = {
    ActivityKind.BREAK: "A break",
    ActivityKind.MEAL: "A meal",
    ActivityKind.REGISTRATION: "Registration",
    ActivityKind.PROMOTION: "A welcome or promotion",
    ActivityKind.READING: "Reading that nobody follows up",
}
PDH = "PDH"


def read_credit(fields: Fields) -> ParsedCredit:
    """The [credit] table. Whether the types exist is checked where they are known."""
    credit = ParsedCredit(
        category=_category(fields, required=True),
        basis=fields.text("basis", longest=LONG),
        event=fields.choice("event", CreditEvent.COURSE, required=False),
        types=fields.texts("types") if "types" in fields.table else (PDH,),
        path=fields.path,
        lines=fields.document.lines,
        file=fields.document.file,
    )
    if len(set(credit.types)) < len(credit.types):
        fields.say("types", "A type is there twice.")
    fields.finish(also=["types"])
    return credit


def read_activity(fields: Fields) -> ParsedActivity:
    activity = ParsedActivity(
        title=fields.text("title", longest=SHORT),
        kind=fields.choice("kind", ActivityKind.OTHER),
        minutes=fields.whole("minutes", required=True, most=10_000) or 0,
        countable=fields.flag("countable", default=False),
        category=_category(fields, required=False),
        pilot=_pilot(fields) if "pilot" in fields.table else None,
    )
    if "countable" not in fields.table:
        fields.document.say(fields.path, 'The key "countable" is missing; say whether these minutes count.')
    if activity.countable and activity.kind in NEVER_COUNT:
        hint = ' If somebody does, its kind is "monitored-reading".' if activity.kind is ActivityKind.READING else ""
        words = f"{NEVER_COUNT[activity.kind]} is no contact time; its minutes cannot count.{hint}"
        fields.say("countable", words)
    if activity.pilot and activity.countable and activity.minutes > (median := activity.pilot.median_minutes):
        words = f"{activity.minutes} minutes are counted where the median of the pilot is {median}."
        fields.say("minutes", words, Severity.WARNING)
    fields.finish(also=["pilot"])
    return activity


def check_events(credit: ParsedCredit, modules: Sequence[tuple[Fields, int, bool]]) -> None:
    """Say of modules (table, counted minutes, is work required) that are events of their own what they lack."""
    if credit.event is CreditEvent.COURSE:
        return
    for fields, minutes, is_assessed in modules:
        if minutes and not is_assessed:
            words = "A module that is a credit event of its own needs a required assignment of its own."
            fields.document.say(fields.path, words)
        if minutes % MINUTES_AN_HOUR:
            words = (
                f"This module is a credit event of its own, so its {minutes} minutes are rounded by themselves. "
                f"Make them a multiple of {MINUTES_AN_HOUR}, or the course the event."
            )
            fields.document.say(fields.path, words, Severity.WARNING)


def _category(fields: Fields, *, required: bool) -> str:
    text = fields.text("category", required=required)
    if not text or is_category(text):
        return text
    key, _, place = text.partition(":")
    if key == LAWS_RULES and not JURISDICTION.fullmatch(place):
        fields.say("category", f'"{place[:80]}" is no jurisdiction such as "US-FL" or "DE".')
    else:
        fields.say("category", f'"{text[:80]}" is not one of {listed(CATEGORIES)}.{did_you_mean(text, CATEGORIES)}')
    return ""


def _pilot(fields: Fields) -> ParsedPilot | None:
    pilot = fields.one("pilot")
    learners = pilot.whole("learners", required=True, most=10_000)
    median, on = pilot.whole("median_minutes", required=True, most=10_000), pilot.day("on")
    pilot.finish()
    return ParsedPilot(learners, median, on) if learners and median and on else None
