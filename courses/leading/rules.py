"""Who needs a word, and why: from dates, work, attendance and when somebody was last seen. Pure.

Nothing here is a judgement of a person: each reason names the thing that is missing, late or waiting.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from courses.coursework import Work, WorkState
from courses.progress.rules import CAME_BACK, deadline, is_again, is_used_up
from courses.schedule.rules import SOON, EffectiveDates, is_open
from courses.schedule.walltime import is_past
from courses.schedule.words import say_until
from fourweek.language import _, n_
from fourweek.light import dataclass

UNTOUCHED = timedelta(days=5)
LONG_WAIT = timedelta(days=5)
UNSEEN = timedelta(days=7)
OFTEN = 2


class Concern(StrEnum):
    """Why somebody may need a word."""

    BEHIND = "behind"
    STUCK = "stuck"
    WAITING = "waiting"
    UNSEEN = "unseen"
    ATTENDANCE = "attendance"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason in words; `module_number` None: it is about no module."""

    concern: Concern
    words: str
    module_number: int | None = None


@dataclass(frozen=True, slots=True)
class Learner:
    """What one person is looked at by. `missed` are (module, title) of sessions that are over and not attended.
    `seen_at` is the real clock's, None: never."""

    name: str
    works: Sequence[Work]
    dates: Sequence[EffectiveDates]
    missed: Sequence[tuple[int, str]]
    enrolled_at: datetime
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Clocks:
    """`school` for every date, `real` for when somebody was seen."""

    school: datetime
    real: datetime


def reasons(learner: Learner, clocks: Clocks) -> tuple[Reason, ...]:
    """Every reason, those about work in the order of the course."""
    found: list[Reason] = []
    for work in learner.works:
        dates = learner.dates[work.module_number - 1]
        if work.required and is_open(dates, clocks.school):
            found += _about(work, dates, clocks.school)
    found += [
        Reason(Concern.ATTENDANCE, _("Not at “{title}”", title=title), number) for number, title in learner.missed
    ]
    return (*found, *_unseen(learner, clocks))


def _about(work: Work, dates: EffectiveDates, now: datetime) -> Iterable[Reason]:
    if work.state is WorkState.DEMONSTRATED:
        return
    number = work.module_number
    if work.submitted_at is None and is_past(now, dates.due_at) and dates.due_at is not None:
        yield Reason(Concern.BEHIND, _say_behind(work, dates, now), number)
    yield from (Reason(Concern.STUCK, words, number) for words in _stuck(work, dates, now))
    if work.state is WorkState.SUBMITTED and work.submitted_at and now - work.submitted_at >= LONG_WAIT:
        yield Reason(
            Concern.WAITING,
            _("{title} came in {when}", title=work.title, when=say_until(work.submitted_at, now)),
            number,
        )


def _say_behind(work: Work, dates: EffectiveDates, now: datetime) -> str:
    assert dates.due_at is not None  # noqa: S101 the caller has asked
    title, when = work.title, say_until(dates.due_at, now)
    if deadline(work, dates, now) or dates.late_until is None:
        return _("{title} was due {when} and is not in; it is still taken", title=title, when=when)
    return _("{title} was due {when} and is not in; it is no longer taken", title=title, when=when)


def _stuck(work: Work, dates: EffectiveDates, now: datetime) -> Iterable[str]:
    title = work.title
    if is_used_up(work):
        yield _("{title} came back, and no attempt is left", title=title)
    elif work.came_back >= OFTEN:
        yield n_("{title} came back {count} time", "{title} came back {count} times", work.came_back, title=title)
    elif work.state in CAME_BACK and work.verdict and now - work.verdict.posted_at >= UNTOUCHED:
        when = say_until(work.verdict.posted_at, now)
        yield _("{title} came back {when}, and nothing was begun since", title=title, when=when)
    if work.state is WorkState.DRAFT and work.saved_at and now - work.saved_at >= UNTOUCHED:
        end = dates.closes_at if is_again(work) else dates.due_at
        if end is not None and end - now <= SOON:
            yield _(
                "{title} is a draft that was last saved {saved}, due {due}",
                title=title,
                saved=say_until(work.saved_at, now),
                due=say_until(end, now),
            )


def _unseen(learner: Learner, clocks: Clocks) -> Iterable[Reason]:
    """Only once something has been open to them for as long: before that there was nothing to come for."""
    opened = min((dates.opens_at for dates in learner.dates), default=clocks.school)
    if clocks.school - max(opened, learner.enrolled_at) < UNSEEN:
        return
    if learner.seen_at is None:
        yield Reason(Concern.UNSEEN, _("Has never signed in"))
    elif clocks.real - learner.seen_at >= UNSEEN:
        yield Reason(Concern.UNSEEN, _("Last seen {when}", when=say_until(learner.seen_at, clocks.real)))
