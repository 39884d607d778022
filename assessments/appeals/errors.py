"""What can stand in the way of an appeal."""

from fourweek.errors import Conflict


class NotAppealable(Conflict):
    """The decision cannot be appealed any more, or is another one by now. What was typed goes back to the page."""

    title = "This appeal was not sent"
    what_to_do = "What you typed is still on this page."


class AtRest(Conflict):
    """The appeal is closed, was taken back, or is with somebody else."""

    title = "This appeal has moved on"


class Weighed(Conflict):
    """A grader has rated it, so it is not taken back any more."""

    title = "A grader has judged this appeal already"
    what_to_do = "You are told what comes of it."


class StillBlind(Conflict):
    """Whoever judges an appeal sees nothing of the first reasoning before their own rating is done."""

    title = "You judge an appeal about this work"
    what_to_do = "Rate it first, under Grading, Appeals. What was decided is shown beside your rating then."
