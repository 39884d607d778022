"""What somebody meets who has a link that gives nothing."""

from fourweek.errors import NotFound
from fourweek.language import N_, _


class NoSuchLink(NotFound):
    """The same for a link that ended, was ended, or never was."""

    title = N_("This link gives nothing any more")
    what_to_do = N_("The link may have come to its end. Ask whoever gave it to you for a new one.")

    def __init__(self) -> None:
        super().__init__(_("No document is shared under this address now."))
