"""States and amounts as the reading pages say them."""

from dataclasses import dataclass

from courses.coursework import Work, WorkState
from courses.learning.outline import ModuleOutline
from courses.progress.rules import Standing


@dataclass(frozen=True, slots=True)
class Pill:
    """A status for `ui.pill`: words, and the tone that repeats them."""

    words: str
    tone: str


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
    WorkState.NOT_STARTED: Pill("Not started", "plain"),
    WorkState.DRAFT: Pill("Draft", "info"),
    WorkState.SUBMITTED: Pill("Waiting for a grader", "waiting"),
    WorkState.RETURNED: Pill("Returned incomplete", "warn"),
    WorkState.NOT_YET: Pill("Not yet demonstrated", "warn"),
    WorkState.DEMONSTRATED: Pill("Demonstrated", "good"),
}


def standing_pill(standing: Standing) -> Pill:
    return Pill(standing.value, STANDING_TONES[standing])


def work_pill(work: Work) -> Pill:
    return WORK_PILLS[work.state]


def say_reading(module: ModuleOutline, reads: frozenset[str]) -> str:
    """Such as "2 of 5 lessons read"; "" for a module without lessons."""
    total, done = len(module.lessons), module.count_read(reads)
    if not total:
        return ""
    if done == total:
        return "All lessons read" if total > 1 else "Lesson read"
    return f"{done} of {total} lessons read" if total > 1 else "Lesson not read yet"


def say_complete(done: int, total: int) -> str:
    """Such as "2 of 4 modules complete"."""
    if not done:
        return "No module complete yet"
    return f"{done} of {total} modules complete" if done < total else "All modules complete"
