"""What can stand in the way of an appeal."""

from fourweek.errors import Conflict
from fourweek.language import N_


class NotAppealable(Conflict):
    """The decision cannot be appealed any more, or is another one by now. What was typed goes back to the page."""

    title = N_("This appeal was not sent")
    what_to_do = N_("What you typed is still on this page.")


class AtRest(Conflict):
    """The appeal is closed, was taken back, or is with somebody else."""

    title = N_("This appeal has moved on")


class Weighed(Conflict):
    """A grader has rated it, so it is not taken back any more."""

    title = N_("A grader has judged this appeal already")
    what_to_do = N_("You are told what comes of it.")


class StillBlind(Conflict):
    """Whoever judges an appeal sees nothing of the first reasoning before their own rating is done."""

    title = N_("You judge an appeal about this work")
    what_to_do = N_("Rate it first, under Grading, Appeals. What was decided is shown beside your rating then.")
