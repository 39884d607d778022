"""What may go wrong with a sign-in provider."""

from fourweek.errors import Busy, Refused
from fourweek.language import N_


class Away(Busy):
    """Trying again may help."""

    title = N_("The sign-in provider does not answer")
    what_to_do = N_("Try again in a minute, or sign in with your mail address and password.")


class Distrusted(Refused):
    title = N_("That sign-in did not go through")
    what_to_do = N_("Start again on the sign-in page. If it happens again, tell the people who run this school.")


class LinkFirst(Distrusted):
    """Nobody here is linked to the identity, and nobody gets an account by it."""

    title = N_("The provider knows you, and this school does not yet")
    what_to_do = N_("Sign in with your mail address and password, then link the two on the page of your account.")
