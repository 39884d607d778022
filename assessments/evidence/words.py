"""Sizes, counts and states in words. Pure."""

from courses.coursework import WorkState

TONES = {
    WorkState.NOT_STARTED: "plain",
    WorkState.DRAFT: "info",
    WorkState.SUBMITTED: "waiting",
    WorkState.RETURNED: "warn",
    WorkState.NOT_YET: "warn",
    WorkState.DEMONSTRATED: "good",
}


def say_size(size: int) -> str:
    """Such as "812 bytes", "4 KB", "1.2 MB"; a unit is 1024 of the smaller one."""
    if size < 1024:
        return f"{size} byte" if size == 1 else f"{size} bytes"
    if size < 1024 * 1024:
        return f"{-(-size // 1024)} KB"
    tenths = -(-size * 10 // (1024 * 1024))
    return f"{tenths // 10}.{tenths % 10} MB" if tenths % 10 else f"{tenths // 10} MB"


def say_state(state: WorkState) -> str:
    return state.value[0].upper() + state.value[1:]
