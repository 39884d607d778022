"""A series' rule, and how far somebody is, in words. Pure."""

from collections.abc import Sequence

from assessments.stacking.models import StackKind
from assessments.stacking.rules import Progress
from courses.schedule.words import say_date
from fourweek.language import _

_PLACES = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def say_rule(kind: StackKind, needed: int, months: int, titles: Sequence[str]) -> str:
    """Such as "2 of these courses within 12 months: Pumps, Valves and Motors."."""
    which = _("All of these courses") if kind is StackKind.ALL else _("{needed} of these courses", needed=needed)
    return f"{which}{_within(months)}: {_listed(titles)}."


def say_progress(how: Progress) -> str:
    """Such as "2 of 3 met; the third until Monday 4 May 2027"."""
    met = _("{counted} of {needed} met", counted=how.counted, needed=how.needed)
    if how.counted >= how.needed or how.until is None or not how.counted:
        return met
    left = how.needed - how.counted
    rest = _("the {needed}", needed=_place(how.needed)) if left == 1 else _("the other {left}", left=left)
    return _("{met}; {rest} until {until}", met=met, rest=rest, until=say_date(how.until))


def _within(months: int) -> str:
    if not months:
        return ""
    return " within a month" if months == 1 else _(" within {months} months", months=months)


def _place(number: int) -> str:
    return _PLACES[number] if number < len(_PLACES) else "last one"


def _listed(titles: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(titles[:-1]), titles[-1]))) if titles else ""
