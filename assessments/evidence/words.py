"""States in words. Pure."""

from courses.coursework import WorkState

TONES = {
    WorkState.NOT_STARTED: "plain",
    WorkState.DRAFT: "info",
    WorkState.SUBMITTED: "waiting",
    WorkState.RETURNED: "warn",
    WorkState.NOT_YET: "warn",
    WorkState.DEMONSTRATED: "good",
}


def say_state(state: WorkState) -> str:
    return state.value[0].upper() + state.value[1:]
