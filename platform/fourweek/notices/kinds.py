"""Every kind of notice: what it is called, when it is sent, and whether its reader may turn it off."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """`key` names the template `email/<key>.txt`. `words` say to its reader when it comes.

    `optional`: may be turned off. `in_product`: is listed among a person's notices, beside the mail. `scanned`: a scan
    looks again and again whether it is to be written, so its row has to stay for as long as the scan could want it.
    """

    key: str
    title: str
    words: str
    optional: bool = True
    in_product: bool = True
    scanned: bool = False


KINDS = (
    Kind("enrolled", "A place in a cohort", "You are enrolled."),
    Kind("module_opened", "A module opened", "A module of your cohort has opened.", scanned=True),
    Kind(
        "due_soon",
        "Evidence is due soon",
        "Three days and one day before required evidence is due, while it is missing.",
        scanned=True,
    ),
    Kind(
        "overdue",
        "Evidence is overdue",
        "Once, the morning after required evidence was due, while it is missing and still taken.",
        scanned=True,
    ),
    Kind("returned", "Evidence came back incomplete", "Something is missing in what you handed in."),
    Kind("posted", "Evidence was judged", "A decision on your evidence is posted, or one was changed."),
    Kind("announcement", "Announcements", "Your instructors announce something.", scanned=True),
    Kind("question_asked", "Questions to answer", "Somebody asks about a module of a cohort that you teach."),
    Kind("question_replied", "Replies", "Somebody replies to a question that you asked or replied to."),
    Kind("dates_moved", "Dates moved", "The dates of your cohort were changed."),
    Kind("extension", "Dates of your own", "You are given an extension."),
    Kind("awarded", "A badge", "You have earned a badge."),
    Kind("receipt", "Receipts", "You handed evidence in.", optional=False),
)
KIND = {kind.key: kind for kind in KINDS}
OPTIONAL = frozenset(kind.key for kind in KINDS if kind.optional)
SCANNED = frozenset(kind.key for kind in KINDS if kind.scanned)
MAIL_ONLY = frozenset(kind.key for kind in KINDS if not kind.in_product)


def title_of(key: str) -> str:
    """What a kind is called; one that is not known any more is just a notice."""
    return KIND[key].title if key in KIND else "Notice"
