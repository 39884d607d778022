"""What can stand in the way of a try."""

from fourweek.errors import Conflict
from fourweek.language import N_, _


class TryOver(Conflict):
    """The try that a form is about takes no more answers: it was checked, or its attempt was handed in."""

    title = N_("This try takes no more answers")
    what_to_do = N_("Open the page again to see how things stand.")

    def __init__(self) -> None:
        super().__init__(
            _("It was checked or handed in meanwhile. What was chosen since is not part of it and was not saved.")
        )


class NoTry(Conflict):
    """No try may be begun or checked now: by the dates, by the limit, or because the check is passed."""

    title = N_("No try can be begun or checked here now")
    what_to_do = N_("Open the page again to see why, and what comes next.")
