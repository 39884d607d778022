"""A section of the cohort that starts next: the same weeks, in the evening of another zone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial

from courses.cohorts.sections.forms import empty_form
from courses.cohorts.sections.service import keep_section, section_page
from fourweek.cli.seed.calendar import WEDNESDAY, Calendar, When
from fourweek.cli.seed.stage import Act, Stage


def sections(calendar: Calendar, cohort: str) -> Iterator[Act]:
    yield Act(calendar.at(When(-3, WEDNESDAY, "09:40")), partial(add_section, cohort))


def add_section(cohort: str, stage: Stage, at: datetime) -> None:
    """The lead looks at the dates of a section and keeps it."""
    db, lead, cohort_id = stage.house.db, stage.visitor("rosa", at), stage.cohorts[cohort]
    form = replace(empty_form(), name="Evenings in Europe", zone="Europe/Berlin", release_time="18:00")
    shown = db.read_now(section_page, lead, cohort_id, typed=form, preview=True)
    db.write_now(keep_section, lead, cohort_id, "", replace(form, seen=shown.seen))
