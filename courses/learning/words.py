"""States and amounts as the reading pages say them."""

from datetime import datetime

from courses.coursework import Steps, Work, WorkState
from courses.learning.outline import ModuleOutline
from courses.progress.rules import Standing, Until
from fourweek.language import N_, _, n_
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Pill:
    """A status for `ui.pill`: words, and the tone that repeats them."""

    words: str
    tone: str


LONGEST_COMMENT = 240


@dataclass(frozen=True, slots=True)
class ComeBack:
    """What a grader wrote of an attempt that came back: its first lines, and the address of all of it."""

    words: str
    href: str


KINDS = {
    "lesson": N_("Lesson"),
    "exercise": N_("Exercise"),
    "assignment": N_("Assignment"),
    "assessment": N_("Assessment"),
    "live": N_("Live"),
    "reading": N_("Reading"),
    "monitored-reading": N_("Monitored reading"),
    "break": N_("Break"),
    "meal": N_("Meal"),
    "registration": N_("Registration"),
    "promotion": N_("Promotion"),
    "other": N_("Other"),
}
"""What the time of a module is spent on, by the kinds that packages name."""
STANDING_TONES = {
    Standing.LOCKED: "locked",
    Standing.OPEN: "info",
    Standing.DUE_SOON: "warn",
    Standing.LATE: "warn",
    Standing.CLOSED: "plain",
    Standing.USED_UP: "plain",
    Standing.ASKED_AGAIN: "warn",
    Standing.WAITING: "waiting",
    Standing.ATTENDANCE: "info",
    Standing.COMPLETE: "good",
}
WORK_PILLS = {
    WorkState.NOT_STARTED: Pill(N_("Not started"), "plain"),
    WorkState.DRAFT: Pill(N_("Draft"), "info"),
    WorkState.SUBMITTED: Pill(N_("Waiting for a grader"), "waiting"),
    WorkState.RETURNED: Pill(N_("Returned incomplete"), "warn"),
    WorkState.NOT_YET: Pill(N_("Not yet demonstrated"), "warn"),
    WorkState.DEMONSTRATED: Pill(N_("Demonstrated"), "good"),
}


def standing_pill(standing: Standing) -> Pill:
    return Pill(_(standing.value), STANDING_TONES[standing])


def work_pill(work: Work) -> Pill:
    pill = WORK_PILLS[work.state]
    return Pill(_(pill.words), pill.tone)


def say_until(end: tuple[Until, datetime] | None) -> str:
    """The words that stand before the date of a deadline; "" where there is none."""
    return _(end[0].value) if end else ""


def come_back(work: Work, address: str) -> ComeBack | None:
    """Why the newest attempt came back, while it is the learner's turn; None otherwise.

    `address` is that of the assignment.
    """
    verdict = work.verdict
    if verdict is None or not verdict.came_back or work.state in (WorkState.SUBMITTED, WorkState.DEMONSTRATED):
        return None
    plain = " ".join(verdict.comment.split())
    cut = plain if len(plain) <= LONGEST_COMMENT else plain[:LONGEST_COMMENT].rsplit(" ", 1)[0] + " …"
    return ComeBack(cut, f"{address}#attempt-{verdict.attempt}")


def say_steps(work: Work, steps: Steps) -> str:
    """Such as "1 of 2 requirements filled" and "1 of 3 criteria demonstrated"; "" where there is nothing to say."""
    if steps.requirements and work.state is WorkState.DRAFT:
        filled = sum(one.is_filled for one in steps.requirements)
        return n_(
            "{filled} of {count} requirement filled in the draft",
            "{filled} of {count} requirements filled in the draft",
            len(steps.requirements),
            filled=filled,
        )
    if work.verdict:
        met = sum(one.is_met for one in steps.criteria)
        return n_(
            "{met} of {count} criterion demonstrated",
            "{met} of {count} criteria demonstrated",
            len(steps.criteria),
            met=met,
        )
    return ""


def say_reading(module: ModuleOutline, reads: frozenset[str]) -> str:
    """Such as "2 of 5 lessons read"; "" for a module without lessons."""
    total, done = len(module.lessons), module.count_read(reads)
    if not total:
        return ""
    if done == total:
        return _("All lessons read") if total > 1 else _("Lesson read")
    if total == 1:
        return _("Lesson not read yet")
    return n_("{done} of {count} lesson read", "{done} of {count} lessons read", total, done=done)


def say_complete(done: int, total: int) -> str:
    """Such as "2 of 4 modules complete"."""
    if not done:
        return _("No module complete yet")
    if done == total:
        return _("All modules complete")
    return n_("{done} of {count} module complete", "{done} of {count} modules complete", total, done=done)


def say_module(number: int, title: str) -> str:
    """Such as "Module 2: Taking command"; the title is that of the module or of something in it."""
    return _("Module {number}: {title}", number=number, title=title)
