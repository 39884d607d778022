"""Why a date is what it is, for the person it holds for. Staff find the grant behind it by `key`."""

from enum import StrEnum

from fourweek.language import N_, _
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
    ReasonKind.COHORT: N_("The cohort's weekly rule."),
    ReasonKind.ENROLMENT: N_("Counted from the day of enrolment."),
    ReasonKind.MODULE: N_("This module has a date of its own."),
    ReasonKind.SECTION: N_("The section has dates of its own."),
    ReasonKind.DAY_OFF: N_("Moved past a day off."),
    ReasonKind.PAUSE: N_("Moved past a pause of the course."),
    ReasonKind.KEPT_OPEN: N_("It had opened before the dates were changed, and stays open."),
    ReasonKind.JOINED_LATE: N_("Counted from the day of joining, which was after the module opened."),
    ReasonKind.SHIFTED: N_("Moved by a personal extension."),
    ReasonKind.OWN_DATE: N_("A personal date was granted."),
    ReasonKind.OWN_PAUSE: N_("Moved by a personal pause."),
    ReasonKind.OPENED_FOR_PERSON: N_("Opened by a personal extension."),
    ReasonKind.NO_DATE: N_("No date is set."),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """`title` is what the day off or pause is called, `key` names the personal grant that decided; empty otherwise."""

    kind: ReasonKind
    title: str = ""
    key: str = ""

    @property
    def words(self) -> str:
        """The reason in the language spoken: reasons are kept for whoever asks."""
        if self.title and self.kind is ReasonKind.DAY_OFF:
            return _("Moved past a day off: {title}.", title=self.title)
        if self.title:
            return _("Moved past a pause of the course: {title}.", title=self.title)
        return _(WORDS[self.kind])


def because(kind: ReasonKind, *, key: str = "", title: str = "") -> Reason:
    """The reason; only a day off and a pause have a `title`."""
    return Reason(kind, title, key)
