"""What can stand in the way of coaching."""

from fourweek.errors import Conflict


class NotAtEnd(Conflict):
    """There is nothing to talk about yet, or not any more: attempts are left, or the evidence is demonstrated."""

    title = "No coaching is needed here now"
    what_to_do = "Open the page again to see how things stand."


class Closed(Conflict):
    """Another lead closed it first."""

    title = "Somebody closed this a moment ago"
    what_to_do = "What they wrote is on the page; what you typed is there to be copied."
