"""Every kind of notice: what it is called, when it is sent, and whether its reader may turn it off."""

from fourweek.language import N_
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
    Kind("enrolled", N_("A place in a cohort"), N_("You are enrolled.")),
    Kind("module_opened", N_("A module opened"), N_("A module of your cohort has opened."), scanned=True),
    Kind(
        "due_soon",
        N_("Evidence is due soon"),
        N_("Three days and one day before required evidence is due, while it is missing."),
        scanned=True,
    ),
    Kind(
        "overdue",
        N_("Evidence is overdue"),
        N_("Once, the morning after required evidence was due, while it is missing and still taken."),
        scanned=True,
    ),
    Kind("returned", N_("Evidence came back incomplete"), N_("Something is missing in what you handed in.")),
    Kind("posted", N_("Evidence was judged"), N_("A decision on your evidence is posted.")),
    Kind(
        "decision_changed",
        N_("A decision was changed"),
        N_("A posted decision on your evidence is changed: from what to what."),
    ),
    Kind(
        "session_soon",
        N_("A live session soon"),
        N_("One day and one hour before a live session of yours."),
        scanned=True,
    ),
    Kind(
        "session_moved",
        N_("A live session moved"),
        N_("A live session of yours takes place at another time."),
        scanned=True,
    ),
    Kind(
        "session_cancelled",
        N_("A live session cancelled"),
        N_("A live session of yours does not take place."),
        scanned=True,
    ),
    Kind("announcement", N_("Announcements"), N_("Your instructors announce something."), scanned=True),
    Kind("question_replied", N_("Replies"), N_("Somebody replied to a question that you asked or replied to.")),
    Kind("dates_moved", N_("Dates moved"), N_("The dates of your cohort were changed.")),
    Kind(
        "version_moved",
        N_("A newer version"),
        N_("Your cohort moved to a newer version that touches something of yours."),
    ),
    Kind("extension", N_("Dates of your own"), N_("You are given an extension.")),
    Kind("awarded", N_("A badge"), N_("You have earned a badge.")),
    Kind(
        "badge_ends",
        N_("A badge ends soon"),
        "90 and 30 days before a badge of yours ends, and on the day, unless you have renewed it.",
        scanned=True,
    ),
    Kind(
        "licence_ends",
        N_("A renewal window closes soon"),
        "90, 30 and 7 days before the window of a licence of yours closes, with what is missing by our estimate.",
        scanned=True,
    ),
    Kind("question_asked", N_("Questions"), N_("A learner asks something in a cohort that you teach."), for_staff=True),
    Kind(
        "sent_back",
        N_("Decisions sent back"),
        N_("A lead asks you to look again at a decision of yours."),
        for_staff=True,
    ),
    Kind(
        "place_asked", N_("Places asked for"), N_("Somebody asks for a place in a cohort that you run."), for_staff=True
    ),
    Kind(
        "coaching_asked",
        N_("Coaching asked for"),
        N_("A learner at the end of their attempts asks to talk, in a cohort that you lead."),
        for_staff=True,
    ),
    Kind(
        "ratings_differ",
        N_("Two ratings differ"),
        N_("Two graders rated a work differently in a cohort that you lead, and you may settle it."),
        for_staff=True,
    ),
    Kind(
        "promise_near",
        N_("A promise ends soon"),
        N_("A decision that you can still make, or have made, in a cohort that you grade or lead is promised soon."),
        scanned=True,
        for_staff=True,
    ),
    Kind(
        "coaching_answered", N_("What comes next"), N_("Somebody who leads your course talked about your last attempt.")
    ),
    Kind("appeal_received", N_("Your appeal is in"), N_("You appealed a decision.")),
    Kind("appeal_decided", N_("Your appeal was answered"), N_("A decision that you appealed stands, with the answer.")),
    Kind(
        "appeal_message",
        N_("Messages about an appeal"),
        N_("Somebody wrote about an appeal of yours, once a day at most."),
    ),
    Kind("appeal_given", N_("An appeal to judge"), N_("An appeal is given to you to judge."), for_staff=True),
    Kind(
        "appeal_unassigned",
        N_("An appeal without a grader"),
        N_("Nobody may judge an appeal in a cohort that you lead."),
        for_staff=True,
    ),
    Kind(
        "badge_in_doubt",
        N_("A badge to look at"),
        N_("A decision behind a badge was changed, and its evidence shows less than the badge says."),
        scanned=True,
        for_staff=True,
    ),
    Kind(
        "series_part_lost",
        N_("A part of a series' badge"),
        N_("A badge that a series' badge is made of was revoked or withdrawn."),
        for_staff=True,
    ),
    Kind(
        "webhook_failing",
        N_("A webhook fails"),
        N_("A webhook that you added took no message for two days."),
        scanned=True,
        for_staff=True,
    ),
    Kind(
        "correction_asked",
        N_("Corrections to decide"),
        N_("Another registrar proposes to change a line of a ledger, or to merge two accounts."),
        for_staff=True,
    ),
    Kind(
        "appointed",
        N_("Registrars and operators"),
        N_("Somebody became a registrar or an operator, or ceased to be one."),
        optional=False,
        for_staff=True,
    ),
    Kind("receipt", N_("Receipts"), N_("You handed evidence in."), optional=False),
    Kind(
        "file_held",
        N_("A file is held back"),
        N_("The check for harmful content found something in a file that you sent."),
        optional=False,
    ),
    Kind(
        "address_confirm",
        N_("A further mail address"),
        N_("You ask for a mail address to be added; it goes to that address."),
        optional=False,
        in_product=False,
    ),
    Kind(
        "address_main",
        N_("Your main mail address"),
        N_("Your main mail address is another; it goes to both."),
        optional=False,
        in_product=False,
    ),
    Kind(
        "second_factor",
        N_("Your second factor"),
        N_("It was turned on or off, got new recovery codes, one of them was used, or it was taken away."),
        optional=False,
    ),
    Kind(
        "address_changed",
        N_("Your mail addresses"),
        N_("A mail address was added to your account or taken away; it goes to the main one, and to one taken away."),
        optional=False,
        in_product=False,
    ),
    Kind(
        "password_reset",
        N_("A new password"),
        N_("You ask for a new password; it goes to the address you name."),
        optional=False,
        in_product=False,
    ),
    Kind("password_changed", N_("Your password"), N_("Your password was changed."), optional=False),
    Kind(
        "sign_up",
        N_("An account"),
        N_("You want an account; it goes to the address you name."),
        optional=False,
        in_product=False,
    ),
    Kind(
        "token_made",
        N_("An API token"),
        N_("A token was made with which a program reads in your name."),
        optional=False,
    ),
    Kind(
        "provider_linked",
        N_("Signing in by your institution"),
        N_("Your account was linked to the provider of your institution, or the link ended."),
        optional=False,
    ),
    Kind("invitation", N_("Invitations"), N_("You are invited to a cohort."), optional=False),
    Kind("waiting", N_("The waiting list"), N_("You are in line for a place."), optional=False),
    Kind(
        "place_declined",
        N_("A place you asked for"),
        N_("It is not yours, or an invitation was taken back."),
        optional=False,
    ),
    Kind("badge_revoked", N_("A badge was revoked"), N_("A badge of yours was revoked."), optional=False),
    Kind(
        "badge_reinstated",
        N_("A badge holds again"),
        N_("A badge of yours that was revoked holds again."),
        optional=False,
    ),
    Kind(
        "badge_withdrawn", N_("A badge was withdrawn"), N_("A badge of yours was withdrawn for good."), optional=False
    ),
    Kind("name_changed", N_("Your name"), N_("Your name in the records was changed."), optional=False),
    Kind("name_refused", N_("Your name"), N_("The registrar did not approve another name."), optional=False),
    Kind(
        "credit_waits", N_("Credit that waits"), N_("Credit of yours is held until something is done."), optional=False
    ),
    Kind("credit_released", N_("Credit waits no more"), N_("A hold on credit of yours was lifted."), optional=False),
    Kind(
        "credit_changed",
        N_("Your credit was corrected"),
        N_("A line of your credit was taken back or corrected."),
        optional=False,
    ),
    Kind(
        "accounts_merged",
        N_("Two accounts became one"),
        N_("Another account of yours was joined to this one."),
        optional=False,
    ),
    Kind("account_made", N_("An account"), N_("An account was made for you."), optional=False, in_product=False),
    Kind(
        "account_state",
        N_("Your account"),
        N_("Your account was disabled, or takes sign-ins again."),
        optional=False,
        in_product=False,
    ),
    Kind("role_changed", N_("Your roles"), N_("A role was given to you, or a role of yours ended."), optional=False),
    Kind(
        "erasure_asked",
        N_("A request to be erased"),
        N_("You asked, or it was asked for you, that your data be erased."),
        optional=False,
    ),
    Kind("erasure_decided", N_("Erasing your data"), N_("What was decided about erasing your data."), optional=False),
    Kind("withdrawn", N_("Your place was taken back"), N_("Staff withdrew you from a cohort."), optional=False),
)
KIND = {kind.key: kind for kind in KINDS}
OPTIONAL = frozenset(kind.key for kind in KINDS if kind.optional)
SCANNED = frozenset(kind.key for kind in KINDS if kind.scanned)
MAIL_ONLY = frozenset(kind.key for kind in KINDS if not kind.in_product)


def title_of(key: str) -> str:
    """What a kind is called; one that is not known any more is just a notice."""
    return KIND[key].title if key in KIND else N_("Notice")
