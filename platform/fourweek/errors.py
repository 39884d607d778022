"""One tree of errors. Services raise them; `fourweek.faces` alone turns them into a page, a fragment or JSON."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from fourweek.language import N_, _, n_

SOON = 120
"""Seconds that are told as seconds; from here on minutes are."""


class FourweekError(Exception):
    """Base of all errors a person may see. `message` says what happened, `what_to_do` how to go on.

    What a class says is marked with `N_`, and so may be what is raised with it: both are said here.
    """

    status: int = 500
    title: ClassVar[str] = N_("Something went wrong")
    what_to_do: ClassVar[str] = N_("Try again in a moment. If it happens again, tell the people who run this school.")
    headers: Mapping[str, str] = MappingProxyType({})
    """What HTTP wants beside the status."""
    leads_to: ClassVar[tuple[str, str] | None] = None
    """What the page offers to press, and the route it leads to; the start page if nothing better is known."""

    def __init__(self, message: str = "", *, what_to_do: str | None = None) -> None:
        self.message = _(message or self.title)
        self.advice = _(what_to_do or self.what_to_do)
        super().__init__(self.message)


class NotFound(FourweekError):
    """Not there, or not for this person to know of: the same answer for both."""

    status = 404
    title = N_("There is nothing here")
    what_to_do = N_("Check the address, or go back to the start page.")


class SignInNeeded(FourweekError):
    status = 401
    title = N_("Sign in first")
    what_to_do = N_("Sign in, then you are brought back here.")
    headers = MappingProxyType({"www-authenticate": 'Bearer realm="fourweek"'})  # RFC 9110, 11.6.1


class Forbidden(FourweekError):
    """The person may see the thing but lacks the right to do this with it."""

    status = 403
    title = N_("That is not yours to do")
    what_to_do = N_("Ask the person who leads the course if you think it should be.")


class SecondFactorNeeded(Forbidden):
    """A role of the person asks for a second factor at sign-in, and they have none yet."""

    title = N_("Your role asks for a second factor")
    what_to_do = N_("Set one up on the page of your second factor, then go on here.")


class AskedFirst(Forbidden):
    """Something is asked on the page `where` before this one is shown: a page leads there."""

    title = N_("Something is asked first")

    def __init__(self, where: str, message: str = "") -> None:
        self.where = where
        super().__init__(message)


class Invalid(FourweekError):
    """A form that cannot be taken as it is: `fields` maps a field's name ("" for the whole form) to a sentence."""

    status = 422
    title = N_("Something in the form is not right yet")
    what_to_do = N_("Correct what is marked and send it again. Nothing was lost.")

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = {name: _(words) for name, words in fields.items()}
        super().__init__(" ".join(self.fields.values()))


PROOF = "password_or_code"
"""The field in which somebody who is signed in shows who they are."""


class ProofNeeded(Invalid):
    """What the form asks for opens a lasting door, and its sender signed in too long ago (`accounts/proving.py`).

    `password` and `code` are what they have to show it with, `wrong` what is wrong with what they typed, `status`
    another one after too many tries.
    """

    title = N_("Show that it is you")

    def __init__(
        self,
        *,
        password: bool,
        code: bool,
        wrong: str = "",
        status: int = 422,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.password, self.code, self.wrong, self.status = password, code, wrong, status
        self.headers = headers or {}
        super().__init__({PROOF: wrong or _("This asks for your password, or a code, once more.")})


class StaleForm(FourweekError):
    """The form's token is of an earlier sign-in. Carries what was typed so that it can be given back."""

    status = 422
    title = N_("This page had been open for a while")
    what_to_do = N_("Check what you typed and send it once more.")

    def __init__(self, typed: tuple[tuple[str, str], ...] = ()) -> None:
        self.typed = typed
        super().__init__(_("You signed in again since then, so nothing was sent. What you typed is below."))


class Conflict(FourweekError):
    """Somebody else was first, or the thing has moved on."""

    status = 409
    title = N_("Somebody was quicker")
    what_to_do = N_("Open the page again to see how things stand.")


class OtherPerson(Conflict):
    """The page was made for somebody else than who is signed in now."""

    title = N_("Somebody else is signed in here now")
    what_to_do = N_("Nothing was sent or changed. Sign in as yourself, then go on.")


class Gone(FourweekError):
    status = 410
    title = N_("This was withdrawn")
    what_to_do = N_("Ask the institution if you need to know more.")


class TooLarge(FourweekError):
    status = 413
    title = N_("That is too large")
    what_to_do = N_("Make it smaller and send it again.")


class CutOff(FourweekError):
    """The request's body ended before it was complete, or is not what its headers say."""

    status = 400
    title = N_("The upload did not arrive whole")
    what_to_do = N_("Check the connection and send it again. Nothing was kept of the part that arrived.")


class Refused(FourweekError):
    """A request that no page of ours sends: another site's form, an unknown host."""

    status = 400
    title = N_("That request cannot be taken")
    what_to_do = N_("Open the page from this site and try there.")


class TooMany(FourweekError):
    """More tries than a limit allows. `wait` is in whole seconds, until the next one is taken."""

    status = 429
    title = N_("Too many tries just now")

    def __init__(self, wait: int, message: str = "") -> None:
        self.wait = wait
        super().__init__(
            message or _("Many tries came from your network in a short time, so this one was not looked at."),
            what_to_do=_wait_words(wait),
        )


def _wait_words(wait: int) -> str:
    if wait < SOON:
        return n_(
            "Wait {count} second, then try again. Nothing was changed.",
            "Wait {count} seconds, then try again. Nothing was changed.",
            wait,
        )
    return n_(
        "Wait {count} minute, then try again. Nothing was changed.",
        "Wait {count} minutes, then try again. Nothing was changed.",
        -(-wait // 60),
    )


class Busy(FourweekError):
    status = 503
    title = N_("Very busy just now")
    what_to_do = N_("Wait a few seconds and try again. Nothing was changed.")


class NoRoom(Busy):
    """A disk is full, of files or of the database: what was asked waits until the operator has made room."""

    status = 507
    title = N_("There is no room just now")
    what_to_do = N_("Tell the people who run this school, and try again later. Nothing was changed.")
