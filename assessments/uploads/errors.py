"""What can stand in the way of an upload; the numbers are those of the tus protocol."""

from fourweek.errors import FourweekError
from fourweek.language import N_, n_


class OtherVersion(FourweekError):
    """The client speaks another version of the protocol."""

    status = 412
    title = N_("This address takes uploads by tus 1.0.0")
    what_to_do = N_("Use the form of the page.")


class OtherOffset(FourweekError):
    """The piece does not begin where the upload ends; `offset` is where that is."""

    status = 409
    title = N_("The upload stands elsewhere")
    what_to_do = N_("Ask how much arrived and go on from there.")

    def __init__(self, offset: int) -> None:
        self.offset = offset
        super().__init__(
            n_("{count} byte of this file has arrived.", "{count} bytes of this file have arrived.", offset)
        )


class OtherContent(FourweekError):
    status = 415
    title = N_("That is no piece of a file")
    what_to_do = N_("Send it as application/offset+octet-stream.")


class Held(FourweekError):
    """Another request writes to this upload."""

    status = 423
    title = N_("This file is being sent already")
    what_to_do = N_("Wait a moment; if another window or device sends it, let that one finish.")


class OtherDigest(FourweekError):
    """The piece is not what its checksum says; nothing of it was kept."""

    status = 460
    title = N_("A piece arrived damaged")
    what_to_do = N_("Send it again. What had arrived before is kept.")


class NotAdded(FourweekError):
    """The file cannot become evidence; what to do about it is said."""

    status = 422
    title = N_("This file was not added")
    what_to_do = N_("Choose another one, or ask the person who leads the course.")


class Lost(FourweekError):
    """What the database says arrived is not on the disk any more."""

    status = 410
    title = N_("This upload is not here any more")
    what_to_do = N_("Choose the file again; it begins anew.")


class NoRoom(FourweekError):
    status = 503
    title = N_("There is no room for files just now")
    what_to_do = N_("What arrived is kept. It goes on from there as soon as there is room again; try in a while.")


class DiskTrouble(FourweekError):
    status = 503
    title = N_("The file could not be written just now")
    what_to_do = N_("What had arrived safely is kept. Try again in a while; it goes on from there.")


class NotYet(FourweekError):
    """The store did not take it; nothing of the upload is lost by that."""

    status = 503
    title = N_("The file could not be put into the store just now")
    what_to_do = N_("All of it arrived and is kept. Try again in a while; nothing has to be sent again.")
