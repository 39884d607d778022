"""What can stand in the way of coaching."""

from fourweek.errors import Conflict
from fourweek.language import N_


class NotAtEnd(Conflict):
    """There is nothing to talk about yet, or not any more: attempts are left, or the evidence is demonstrated."""

    title = N_("No coaching is needed here now")
    what_to_do = N_("Open the page again to see how things stand.")


class Closed(Conflict):
    """Another lead closed it first."""

    title = N_("Somebody closed this a moment ago")
    what_to_do = N_("What they wrote is on the page; what you typed is there to be copied.")
