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
from courses.packages.suggestions import did_you_mean
from fourweek.language import N_, _
from fourweek.language.lists import any_of

SHORT, LONG = 200, 1_000
MINUTES_AN_HOUR = 60
NEVER_COUNT = {
    ActivityKind.BREAK: "A break",
    ActivityKind.MEAL: "A meal",
    ActivityKind.REGISTRATION: "Registration",
    ActivityKind.PROMOTION: N_("A welcome or promotion"),
    ActivityKind.READING: N_("Reading that nobody follows up"),
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
        fields.say("types", _("A type is there twice."))
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
        fields.document.say(fields.path, _('The key "countable" is missing; say whether these minutes count.'))
    if activity.countable and activity.kind in NEVER_COUNT:
        hint = ' If somebody does, its kind is "monitored-reading".' if activity.kind is ActivityKind.READING else ""
        words = _(
            "{kind} is no contact time; its minutes cannot count.{hint}", kind=NEVER_COUNT[activity.kind], hint=hint
        )
        fields.say("countable", words)
    if activity.pilot and activity.countable and activity.minutes > (median := activity.pilot.median_minutes):
        words = _(
            "{minutes} minutes are counted where the median of the pilot is {median}.",
            minutes=activity.minutes,
            median=median,
        )
        fields.say("minutes", words, Severity.WARNING)
    fields.finish(also=["pilot"])
    return activity


def check_events(credit: ParsedCredit, modules: Sequence[tuple[Fields, int, bool]]) -> None:
    """Say of modules (table, counted minutes, is work required) that are events of their own what they lack."""
    if credit.event is CreditEvent.COURSE:
        return
    for fields, minutes, is_assessed in modules:
        if minutes and not is_assessed:
            words = _("A module that is a credit event of its own needs a required assignment of its own.")
            fields.document.say(fields.path, words)
        if minutes % MINUTES_AN_HOUR:
            words = _(
                "This module is a credit event of its own, so its {minutes} minutes are rounded by themselves. "
                "Make them a multiple of {minutes_an_hour}, or the course the event.",
                minutes=minutes,
                minutes_an_hour=MINUTES_AN_HOUR,
            )
            fields.document.say(fields.path, words, Severity.WARNING)


def _category(fields: Fields, *, required: bool) -> str:
    text = fields.text("category", required=required)
    if not text or is_category(text):
        return text
    key, _colon, place = text.partition(":")
    if key == LAWS_RULES and not JURISDICTION.fullmatch(place):
        fields.say("category", _('"{place}" is no jurisdiction such as "US-FL" or "DE".', place=place[:80]))
    else:
        fields.say(
            "category",
            _(
                '"{text}" is not one of {categories}.{categories2}',
                text=text[:80],
                categories=any_of(CATEGORIES),
                categories2=did_you_mean(text, CATEGORIES),
            ),
        )
    return ""


def _pilot(fields: Fields) -> ParsedPilot | None:
    pilot = fields.one("pilot")
    learners = pilot.whole("learners", required=True, most=10_000)
    median, on = pilot.whole("median_minutes", required=True, most=10_000), pilot.day("on")
    pilot.finish()
    return ParsedPilot(learners, median, on) if learners and median and on else None
