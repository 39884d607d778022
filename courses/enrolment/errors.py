"""Why nobody can enrol."""

from fourweek.errors import Conflict


class EnrolmentRefused(Conflict):
    """The cohort takes nobody just now; the message says why."""

    title = "You cannot enrol in this cohort"
    what_to_do = "See whether another cohort of the course suits you."
