"""Every kind of notice: what it is called, when it is sent, and whether its reader may turn it off."""

from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """`key` names the template `email/<key>.txt`. `words` say to its reader when it comes.

    `optional`: may be turned off. `in_product`: is listed among a person's notices, beside the mail. `scanned`: a scan
    looks again and again whether it is to be written, so its row has to stay for as long as the scan could want it.
    `for_staff`: comes to people with a role only.
    """

    key: str
    title: str
    words: str
    optional: bool = True
    in_product: bool = True
    scanned: bool = False
    for_staff: bool = False


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
    Kind("posted", "Evidence was judged", "A decision on your evidence is posted."),
    Kind(
        "decision_changed",
        "A decision was changed",
        "A posted decision on your evidence is changed: from what to what.",
    ),
    Kind("session_soon", "A live session soon", "One day and one hour before a live session of yours.", scanned=True),
    Kind("session_moved", "A live session moved", "A live session of yours takes place at another time.", scanned=True),
    Kind("session_cancelled", "A live session cancelled", "A live session of yours does not take place.", scanned=True),
    Kind("announcement", "Announcements", "Your instructors announce something.", scanned=True),
    Kind("question_replied", "Replies", "Somebody replied to a question that you asked or replied to."),
    Kind("dates_moved", "Dates moved", "The dates of your cohort were changed."),
    Kind("version_moved", "A newer version", "Your cohort moved to a newer version that touches something of yours."),
    Kind("extension", "Dates of your own", "You are given an extension."),
    Kind("awarded", "A badge", "You have earned a badge."),
    Kind(
        "badge_ends",
        "A badge ends soon",
        "90 and 30 days before a badge of yours ends, and on the day, unless you have renewed it.",
        scanned=True,
    ),
    Kind(
        "licence_ends",
        "A renewal window closes soon",
        "90, 30 and 7 days before the window of a licence of yours closes, with what is missing by our estimate.",
        scanned=True,
    ),
    Kind("question_asked", "Questions", "A learner asks something in a cohort that you teach.", for_staff=True),
    Kind("sent_back", "Decisions sent back", "A lead asks you to look again at a decision of yours.", for_staff=True),
    Kind("place_asked", "Places asked for", "Somebody asks for a place in a cohort that you run.", for_staff=True),
    Kind(
        "coaching_asked",
        "Coaching asked for",
        "A learner at the end of their attempts asks to talk, in a cohort that you lead.",
        for_staff=True,
    ),
    Kind(
        "ratings_differ",
        "Two ratings differ",
        "Two graders rated a work differently in a cohort that you lead, and you may settle it.",
        for_staff=True,
    ),
    Kind(
        "promise_near",
        "A promise ends soon",
        "A decision that you can still make, or have made, in a cohort that you grade or lead is promised soon.",
        scanned=True,
        for_staff=True,
    ),
    Kind("coaching_answered", "What comes next", "Somebody who leads your course talked about your last attempt."),
    Kind("appeal_received", "Your appeal is in", "You appealed a decision."),
    Kind("appeal_decided", "Your appeal was answered", "A decision that you appealed stands, with the answer."),
    Kind("appeal_message", "Messages about an appeal", "Somebody wrote about an appeal of yours, once a day at most."),
    Kind("appeal_given", "An appeal to judge", "An appeal is given to you to judge.", for_staff=True),
    Kind(
        "appeal_unassigned",
        "An appeal without a grader",
        "Nobody may judge an appeal in a cohort that you lead.",
        for_staff=True,
    ),
    Kind(
        "badge_in_doubt",
        "A badge to look at",
        "A decision behind a badge was changed, and its evidence shows less than the badge says.",
        scanned=True,
        for_staff=True,
    ),
    Kind(
        "series_part_lost",
        "A part of a series' badge",
        "A badge that a series' badge is made of was revoked or withdrawn.",
        for_staff=True,
    ),
    Kind(
        "webhook_failing",
        "A webhook fails",
        "A webhook that you added took no message for two days.",
        scanned=True,
        for_staff=True,
    ),
    Kind(
        "correction_asked",
        "Corrections to decide",
        "Another registrar proposes to change a line of a ledger, or to join two accounts.",
        for_staff=True,
    ),
    Kind("receipt", "Receipts", "You handed evidence in.", optional=False),
    Kind(
        "file_held",
        "A file is held back",
        "The check for harmful content found something in a file that you sent.",
        optional=False,
    ),
    Kind(
        "address_confirm",
        "A further mail address",
        "You ask for a mail address to be added; it goes to that address.",
        optional=False,
        in_product=False,
    ),
    Kind(
        "address_main",
        "Your main mail address",
        "Your main mail address is another; it goes to both.",
        optional=False,
        in_product=False,
    ),
    Kind(
        "second_factor",
        "Your second factor",
        "It was turned on or off, got new recovery codes, one of them was used, or it was taken away.",
        optional=False,
    ),
    Kind(
        "address_changed",
        "Your mail addresses",
        "A mail address was added to your account or taken away; it goes to the main one, and to one taken away.",
        optional=False,
        in_product=False,
    ),
    Kind(
        "password_reset",
        "A new password",
        "You ask for a new password; it goes to the address you name.",
        optional=False,
        in_product=False,
    ),
    Kind("password_changed", "Your password", "Your password was changed.", optional=False),
    Kind(
        "sign_up",
        "An account",
        "You want an account; it goes to the address you name.",
        optional=False,
        in_product=False,
    ),
    Kind(
        "token_made",
        "An API token",
        "A token was made with which a program reads in your name.",
        optional=False,
    ),
    Kind(
        "provider_linked",
        "Signing in by your institution",
        "Your account was linked to the provider of your institution, or the link ended.",
        optional=False,
    ),
    Kind("invitation", "Invitations", "You are invited to a cohort.", optional=False),
    Kind("waiting", "The waiting list", "You are in line for a place.", optional=False),
    Kind(
        "place_declined", "A place you asked for", "It is not yours, or an invitation was taken back.", optional=False
    ),
    Kind("badge_revoked", "A badge was revoked", "A badge of yours was revoked.", optional=False),
    Kind("badge_reinstated", "A badge holds again", "A badge of yours that was revoked holds again.", optional=False),
    Kind("badge_withdrawn", "A badge was withdrawn", "A badge of yours was withdrawn for good.", optional=False),
    Kind("name_changed", "Your name", "Your name in the records was changed.", optional=False),
    Kind("name_refused", "Your name", "The registrar did not approve another name.", optional=False),
    Kind("credit_waits", "Credit that waits", "Credit of yours is held until something is done.", optional=False),
    Kind("credit_released", "Credit waits no more", "A hold on credit of yours was lifted.", optional=False),
    Kind(
        "credit_changed",
        "Your credit was corrected",
        "A line of your credit was taken back or corrected.",
        optional=False,
    ),
    Kind(
        "accounts_merged", "Two accounts became one", "Another account of yours was joined to this one.", optional=False
    ),
    Kind(
        "account_state",
        "Your account",
        "Your account was disabled, or takes sign-ins again.",
        optional=False,
        in_product=False,
    ),
    Kind("role_changed", "Your roles", "A role was given to you, or a role of yours ended.", optional=False),
    Kind(
        "erasure_asked",
        "A wish to be erased",
        "You asked, or it was asked for you, that your data be erased.",
        optional=False,
    ),
    Kind("erasure_decided", "Erasing your data", "What was decided about erasing your data.", optional=False),
    Kind("withdrawn", "Your place was taken back", "Staff withdrew you from a cohort.", optional=False),
)
KIND = {kind.key: kind for kind in KINDS}
OPTIONAL = frozenset(kind.key for kind in KINDS if kind.optional)
SCANNED = frozenset(kind.key for kind in KINDS if kind.scanned)
MAIL_ONLY = frozenset(kind.key for kind in KINDS if not kind.in_product)


def title_of(key: str) -> str:
    """What a kind is called; one that is not known any more is just a notice."""
    return KIND[key].title if key in KIND else "Notice"
