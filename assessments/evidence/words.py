"""States, and names of what was handed in, in words. Pure."""

from typing import Any

from assessments.assignments.models import RequirementKind
from assessments.grading.models import Outcome
from courses.coursework import WorkState

TONES = {
    WorkState.NOT_STARTED: "plain",
    WorkState.DRAFT: "info",
    WorkState.SUBMITTED: "waiting",
    WorkState.RETURNED: "warn",
    WorkState.NOT_YET: "warn",
    WorkState.DEMONSTRATED: "good",
}

OUTCOMES = {
    Outcome.DEMONSTRATED: ("Demonstrated", "good"),
    Outcome.NOT_YET: ("Not yet demonstrated", "warn"),
    Outcome.RETURNED_INCOMPLETE: ("Returned incomplete; no attempt was used", "warn"),
}


def say_state(state: WorkState) -> str:
    return state.value[0].upper() + state.value[1:]


def say_name(row: Any, title: str) -> str:
    """What a receipt calls a row of evidence in the slot `title`: the file or link, or the result of a check."""
    if row.kind is RequirementKind.CHECK and row.text:
        return f"{title}: {row.text}"
    return row.file_name or row.url or title
