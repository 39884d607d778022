"""States, and names of what was handed in, in words. Pure."""

from typing import Any

from assessments.assignments.models import RequirementKind
from assessments.evidence.recorded import say_result
from assessments.grading.models import Outcome
from courses.coursework import WorkState
from fourweek.language import N_, _

TONES = {
    WorkState.NOT_STARTED: "plain",
    WorkState.DRAFT: "info",
    WorkState.SUBMITTED: "waiting",
    WorkState.RETURNED: "warn",
    WorkState.NOT_YET: "warn",
    WorkState.DEMONSTRATED: "good",
}

STATES = {
    WorkState.NOT_STARTED: N_("Not started"),
    WorkState.DRAFT: N_("Draft"),
    WorkState.SUBMITTED: N_("Waiting for a grader"),
    WorkState.RETURNED: N_("Returned incomplete"),
    WorkState.NOT_YET: N_("Not yet demonstrated"),
    WorkState.DEMONSTRATED: N_("Demonstrated"),
}
_OUTCOMES = {
    Outcome.DEMONSTRATED: (N_("Demonstrated"), "good"),
    Outcome.NOT_YET: (N_("Not yet demonstrated"), "warn"),
    Outcome.RETURNED_INCOMPLETE: (N_("Returned incomplete; no attempt was used"), "warn"),
}


def say_state(state: WorkState) -> str:
    return _(STATES[state])


def say_outcome(outcome: Outcome) -> tuple[str, str]:
    """What came of an attempt, and its tone."""
    words, tone = _OUTCOMES[outcome]
    return _(words), tone


def say_name(row: Any, title: str) -> str:
    """What a receipt calls a row of evidence in the slot `title`: the file or link, or the result of a check."""
    if row.kind is RequirementKind.CHECK and row.text:
        return _("{title}: {result}", title=title, result=say_result(row.text))
    return row.file_name or row.url or title
