"""Why a date is what it is, for the person it holds for. Staff find the grant behind it by `key`."""

from enum import StrEnum

from fourweek.light import dataclass


class ReasonKind(StrEnum):
    COHORT = "cohort"
    ENROLMENT = "enrolment"
    MODULE = "module"
    SECTION = "section"
    DAY_OFF = "day_off"
    PAUSE = "pause"
    KEPT_OPEN = "kept_open"
    JOINED_LATE = "joined_late"
    SHIFTED = "shifted"
    OWN_DATE = "own_date"
    OWN_PAUSE = "own_pause"
    OPENED_FOR_PERSON = "opened_for_person"
    NO_DATE = "no_date"


WORDS = {
    ReasonKind.COHORT: "The cohort's weekly rule.",
    ReasonKind.ENROLMENT: "Counted from the day of enrolment.",
    ReasonKind.MODULE: "This module has a date of its own.",
    ReasonKind.SECTION: "The section has dates of its own.",
    ReasonKind.DAY_OFF: "Moved past a day off.",
    ReasonKind.PAUSE: "Moved past a pause of the course.",
    ReasonKind.KEPT_OPEN: "It had opened before the dates were changed, and stays open.",
    ReasonKind.JOINED_LATE: "Counted from the day of joining, which was after the module opened.",
    ReasonKind.SHIFTED: "Moved by a personal extension.",
    ReasonKind.OWN_DATE: "A personal date was granted.",
    ReasonKind.OWN_PAUSE: "Moved by a personal pause.",
    ReasonKind.OPENED_FOR_PERSON: "Opened by a personal extension.",
    ReasonKind.NO_DATE: "No date is set.",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """`key` names the personal grant that decided, empty otherwise."""

    kind: ReasonKind
    words: str
    key: str = ""


def because(kind: ReasonKind, *, key: str = "", title: str = "") -> Reason:
    """The reason in words; `title` is what the day off or pause is called."""
    words = WORDS[kind]
    return Reason(kind, f"{words.removesuffix('.')}: {title}." if title else words, key)
