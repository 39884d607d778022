"""What a published course gives and how its time is known, for everybody to see."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row

from courses.catalogue.categories import say_category
from courses.catalogue.pages import Credit
from courses.catalogue.rules import say_pilot
from courses.coursework import CountedCourse, Coursework
from courses.packages.models import CreditEvent, ParsedCourse
from courses.schedule.words import say_minutes
from fourweek.language import N_, _

BY_COURSE = N_("Rounded once, for the course as a whole.")
BY_MODULE = N_("Each module is an event of its own and rounded by itself.")


def version_credit(version: Row[Any], activities: Sequence[Row[Any]], coursework: Coursework) -> Credit:
    """The credit of a row of `course_version` with its countable activities, each with the `number` of its module."""
    modules: dict[int, dict[str, int]] = {row.number: {} for row in activities}
    sums: dict[str, int] = {}
    for row in activities:
        category = row.category or version.category
        for minutes in (modules[row.number], sums):
            minutes[category] = minutes.get(category, 0) + row.minutes
    day = version.published_at.date()
    counted = CountedCourse(tuple(modules.values()), version.separate_events, tuple(version.credit_types), day)
    return Credit(
        types=coursework.credit_words(counted),
        event=_(BY_MODULE if version.separate_events else BY_COURSE),
        subjects=tuple(f"{say_category(key)} {say_minutes(count)}" for key, count in sums.items()),
        basis=version.minutes_basis,
        pilots=tuple(_pilot(row) for row in activities if row.pilot_on),
    )


def counted_course(course: ParsedCourse, day: date) -> CountedCourse:
    """What the credit of a package comes from, by the rules of `day`."""
    said = course.credit
    modules = tuple(one.counted_by_category(said.category) for one in course.modules)
    return CountedCourse(modules, said.event is CreditEvent.MODULES, said.types, day)


def _pilot(row: Row[Any]) -> tuple[str, str]:
    words = say_pilot(row.minutes, row.pilot_learners, row.pilot_median, row.pilot_on)
    return _("Week {number}, {activity}", number=row.number, activity=row.activity), words
