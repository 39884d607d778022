"""What programs may get wrong that no form of ours does."""

from fourweek.errors import FourweekError


class UnknownMediaType(FourweekError):
    status = 415
    title = "That is sent as something that is not taken here"
    what_to_do = "Send JSON, or a file as its own media type; the description of the interface lists them."
