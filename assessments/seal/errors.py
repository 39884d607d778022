"""What can go wrong when a document is sealed."""

from fourweek.errors import FourweekError
from fourweek.language import N_


class SealUnusable(FourweekError):
    """The key or its certificate cannot be used now. The cause is chained and logged, never shown."""

    status = 503
    title = N_("Documents cannot be sealed just now")
    what_to_do = N_("Nothing is lost. Whoever runs this site has been told in its log. Come back later.")
