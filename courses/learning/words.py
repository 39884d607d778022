"""States and amounts as the reading pages say them."""

from courses.coursework import Steps, Work, WorkState
from courses.learning.outline import ModuleOutline
from courses.progress.rules import Standing
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
        return f"{filled} of {_count(len(steps.requirements), 'requirement')} filled in the draft"
    if work.verdict:
        met = sum(one.is_met for one in steps.criteria)
        one = len(steps.criteria) == 1
        return f"{met} of {len(steps.criteria)} {'criterion' if one else 'criteria'} demonstrated"
    return ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


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
