"""What can go wrong between a record and its document."""

from fourweek.errors import FourweekError
from fourweek.language import N_, _
from fourweek.language.lists import in_a_row


class Unprintable(FourweekError):
    """Text holds characters that none of the shipped fonts can print. `characters` lists them once each."""

    status = 422
    title = N_("Some letters cannot be printed")
    what_to_do = N_("Write the name in letters that the transcript's fonts have, or ask for a font to be added.")

    def __init__(self, characters: str) -> None:
        self.characters = characters
        shown = in_a_row(f"{char} (U+{ord(char):04X})" for char in characters)
        super().__init__(_("The transcript's fonts have no letters for: {shown}.", shown=shown))


class DocumentFailed(FourweekError):
    """The typesetter refused the document. The cause is chained and logged, never shown."""

    status = 500
    title = N_("The document could not be made")


class AlteredSnapshot(FourweekError):
    """A stored snapshot does not read back to the bytes that were frozen."""

    status = 500
    title = N_("This transcript's record does not read back as it was written")
