"""What a worker does, wired: every scan of the house. It knows courses and assessments, as `app.py` does."""

from functools import partial

from assessments.agreement.service import report_agreement
from assessments.allocation.tasks import allocate_work
from assessments.appeals.giving import give_again
from assessments.awards.reminding import remind_of_ends
from assessments.badges.following import Following
from assessments.badges.keys import load_keys
from assessments.badges.resigning import Resigning
from assessments.badges.service import award_due_badges
from assessments.badges.stored import STORED as BADGE_FILES
from assessments.completeness.service import Rules
from assessments.coursework import AssessmentsCoursework
from assessments.credit.rulebook import Book
from assessments.credit.rules import Mode
from assessments.credit.service import record_due_credit
from assessments.erasure.tasks import erase_what_is_due
from assessments.evidence.stored import STORED as EVIDENCE_FILES
from assessments.licences.reminding import remind_of_windows
from assessments.names.stored import STORED as NAME_FILES
from assessments.retention.purge import Purge
from assessments.scanning.service import Scanning
from assessments.showing.derived import Derived
from assessments.showing.derived import Sweep as DerivedSweep
from assessments.stacking.awarding import SeriesBadges
from assessments.stated.stored import STORED as STATED_FILES
from assessments.terms.tasks import warn_of_promises
from assessments.transcripts.stored import STORED as TRANSCRIPT_FILES
from assessments.uploads.sweeping import sweep_uploads
from courses.announcements.notices import tell_announcements
from courses.catalogue.stored import STORED as COURSE_FILES
from courses.cohorts.scopes import CourseScopes
from courses.enrolment.giving import give_free_places
from courses.learning.notices import IN_A_COHORT, tell_learners
from courses.learning.settled import Settled
from courses.live.notices import tell_sessions
from fourweek.accounts.forgotten import with_reset_links
from fourweek.accounts.mail_addresses import with_address_links
from fourweek.accounts.openid.service import clear_ended as clear_requests
from fourweek.accounts.password_links import with_password_links
from fourweek.accounts.scopes import ask_about_scopes
from fourweek.accounts.signing_up import with_sign_up_links
from fourweek.accounts.sweeping import sweep as sweep_accounts
from fourweek.audit.service import chain
from fourweek.edge import House
from fourweek.first_run.institution import Follower
from fourweek.jobs.resting import Resting
from fourweek.jobs.service import Scan
from fourweek.limits.service import sweep as sweep_tries
from fourweek.mail import sender
from fourweek.notices.keeping import clear_old
from fourweek.outbox import deliver
from fourweek.pages import Pages
from fourweek.storage import SPOOLED_FOR
from fourweek.storage.orphans import OrphanSweep
from fourweek.webhooks.delivery import deliver_messages
from fourweek.webhooks.keeping import look_after
from fourweek.webhooks.sending import Sender

ask_about_scopes(CourseScopes())
NAMED_FILES = (*EVIDENCE_FILES, *COURSE_FILES, *BADGE_FILES, *TRANSCRIPT_FILES, *STATED_FILES, *NAME_FILES)
"""Every place where a row names a file of the store. What none names goes after a day."""
SENT_FILES = (*EVIDENCE_FILES, *STATED_FILES, *NAME_FILES)
"""Those that learners send: what a scanner is asked about."""


def make_scans(house: House) -> tuple[Scan, ...]:
    """What a worker does at every tick, in order: each an idempotent scan. Some remember what the last tick found."""
    db, settings = house.db, house.settings
    coursework = AssessmentsCoursework(Mode(settings.ceu_rule))
    settled, orphans = Settled(), OrphanSweep(db, house.store, NAMED_FILES)
    copies = DerivedSweep(Derived(settings.home), settings.derived_limit)
    following = Following(db)
    complete = Rules(db, house.store, Derived(settings.home))
    scanning = Scanning(db, house.store, settings, SENT_FILES)
    purge = Purge(db, settings.evidence_kept_days)
    resigning = Resigning(db, partial(load_keys, settings))
    reminding, windows = Resting(db, remind_of_ends), Resting(db, remind_of_windows)
    erasing = Resting(db, partial(erase_what_is_due, settings=settings))
    send = with_address_links(db, with_password_links(db, sender(settings, Pages((), str))))
    send = with_sign_up_links(db, with_reset_links(db, send))
    series_badges = SeriesBadges(db, settings)
    hand_over = Sender(inside=settings.webhooks_inside)
    follower = Follower(settings)
    return (
        Scan("institution", lambda _now: follower.look()),
        Scan("modules", lambda now: tell_learners(db, coursework, now, settled)),
        Scan("places", lambda now: give_free_places(db, now)),
        Scan("announcements", lambda now: tell_announcements(db, now)),
        Scan("sessions", lambda now: tell_sessions(db, now)),
        Scan("allocation", lambda now: allocate_work(db, now)),
        Scan("appeals", lambda now: give_again(db, now)),
        Scan("promises", lambda now: warn_of_promises(db, now)),
        Scan("credit", lambda now: record_due_credit(db, now, Book(Mode(settings.ceu_rule)))),
        Scan("revoked_keys", resigning.run),
        Scan("judgements", following.run),
        Scan("badges", lambda now: award_due_badges(db, house.store, load_keys(settings), settings, now)),
        Scan("ending_badges", reminding.run),
        Scan("ending_windows", windows.run),
        Scan("series_badges", series_badges.run),
        Scan("agreement", lambda now: report_agreement(db, now)),
        Scan("mail", lambda now: deliver(db, send, now.real)),
        Scan("webhooks", lambda now: deliver_messages(db, hand_over, now.real)),
        Scan("failing_webhooks", lambda now: look_after(db, now.real)),
        Scan("old_notices", lambda now: clear_old(db, now.real, IN_A_COHORT)),
        Scan("audit", lambda _now: db.write_now(chain)),
        Scan("tries", lambda now: db.write_now(sweep_tries, now.real)),
        Scan("sign_ins", lambda now: db.write_now(sweep_accounts, now.real)),
        Scan("provider", lambda now: db.write_now(clear_requests, now.real)),
        Scan("uploads", lambda now: sweep_uploads(db, house.store, now.real)),
        Scan("spool", lambda now: house.store.sweep(now.real - SPOOLED_FOR)),
        Scan("completeness", complete.run),
        Scan("scanner", scanning.run),
        Scan("old_evidence", purge.run),
        Scan("erasures", erasing.run),
        Scan("orphans", lambda now: orphans.run(now.real)),
        Scan("copies", lambda now: copies.run(now.real)),
    )
