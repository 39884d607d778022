"""A series' rule, and how far somebody is, in words. Pure."""

from collections.abc import Sequence

from assessments.stacking.models import StackKind
from assessments.stacking.rules import Progress
from courses.schedule.words import say_date
from fourweek.language import N_, _, n_
from fourweek.language.lists import all_of

# The last one needed is named where it has a name; {met} is such as "2 of 3 met".
_UNTIL = {
    2: N_("{met}; the second until {day}"),
    3: N_("{met}; the third until {day}"),
    4: N_("{met}; the fourth until {day}"),
    5: N_("{met}; the fifth until {day}"),
    6: N_("{met}; the sixth until {day}"),
    7: N_("{met}; the seventh until {day}"),
    8: N_("{met}; the eighth until {day}"),
    9: N_("{met}; the ninth until {day}"),
    10: N_("{met}; the tenth until {day}"),
}
_LAST = N_("{met}; the last one until {day}")

ICON_WORDS = {
    "star": N_("Star"),
    "bolt": N_("Bolt"),
    "book": N_("Book"),
    "bridge": N_("Bridge"),
    "chart": N_("Chart"),
    "code": N_("Code"),
    "compass": N_("Compass"),
    "flask": N_("Flask"),
    "gavel": N_("Gavel"),
    "gear": N_("Gear"),
    "heart": N_("Heart"),
    "leaf": N_("Leaf"),
    "pen": N_("Pen"),
    "people": N_("People"),
    "shield": N_("Shield"),
    "wave": N_("Wave"),
}
"""What the icons of pictures are called, by their names."""


def say_rule(kind: StackKind, needed: int, months: int, titles: Sequence[str]) -> str:
    """Such as "2 of these courses within 12 months: Pumps, Valves and Motors."."""
    named = all_of(titles)
    if kind is StackKind.ALL and not months:
        return _("All of these courses: {titles}.", titles=named)
    if kind is StackKind.ALL:
        return n_(
            "All of these courses within a month: {titles}.",
            "All of these courses within {count} months: {titles}.",
            months,
            titles=named,
        )
    if not months:
        return n_("{count} of these courses: {titles}.", "{count} of these courses: {titles}.", needed, titles=named)
    return n_(
        "{needed} of these courses within a month: {titles}.",
        "{needed} of these courses within {count} months: {titles}.",
        months,
        needed=needed,
        titles=named,
    )


def say_progress(how: Progress) -> str:
    """Such as "2 of 3 met; the third until Monday 4 May 2027"."""
    met = _("{counted} of {needed} met", counted=how.counted, needed=how.needed)
    if how.counted >= how.needed or how.until is None or not how.counted:
        return met
    left, day = how.needed - how.counted, say_date(how.until)
    if left == 1:
        return _(_UNTIL.get(how.needed, _LAST), met=met, day=day)
    return n_("{met}; the other {count} until {day}", "{met}; the other {count} until {day}", left, met=met, day=day)
