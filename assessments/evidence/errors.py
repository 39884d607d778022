"""What can stand in the way of handing in."""

from datetime import datetime

from courses.schedule.words import say_instant
from courses.schedule.zones import zone
from fourweek.errors import Conflict, Gone
from fourweek.language import N_, _


class HandedIn(Conflict):
    """The attempt that this form is about was handed in, with other content or by another window."""

    title = N_("This attempt was handed in already")
    what_to_do = N_("Open the page again to see what was handed in.")

    def __init__(self, at: datetime, zone_name: str) -> None:
        words = say_instant(at, zone(zone_name)).words
        super().__init__(
            _("It was handed in on {when}. What was typed since is not part of it and was not saved.", when=words)
        )


class NotTaken(Conflict):
    """No attempt may be begun or handed in: by the dates, by the limit, or because one is waiting."""

    title = N_("Nothing can be handed in here now")
    what_to_do = N_("Open the page again to see why, and what comes next.")


class TakenBack(NotTaken):
    """A form for an attempt that its learner took back; what was in it went on as the next one."""

    title = N_("This attempt was taken back")
    what_to_do = N_("Open the page again to go on with it.")


class BeingRead(Conflict):
    """What was handed in cannot be taken back any more. Says nothing of a decision that is not posted yet."""

    title = N_("It was not taken back")
    what_to_do = N_("Open the page again; what is decided is shown there, and you get a mail.")

    def __init__(self) -> None:
        super().__init__(_("A grader is reading it now, so it stays handed in."))


class OutOfTime(Conflict):
    """What was handed in could not be handed in again once it was taken back."""

    title = N_("It was not taken back")
    what_to_do = N_("It stays handed in, and a grader will read it.")

    def __init__(self) -> None:
        super().__init__(_("The time for handing in is over, so it could not be handed in again."))


class Removed(Gone):
    """A file whose period is over, for whoever might read it before."""

    title = N_("This was removed")
    what_to_do = N_("Its name, size and digest stand where it was handed in, and on the receipt.")

    def __init__(self) -> None:
        super().__init__(_("Its period is over, so the file is not kept any more."))
