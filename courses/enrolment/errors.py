"""Why nobody can enrol."""

from courses.enrolment.rules import Step
from fourweek.errors import Conflict
from fourweek.language import N_


class EnrolmentRefused(Conflict):
    """The cohort takes nobody just now; the message says why."""

    title = N_("You cannot enrol in this cohort")
    what_to_do = N_("See whether another cohort of the course suits you.")


class Moved(Conflict):
    """What was offered cannot be had any more; `step` is what is left."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(MEANWHILE[step])


MEANWHILE = {
    Step.WAIT: N_("The last place was taken meanwhile. You can join the waiting list."),
    Step.ASK: N_("This cohort is by approval now. You can ask for a place."),
}
