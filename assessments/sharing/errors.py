"""What somebody meets who has a link that gives nothing."""

from fourweek.errors import NotFound


class NoSuchLink(NotFound):
    """The same for a link that ended, was ended, or never was."""

    title = "This link gives nothing any more"
    what_to_do = "The link may have come to its end. Ask whoever gave it to you for a new one."

    def __init__(self) -> None:
        super().__init__("No document is shared under this address now.")
