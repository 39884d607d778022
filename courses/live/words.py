"""Live sessions as screens say them to the person they concern."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from courses.live.models import Presence, Source
from courses.live.rules import Attended, Meeting, Mine
from courses.schedule.rules import EffectiveDates, is_open
from courses.schedule.walltime import local_day
from courses.schedule.words import Said, say_date, say_instant
from courses.schedule.zones import zone
from fourweek.language import N_, _, n_, p_
from fourweek.language.lists import in_a_row
from fourweek.light import dataclass

PRESENCES = {Presence.PRESENT: N_("Present"), Presence.ABSENT: N_("Absent"), Presence.MADE_UP: N_("Made up")}
"""Sheets hold them as they stand here."""

ATTENDED_PILLS = {
    Presence.PRESENT: (N_("Attended"), "good"),
    Presence.ABSENT: (N_("Absent"), "warn"),
    Presence.MADE_UP: (N_("Made up"), "good"),
}


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who looks: `open_modules` are those whose links this person may have, None for staff, who may have all."""

    now: datetime
    zone: ZoneInfo
    open_modules: frozenset[int] | None

    def may_follow(self, meeting: Meeting) -> bool:
        return self.open_modules is None or meeting.module_number in (None, *self.open_modules)


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session in a list. `join` and `recording` are addresses for this person at this instant, "" where there is
    none; `note` says what was recorded or is asked for, "" where there is nothing to say."""

    href: str
    title: str
    when: Said
    about: str
    pill: tuple[str, str]
    join: str
    recording: str
    note: str


def line_of(mine: Mine, eyes: Eyes) -> SessionLine:
    meeting = mine.meeting
    follow = eyes.may_follow(meeting)
    return SessionLine(
        href=f"/cohorts/{meeting.cohort_id}/sessions/{meeting.id}",
        title=meeting.title,
        when=say_start(meeting, eyes),
        about=say_about(meeting),
        pill=_pill(mine, eyes.now),
        join=meeting.join_url if follow and meeting.is_joinable(eyes.now) else "",
        recording=meeting.recording_url if follow and meeting.is_over(eyes.now) else "",
        note=say_attendance(mine, eyes.now) if eyes.open_modules is not None else say_asked(meeting),
    )


def unlinked(line: SessionLine) -> SessionLine:
    """The same line for somebody who only looks on: nothing in it leads anywhere."""
    return replace(line, href="", join="", recording="")


def say_start(meeting: Meeting, eyes: Eyes) -> Said:
    """Its beginning in its own zone, and as the clock of whoever looks shows it."""
    return say_instant(meeting.starts_at, zone(meeting.zone), eyes.zone, eyes.now)


def say_about(meeting: Meeting) -> str:
    """Such as "90 minutes, module 2, with Ada Byron, for Evenings"."""
    parts = [n_("{count} minute", "{count} minutes", meeting.minutes)]
    parts += [_("module {number}", number=meeting.module_number)] if meeting.module_number else []
    parts += [_("with {instructor}", instructor=meeting.instructor)] if meeting.instructor else []
    parts += [_("for {section}", section=meeting.section)] if meeting.section else []
    return in_a_row(parts)


def say_attendance(mine: Mine, now: datetime) -> str:
    """What is recorded of the person, or what is missing of it."""
    meeting, attended = mine.meeting, mine.attended
    if meeting.cancelled_at is not None:
        return _("It does not take place.")
    if attended is not None and attended.counts:
        return _say_recorded(attended)
    if attended is not None:
        return _say_absent(mine)
    if not mine.is_missing:
        return ""
    return say_missing(mine) if meeting.is_over(now) else say_asked(meeting)


def say_missing(mine: Mine) -> str:
    """Such as "Attendance at “Clinic” on Tuesday 3 November 2026 was not recorded."."""
    meeting = mine.meeting
    day = say_date(local_day(meeting.starts_at, zone(meeting.zone)))
    if mine.attended is not None:
        return _("You were recorded as absent at “{title}” on {date}.", title=meeting.title, date=day)
    return _("Attendance at “{title}” on {date} was not recorded.", title=meeting.title, date=day)


def say_asked(meeting: Meeting) -> str:
    """What attendance is asked for, "" where it is not."""
    if not meeting.required or meeting.module_number is None:
        return ""
    return _("Module {number} is complete only with attendance here.", number=meeting.module_number)


def open_modules(dates: Collection[EffectiveDates], now: datetime) -> frozenset[int]:
    return frozenset(number for number, one in enumerate(dates, 1) if is_open(one, now))


def _say_absent(mine: Mine) -> str:
    if not mine.is_missing:
        return _("You were recorded as absent.")
    number = mine.meeting.module_number
    return _("You were recorded as absent. Module {number} is not complete without it.", number=number)


def _say_recorded(attended: Attended) -> str:
    if attended.presence is Presence.MADE_UP:
        return _("Recorded as made up.")
    return _("You were there, by the code of the session.") if attended.source is Source.CODE else _("You were there.")


def _pill(mine: Mine, now: datetime) -> tuple[str, str]:
    meeting, attended = mine.meeting, mine.attended
    if meeting.cancelled_at is not None:
        return _("Cancelled"), "plain"
    if attended is not None:
        return ATTENDED_PILLS[attended.presence]
    if meeting.is_over(now):
        return (_("Not recorded"), "warn") if mine.is_missing else (p_("a session", "Over"), "plain")
    return (_("Can be joined"), "good") if meeting.is_joinable(now) else (_("Coming"), "info")
