"""What is kept about people, in areas: what it is, how long, why, and what erasure does to it.

The page about privacy, the table in the documentation, the page before an erasure and the copy of one's data are all
made from this list, so that they say the same. A test holds that every table of the database stands here.
"""

from typing import Final

from fourweek.language import N_, _
from fourweek.light import dataclass
from fourweek.settings import Settings
from fourweek.words import say_whole


@dataclass(frozen=True, slots=True)
class Area:
    """`key` names its file in the copy. `kept` may say {evidence_kept_days} and {record_kept_years}.

    `tables` are those of the database that hold it; `erased` says what erasing a person does to it.
    """

    key: str
    title: str
    holds: str
    kept: str
    why: str
    erased: str
    tables: tuple[str, ...]

    def kept_for(self, settings: Settings) -> str:
        years, days = settings.record_kept_years, settings.evidence_kept_days
        return _(self.kept, evidence_kept_days=say_whole(days), record_kept_years=years)


WITH_ACCOUNT: Final = N_("As long as the account is there.")
AREAS: Final = (
    Area(
        "profile",
        N_("Your account"),
        N_("Legal name, name shown, learner number, time zone, when the account was made and last used, roles."),
        N_("The number for good; the rest as long as the account is there."),
        N_("So that what you do here is yours, and your record has an owner."),
        N_("Names, zone and roles go; an empty row with the number stays."),
        ("person", "role_grant", "person_merge"),
    ),
    Area(
        "addresses",
        N_("Mail addresses"),
        N_("Your addresses, which of them is the main one, and letters that wait for an answer."),
        WITH_ACCOUNT,
        N_("To sign in, and to send you what you need to know."),
        N_("Removed, once the last letter has left."),
        ("email_address", "address_link", "sign_up"),
    ),
    Area(
        "sign-ins",
        N_("Signing in"),
        N_(
            "Passwords and codes as digests, signed-in browsers and when they were used, known devices, "
            "tokens, providers."
        ),
        N_("A sign-in until it ends; the rest as long as the account is there."),
        N_("So that nobody else gets in, and you can see and end every sign-in."),
        N_("Removed at once."),
        (
            *("password_hash", "password_link", "sign_in", "known_device", "totp_secret", "recovery_code"),
            *("openid_identity", "openid_request", "api_token", "calendar_address"),
        ),
    ),
    Area(
        "names",
        N_("Changes of your name"),
        N_("Former names, what you said about them, the document you showed, and who decided."),
        "{record_kept_years} full years after the year in which your record was last changed.",
        N_("So that documents in an older name are still found to be yours."),
        N_("Removed, with the documents shown."),
        ("name_change",),
    ),
    Area(
        "enrolments",
        N_("Courses you took part in"),
        N_("Places, requests, lessons read, attendance, dates of your own and pauses, with reasons."),
        N_("With the record of the course."),
        N_("To show you where you are, and to know that a course was completed."),
        N_("Places are given back, requests and reading marks removed, reasons emptied; that there was a place stays."),
        ("enrolment", "place_request", "lesson_read", "reading_place", "attendance", "wrong_code", "extension"),
    ),
    Area(
        "submissions",
        N_("What you handed in"),
        N_("Drafts, texts, links and files, answers to knowledge checks, receipts, and files that are on their way."),
        "{evidence_kept_days} days after it was handed in, and a draft after it was last saved.",
        N_("It is what is judged, and what a board may ask to see."),
        N_("Removed at once, unless credit rests on it: then when its period is over. Receipts stay, empty."),
        ("submission", "submission_member", "evidence", "check_try", "upload", "completeness_check"),
    ),
    Area(
        "decisions",
        N_("How it was judged"),
        N_("Decisions posted to you with their comments, appeals with what was written, coaching."),
        N_("With the evidence they are about; outcomes for good."),
        N_("They say why credit was given or not."),
        N_(
            "Words go with the evidence; outcomes and dates stay. What staff wrote of the work of others stays with it."
        ),
        (
            *("decision", "decision_line", "posting", "appeal", "appeal_line", "appeal_message", "coaching"),
            *("rating", "rating_line", "claim", "second_rating", "decision_review", "grader_note", "reveal"),
            *("grading_conflict",),
        ),
    ),
    Area(
        "credit",
        N_("Your credit"),
        N_("The ledger of your hours and credit, holds, proposals to correct it, checks of identity."),
        N_("For good."),
        N_("Law and boards ask who earned what and when, long afterwards; the ledger is a chain and holds no name."),
        N_("Stays, by number alone; notes about holds and identity are emptied."),
        ("ledger", "credit_entry", "credit_hold", "credit_proposal", "identity_check", "legal_hold"),
    ),
    Area(
        "badges",
        N_("Your badges"),
        N_("What each badge says, its signed forms and pictures, and what you chose to show."),
        N_("For good."),
        N_("A badge can be checked for as long as somebody has its file."),
        N_(
            "Signed forms stay and name you by digests alone; pages are taken down, shared evidence and "
            "addresses removed."
        ),
        (
            *("award", "award_choice", "award_address", "shared_evidence", "credential_issue", "credential_check"),
            *("status_entry",),
        ),
    ),
    Area(
        "documents",
        N_("Documents issued to you"),
        N_(
            "Transcripts, certificates, packets and records as they were issued, links you shared and when "
            "they were used."
        ),
        "{record_kept_years} full years after the year in which your record was last changed.",
        N_("Whoever was given one may check it; it was frozen when it was issued."),
        N_("Stay until then and still say your name; links end, notes on them are emptied."),
        ("transcript", "document_line", "document_choice", "share_link", "share_visit"),
    ),
    Area(
        "licences",
        N_("Licences and credit from elsewhere"),
        N_("Licences you entered, hours earned elsewhere and their certificates."),
        N_("As long as you leave them here; what you removed, {record_kept_years} full years more."),
        N_("To work out what you still need."),
        N_("Removed, with the certificates."),
        ("licence", "stated_credit"),
    ),
    Area(
        "notices",
        N_("Notices"),
        N_("What you were told, by mail or here, and which kinds you turned off."),
        N_("A year after they were read; choices as long as the account is there."),
        N_("So that you can read again what you were told."),
        N_("Removed; your name goes from notices to others, and what you wrote with them."),
        ("outbox_message", "notice_choice", "unsubscribe_address"),
    ),
    Area(
        "questions",
        N_("Questions and replies"),
        N_("What you asked and replied in your cohorts."),
        N_("With the cohort."),
        N_("Others learn from the answers."),
        N_("Your text is removed; that something stood there stays, so that the replies of others make sense."),
        ("question", "reply"),
    ),
    Area(
        "consents",
        N_("What you agreed to"),
        N_("Which wording of the privacy notice and the terms you agreed to, and when."),
        N_("For good."),
        N_("To be able to show it."),
        N_("Stays, by number alone."),
        ("consent", "erasure_request"),
    ),
    Area(
        "log",
        N_("What was done"),
        N_(
            "That something was done, when, by which account, and why where staff said so; nothing that learners wrote."
        ),
        N_("For good."),
        N_("The school can show who changed what, in a chain that would break if a part were taken out."),
        N_("Stays, by number alone; a reason that staff typed stays as it was typed."),
        ("audit_row", "audit_link"),
    ),
)

OF_THE_SCHOOL: Final = (
    *("achievement", "activity", "agreement_report", "alignment", "announcement", "assignment", "bank_comment"),
    *("check_question", "check_rules", "cohort", "competency", "course", "course_file", "course_skill"),
    *("course_version", "criterion", "decision_rule", "equivalence", "framework", "grading_terms", "holiday"),
    *("lesson", "level", "live_session", "module", "package_draft", "report_layout", "requirement", "rubric"),
    *("section", "section_grader", "series", "series_course", "series_rule", "series_rule_course", "skill"),
)
"""Courses, rules and what staff wrote for the school: not about a learner. Who made it is a number of an account."""
OF_THE_MACHINE: Final = (
    *("attempt_count", "issuer_address", "lease", "scan_verdict", "school_clock", "status_list", "transcript_year"),
    *("webhook", "webhook_message"),
)
"""Counters, leases and addresses. Tries are counted under a keyed digest; messages to programs go after 90 days.

That a content is clean goes after the last file that has it; that one was held stays, so that it is known again.
"""
